"""What reviews decided, and who did."""

from __future__ import annotations

from datetime import date, datetime

from accessplan.ledger.ledger import Ledger, Row, reading
from accessplan.model import Address
from accessplan.plain import address_of
from accessplan.review import Decision

REVIEWED = "reviewed"


def note_decision(ledger: Ledger, decision: Decision, at: datetime) -> None:
    """Write down what a review decided."""
    said = {"kept": decision.kept, "by": decision.by, "day": decision.day.isoformat()}
    ledger.add(REVIEWED, {"address": list(decision.address), **said}, at)


def decisions(ledger: Ledger) -> dict[Address, Decision]:
    """Return the last decision on each entry.

    Raises:
        InputError: a row is damaged.
    """
    return {each.address: each for each in (_decision(row) for _, row in ledger.rows(REVIEWED))}


def _decision(row: Row) -> Decision:
    with reading(row):
        match row.body:
            case {"address": address, "kept": bool(kept), "by": str(by), "day": str(day)}:
                return Decision(address_of(address), kept, by, date.fromisoformat(day))
        raise ValueError("it does not say who decided what")
