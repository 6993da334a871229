"""How a change is carried out: requests to the documented API, or steps that a person does in the Manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from accessplan.change import Change
from accessplan.model import Address

RequestValue = None | bool | int | str | Address | list["RequestValue"] | dict[str, "RequestValue"]
"""JSON, in which an `Address` stands for the live number of that entry: known now, or once it is created."""


@dataclass(frozen=True, slots=True)
class Request:
    """One documented request. `path` is a template (`/1/accounts/{account}/teams`) filled from `names`.

    `creates` is the entry that comes to be by it. `each` are users whom it serves one by one: the answer may refuse
    some of them, and still say 201 [openapi kdrive].
    """

    method: str
    path: str
    names: Mapping[str, int | str | Address]
    body: dict[str, RequestValue] | None = None
    creates: Address | None = None
    each: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One visit to a screen of the Manager.

    `act` and `values` are the deed as data (what `sandbox perform` does); `path` is the way through the menus, `who`
    may do it, and `text` tells what to do there. Several values on one screen are `lines` of their own, one after the
    other.
    """

    act: str
    values: Mapping[str, object]
    path: str
    who: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """Changes that are carried out together: by `requests`, or by hand when there are `steps`.

    `name` is that of the row in the table of routes.
    """

    name: str
    changes: tuple[Change, ...]
    requests: tuple[Request, ...] = ()
    steps: tuple[Step, ...] = ()
    why_manual: str = ""

    @property
    def is_manual(self) -> bool:
        """Whether a person has to do it."""
        return bool(self.steps)

    @property
    def needs(self) -> frozenset[Address]:
        """The users and teams that must exist before, other than those it makes itself."""
        own = {change.address for change in self.changes}
        return frozenset(address for change in self.changes for address in change.depends_on) - own


Number = Callable[[Address], int | str]
"""Gives the live number of an entry, or whatever shall stand in its place."""


def fill_path(request: Request, number: Number) -> str:
    """Fill the path of a request with numbers.

    Raises:
        ValueError: a name would lead to another path.
    """
    names = {name: number(each) if isinstance(each, Address) else each for name, each in request.names.items()}
    return request.path.format_map({name: segment(str(each)) for name, each in names.items()})


def segment(name: str) -> str:
    """Write a name as one segment of a path.

    Raises:
        ValueError: it is of dots only, which lead to another path, however they are written [RFC 3986 5.2.4].
    """
    if name and not name.strip("."):
        raise ValueError(f"{name!r} cannot be in a path")
    return quote(name, safe="")


def fill_body(value: RequestValue, number: Number) -> object:
    """Fill a request body with numbers."""
    match value:
        case Address():
            return number(value)
        case dict():
            return {name: fill_body(each, number) for name, each in value.items()}
        case list():
            return [fill_body(each, number) for each in value]
        case _:
            return value
