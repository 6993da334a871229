"""What moved on the live side for no reason that is known: no apply left it so, and the document does not ask for it.

Three sides are compared: how an entry last was for a known reason (`Past`), what the document wants (`Want`), and what
is live (`State`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from accessplan.change import Change
from accessplan.model import Address, Entry, State, User, has_moved, owners
from accessplan.past import Counts, Past
from accessplan.plain import attributes
from accessplan.plan import Mode, Plan, Want, is_as, is_compared, is_nobodys, settled


class Kind(StrEnum):
    """What drifted: what the document speaks of, or what it does not; without an apply on record nobody can tell."""

    CHANGED = "changed"
    UNMANAGED = "unmanaged"
    DIFFERS = "differs"


class Why(StrEnum):
    """Why live is not as the document wants, although it did not move."""

    NOT_APPLIED = "not applied yet"
    LEFT = "left to do"
    ENDED = "a date passed"
    WAITS = "waits for a decision"


@dataclass(frozen=True)
class Drift:
    """An entry that moved for no known reason: as it `was`, and as it is `live`.

    `revert` is the change that takes it back: one of the plan, or for what is unmanaged the way it came. `since` is
    when it was first seen so, None where this is the first time. `along` are the moves of what hangs on it. Of what
    only `differs` nobody knows how it was.
    """

    kind: Kind
    address: Address
    was: Entry | None
    live: Entry | None
    revert: Change
    since: datetime | None = None
    along: tuple[Change, ...] = ()

    @property
    def moved(self) -> Change:
        """What happened."""
        return Change(self.address, self.was, self.live)

    @cached_property
    def as_it_is(self) -> dict[str, object]:
        """How the entry and what hangs on it is, as plain data: when that differs, it moved further."""
        return {
            "entry": attributes(self.live),
            "along": [[*each.address, attributes(each.after)] for each in self.along],
        }


@dataclass(frozen=True, slots=True)
class Snooze:
    """Somebody's word, with a reason, that an entry may be as it is (`Drift.as_it_is`) to the end of a day."""

    address: Address
    as_it_is: Mapping[str, object]
    until: date
    reason: str
    by: str

    def covers(self, drift: Drift, today: date) -> bool:
        """Tell whether it still counts: not after its day, and not when the entry moved further."""
        return today <= self.until and (self.address, self.as_it_is) == (drift.address, drift.as_it_is)


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that is planned, or waits, although live did not move: why, and since when it is asked for."""

    change: Change
    why: Why
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the live side found.

    `explained` counts entries that moved to what the document wants, or wanted; `known` those that are live, that the
    document does not speak of, and that are as they were. `open` are all entries that moved for no known reason, those
    that are told along with others and those that are snoozed included.
    """

    drifts: tuple[Drift, ...]
    snoozed: tuple[tuple[Drift, Snooze], ...]
    pending: tuple[Pending, ...]
    explained: int
    known: int
    counts: Counts
    open: Mapping[Address, Kind] = field(default_factory=dict)


def asked_for(want: Want, plan: Plan) -> dict[Address, Entry | None]:
    """Return what a document wants of the entries that it speaks of; None: to be gone."""
    return {**{change.address: change.after for change in plan.changes}, **want.state.entries}


def look(have: State, want: Want, plan: Plan, past: Past, snoozes: Mapping[Address, Snooze], today: date) -> Found:
    """Say what moved for no known reason; `plan` is the whole plan of the two sides.

    Without an apply on record, whatever the plan would change, and the removals that it holds back, differ.
    """
    sides = _Sides(have, want, plan, past)
    sorted_out = _moved(sides, past) if past.applied_at is not None else _differing(sides)
    drifts = _with_owners(sorted_out)
    calm = {each.address: snoozes[each.address] for each in drifts if _is_calm(each, snoozes, today)}
    live = [address for address in have.entries if sides.is_compared(address)]
    managed = {address for address in live if _is_managed(address, want)}
    matching = managed & want.state.entries.keys() - sides.changes.keys()
    told = {each.address for each in sorted_out.drifts}
    return Found(
        drifts=tuple(each for each in drifts if each.address not in calm),
        snoozed=tuple((each, calm[each.address]) for each in drifts if each.address in calm),
        pending=tuple(sorted_out.pending),
        explained=sorted_out.explained,
        known=sum(address not in managed and address not in told for address in live),
        counts=Counts(len(live), len(managed), len(matching)),
        open={each.address: each.kind for each in sorted_out.drifts if each.kind is not Kind.DIFFERS},
    )


def left_open(found: Found, past: Past, have: State, done: Container[Address]) -> frozenset[Address]:
    """Return what an apply leaves unexplained: the rest is known, as it is, from then on.

    `done` are the entries that it changed, or asked somebody to change. What moved beside the document is known once a
    drift run has told of it: else whoever is quick to apply something would have it pass unseen.
    """

    def is_told(address: Address) -> bool:
        seen = past.since(address, have.entries.get(address)) is not None
        return seen and address in past.moved and address not in past.untold

    return frozenset(
        address
        for address, kind in found.open.items()
        if (not is_told(address) if kind is Kind.UNMANAGED else address not in done)
    )


class _Sides:
    """The sides of the comparison; `changes` are those of the plan, what waits included."""

    def __init__(self, have: State, want: Want, plan: Plan, past: Past) -> None:
        self.have, self.want, self.past = have, want, past
        self.held_back = plan.held_back
        self.waiting = {each.change.address: each.reason for each in plan.waiting}
        in_all = (*plan.changes, *(each.change for each in plan.waiting))
        self.changes = {change.address: change for change in in_all}

    def is_compared(self, address: Address) -> bool:
        """Tell whether an entry counts: rights of people who govern do not, nor what is nobody's to take."""
        entry = self.have.entries.get(address) or self.past.entry(address)
        return is_compared(address, self.have, self.want) and not is_nobodys(entry)


