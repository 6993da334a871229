"""How the published documents write, read as plain JSON Schema. What they write otherwise is listed in `oddities`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]

ASSERTIONS = {"type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "required"}
ANNOTATIONS = {"title", "description", "example", "default", "format", "nullable"}
STRAY = {"ref", "primitive", "collection", "one-of", "optional", "conditional", "items", "in", "deprecated"}


@dataclass(frozen=True)
class Notation:
    """Reads the schemas of one document; `met` collects the notations that it needed."""

    components: Any
    met: set[str] = field(default_factory=set)

    def schema(self, written: Any, inside: tuple[str, ...] = ()) -> Schema:
        """Read a schema. An object takes no members but those that are described."""
        if name := written.get("$ref"):
            # What holds itself is looked into once.
            return {} if name in inside else self.schema(self.part(name), (*inside, name))
        read: Schema = {}
        for word, value in written.items():
            match word:
                case "properties":
                    read |= closed({name: self.schema(each, inside) for name, each in dict(value).items()})
                case "items" if value is not None:
                    read["items"] = self.schema(self._of_items(value), inside)
                case "allOf":
                    read |= _together([self.schema(each, inside) for each in value])
                case "oneOf":
                    self.met.add("oneOf: the shapes overlap")
                    read["anyOf"] = [self.schema(each, inside) for each in value]
                case _ if word in ASSERTIONS:
                    read[word] = value
                case _:
                    self._ignore(word)
        if "properties" in read and (misplaced := set(read.get("required", ())) - read["properties"].keys()):
            self.met.add("required of the object around the one that has it")
            read["required"] = [name for name in read["required"] if name not in misplaced]
        if written.get("nullable"):
            self.met.add("nullable")
            read["type"] = [read["type"], "null"]
        return read

    def _ignore(self, word: str) -> None:
        if word in STRAY:
            self.met.add("words of the tool that wrote the documents")
        elif word not in ANNOTATIONS:
            raise NotImplementedError(word)

    def _of_items(self, written: Any) -> Any:
        """Read the schema of the items of a list; some are the members of an object without the word for it."""
        if not written or "properties" in written or not all(isinstance(each, Mapping) for each in written.values()):
            return written
        self.met.add("members stand in place of the schema of items")
        return {"type": "object", "properties": written}

    def parameters(self, written: Sequence[Any], place: str) -> Schema:
        """Read the parameters of a place, `path` or `query`, as one object."""
        read: dict[str, Schema] = {}
        required = []
        for each in written:
            whole = self.part(each["$ref"]) if "$ref" in each else each
            if whole["in"] != place:
                continue
            if whole["name"] in read:
                self.met.add("a parameter stands twice")
            read[whole["name"]] = self._parameter(whole["schema"], each.get("schema") if "$ref" in each else {})
            required += [whole["name"]] if whole.get("required") else []
        return {"type": "object", **closed(read), "required": required}

    def part(self, reference: str) -> Any:
        """Find what a `$ref` names."""
        part: Any = {"components": self.components}
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        return part

    def _parameter(self, written: Any, bounds: Any) -> Schema:
        if not bounds:
            return self.schema(written)
        self.met.add("$ref with a sibling schema")
        if "oneOf" in written:
            return {"type": "array", "items": {"type": "string", **self._bounds_of_members(bounds)}}
        if written["type"] == "object":
            return {"type": "object", "additionalProperties": self._bounds_of_members(bounds)}
        return self.schema({**written, **bounds})

    def _bounds_of_members(self, bounds: Any) -> Schema:
        self.met.add("bounds of a list are those of its members")
        return self.schema(bounds)


def closed(members: Mapping[str, Schema]) -> Schema:
    return {"properties": members, "additionalProperties": False}


def _together(schemas: Sequence[Schema]) -> Schema:
    """Read `allOf` of objects as one object, so that it can be closed."""
    members = {name: each for schema in schemas for name, each in schema.get("properties", {}).items()}
    required = [name for schema in schemas for name in schema.get("required", ())]
    return {"type": "object", **closed(members), "required": required}
