"""The parameters of a request: how each is read, which says too what it may be.

A parameter is read by what describes it, so that the description cannot say otherwise than the code does.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from accessplan.sandbox.body import LARGEST, Schema
from accessplan.sandbox.wire import invalid, problem

_Value_co = TypeVar("_Value_co", covariant=True)


@dataclass(frozen=True)
class Reader(Generic[_Value_co]):
    """Reads a text, or raises an ApiError; `schema` says as JSON Schema what can be read."""

    read: Callable[[str, str], _Value_co]
    schema: Schema

    def __call__(self, value: str, attribute: str) -> _Value_co:
        """Read a text, which the attribute has."""
        return self.read(value, attribute)


def integer(lowest: int = 1, highest: int = LARGEST) -> Reader[int]:
    """Read a number."""

    def read(value: str, attribute: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,19}", value):
            raise invalid(problem("integer", attribute, f"{attribute} must be an integer"))
        if int(value) < lowest:
            raise invalid(problem("min", attribute, f"{attribute} must be at least {lowest}"))
        if int(value) > highest:
            raise invalid(problem("max", attribute, f"{attribute} must be at most {highest}"))
        return int(value)

    return Reader(read, {"type": "integer", "minimum": lowest, "maximum": highest})


def chosen(value: str, attribute: str, values: Collection[str]) -> str:
    """Read one of the allowed values."""
    if value not in values:
        raise invalid(problem("in", attribute, f"{attribute} does not allow {value!r}", list(values)))
    return value


def choice(values: Collection[str]) -> Reader[str]:
    """Read one of these values."""
    return Reader(lambda value, attribute: chosen(value, attribute, values), {"type": "string", "enum": list(values)})


number = integer()
words = Reader(lambda value, _: value, {"type": "string"})
flag = Reader(
    lambda value, attribute: chosen(value, attribute, ("true", "false", "1", "0")) in ("true", "1"),
    {"type": "string", "enum": ["true", "false", "1", "0"]},
)


@dataclass(frozen=True)
class Query:
    """The parameters as they came; only those are read that the endpoint takes (None: any)."""

    pairs: tuple[tuple[str, str], ...]
    taken: Collection[str] | None = None

    def text(self, name: str) -> str | None:
        """The last value of a parameter."""
        self._must_be_taken(name)
        return next((value for key, value in reversed(self.pairs) if key == name), None)

    def texts(self, name: str) -> list[str]:
        """The values of a list parameter: `name[]` or `name[0]` repeated, or `name` once."""
        self._must_be_taken(name)
        return [value for key, value in self.pairs if key == name or re.fullmatch(re.escape(name) + r"\[[0-9]*\]", key)]

    def loaded(self, allowed: Collection[str]) -> list[str]:
        """What `with=` asks to load besides."""
        asked = [name.strip() for value in self.texts("with") for name in value.split(",") if name.strip()]
        return [chosen(name, "with", allowed) for name in dict.fromkeys(asked)]

    def _must_be_taken(self, name: str) -> None:
        if self.taken is not None and name not in self.taken:
            raise LookupError(f"the endpoint reads the parameter {name} and does not say that it takes it")


@dataclass(frozen=True)
class Parameter(Generic[_Value_co]):
    """A parameter that has one value; the last counts."""

    name: str
    read: Reader[_Value_co]
    required: bool = False

    def of(self, query: Query) -> _Value_co | None:
        """Read it, or none. Raises ApiError."""
        value = query.text(self.name)
        if value is None and self.required:
            raise invalid(problem("required", self.name, f"{self.name} is required"))
        return None if value is None else self.read(value, self.name)

    def described(self) -> Mapping[str, Any]:
        """The parameter as OpenAPI writes it."""
        return {"name": self.name, "in": "query", "required": self.required, "schema": self.read.schema}


@dataclass(frozen=True)
class Several(Generic[_Value_co]):
    """A parameter that is a list: `name[]` repeated, or with `commas` one text."""

    name: str
    read: Reader[_Value_co]
    at_most: int | None = None
    commas: bool = False

    def of(self, query: Query) -> list[_Value_co]:
        """Read it, each value. Raises ApiError."""
        values = query.texts(self.name)
        if self.commas:
            values = [each for value in values for each in value.split(",")]
        if self.at_most is not None and len(values) > self.at_most:
            raise invalid(problem("max", self.name, f"{self.name} must have at most {self.at_most} items"))
        return [self.read(value, self.name) for value in values]

    def described(self) -> Mapping[str, Any]:
        """The parameter as OpenAPI writes it."""
        most = {} if self.at_most is None else {"maxItems": self.at_most}
        schema = {"type": "array", "items": self.read.schema, **most}
        name = self.name if self.commas else f"{self.name}[]"
        return {"name": name, "in": "query", "style": "form", "explode": not self.commas, "schema": schema}


AnyParameter = Parameter[Any] | Several[Any]
