"""What a plan makes of who reaches what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from accessplan.access.reach import Access, Takeover
from accessplan.access.things import EVERY_PRODUCT, NOTHING, Path, Reached, rights_around, surplus, wider
from accessplan.change import Change
from accessplan.model import (
    DELEGATE,
    MAILBOX,
    MEMBER,
    PARTNER,
    TEAM,
    USER,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    State,
    Use,
    User,
    user_address,
)
from accessplan.plan import Plan
from accessplan.select import is_service_wide, service_of
from accessplan.services import KSUITE


class Kept(NamedTuple):
    """Rights on a thing that a path no longer gives, and that another one still does."""

    what: str
    rights: frozenset[str]
    path: Path


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan means for one person: what they gain and lose, and what stays although a path to it goes."""

    who: Address
    gained: tuple[Reached, ...] = ()
    lost: tuple[Reached, ...] = ()
    kept: tuple[Kept, ...] = ()
    takeovers: tuple[Takeover, ...] = ()


def result(have: State, plan: Plan) -> State:
    """Return the State after a plan: what goes with a user, a team, a partner or a kSuite is gone with it.

    Who is invited by the plan has not accepted; a mailbox stays its owner's.
    """
    entries = dict(have.entries)
    gone: set[tuple[str, str]] = set()
    for change in plan.changes:
        if change.after is not None:
            entries[change.address] = _with_marks(change.before, change.after)
            continue
        entries.pop(change.address, None)
        if not change.address.part:
            gone.add((change.address.kind, change.address.name))
    if gone:
        entries = {address: entry for address, entry in entries.items() if not _hangs_on(address, gone)}
    for address in list(_brought_by_suites(entries, plan.changes)):
        del entries[address]
    return replace(have, entries=entries)


def _with_marks(before: Entry | None, after: Entry) -> Entry:
    """Keep what the document does not say of an entry, and the live side does."""
    match before, after:
        case _, User():
            return replace(after, invited=not isinstance(before, User) or before.invited)
        case Delegation(own=True), Delegation():
            return replace(after, own=True)
        case Use(), Use():
            return replace(after, pending=before.pending, implied=before.implied)
        case _:
            return after


def _hangs_on(address: Address, gone: set[tuple[str, str]]) -> bool:
    """Tell whether an entry goes with one of these; `model.owners` says the same, slower."""
    if not address.part:
        return False
    return address[:2] in gone or (address.part in (MEMBER, DELEGATE) and (USER, address.key) in gone)


def _brought_by_suites(entries: Mapping[Address, Entry], changes: Iterable[Change]) -> Iterator[Address]:
    """Find the places in other products that come with a kSuite, of those whose last kSuite goes."""
    without = {
        change.entry.email
        for change in changes
        if change.after is None and isinstance(change.entry, Use) and service_of(change.entry.target) == KSUITE
    }
    uses = [each for each in entries.values() if isinstance(each, Use) and each.email in without] if without else []
    still = {each.email for each in uses if service_of(each.target) == KSUITE}
    return (each.address for each in uses if each.implied and each.email not in still)


def differences(before: Access, after: Access, plan: Plan) -> tuple[Difference, ...]:
    """Say what a plan means for each person whom it touches; those for whom nothing changes are left out."""
    touched = _touched(before, after, plan.changes)
    upstream = {who for each in touched if after.delegates(each.name) for who in after.can_become(each)}
    found = (_difference(who, before, after) for who in sorted(touched | upstream))
    return tuple(each for each in found if each.gained or each.lost or each.kept or each.takeovers)


def still_reached(change: Change, before: Access, after: Access) -> tuple[Kept, ...]:
    """List what stays although a change takes it away, because another path gives it; empty unless all of it stays."""
    entry = change.before
    if change.after is not None or not isinstance(entry, Grant | Membership) or entry.address.kind == PARTNER:
        return ()
    people = _people_of(entry, before)
    kept: list[Kept] = []
    for who in people:
        gone = [path for path in before.of(who) if change.address in path.through]
        stays = list(_kept(gone, after.of(who)))
        if not gone or any(path.rights - _all(stays, path.what) for path in gone):
            return ()
        kept += stays
    return tuple(kept)


def _people_of(entry: Grant | Membership, access: Access) -> tuple[Address, ...]:
    if isinstance(entry, Membership):
        return (user_address(entry.email),)
    return (entry.subject,) if entry.subject.kind == USER else access.members(entry.subject)


def _touched(before: Access, after: Access, changes: Iterable[Change]) -> set[Address]:
    """List the people whose paths may be others: their own entries change, or those of a team that they are in."""
    people: set[Address] = set()
    teams: set[Address] = set()
    for change in changes:
        address = change.address
        if address.kind == MAILBOX or address.part == MEMBER:
            people.add(user_address(address.key))
        elif address.kind != TEAM:
            people.add(address.owner)
        elif address.part or change.after is None:
            teams.add(address.owner)
    return people.union(*(access.members(team) for team in teams for access in (before, after)))


def _difference(who: Address, before: Access, after: Access) -> Difference:
    old, new = before.of(who), after.of(who)
    gone, come = _without(old, new), _without(new, old)
    return Difference(
        who,
        gained=surplus(come, old),
        lost=surplus(gone, new),
        kept=tuple(_kept(gone, new)),
        takeovers=tuple(_new_takeovers(who, before, after)),
    )


def _without(paths: Iterable[Path], others: Iterable[Path]) -> list[Path]:
    """List the paths that are none of the others, or the rights that they give more."""
    same = {(path.what, path.through): path.rights for path in others}
    left = ((path, path.rights - same.get((path.what, path.through), NOTHING)) for path in paths)
    return [path._replace(rights=rights) for path, rights in left if rights]


def _new_takeovers(who: Address, before: Access, after: Access) -> Iterator[Takeover]:
    """Find the takeovers that give what was out of reach before, by all that one could become then."""
    if found := after.takeovers(who):
        known = [path for each in (who, *before.chains(who)) for path in before.of(each)]
        yield from (each for each in found if surplus(after.of(each.becomes), known))


def _kept(gone: Iterable[Path], left: Iterable[Path]) -> Iterator[Kept]:
    """Find the paths that still give what others gave, or a part of it; each right is named with the first of them."""
    by_thing: defaultdict[str, list[Path]] = defaultdict(list)
    for path in left if gone else ():
        by_thing[path.what].append(path)
    for path in gone:
        open_rights = path.rights
        for other in (other for what in (path.what, *wider(path.what)) for other in by_thing.get(what, ())):
            if other.through != path.through and (rights := open_rights & other.rights):
                yield Kept(path.what, rights, other)
                open_rights -= rights
        if open_rights and (path.what == EVERY_PRODUCT or is_service_wide(path.what)):
            yield from _kept_parts(path._replace(rights=open_rights), by_thing)


def _kept_parts(path: Path, left: Mapping[str, list[Path]]) -> Iterator[Kept]:
    """Find what is left of a wide thing: whole services first, then products."""
    parts: dict[str, frozenset[str]] = {}
    narrower = (what for what in left if path.what in wider(what))
    for what in sorted(narrower, key=lambda each: (not is_service_wide(each), each)):
        for other in left[what]:
            if rights := (path.rights & other.rights) - parts.get(what, NOTHING) - rights_around(what, parts):
                yield Kept(what, rights, other)
                parts[what] = parts.get(what, NOTHING) | rights


def _all(kept: Iterable[Kept], what: str) -> frozenset[str]:
    return frozenset().union(*(each.rights for each in kept if each.what == what))
