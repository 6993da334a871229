"""Does an exchange fit the documents? What does not, and is no listed oddity, is a fault."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator, ValidationError
from tests.conformance.documents import Operation, find
from tests.conformance.notation import Schema, closed
from tests.conformance.oddities import KNOWN
from tests.conformance.oddity import ANY
from tests.conformance.record import Exchange

Met = set[tuple[str, str]]
"""The oddities that were met: operation and what."""

JSON_TYPE = "application/json"
TEXT: Schema = {"type": "string"}
ERROR: Schema = {
    "type": "object",
    "required": ["result", "error"],
    **closed(
        {
            "result": {"enum": ["error"]},
            "error": {"type": "object", "required": ["code", "description"]}
            | closed({"code": TEXT, "description": TEXT}),
        }
    ),
}
"""The envelope of an error whose status the document of the operation leaves out: as the documents write the others."""


def faults(exchange: Exchange, met: Met) -> Iterator[str]:
    """Say in what an exchange does not fit the documents; the oddities that excuse something are added to `met`."""
    found = find(exchange.method, urlsplit(exchange.url).path)
    if found is None:
        yield f"{exchange.method} {urlsplit(exchange.url).path} is not documented"
        return
    operation, names = found
    # A request of the tour that is refused was meant to be.
    if exchange.by == "accessplan" or exchange.status < 400:
        yield from _request_faults(exchange, operation, names, met)
    yield from _answer_faults(exchange, operation, met)


def _request_faults(exchange: Exchange, operation: Operation, names: dict[str, str], met: Met) -> Iterator[str]:
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    yield from _misfits(operation, "path", typed(names.items(), operation.names), operation.names, met)
    yield from _misfits(operation, "query", typed(query, operation.query), operation.query, met)
    if exchange.body and exchange.headers.get("content-type") != JSON_TYPE:
        yield f"{operation}: the body is not sent as JSON"
    if exchange.body and operation.body is None:
        yield from _unless_known(operation, "the body is not documented", json.loads(exchange.body), "body", met)
    elif operation.body is not None:
        yield from _misfits(operation, "body", json.loads(exchange.body or b"{}"), operation.body, met)


def _answer_faults(exchange: Exchange, operation: Operation, met: Met) -> Iterator[str]:
    if exchange.answer_headers.get("content-type") != JSON_TYPE:
        yield f"{operation}: the answer is not sent as JSON"
    answer, schema = json.loads(exchange.answer), operation.answers.get(exchange.status, ERROR)
    if exchange.status not in operation.answers:
        yield from _unless_known(operation, f"{exchange.status} is not documented", answer, "answer", met)
    if "return=total" in urlsplit(exchange.url).query:  # then data is the number [openapi core: Return]
        schema = {**schema, "properties": {**schema["properties"], "data": {"type": "integer"}}}
    yield from _misfits(operation, "answer", answer, schema, met)


def _misfits(operation: Operation, at: str, value: object, schema: Schema, met: Met) -> Iterator[str]:
    for error in Draft202012Validator(schema).iter_errors(value):
        place = at + "".join("[]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        for what, where, odd in _in_words(error, place):
            yield from _unless_known(operation, what, odd, where, met)


def _unless_known(operation: Operation, what: str, value: object, at: str, met: Met) -> Iterator[str]:
    """Name a fault, unless it is a known oddity; then what is there is held against what it is known to be."""
    known = next((key for key in ((str(operation), what), (ANY, what)) if key in KNOWN), None)
    if known is None:
        yield f"{operation}: {what}: {json.dumps(value)[:200]}"
        return
    met.add(known)
    read_as = KNOWN[known].read_as
    if read_as is not None:
        yield from _misfits(operation, at, value, operation.notation.schema(read_as), met)


def _in_words(error: ValidationError, place: str) -> Iterator[tuple[str, str, object]]:
    """Say what is wrong, where, and what stands there."""
    value: Any = error.instance
    bounds: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "type":
            yield f"{place} is not {bounds if isinstance(bounds, str) else ' or '.join(bounds)}", place, value
        case "required":
            (name,) = re.findall(r"^'(.*)' is a required property$", error.message)
            yield f"{place}.{name} is missing", place, value
        case "additionalProperties":
            for name in sorted(set(value) - set(schema["properties"])):
                yield f"{place}.{name} is not documented", f"{place}.{name}", value[name]
        case "enum":
            yield f"{place} is {json.dumps(value)}, which is not documented", place, value
        case rule:
            yield f"{place} breaks {rule} {bounds}", place, value


def typed(pairs: Iterable[tuple[str, str]], schema: Schema) -> dict[str, Any]:
    """Read parameters as the data they stand for: `filter[team_ids][]=7` as {"filter": {"team_ids": [7]}}."""
    data: dict[str, Any] = {}
    for key, text in pairs:
        *outer, last = re.findall(r"[^][]+", key)
        place, described = data, schema
        for name in outer:
            place, described = place.setdefault(name, {}), _member(described, name)
        described = _member(described, last)
        if described.get("type") == "array":
            place.setdefault(last, []).extend(_value(each, described["items"]) for each in text.split(","))
        else:
            place[last] = _value(text, described)
    return data


def _member(schema: Schema, name: str) -> Schema:
    member: Schema = schema.get("properties", {}).get(name) or schema.get("additionalProperties") or {}
    return member


def _value(text: str, schema: Schema) -> object:
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
        case _:
            return text
