"""Why a change is in a plan: the document says so, a date passed, somebody is called otherwise now, or live moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from accessplan.change import Change
from accessplan.model import (
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    State,
    Team,
    Use,
    User,
    fold,
    owners,
    team_address,
    user_address,
)
from accessplan.past import NO_PAST, Past
from accessplan.plan import Ended, Plan, Waiting
from accessplan.policy import Policy

NOT_FROM_THIS_CHANGE = "it is not from this change"
"""Why a change waits that `plan --only config` holds back."""


class Kind(StrEnum):
    """What brings a change about."""

    CONFIG = "config"
    DRIFT = "drift"
    TIME = "time"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a change is planned.

    `is_new` tells whether it comes with the change under review; it is None where no base is named. `of` is the entry
    that a renamed one was, or will be. `reason` says more than the kind does, where there is more to say.
    """

    kind: Kind
    is_new: bool | None = None
    of: Address | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What the document as it was before the change under review would do to the same live organization.

    `now` is its plan for today, `then` its plan for the day it was committed (`day`), `policy` what it asks of plans.
    """

    now: Plan
    then: Plan
    day: date | None = None
    policy: Policy = field(default_factory=Policy)


def causes(
    plan: Plan, have: State, ended: Mapping[Address, Ended], base: Base | None = None, past: Past = NO_PAST
) -> dict[Address, Cause]:
    """Say why each change is planned.

    A change that the base document would bring about as well is not from this change: because a date passed since, or
    because live moved since the last apply (`past`), or else because what was merged is not carried out yet. Without an
    apply on record the last two cannot be told apart, and count as drift. Without a base, what moved while the document
    did not is drift, and the rest is put down to the document.
    """
    renamed = dict(_renamed(plan, have))
    now = {change.id for change in base.now.changes} if base else frozenset[str]()
    then = {change.id for change in base.then.changes} if base else frozenset[str]()
    over = {address for address, each in ended.items() if each.entry is not None}
    leave = {each.address for each in plan.changes if base and _leaves(each) and each.id not in now}
    is_known = past.applied_at is not None

    def has_moved(change: Change) -> bool:
        return past.has_moved(change.address, have.entries)

    def cause(change: Change) -> Cause:
        # What goes with somebody whom this change takes out goes because of it, though it had to go anyway.
        is_new = change.id not in now or (change.after is None and bool(owners(change.address) & leave))
        has_ended = change.urgent and bool(over.intersection((change.address, *owners(change.address))))
        known = is_new if base else None
        if (other := _former(change, renamed, have)) is not None:
            return Cause(Kind.RENAME, known, other)
        if known is False:
            if has_ended or change.id not in then:
                return Cause(Kind.TIME, known)
            return Cause(Kind.CONFIG if is_known and not has_moved(change) else Kind.DRIFT, known)
        if known is None and has_ended:
            return Cause(Kind.TIME)
        if known is None and has_moved(change) and past.wants_the_same(change):
            return Cause(Kind.DRIFT)
        return Cause(Kind.CONFIG, known)

    return {change.address: replace(cause(change), reason=_reason(change, ended)) for change in plan.changes}


def _reason(change: Change, ended: Mapping[Address, Ended]) -> str:
    """Say why an entry, or what it hangs on, is not wanted any more although the document names it."""
    hangs_on = (change.address, *sorted(owners(change.address))) if change.urgent else ()
    return next((ended[each].reason for each in hangs_on if each in ended and ended[each].reason), "")


def without_others(plan: Plan, why: Mapping[Address, Cause]) -> Plan:
    """Hold back what is not from the change under review, and what depends on that."""
    held = {change.address for change in plan.changes if why[change.address].is_new is False}
    awaited = {change.address for change in plan.changes if change.address in held and change.before is None}
    while more := {each.address for each in plan.changes if each.address not in held and _needs(each) & awaited}:
        held |= more
        awaited |= more
    waiting = (Waiting(change, NOT_FROM_THIS_CHANGE) for change in plan.changes if change.address in held)
    kept = tuple(change for change in plan.changes if change.address not in held)
    return replace(plan, changes=kept, waiting=(*plan.waiting, *waiting))


def _leaves(change: Change) -> bool:
    return change.after is None and not change.address.part


def _needs(change: Change) -> frozenset[Address]:
    """List the entries that must come before a change, the leader of a team among them."""
    leader = change.after.leader if isinstance(change.after, Team) else None
    return frozenset(change.depends_on) | ({user_address(leader)} if leader else frozenset())


def _renamed(plan: Plan, have: State) -> Iterator[tuple[Address, Address]]:
    """Pair what goes with what comes, where it is the same person by name, or a team of the same people."""
    gone = [change.entry for change in plan.changes if change.after is None and not change.address.part]
    come = [change.entry for change in plan.changes if change.before is None and not change.address.part]
    live = _members(have.entries.values() if any(isinstance(entry, Team) for entry in gone) else ())
    wanted = _members(change.after for change in plan.changes)
    waiting: defaultdict[object, list[Address]] = defaultdict(list)
    for entry in reversed(come):
        waiting[_likeness(entry, wanted)].append(entry.address)
    for entry in gone:
        likeness = _likeness(entry, live)
        if likeness is not None and waiting[likeness]:
            new = waiting[likeness].pop()
            yield entry.address, new
            yield new, entry.address


def _members(entries: Iterable[Entry | None]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        if isinstance(entry, Membership):
            found.setdefault(entry.team, set()).add(entry.email)
    return {team: frozenset(people) for team, people in found.items()}


def _likeness(entry: Entry, members: Mapping[str, frozenset[str]]) -> object:
    """Return what two people or teams have in common that may be the same; None where nothing tells."""
    match entry:
        case User(first_name=str(first), last_name=str(last)) if first.strip() and last.strip():
            return tuple(" ".join(fold(name).split()) for name in (first, last))
        case Team(name=name):
            return members.get(name)
        case _:
            return None


def _former(change: Change, renamed: Mapping[Address, Address], have: State) -> Address | None:
    """Find the entry that a change renames: a person, a team, or what they have under their former name.

    What they did not have, or had less of, does not come with a name.
    """
    if change.address in renamed:
        return renamed[change.address]
    if change.before is not None or not renamed.keys() & owners(change.address):
        return None
    old = _under_other_names(change.entry, renamed)
    return old.address if have.entries.get(old.address) == old else None


def _under_other_names(entry: Entry, renamed: Mapping[Address, Address]) -> Entry:
    def email(name: str) -> str:
        return renamed.get(user_address(name), user_address(name)).name

    match entry:
        case Membership(team=team):
            former = renamed.get(team_address(team), team_address(team))
            return Membership(former.name, email(entry.email))
        case Grant(subject=subject):
            return replace(entry, subject=renamed.get(subject, subject))
        case Use() | Delegation():
            return replace(entry, email=email(entry.email))
        case _:
            return entry
