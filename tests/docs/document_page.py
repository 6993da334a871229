"""Makes docs/reference/document.md of the schema: one section for each map, one row for each key."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from accessplan.report.safe import cell, code

Schema = Mapping[str, Any]

HEAD = """# The document, key by key

Made of [the schema](../../schemas/access.schema.json), which editors read too (`accessplan schema access` prints it).
[The example](../../examples/access.yaml) shows every construct in its place.

The document is `access.yaml`, or a folder `access/` whose files are read as one. **An absent key is not managed; an
empty map or list means nobody or nothing.** A key that is not listed here is a fault, as is `null`.

"""

COLUMNS = "| key | what it is | type | default | example |\n|---|---|---|---|---|\n"

LONGEST = 6
"""A list of words that is longer stands in a section of its own."""

DATE = re.compile(r"'(\d{4}-\d\d-\d\d)'")

KINDS = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`"}


def render(schema: Schema) -> str:
    """Render the page."""
    maps = [_section(name, each, schema) for name, each in _maps("top level", schema, schema).items()]
    lists = [f"## {name}\n\n{each['description']}\n\n{_words(each)}.\n" for name, each in _lists(schema).items()]
    return HEAD + "\n".join((*maps, *lists))


def keys(schema: Schema) -> list[tuple[str, str]]:
    """List every key with the section it stands in."""
    return [(name, key) for name, each in _maps("top level", schema, schema).items() for key in each["properties"]]


def _maps(name: str, schema: Schema, root: Schema) -> dict[str, Schema]:
    """List the maps with keys of their own, in the order in which somebody who reads from the top meets them."""
    found = {name: schema} if "properties" in schema else {}
    for key, inner in _inner(schema):
        if "$ref" in inner:
            called = _called(inner)
            inside = _maps(called.removesuffix("-map"), root["$defs"][called], root)
        else:
            inside = _maps(f"{name}.{key}" if key else name, inner, root)
        found |= {each: one for each, one in inside.items() if each not in found}
    return found


def _lists(root: Schema) -> dict[str, Schema]:
    """List the long lists of words."""
    return {name: each for name, each in root["$defs"].items() if len(each.get("enum", ())) > LONGEST}


def _inner(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield from schema.get("properties", {}).items()
    yield from (("", schema[word]) for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict))
    yield from (("", each["then"]) for each in schema.get("allOf", ()))


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Put what a reference names in its place; what stands beside the reference says more."""
    if "$ref" not in schema:
        return schema
    named = root["$defs"][_called(schema)]
    return {**_resolved(named, root)} | {key: value for key, value in schema.items() if key != "$ref"}


def _called(schema: Schema) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    return name


def _section(name: str, schema: Schema, root: Schema) -> str:
    rows = "".join(
        _row(key, inner, name, root, needed=key in schema.get("required", ()))
        for key, inner in schema["properties"].items()
    )
    return f"## {name}\n\n{_plain(schema['description'])}\n\n{COLUMNS}{rows}"


def _row(key: str, schema: Schema, section: str, root: Schema, *, needed: bool) -> str:
    each = _resolved(schema, root)
    default = code(_written(each["default"])) if "default" in each else "required" if needed else "—"
    example = "<br>".join(code(_written(one)) for one in each.get("examples", ())[:2]) or "—"
    cells = (f"`{key}`", _plain(each["description"]), _type(schema, f"{section}.{key}", root), default, example)
    return f"| {' | '.join(map(cell, cells))} |\n"


def _type(schema: Schema, place: str, root: Schema) -> str:
    each = _resolved(schema, root)
    if "properties" in each:
        return _link(_called(schema).removesuffix("-map") if "$ref" in schema else place)
    if "enum" in each:
        return _link(_called(schema)) if len(each["enum"]) > LONGEST else _words(each)
    if each.get("allOf"):
        return "; or ".join(_type(one["then"], place, root) for one in each["allOf"])
    if "items" in each:
        alone = "" if each.get("type", "array") == "array" else f"{_type(each['items'], place, root)}, or "
        return f"{alone}a list of {_type(each['items'], place, root)}"
    if isinstance(each.get("additionalProperties"), dict):
        return f"a map of {_type(each['additionalProperties'], place, root)}"
    return code(_written(each["const"])) if "const" in each else str(each.get("title") or _kinds(each["type"]))


def _kinds(types: str | list[str]) -> str:
    return " or ".join(KINDS[each] for each in ([types] if isinstance(types, str) else types))


def _plain(text: str) -> str:
    return text.replace("*", r"\*")


def _link(name: str) -> str:
    return f"[{name}](#{name.replace('.', '')})"


def _words(schema: Schema) -> str:
    return ", ".join(map(code, schema["enum"]))


def _written(value: object) -> str:
    """Write a value as in a document, on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return DATE.sub(r"\1", text.removesuffix("...\n").strip())


def read_schema(text: str) -> Schema:
    """Read the schema."""
    schema: Schema = json.loads(text)
    return schema
