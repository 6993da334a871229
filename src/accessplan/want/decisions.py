"""What a review decides, written into the document: an entry is confirmed, or goes.

The line is that of the plan. The document is read once more as it would be: a decision must be about the one entry
only, and hold; a line of a role, a tag or a pattern that stands for more is left to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from accessplan.errors import InputError
from accessplan.finding import Finding, Level, Place
from accessplan.model import GRANT, USE, Address, Membership, State, Team, owners
from accessplan.plan import Plan, Want, compare
from accessplan.record import NO_RECORD
from accessplan.select import Catalogue
from accessplan.want.document import Document
from accessplan.want.load import load, load_texts
from accessplan.want.read import read
from accessplan.want.resolve import resolve
from accessplan.want.text.page import Page, page_of

_REVIEWED = "`accessplan review` lists what is."

NAMED = 3
"""How many entries a refusal names."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it would be written: the new text of one file of the document, and the line.

    `plan` is what the document would change then.
    """

    address: Address
    file: Path
    text: str
    place: Place
    plan: Plan


@dataclass(frozen=True, slots=True)
class Question:
    """What a decision is about: the document, the live side, and the day."""

    path: Path
    catalogue: Catalogue
    live: State
    now: datetime
    today: date


def decide(address: Address, question: Question, *, keep: bool) -> Decided:
    """Write a decision on an entry into the text of the document; nothing is written to a file.

    Raises:
        InputError: the entry is on no line of the document, or on one that has to be edited by hand.
    """
    before = _want(load(question.path, question.now, question.today).document, question)
    place = before.places.get(address)
    if place is None or address not in before.state.entries:
        hint = "Describe it first, or revoke it by an entry under removed." if address in question.live.entries else ""
        raise InputError(f"{address} is on no line of the document", hint or "Check the address: accessplan review.")
    if keep and isinstance(before.state.entries[address], Team | Membership):
        raise InputError(f"{address} is not reviewed: teams and members are not, but what they reach is", _REVIEWED)
    texts = texts_of(question.path)
    text = texts[place.file]
    page = page_of(place.file, text)
    edited = (kept(page, place, question.today) if keep else revoked(page, place, address.part)).whole
    after = _read_anew({**texts, place.file: edited}, place, text.count("\n") - edited.count("\n"), question)
    if keep:
        _check_kept(address, before, after, place, question.today)
    else:
        _check_removed(address, before, after, place)
    return Decided(address, Path(place.file), edited, place, compare(question.live, after))


def kept(page: Page, place: Place, day: date) -> Page:
    """Note the review of a day in the entry at a place.

    Raises:
        InputError: it has to be done by hand.
    """
    return page.note(page.at(place), {"reviewed": day})


def revoked(page: Page, place: Place, part: str) -> Page:
    """Take out the entry at a place; of one that gives rights on a product and a place in it, the part that is meant.

    Raises:
        InputError: it has to be done by hand.
    """
    path = page.at(place)
    written, key = page.get(*path), {GRANT: "manage", USE: "use"}.get(part)
    is_one_of_two = isinstance(written, dict) and {"manage", "use"} <= written.keys()
    return page.take((*path, key) if key and is_one_of_two else path)


def texts_of(path: Path) -> dict[str, str]:
    """Read the files of the document as they are, line endings included.

    Raises:
        InputError: one cannot be read.
    """
    texts = {}
    for file in read(path).files:
        try:
            texts[file] = Path(file).read_bytes().decode()
        except (OSError, ValueError) as fault:
            raise InputError(f"{file} cannot be read again: {fault}", "Check the file.") from fault
    return texts


def _read_anew(texts: Mapping[str, str], place: Place, lines: int, question: Question) -> Want:
    """Read the document as it would be, without so many lines at a place; faults are told where they stand now."""
    encoded = {file: text.encode() for file, text in texts.items()}
    loaded = load_texts(encoded, question.now, question.today)
    faults = tuple(each for each in loaded.findings if each.level is Level.ERROR)
    if faults:
        message = f"{place.file}:{place.line} is left as it is: the document would have faults without it"
        raise InputError(message, "Edit these lines by hand.", tuple(_moved(each, place, lines) for each in faults))
    return _want(loaded.document, question)


def _moved(finding: Finding, place: Place, lines: int) -> Finding:
    there = finding.place
    if there is None or there.file != place.file or there.line < place.line:
        return finding
    return replace(finding, place=there._replace(line=there.line + lines))


def _want(document: Document, question: Question) -> Want:
    return resolve(document, question.catalogue, question.live, question.today)[0]


def _check_kept(address: Address, before: Want, after: Want, place: Place, today: date) -> None:
    """See that the review is noted of this entry, and of nothing that another line gives."""
    noted = {each for each, record in after.records.items() if record != before.records.get(each, NO_RECORD)}
    if others := sorted(noted - {address, *_beside(address)}):
        raise _more_than_one(place, [address, *others])
    if after.records.get(address, NO_RECORD).reviewed != today:
        message = f"{place.file}:{place.line} is left as it is: another line notes {address}, too"
        raise InputError(message, "Write reviewed on each of its lines by hand.")


def _check_removed(address: Address, before: Want, after: Want, place: Place) -> None:
    """See that the entry goes, with what hangs on it, and nothing else."""
    if address in after.state.entries:
        other = after.places.get(address)
        message = f"{place.file}:{place.line} is left as it is: {address} is also given by"
        where = f"{other.file}:{other.line}" if other else "another line"
        raise InputError(f"{message} {where}", "Take it from both lines by hand.")
    gone = before.state.entries.keys() - after.state.entries.keys()
    if others := sorted(each for each in gone if each != address and address not in owners(each)):
        raise _more_than_one(place, [address, *others])


def _beside(address: Address) -> Iterator[Address]:
    """Name what the same line may give beside: the rights on a product and a place in it."""
    if address.part in (GRANT, USE):
        yield address._replace(part=USE if address.part == GRANT else GRANT)


def _more_than_one(place: Place, addresses: list[Address]) -> InputError:
    named = ", ".join(map(str, addresses[:NAMED])) + (
        f" and {len(addresses) - NAMED} more" if len(addresses) > NAMED else ""
    )
    message = f"{place.file}:{place.line} is left as it is: it stands for more than one entry, {named}"
    return InputError(message, "Edit the line by hand, or give each its own.")
