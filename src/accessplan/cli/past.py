"""Who reached what on a day that was: as the document of then asked, and as live was sighted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from zoneinfo import ZoneInfo

from accessplan.access import Access
from accessplan.cli.asked import Known, asked_about
from accessplan.cli.base import find_document
from accessplan.cli.git import repository_of
from accessplan.cli.memory import has_ledger
from accessplan.cli.options import Settings
from accessplan.cli.source import open_source, place_of_live
from accessplan.cli.world import Wanted, note_cost
from accessplan.errors import InputError
from accessplan.finding import Place, has_errors
from accessplan.have.live import Live
from accessplan.model import MAILBOX, Address, Entry, Grant, State, Use, User
from accessplan.report.explanation import Explanation, Mark, OnDay, Sides
from accessplan.scope import NOTHING_MORE
from accessplan.want.load import load_texts
from accessplan.want.resolve import resolve

_MARKS = {
    Mark.LIVE: Mark.ASKED_AND_SIGHTED,
    Mark.NOT_IN_THE_DOCUMENT: Mark.ASKED_AND_SIGHTED,
    Mark.PLANNED: Mark.ASKED,
    Mark.TO_BE_REVOKED: Mark.SIGHTED,
}
"""What is live or planned today was sighted or asked for on a day that was."""


TODAYS = "Which products the document meant is told by those that are there today."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a document asked: the short hash of its commit, its entries and their lines; or why it is not known."""

    commit: str = ""
    entries: Mapping[Address, Entry] = field(default_factory=dict)
    places: Mapping[Address, Place] = field(default_factory=dict)
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class _Sighted:
    """What was live, as sighted at a moment; or why it is not known."""

    at: datetime | None = None
    entries: Mapping[Address, Entry] = field(default_factory=dict)
    unknown: str = ""


def explained(first: str, what: str | None, day: date, side: Wanted, settings: Settings) -> Explanation:
    """Say who reached what on a day, by the document's last commit and the last sighting before its end.

    Raises:
        InputError: the day is to come, or nobody and nothing is named so.
        LiveError: the live side, which tells the products that selectors mean, could not be read.
    """
    if day > side.today:
        raise InputError(f"--on {day} is to come: it is {side.today}", "See accessplan plan --at for a day to come.")
    organization = side.document.organization
    end = datetime.combine(day, time.max, ZoneInfo(organization.timezone)).replace(fold=1)
    where = place_of_live(organization.live, side.path, settings)
    with open_source(where, organization.id, NOTHING_MORE, settings) as source:
        live = source.live
        note_cost(source, settings)
    asked, sighted = _asked(side, live, day, end), _sighted(live, end, settings)
    who, things = asked_about(first, what, _known(live, asked, sighted))
    sides = Sides(Access(State(sighted.entries)), Access(State(asked.entries)), State(asked.entries))
    ways, members = sides.ways(who, things), sides.members(who) if who and not things else ()
    dangers = sides.dangers(ways, who, things)
    return Explanation(
        organization_id=live.organization_id,
        organization_name=live.organization_name,
        document=str(side.path),
        live=source.name,
        today=side.today,
        who=who,
        what=things,
        ways=tuple(way._replace(mark=_MARKS[way.mark]) for way in ways),
        dangers=tuple(danger._replace(mark=_MARKS[danger.mark]) for danger in dangers),
        members=tuple(member._replace(mark=_MARKS[member.mark]) for member in members),
        names=dict(_names(asked, sighted)),
        places=asked.places,
        not_covered=tuple(filter(None, (asked.unknown or TODAYS, sighted.unknown))),
        commit=asked.commit,
        past=OnDay(day, asked.commit, sighted.at),
    )


def _asked(side: Wanted, live: Live, day: date, end: datetime) -> _Asked:
    """Find out what the document asked by the end of a day, as the current branch had it."""
    repository = repository_of(side.path)
    if repository is None:
        return _Asked(unknown=f"What the document asked is not known: {side.path} lies in no Git repository.")
    commit = repository.commit_by(end)
    if commit is None:
        return _Asked(unknown=f"What the document asked is not known: no commit of {day} or before is on this branch.")
    past, _ = find_document(repository, commit, side.path)
    if past is None:
        return _Asked(unknown=f"What the document asked is not known: commit {commit.name} has no {side.path}.")
    loaded = load_texts(past.texts, end, day)
    if has_errors(loaded.findings):
        return _Asked(unknown=f"What the document asked is not known: that of commit {commit.name} is invalid.")
    if loaded.document.organization.id != side.document.organization.id:
        other = loaded.document.organization.id
        return _Asked(unknown=f"What the document asked is not known: that of commit {commit.name} is of {other}.")
    want, _ = resolve(loaded.document, live.catalogue, live.state, day)
    return _Asked(commit.name, want.state.entries, want.places)


def _sighted(live: Live, end: datetime, settings: Settings) -> _Sighted:
    """Find out what was live by a moment, as the ledger has it."""
    unknown = _Sighted(
        unknown="What was live is not known: the ledger has no sighting from before the end of that day."
    )
    if not has_ledger(settings):
        return unknown
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    with book.open_ledger(settings.ledger, live.organization_id, live.origin) as ledger:
        entries = book.live_at(ledger, end)
        moments = [at for at, _ in book.counts_over_time(ledger) if at <= end]
    return unknown if entries is None else _Sighted(max(moments), entries)


def _known(live: Live, asked: _Asked, sighted: _Sighted) -> Known:
    """List what can be asked about: what was there or asked for then, and what is there now."""
    addresses = frozenset((*live.state.entries, *asked.entries, *sighted.entries))
    then = (*asked.entries.values(), *sighted.entries.values())
    return Known(
        frozenset(each for each in addresses if not each.part),
        live.catalogue.mailboxes.union(each.name for each in addresses if each.kind == MAILBOX),
        live.catalogue,
        frozenset(each.target for each in then if isinstance(each, Grant | Use)),
    )


def _names(asked: _Asked, sighted: _Sighted) -> Iterator[tuple[Address, str]]:
    for entry in chain(asked.entries.values(), sighted.entries.values()):
        if isinstance(entry, User):
            name = f"{entry.first_name} {entry.last_name}".strip()
            yield entry.address, ", ".join(filter(None, (name, entry.role.replace("_", " "))))
