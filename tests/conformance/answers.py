"""Answers to reads as they might be: what the documents allow, what they do not say, and what no server should send."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.documents import Operation, find
from tests.conformance.notation import Schema
from tests.conformance.record import Exchange

Steps = tuple[str | int, ...]
"""The way into an answer."""

ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 10**30, 1.5),
    *("", "brand_new", "x" * 5000, "\ud800"),
    *([], [[]], {}, {"x": {}}),
)
"""Values of every kind, in place of any other."""

NEW = {"brand_new": [{"id": 1}]}
"""A property that no document has."""


@dataclass(frozen=True)
class Variation:
    """One answer otherwise than it was; `what` says how."""

    url: str
    what: str
    answer: bytes


def operation_of(exchange: Exchange) -> Operation:
    """Find the operation of a read."""
    found = find(exchange.method, urlsplit(exchange.url).path)
    assert found is not None, exchange.url
    return found[0]


def variations(exchange: Exchange) -> Iterator[Variation]:
    """Vary an answer: each part of it in every way; and what is documented and was not there is put in."""
    whole = json.loads(exchange.answer)
    schema = operation_of(exchange).answers[exchange.status]

    def varied(what: str, other: object) -> Variation:
        return Variation(exchange.url, what, json.dumps(other).encode())

    for at in places(whole):
        for value in ODD:
            yield varied(f"{at} is {str(value)[:20]!r}", put(whole, at, value))
        yield varied(f"{at} is not there", without(whole, at))
    for at, described in objects(whole, schema):
        yield varied(f"{at} has more", put(whole, at, {**found(whole, at), **NEW}))
        for name, each in described.get("properties", {}).items():
            for value in examples(each):
                yield varied(f"{(*at, name)} is {str(value)[:40]}", put(whole, (*at, name), value))


def places(value: Any, at: Steps = ()) -> Iterator[Steps]:
    """List the places in an answer; of a list only the first item, since the others are like it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for step, each in inside:
        yield (*at, step)
        yield from places(each, (*at, step))


def objects(value: Any, schema: Schema, at: Steps = ()) -> Iterator[tuple[Steps, Schema]]:
    """List the objects in an answer, each with what the documents say of it."""
    if isinstance(value, dict):
        yield at, schema
        for name, each in value.items():
            yield from objects(each, schema.get("properties", {}).get(name, {}), (*at, name))
    elif isinstance(value, list) and value:
        yield from objects(value[0], schema.get("items", {}), (*at, 0))


def examples(schema: Schema) -> Iterator[object]:
    """Make values that a schema allows: the fewest members, all of them, null where that is allowed."""
    for one in schema.get("anyOf", ()):
        yield from examples(one)
    if "enum" in schema:
        yield from schema["enum"]
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        match kind:
            case "object":
                members = {name: next(examples(each), None) for name, each in schema.get("properties", {}).items()}
                yield {name: members[name] for name in schema.get("required", ()) if name in members}
                yield members
            case "array":
                yield []
                yield [next(examples(schema.get("items") or {}), "text")]
            case _:
                yield {"integer": 7, "number": 7, "string": "text", "boolean": True, "null": None}[kind]


def found(whole: Any, at: Steps) -> Any:
    """Find a part of an answer."""
    for step in at:
        whole = whole[step]
    return whole


def put(whole: Any, at: Steps, value: object) -> Any:
    """Return an answer with another part."""
    if not at:
        return value
    changed = copy.deepcopy(whole)
    found(changed, at[:-1])[at[-1]] = value
    return changed


def without(whole: Any, at: Steps) -> Any:
    """Return an answer without a part."""
    changed = copy.deepcopy(whole)
    del found(changed, at[:-1])[at[-1]]
    return changed


def replay(answers: Mapping[str, Exchange], varied: Variation) -> Any:
    """Answer as it was, but for one answer; what was not asked before is not there."""

    def answer(_: str, url: str, __: Mapping[str, str], ___: bytes) -> tuple[int, Mapping[str, str], bytes]:
        if url == varied.url:
            return answers[url].status, answers[url].answer_headers, varied.answer
        if url in answers:
            return answers[url].status, answers[url].answer_headers, answers[url].answer
        return 404, {}, b'{"result": "error", "error": {"code": "object_not_found", "description": "Not found"}}'

    return answer
