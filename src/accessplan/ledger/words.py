"""What people say was done where the live system cannot show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accessplan.ledger.ledger import Ledger
from accessplan.model import Address, Entry
from accessplan.plain import attributes, entry_of

_KIND = "attested"


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word that an entry is as `entry` says, or is gone (None).

    `number` is the live number of what the entry hangs on: the word ends with it. A team that is deleted and made anew
    has another.
    """

    address: Address
    entry: Entry | None
    by: str
    at: datetime
    number: int | None = None


def attest(ledger: Ledger, word: Word) -> None:
    """Write somebody's word down."""
    body = {"address": list(word.address), "after": attributes(word.entry), "by": word.by, "number": word.number}
    ledger.add(_KIND, body, word.at)


def words(ledger: Ledger, numbers: Mapping[Address, int]) -> dict[Address, Word]:
    """Return the last word on each entry, as far as what it hangs on is still the same."""
    found: dict[Address, Word] = {}
    for _, row in ledger.rows(_KIND):
        match row.body:
            case {
                "address": [str(kind), str(name), str(part), str(key)],
                "by": str(by),
                "after": after,
                "number": number,
            }:
                address = Address(kind, name, part, key)
                entry = entry_of(address, after) if isinstance(after, dict) else None
                found[address] = Word(address, entry, by, row.at, number if isinstance(number, int) else None)
    return {address: word for address, word in found.items() if word.number == number_of(address, numbers)}


def number_of(address: Address, numbers: Mapping[Address, int]) -> int | None:
    """Return the live number of what an entry hangs on; partners and mailboxes have none."""
    return numbers.get(address.owner)
