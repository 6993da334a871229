"""What a JSON Schema finds wrong with a tree, in plain words: one finding a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema.exceptions import ValidationError

from accessplan.finding import Finding, Place, error
from accessplan.want.names import Names, quote
from accessplan.want.tree import Path, Tree

Schema = dict[str, Any]

_KINDS = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def explain(fault: ValidationError, tree: Tree) -> Iterator[tuple[Path, str, Finding]]:
    """Say what is wrong, with the path it is about and the key, where it is about one.

    Of a value that has several faults the first is enough: path and key tell whether two findings are about the same.
    """
    while fault.context and not _is_lack(fault):
        fault = max(fault.context, key=lambda branch: len(branch.absolute_path))
    path: Path = tuple(fault.absolute_path)
    schema, limit, value = _details(fault)
    known = schema.get("properties", {})
    match fault.validator:
        case "additionalProperties":
            for key in value.keys() - known.keys():
                yield path, key, _unknown_key(key, known, tree.key_place((*path, key)))
        case "anyOf" if _is_lack(fault):
            yield path, "", _nothing_of(limit, known, tree.key_place(path))
        case "required":
            for key in set(limit) - value.keys():
                yield path, key, _missing_key(key, known.get(key, {}), tree.key_place(path))
        case _:
            code, message, hint = _about_value(fault)
            yield path, "", error(code, message, tree.place(path), hint=hint)


def _is_lack(fault: ValidationError) -> bool:
    """Tell whether one key of several is missing."""
    _, choices, _ = _details(fault)
    return fault.validator == "anyOf" and all(choice.keys() == {"required"} for choice in choices)


def _details(fault: ValidationError) -> tuple[Schema, Any, Any]:
    """Return the schema that refused, what it says, and the value."""
    schema: Any = fault.schema
    return schema, fault.validator_value, fault.instance


@cache
def _names(names: tuple[str, ...]) -> Names:
    return Names(names)


def _unknown_key(key: str, known: Schema, place: Place) -> Finding:
    hint = _names(tuple(known)).hint(key, f"known here: {', '.join(known)}")
    return error("unknown-key", f"unknown key {quote(key)}", place, hint=hint)


def _missing_key(key: str, schema: Schema, place: Place) -> Finding:
    example = _example(schema)
    return error("missing-key", f"{quote(key)} is missing", place, hint=f"add it, as in {key}: {example}")


def _nothing_of(choices: list[Schema], known: Schema, place: Place) -> Finding:
    keys = [key for choice in choices for key in choice["required"]]
    examples = [f"{key}: {_example(known.get(key, {}))}" for key in keys]
    message = f"{' or '.join(map(quote, keys))} is missing"
    return error("missing-key", message, place, hint=f"add one, as in {' or '.join(examples)}")


def _about_value(fault: ValidationError) -> tuple[str, str, str]:
    """Return code, message and hint for a fault of a value."""
    schema, limit, value = _details(fault)
    name, shown = _named(tuple(fault.absolute_path)), _shown(value)
    hint = f"as in {example}" if (example := _example(schema)) else ""
    match fault.validator:
        case "type" | "enum" | "const" if value is None:
            return "null-value", f"{name} is null, which is not allowed", _null_hint(fault)
        case "type" | "pattern" | "format" | "maxLength" if "title" in schema:
            return "wrong-format", f"{name} must be {schema['title']}, not {shown}", hint
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            return "wrong-type", f"{name} must be {_either(kinds)}, not {shown}", _type_hint(kinds, value) or hint
        case "enum":
            choices = [str(choice) for choice in limit]
            meant = _names(tuple(choices)).hint(value) if isinstance(value, str) else ""
            return "unknown-value", f"{name} must be one of {', '.join(choices)}, not {shown}", meant
        case "const":
            return "unknown-value", f"{name} must be {json.dumps(limit)}, not {shown}", ""
        case "minLength" | "minItems" | "minProperties" if not value:
            return "out-of-range", f"{name} is empty", hint
        case "maxLength":
            return "out-of-range", f"{name} is longer than {limit} characters", ""
        case "minimum" | "maximum":
            bound = "at least" if fault.validator == "minimum" else "at most"
            return "out-of-range", f"{name} must be {bound} {limit}, not {shown}", ""
    return "invalid-value", f"{name} does not fit: {quote(fault.message)}", hint


def _named(path: Path) -> str:
    if not path:
        return "the file"
    *before, last = path
    return f"item {last + 1} of {quote(str(before[-1]))}" if isinstance(last, int) and before else quote(str(last))


def _either(kinds: list[str]) -> str:
    words = [_KINDS[kind] for kind in kinds]
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _shown(value: object) -> str:
    match value:
        case dict():
            return "a map"
        case list():
            return "a list"
        case str():
            return f"the text {quote(value)}"
    return json.dumps(value)


def _null_hint(fault: ValidationError) -> str:
    if isinstance([*fault.absolute_path][-1], int):
        return "remove the item"
    schema, *_ = _details(fault)
    empty = {"object": "{}", "array": "[]"}.get(str(schema.get("type")))
    if empty is None:
        return "write a value, or leave it out"
    return f"leave the key out for 'not managed', or write {empty} for none"


def _type_hint(expected: list[str], value: object) -> str:
    if {"string", "number"}.issuperset(expected) and not isinstance(value, dict | list):
        return "put it in quotes to make it text"
    if "array" in expected and isinstance(value, str):
        return "put it in brackets to make it a list"
    return ""


def _example(schema: Schema) -> str:
    """Return a value that the schema allows, as one would write it in YAML."""
    examples = [schema["const"]] if "const" in schema else schema.get("examples") or schema.get("enum") or [""]
    return examples[0] if isinstance(examples[0], str) else json.dumps(examples[0], ensure_ascii=False)
