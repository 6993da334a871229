"""Why a change is in a plan: the document says so, a date passed, somebody is called otherwise now, or live moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from accessplan.change import Change
from accessplan.model import TEAM, Address, Entry, Membership, State, Team, User, owners, same_name
from accessplan.plan import Ended, Plan, Waiting

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
    that a renamed one was, or will be.
    """

    kind: Kind
    is_new: bool | None = None
    of: Address | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What the document as it was before the change under review would do to the same live organization.

    `now` is its plan for today, `then` its plan for the day it was committed.
    """

    now: Plan
    then: Plan


def causes(plan: Plan, have: State, ended: Mapping[Address, Ended], base: Base | None = None) -> dict[Address, Cause]:
    """Say why each change is planned.

    A change that the base document would bring about as well is not from this change: because a date passed since, or
    else because live is not as that document says. What nobody can tell without a base is put down to the document.
    """
    renamed = dict(_renamed(plan, have))
    now = {change.id for change in base.now.changes} if base else set()
    then = {change.id for change in base.then.changes} if base else set()
    over = {address for address, each in ended.items() if each.entry is not None}

    def cause(change: Change) -> Cause:
        is_new = change.id not in now if base else None
        if change.address in renamed:
            return Cause(Kind.RENAME, is_new, renamed[change.address])
        has_ended = bool(over.intersection((change.address, *owners(change.address)))) and change.urgent
        if is_new is None:
            return Cause(Kind.TIME if has_ended else Kind.CONFIG)
        if is_new:
            return Cause(Kind.CONFIG, is_new)
        return Cause(Kind.TIME if change.id not in then else Kind.DRIFT, is_new)

    return {change.address: cause(change) for change in plan.changes}


def without_others(plan: Plan, why: Mapping[Address, Cause]) -> Plan:
    """Hold back what is not from the change under review, and what depends on that."""
    others = {change.address for change in plan.changes if why[change.address].is_new is False}
    held = [each for each in plan.changes if each.address in others or others.intersection(each.depends_on)]
    waiting = tuple(Waiting(change, NOT_FROM_THIS_CHANGE) for change in held)
    kept = tuple(change for change in plan.changes if change not in held)
    return replace(plan, changes=kept, waiting=(*plan.waiting, *waiting))


def _renamed(plan: Plan, have: State) -> Iterator[tuple[Address, Address]]:
    """Pair what goes with what comes, where it is the same person by name, or a team of the same people."""
    gone = [change for change in plan.changes if change.after is None and not change.address.part]
    come = [change for change in plan.changes if change.before is None and not change.address.part]
    wanted = _members(change.after for change in plan.changes)
    live = _members(have.entries.values()) if any(change.address.kind == TEAM for change in gone) else {}
    for old in gone:
        for new in come:
            if _is_same_person(old.entry, new.entry) or _is_same_team(old.entry, new.entry, live, wanted):
                yield old.address, new.address
                yield new.address, old.address
                come.remove(new)
                break


def _members(entries: Iterable[Entry | None]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        if isinstance(entry, Membership):
            found.setdefault(entry.team, set()).add(entry.email)
    return {team: frozenset(people) for team, people in found.items()}


def _is_same_person(old: Entry, new: Entry) -> bool:
    if not (isinstance(old, User) and isinstance(new, User) and old.last_name and new.last_name):
        return False
    return same_name(old.first_name, new.first_name) and same_name(old.last_name, new.last_name)


def _is_same_team(
    old: Entry, new: Entry, live: Mapping[str, frozenset[str]], wanted: Mapping[str, frozenset[str]]
) -> bool:
    if not (isinstance(old, Team) and isinstance(new, Team)):
        return False
    return bool(live.get(old.name)) and live.get(old.name) == wanted.get(new.name)
