"""How the published documents write, read as plain JSON Schema. What they write otherwise is listed in `oddities`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]

ASSERTIONS = {"type", "enum", "minimum", "maximum", "minLength", "maxLength", "required"}
ANNOTATIONS = {"title", "description", "example", "default", "format", "nullable"}


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
                    read |= closed({name: self.schema(each, inside) for name, each in value.items()})
                case "items":
                    read["items"] = self.schema(value, inside)
                case "allOf":
                    read |= _together([self.schema(each, inside) for each in value])
                case "oneOf":
                    self.met.add("oneOf: the shapes overlap")
                    read["anyOf"] = [self.schema(each, inside) for each in value]
                case _ if word in ASSERTIONS:
                    read[word] = value
                case _ if word not in ANNOTATIONS:
                    raise NotImplementedError(word)
        if written.get("nullable"):
            self.met.add("nullable")
            read["type"] = [read["type"], "null"]
        return read

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
            read[whole["name"]] = self._parameter(whole["schema"], each["schema"] if "$ref" in each else {})
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
