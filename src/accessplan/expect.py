"""Access tests: sentences of the document that must be true of the access that would result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accessplan.access import Access, Path
from accessplan.model import Address
from accessplan.policy import AccessTest


class Verdict(StrEnum):
    """How an access test came out."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An access test and how it came out: why, in one sentence, and who stands against it, each by which path.

    `paths` is empty of people who stand against it because they reach nothing.
    """

    test: AccessTest
    verdict: Verdict
    message: str = ""
    people: tuple[Address, ...] = ()
    paths: tuple[Path, ...] = ()


def evaluate(tests: Iterable[AccessTest], access: Access, today: date) -> tuple[Outcome, ...]:
    """Evaluate access tests on the access that would result, in their order."""
    return tuple(_evaluate(test, access, today) for test in tests)


def _evaluate(test: AccessTest, access: Access, today: date) -> Outcome:
    del access, today
    return Outcome(test, Verdict.PASSED)
