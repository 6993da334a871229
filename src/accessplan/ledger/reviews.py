"""What reviews decided, and who did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accessplan.ledger.entries import address_of
from accessplan.ledger.ledger import Ledger, damaged
from accessplan.model import Address

REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on an entry, on a day of the organization's time zone: it is kept, or goes."""

    address: Address
    kept: bool
    by: str
    day: date


def note_decision(ledger: Ledger, decision: Decision, at: datetime) -> None:
    """Write down what a review decided."""
    said = {"kept": decision.kept, "by": decision.by, "day": decision.day.isoformat()}
    ledger.add(REVIEWED, {"address": list(decision.address), **said}, at)


def decisions(ledger: Ledger) -> dict[Address, Decision]:
    """Return the last decision on each entry.

    Raises:
        InputError: a row is damaged.
    """
    found = {}
    for _, row in ledger.rows(REVIEWED):
        try:
            decision = _decision(row.body)
        except (TypeError, ValueError) as error:
            raise damaged(row.number, error) from error
        found[decision.address] = decision
    return found


def _decision(body: Mapping[str, object]) -> Decision:
    match body:
        case {"kept": bool(kept), "by": str(by), "day": str(day)}:
            return Decision(address_of(body.get("address")), kept, by, date.fromisoformat(day))
        case _:
            raise ValueError("it does not say who decided what")
