"""What people take as it is for a while, although it drifted."""

from __future__ import annotations

from datetime import date, datetime

from accessplan.drift import Snooze
from accessplan.ledger.ledger import Ledger, Row, reading
from accessplan.model import Address
from accessplan.plain import address_of

SNOOZED = "snoozed"


def note_snoozed(ledger: Ledger, snooze: Snooze, at: datetime) -> None:
    """Write down that somebody takes an entry as it is, to the end of a day."""
    body = {
        "address": list(snooze.address),
        **snooze.as_it_is,
        "until": snooze.until.isoformat(),
        "reason": snooze.reason,
        "by": snooze.by,
    }
    ledger.add(SNOOZED, body, at)


def snoozes(ledger: Ledger) -> dict[Address, Snooze]:
    """Return what was last said of each entry; whether it still counts is another question.

    Raises:
        InputError: a row is damaged.
    """
    return {each.address: each for each in (_snooze(row) for _, row in ledger.rows(SNOOZED))}


def _snooze(row: Row) -> Snooze:
    with reading(row):
        match row.body:
            case {"until": str(until), "reason": str(reason), "by": str(by), "entry": entry, "along": along}:
                address, as_it_is = address_of(row.body.get("address")), {"entry": entry, "along": along}
                return Snooze(address, as_it_is, date.fromisoformat(until), reason, by)
        raise ValueError("it says neither how the entry is nor until when")