@dataclass(slots=True)
class _SortedOut:
    """The entries as they are sorted out."""

    drifts: list[Drift] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    explained: int = 0


def _differing(sides: _Sides) -> _SortedOut:
    """Take whatever differs, where nobody can tell who moved."""
    found = _SortedOut()
    for change in (*sides.changes.values(), *sides.held_back):
        if change.address in sides.waiting:
            found.pending.append(Pending(change, Why.WAITS, reason=sides.waiting[change.address]))
        else:
            since = sides.past.since(change.address, change.before)
            found.drifts.append(Drift(Kind.DIFFERS, change.address, None, change.before, change, since))
    return found


def _moved(sides: _Sides, past: Past) -> _SortedOut:
    """Sort out what moved, and what is to be done although it did not."""
    found = _SortedOut()
    for address in sorted(sides.have.entries.keys() | past.seen.keys() | sides.changes.keys()):
        if not sides.is_compared(address):
            continue
        change = sides.changes.get(address)
        if not past.has_moved(address, sides.have.entries):
            found.pending += [_pending(change, sides, past)] if change else []
        elif _is_explained(address, sides, past):
            found.explained += 1
            found.pending += [_pending(change, sides, past)] if change else []
        elif drift := _drift(address, sides, past):
            found.drifts.append(drift)
    return found


def _is_explained(address: Address, sides: _Sides, past: Past) -> bool:
    """Tell whether an entry moved to what the document wants, or wanted, or whoever was invited declined."""
    was, now = past.entry(address), sides.have.entries.get(address)
    wanted, asked = sides.want.state.entries.get(address), past.wanted.get(address)
    if asked is not None and _went(was, now, asked.entry):
        return True
    if address in sides.waiting and isinstance(was, User) and was.invited:
        return True
    return _went(was, now, wanted) and (wanted is not None or _is_managed(address, sides.want))


def _went(was: Entry | None, now: Entry | None, wanted: Entry | None) -> bool:
    """Tell whether an entry went to where it is wanted, or some of the way: by hand there may be more than one step."""
    if was is None or now is None or wanted is None:
        return is_as(wanted, now)
    wanted = settled(wanted, now)
    there = [each.name for each in fields(now) if getattr(now, each.name) == getattr(wanted, each.name)]
    return not has_moved(replace(was, **{name: getattr(wanted, name) for name in there}), now)


def _drift(address: Address, sides: _Sides, past: Past) -> Drift | None:
    """Make the drift of an entry; None where one that nobody wants is gone."""
    was, now, wanted = past.entry(address), sides.have.entries.get(address), sides.want.state.entries.get(address)
    since, change = past.since(address, now), sides.changes.get(address)
    if change is not None:
        return Drift(Kind.CHANGED, address, was, now, change, since)
    if wanted is not None:
        waits = owners(address) & sides.waiting.keys()
        return Drift(Kind.CHANGED, address, was, now, Change(address, now, wanted), since) if waits else None
    return Drift(Kind.UNMANAGED, address, was, now, Change(address, now, was), since) if now is not None else None


def _pending(change: Change, sides: _Sides, past: Past) -> Pending:
    address = change.address
    if address in sides.waiting:
        return Pending(change, Why.WAITS, reason=sides.waiting[address])
    if (asked := past.wanted.get(address)) is not None and past.wants_the_same(change):
        return Pending(change, Why.LEFT, asked.since)
    ended = sides.want.ended.get(address)
    return Pending(change, Why.ENDED if ended is not None and ended.entry is not None else Why.NOT_APPLIED)


def _with_owners(found: _SortedOut) -> list[Drift]:
    """Tell what came or went with a user, team or partner along with them."""
    whole = {each.address: each for each in found.drifts if _came_or_went(each) and not each.address.part}
    along: dict[Address, list[Change]] = {}
    alone = []
    for each in found.drifts:
        holders = (whole[owner] for owner in sorted(owners(each.address)) if owner in whole)
        holder = next((owner for owner in holders if _goes_with(each, owner)), None)
        if holder is None:
            alone.append(each)
        else:
            along.setdefault(holder.address, []).append(each.moved)
    waits = {each.change.address for each in found.pending if each.why is Why.WAITS}
    return [
        replace(each, along=tuple(along.get(each.address, ()))) for each in alone if not owners(each.address) & waits
    ]


def _goes_with(part: Drift, owner: Drift) -> bool:
    """Tell whether a move is told with that of its owner: what apply takes back is not told with what it leaves."""
    alike = _came_or_went(part) and (part.live is None) == (owner.live is None)
    return alike and (part.kind is Kind.UNMANAGED or owner.kind is Kind.CHANGED)


def _came_or_went(drift: Drift) -> bool:
    return drift.kind is not Kind.DIFFERS and (drift.was is None or drift.live is None)


def _is_calm(drift: Drift, snoozes: Mapping[Address, Snooze], today: date) -> bool:
    return drift.address in snoozes and snoozes[drift.address].covers(drift, today)


def _is_managed(address: Address, want: Want) -> bool:
    """Tell whether the document speaks of an entry: it names it, or says that it shall be gone."""
    if address in want.state.entries or address in want.ended:
        return True
    return want.mode(address) is Mode.ENFORCE and want.list_of(address) is not None
