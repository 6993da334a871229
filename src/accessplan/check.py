"""One line of an examination of the live system: what was found, and what that means for the user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check came out: well, with something to know, or with something to mend."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at (`name`), how it came out, the fact in one sentence, and what it means for the user."""

    name: str
    status: Status
    fact: str
    meaning: str
