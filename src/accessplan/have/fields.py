"""The fields of one row, in whichever of the shapes that the documents leave open.

Numbers may be text, lists may be maps by number, and rights may be a list of names, one name or a map of booleans.
A field that is absent or null is None here, which differs from an empty list: the row does not show it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import NoReturn

from accessplan.errors import UnreadableAnswer
from accessplan.have.answer import REPORT, Row


@dataclass(frozen=True, slots=True)
class Fields:
    """A row, and what it is called in the fault that a missing field causes (`UnreadableAnswer`)."""

    row: Row
    what: str

    def text(self, name: str) -> str:
        """Return a text that every such row has."""
        return self.text_if_any(name) or self._missing(name)

    def text_if_any(self, name: str) -> str:
        """Return a text, empty where there is none."""
        value = self.row.get(name)
        return value if isinstance(value, str) else ""

    def one_of(self, name: str, values: Container[str]) -> str:
        """Return a text that is one of these values."""
        found = self.text(name)
        return found if found in values else self._missing(name)

    def number(self, name: str) -> int:
        """Return a number that every such row has."""
        found = self.number_if_any(name)
        return self._missing(name) if found is None else found

    def number_if_any(self, name: str) -> int | None:
        """Return a number, or None where there is none."""
        return as_number(self.row.get(name))

    def inner(self, name: str) -> Fields:
        """Return an object within the row, empty where there is none."""
        value = self.row.get(name)
        return Fields(value if isinstance(value, dict) else {}, self.what)

    def items(self, name: str) -> Sequence[object] | None:
        """Return a list; a map by number is one, too."""
        match self.row.get(name):
            case None:
                return None
            case dict() as by_number:
                return tuple(by_number.values())
            case list() as listed:
                return listed
            case _:
                return self._missing(name)

    def rows(self, name: str) -> Sequence[Fields] | None:
        """Return a list of rows."""
        listed = self.items(name)
        if listed is None:
            return None
        return [Fields(each, self.what) if isinstance(each, dict) else self._missing(name) for each in listed]

    def rights(self, *names: str) -> frozenset[str]:
        """Return the rights under the first of these names that there is."""
        match next((self.row[name] for name in names if name in self.row), None):
            case str() as one:
                return frozenset({one} - {""})
            case list() as several if {str}.issuperset(map(type, several)):
                return frozenset(several)
            case dict() as flags:
                return frozenset(right for right, held in flags.items() if held)
            case _:
                return self._missing(names[0])

    def _missing(self, name: str) -> NoReturn:
        raise UnreadableAnswer(f"{self.what} has no `{name}` that can be read", REPORT)


def as_number(value: object) -> int | None:
    """Return a number, also one that is written as text; None where it is none."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
