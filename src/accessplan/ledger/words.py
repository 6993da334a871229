"""What people say was done where the live system cannot show it."""

from __future__ import annotations

from collections.abc import Mapping

from accessplan.ledger.invitations import LEFT
from accessplan.ledger.ledger import Ledger, NewRow, Row, Rows, reading
from accessplan.model import DELEGATE, MEMBER, Address, user_address
from accessplan.past import Word
from accessplan.plain import address_of, attributes, entry_of

ATTESTED, ENDED = "attested", "word ended"


def attest(ledger: Ledger, word: Word) -> None:
    """Write somebody's word down."""
    body = {"address": list(word.address), "after": attributes(word.entry), "by": word.by, "number": word.number}
    ledger.add(ATTESTED, body, word.at)


def word_ended(address: Address) -> NewRow:
    """Say that a word counts no more: the live system was changed there."""
    return ENDED, {"address": list(address)}


def words(ledger: Ledger, numbers: Mapping[Address, int]) -> dict[Address, Word]:
    """Return the last word on each entry, as far as what it hangs on is still the same.

    A word that a partner is gone ends those on what they reached.

    Raises:
        InputError: a row is damaged.
    """
    last = _last(ledger.rows(ATTESTED, ENDED))
    return {address: word for address, (word, _) in last.items() if word.number == number_of(address, numbers)}


def counting(rows: Rows) -> set[int]:
    """Return the numbers of the rows whose words count: the last on each entry, unless it hangs on who left since."""
    last = _last([(kind, row) for kind, row in rows if kind in (ATTESTED, ENDED)])
    left = {str(row.body.get("email")): row.number for kind, row in rows if kind == LEFT}
    return {number for address, (_, number) in last.items() if left.get(_person(address), 0) < number}


def _last(rows: Rows) -> dict[Address, tuple[Word, int]]:
    """Find the last word on each entry, with the number of its row.

    Raises:
        InputError: a row is damaged.
    """
    found: dict[Address, tuple[Word, int]] = {}
    for kind, row in rows:
        with reading(row):
            address = address_of(row.body.get("address"))
            word = _word(address, row) if kind == ATTESTED else None
        found.pop(address, None)
        if word is not None:
            found[address] = (word, row.number)
            if word.entry is None and not address.part:
                found = {each: said for each, said in found.items() if each == address or each.owner != address}
    return found


def _person(address: Address) -> str:
    return address.key if address.part in (DELEGATE, MEMBER) else address.name


def number_of(address: Address, numbers: Mapping[Address, int]) -> int | None:
    """Return the live number of what an entry hangs on: of a delegation the person, and of a partner there is none."""
    return numbers.get(user_address(address.key) if address.part == DELEGATE else address.owner)


def _word(address: Address, row: Row) -> Word:
    after, number = row.body.get("after"), row.body.get("number")
    entry = entry_of(address, after) if isinstance(after, dict) else None
    return Word(address, entry, str(row.body.get("by")), row.at, number if isinstance(number, int) else None)
