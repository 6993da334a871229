"""One remark on a document, a plan or a grant: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Place(NamedTuple):
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file_and_line}:{self.column}"

    @property
    def file_and_line(self) -> str:
        """The place without its column."""
        return f"{self.file}:{self.line}"


class Level(StrEnum):
    """How much a finding matters: an error stops the run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark.

    `code` is stable and hyphenated (`unknown-role`); `message` says what is wrong, `hint` how to mend it;
    `address` is the entry it belongs to, as text, where there is one.
    """

    code: str
    level: Level
    message: str
    place: Place | None = None
    address: str = ""
    hint: str = ""


def error(code: str, message: str, place: Place | None = None, *, address: str = "", hint: str = "") -> Finding:
    """Build a finding that stops the run."""
    return Finding(code, Level.ERROR, message, place, address, hint)


def warning(code: str, message: str, place: Place | None = None, *, address: str = "", hint: str = "") -> Finding:
    """Build a finding that does not stop the run."""
    return Finding(code, Level.WARNING, message, place, address, hint)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by file, line and column, then code; those without a place come first."""
    return tuple(sorted(findings, key=lambda each: (each.place or ("", 0, 0), each.code, each.message)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding stops the run."""
    return any(each.level is Level.ERROR for each in findings)
