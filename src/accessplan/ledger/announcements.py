"""What was announced as stale, since when, and which announcements hold no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from accessplan.announcement import Announced
from accessplan.ledger.ledger import Ledger, Row, reading
from accessplan.ledger.words import number_of
from accessplan.model import Address
from accessplan.plain import address_of, attributes, entry_of

ANNOUNCED, ENDED = "announced", "announcement ended"


def announce(
    ledger: Ledger, new: Iterable[Announced], over: Mapping[Address, str], numbers: Mapping[Address, int], at: datetime
) -> None:
    """Write down which announcements hold no more, each with the reason, and what is announced: all of it, or nothing.

    `numbers` are the live numbers of what entries hang on.
    """
    ended = [(ENDED, {"address": list(address), "reason": reason}) for address, reason in over.items()]
    ledger.add_all([*ended, *((ANNOUNCED, _body(each, numbers)) for each in new)], at)


def announcements(ledger: Ledger, numbers: Mapping[Address, int]) -> dict[Address, Announced]:
    """Return the announcements that were not ended, each with whether it is of another one by now.

    Raises:
        InputError: a row is damaged.
    """
    found: dict[Address, Announced] = {}
    for kind, row in ledger.rows(ANNOUNCED, ENDED):
        with reading(row):
            address = address_of(row.body.get("address"))
            announced = _announced(address, row, numbers) if kind == ANNOUNCED else None
        found.pop(address, None)
        if announced is not None:
            found[address] = announced
    return found


def _body(each: Announced, numbers: Mapping[Address, int]) -> dict[str, object]:
    return {
        "address": list(each.address),
        "entry": attributes(each.entry),
        "rules": list(each.rules),
        "day": each.day.isoformat(),
        "owner": each.owner,
        "number": number_of(each.address, numbers),
    }


def _announced(address: Address, row: Row, numbers: Mapping[Address, int]) -> Announced:
    match row.body:
        case {"entry": dict(entry), "rules": [*rules], "day": str(day), "owner": str(owner), "number": number}:
            names = tuple(str(rule) for rule in rules)
            is_of_another = _is_of_another(address, number, numbers)
            return Announced(
                address, entry_of(address, entry), names, date.fromisoformat(day), owner, of_another=is_of_another
            )
        case _:
            raise ValueError("it announces nothing")


def _is_of_another(address: Address, number: object, numbers: Mapping[Address, int]) -> bool:
    """Tell whether an entry hangs on another one by now; a user or team that is gone was itself announced."""
    now = number_of(address, numbers)
    return now != number and (now is not None or bool(address.part))
