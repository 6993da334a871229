"""What a body must look like. A check reads a value and yields the problems it sees, and says so as JSON Schema."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accessplan.sandbox.wire import Problem, invalid, problem

Schema = Mapping[str, Any]

LARGEST = 2**63 - 1
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


@dataclass(frozen=True)
class Check:
    """Reads a value and yields its problems; what has none fits `schema`."""

    problems: Callable[[object, str], Iterator[Problem]]
    schema: Schema

    def __call__(self, value: object, attribute: str) -> Iterator[Problem]:
        """Yield the problems of a value, which the attribute has."""
        return self.problems(value, attribute)


def require(body: Mapping[str, Any], check: Check) -> None:
    """Raise an ApiError with every problem of a body."""
    problems = list(check(body, ""))
    if problems:
        raise invalid(*problems)


def fields(required: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields; others are ignored, as the live system does."""
    required, optional = required or {}, optional or {}

    def check(value: object, attribute: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield problem("array", attribute, f"{attribute} must be an object")
            return
        prefix = f"{attribute}." if attribute else ""
        for name in (name for name in required if name not in value):
            yield problem("required", prefix + name, f"{prefix}{name} is required")
        for name, inner in {**required, **optional}.items():
            if name in value:
                yield from inner(value[name], prefix + name)

    members = {name: inner.schema for name, inner in {**required, **optional}.items()}
    return Check(check, {"type": "object", "properties": members, "required": list(required)})


def listed(item: Check, *, at_least: int = 0, at_most: int | None = None) -> Check:
    """A list whose items pass a check."""

    def check(value: object, attribute: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield problem("array", attribute, f"{attribute} must be a list")
            return
        if len(value) < at_least:
            yield problem("required", attribute, f"{attribute} must not be empty")
        if at_most is not None and len(value) > at_most:
            yield problem("max", attribute, f"{attribute} must have at most {at_most} items")
        for index, entry in enumerate(value):
            yield from item(entry, f"{attribute}.{index}")

    most = {} if at_most is None else {"maxItems": at_most}
    return Check(check, {"type": "array", "items": item.schema, "minItems": at_least, **most})


def text(shortest: int = 1, longest: int = 128) -> Check:
    """A text of so many characters."""

    def check(value: object, attribute: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not _is_unicode(value):
            yield problem("string", attribute, f"{attribute} must be a text")
        elif not value.strip() and shortest:
            yield problem("required", attribute, f"{attribute} is required")
        elif len(value) < shortest:
            yield problem("min", attribute, f"{attribute} must have at least {shortest} characters")
        elif len(value) > longest:
            yield problem("max", attribute, f"{attribute} must have at most {longest} characters")

    blank = {"pattern": r"\S"} if shortest else {}
    return Check(check, {"type": "string", "minLength": shortest, "maxLength": longest, **blank})


def _is_unicode(value: str) -> bool:
    """JSON may escape half a character, which nothing can store."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _email(value: object, attribute: str) -> Iterator[Problem]:
    problems = list(text(5, 255)(value, attribute))
    if not problems and not re.fullmatch(_EMAIL, str(value)):
        problems = [problem("email", attribute, f"{attribute} must be an e-mail address")]
    yield from problems


def _boolean(value: object, attribute: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield problem("boolean", attribute, f"{attribute} must be true or false")


def _integer(value: object, attribute: str) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield problem("integer", attribute, f"{attribute} must be an integer")
    elif not 1 <= value <= LARGEST:
        yield problem("min", attribute, f"{attribute} must be at least 1")


email = Check(_email, {**text(5, 255).schema, "pattern": _EMAIL})
boolean = Check(_boolean, {"type": "boolean"})
integer = Check(_integer, {"type": "integer", "minimum": 1, "maximum": LARGEST})


def one_of(values: Collection[object]) -> Check:
    """One of these values."""

    def check(value: object, attribute: str) -> Iterator[Problem]:
        if isinstance(value, bool) or value not in list(values):
            yield problem("in", attribute, f"{attribute} must be one of the allowed values", list(values))

    return Check(check, {"enum": list(values)})


def maybe(inner: Check) -> Check:
    """A value, or null."""

    def check(value: object, attribute: str) -> Iterator[Problem]:
        if value is not None:
            yield from inner(value, attribute)

    return Check(check, {"anyOf": [inner.schema, {"type": "null"}]})
