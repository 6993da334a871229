"""Drift becomes YAML: entries that are live are written into the document as they are, by the smallest edit.

Nothing is written to a file here. The document is read once more as it would be: it must say what it said before, but
for these entries and what comes along with them, and the next plan must not change them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from accessplan.errors import InputError
from accessplan.model import DELEGATE, GRANT, MEMBER, PARTNER, TEAM, USE, USER, Address
from accessplan.want.adopt.book import Book, Way
from accessplan.want.adopt.guests import adopt_delegation, adopt_partner
from accessplan.want.adopt.holdings import adopt_holding
from accessplan.want.adopt.outcome import Outcome, outcome
from accessplan.want.adopt.people import adopt_member, adopt_team, adopt_user
from accessplan.want.adopt.work import Reading, Work, differs, left_as_it_is, read
from accessplan.want.decisions import Question, texts_of
from accessplan.want.reach import Reach

Notes = Mapping[str, str | date]
"""What is noted of entries beside the access: `until`, `owner`, `reason`, `ticket`, as far as it is given."""

_ADOPT: Mapping[tuple[str, str], Callable[[Address, Work, Reading], Way | None]] = MappingProxyType(
    {
        (USER, ""): adopt_user,
        (TEAM, ""): adopt_team,
        (PARTNER, ""): adopt_partner,
        (TEAM, MEMBER): adopt_member,
    }
)
_BY_PART: Mapping[str, Callable[[Address, Work, Reading], Way | None]] = MappingProxyType(
    {GRANT: adopt_holding, USE: adopt_holding, DELEGATE: adopt_delegation}
)


def adopt(addresses: Sequence[Address], question: Question, notes: Notes) -> Outcome:
    """Write live entries into the text of a document, and notes on them where there are none yet.

    Raises:
        InputError: an entry cannot be adopted; the message says why, and by which line.
    """
    texts = texts_of(question.path)
    book = Book.of(texts)
    before = read(book, question)
    work = Work(question, book, before, Reach(question.catalogue))
    _refuse_past(notes, question.today)
    asked = dict.fromkeys(sorted(addresses, key=lambda address: bool(address.part)))
    for address in asked:
        _require_entry(address, work)
    noted = [_adopt(address, work, notes) for address in asked]
    while work.also:
        _adopt(work.also.pop(0), work, {})
    if notes and not any(noted):
        message = f"none of these entries can carry {' or '.join(notes)}"
        raise InputError(message, "Users, partners, grants and delegations can, once they are adopted.")
    return outcome(list(addresses), texts, work, notes)


def _adopt(address: Address, work: Work, notes: Notes) -> Way | None:
    """Adopt an entry; returns where it is written, where it carries notes."""
    reading = work.read()
    if not differs(address, work, reading):
        return None
    _refuse_dated(address, work, reading)
    way = (_ADOPT.get((address.kind, address.part)) or _BY_PART[address.part])(address, work, reading)
    if way is not None and notes:
        work.book.note(way, {name: note for name, note in notes.items() if not work.book.has((*way, name))})
    return way


def _require_entry(address: Address, work: Work) -> None:
    """See that there is something to adopt, and that it is shown."""
    live, want = work.live, work.before.want
    if address in live.entries:
        return
    spot = live.hides(address)
    if spot and address not in live.gone:
        raise left_as_it_is(address, f"nobody knows whether it is there. {spot.reason}", "Attest it, or ask who knows.")
    if address not in want.state.entries:
        raise InputError(f"{address} is neither live nor in the document", "Check the address: accessplan plan.")


def _refuse_past(notes: Notes, today: date) -> None:
    until = notes.get("until")
    if isinstance(until, date) and until < today:
        raise InputError(f"--until {until} has passed", "Name a day to come.")


def _refuse_dated(address: Address, work: Work, reading: Reading) -> None:
    """Leave to people what the document names for other days, or wants gone."""
    want = reading.want
    if address not in work.live.entries or address in want.state.entries:
        return
    ended, place = want.ended.get(address), want.places.get(address)
    if ended and ended.entry is None:
        where = f"{ended.place.file}:{ended.place.line}"
        raise left_as_it_is(address, f"{where} says that it must be gone", "Take that line out first.")
    if ended:
        where = f"{ended.place.file}:{ended.place.line}"
        raise left_as_it_is(address, f"it ended by {where}", "Write a later day under until, by hand.")
    if place:
        raise left_as_it_is(address, f"it begins later by {place.file}:{place.line}", "Correct since by hand.")
