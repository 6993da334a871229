"""What comes of adopting entries, once the document is read anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from accessplan.change import Change, Effect
from accessplan.errors import InputError
from accessplan.finding import Finding, Level, Place, in_order
from accessplan.model import PARTNER, USE, Address, owners
from accessplan.want.adopt.work import Reading, Work, differs, left_as_it_is
from accessplan.want.document import WantedPartner, WantedUser
from accessplan.want.roles import role_of

NAMED = 3
"""How many entries a refusal names."""

NOTES = ("until", "owner", "reason", "ticket")
"""What may be noted of an entry beside the access, in this order."""

_TAKING = (Effect.WEAKEN, Effect.CANCEL, Effect.REVOKE)


class How(StrEnum):
    """What came of an entry: the document says it now, or no more, or did so before.

    What is needless nobody takes away, or the role gives it; what is left is live, and hangs on somebody who is not.
    """

    WRITTEN = "written"
    TAKEN_OUT = "taken out"
    SAID = "said before"
    NEEDLESS = "needless"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Adopted:
    """An entry, and the line that says it now, or said it; one that nobody asked for comes or goes along."""

    address: Address
    how: How
    place: Place | None
    along: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written: the new texts of files, what of each entry, and remarks on what is left out.

    `before` are the texts as they are. `more` are changes that the next plan has beside those it had before; none of
    them takes anything away.
    """

    texts: Mapping[Path, str]
    before: Mapping[Path, str]
    adopted: tuple[Adopted, ...]
    remarks: tuple[str, ...]
    more: tuple[Change, ...]


def outcome(asked: Sequence[Address], texts: Mapping[str, str], work: Work, notes: Mapping[str, str | date]) -> Outcome:
    """Read the document as it would be, and see that it says what it should.

    Raises:
        InputError: it does not; nothing is to be written.
    """
    after = work.read()
    _refuse_faults(after, work, notes)
    for address in asked:
        _require_agreement(address, work, after)
    more = _more(work.before, after)
    along = _along(asked, work.before, after, more)
    for address in along:
        _require_same(address, asked, work, after)
    return Outcome(
        {Path(file): page.whole for file, page in work.book.pages.items() if page.whole != texts[file]},
        {Path(file): text for file, text in texts.items()},
        tuple([_adopted(each, work, after) for each in dict.fromkeys(asked)] + _come_along(along, work, after)),
        tuple(dict.fromkeys(work.remarks)),
        tuple(more),
    )


def _adopted(address: Address, work: Work, after: Reading, *, along: bool = False) -> Adopted:
    if address not in work.live.entries:
        return Adopted(address, How.TAKEN_OUT, work.before.want.places.get(address), along)
    if address in after.want.state.entries:
        how = How.WRITTEN if along or differs(address, work, work.before) else How.SAID
        return Adopted(address, how, after.want.places.get(address), along)
    return Adopted(address, How.LEFT if differs(address, work, after) else How.NEEDLESS, None, along)


def _come_along(addresses: Sequence[Address], work: Work, after: Reading) -> list[Adopted]:
    found = (_adopted(address, work, after, along=True) for address in addresses)
    return [each for each in found if each.how is not How.NEEDLESS]


def _more(before: Reading, after: Reading) -> list[Change]:
    """List the changes that the next plan has beside, and see that none takes anything away."""
    known = {(change.address, change.after) for change in before.plan.changes}
    more = [change for change in after.plan.changes if (change.address, change.after) not in known]
    taking = sorted(
        (change for change in more if change.effect in _TAKING), key=lambda change: bool(change.address.part)
    )
    if taking:
        named = ", ".join(f"{change.effect.value} {change.address}" for change in taking[:NAMED])
        named += f" and {len(taking) - NAMED} more" if len(taking) > NAMED else ""
        message = f"nothing is adopted: the next plan would then {named}"
        raise InputError(message, "Adopt these as well, or edit the document by hand.")
    return more


def _along(asked: Sequence[Address], before: Reading, after: Reading, more: Sequence[Change]) -> list[Address]:
    """List entries of which the document says something else now, though nobody asked for that."""
    old, new = before.want.state.entries, after.want.state.entries
    known = {*asked, *(change.address for change in more)}
    return [each for each in sorted({*old, *new}) if old.get(each) != new.get(each) and each not in known]


def _require_agreement(address: Address, work: Work, after: Reading) -> None:
    """See that the document says what is live."""
    if differs(address, work, after):
        place = after.want.places.get(address)
        why = f"{place.file}:{place.line} would still have it otherwise" if place else "no line would say what is live"
        raise left_as_it_is(address, why)


def _require_same(address: Address, asked: Sequence[Address], work: Work, after: Reading) -> None:
    """See that what else changed is as it is live, or goes with what was asked for, as a place with a membership."""
    gone = {each for each in asked if each not in work.live.entries}
    if address in work.live.entries:
        is_same = not differs(address, work, after) or owners(address) & gone
    else:
        is_same = address.part == USE or owners(address) & {*asked}
    if not is_same:
        place = work.before.want.places.get(address)
        where = f"{place.file}:{place.line}" if place else "the document"
        raise InputError(
            f"nothing is adopted: {where} would no longer say the same of {address}", "Edit the document by hand."
        )


def _refuse_faults(after: Reading, work: Work, notes: Mapping[str, str | date]) -> None:
    """See that the document is valid.

    Raises:
        InputError: it is not; what could be given on the command line is named.
    """
    faults = tuple(each for each in after.findings if each.level is Level.ERROR)
    if not faults:
        return
    lacking = [name for name in NOTES if name in _lacking(faults, after, work) and name not in notes]
    options = ", ".join(f"--{name}" for name in lacking)
    hint = f"Say it as well: {options}." if lacking else "Adopt what else they name, or edit the document by hand."
    raise InputError("nothing is adopted: the document would have faults", hint, in_order(faults))


def _lacking(faults: Sequence[Finding], after: Reading, work: Work) -> frozenset[str]:
    """Name what must be noted of entries and is not (policy.metadata, policy.lifetime)."""
    document = after.document
    codes = {fault.address: fault.code for fault in faults}
    lacking: set[str] = set()
    entries: tuple[WantedUser | WantedPartner, ...] = (*document.users.items, *document.partners.items)
    for entry in entries:
        code = codes.get(str(entry.address))
        if code == "lifetime-exceeded":
            lacking.add("until")
        if code == "metadata-missing":
            role = role_of(document.roles, entry.role) if isinstance(entry, WantedUser) else None
            way = work.way(entry.address, after)
            written = work.book.get(way) if way else {}
            demanded = document.demands.fields.get(role.base if role else PARTNER, ())
            lacking.update(name for name in demanded if name not in written)
    return frozenset(lacking)
