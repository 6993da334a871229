"""Two States in, a Plan out: what would change, called by what it does to people's access, in one total order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from accessplan.finding import Place
from accessplan.model import (
    GRANT,
    MEMBER,
    TEAM,
    USER,
    Address,
    BlindSpot,
    Entry,
    Grant,
    Membership,
    State,
    Team,
    User,
    user_address,
)
from accessplan.services import GOVERNING_ROLES, LEGAL_REPRESENTATIVE, ROLES, in_usual_order


class Effect(StrEnum):
    """What a change does to somebody's access; derived from before and after."""

    INVITE = "invite"
    GRANT = "grant"
    STRENGTHEN = "strengthen"
    UPDATE = "update"
    WEAKEN = "weaken"
    CANCEL = "cancel"
    REVOKE = "revoke"


class Mode(StrEnum):
    """What happens to live entries that the document does not name."""

    ADDITIVE = "additive"
    ENFORCE = "enforce"


NOT_ACCESS = frozenset({"first_name", "last_name", "language"})
"""Attributes of people that an invitation needs, and that change nobody's access."""

MODE_KINDS = {USER: "users", TEAM: "teams", MEMBER: "teams", GRANT: "grants"}
"""Which key of `policy.mode` rules over which entries."""


class Ended(NamedTuple):
    """What the document names until a day that has passed: the entry as it is named, and where."""

    entry: Entry
    place: Place


@dataclass(frozen=True, slots=True)
class Want:
    """The document's side of a comparison.

    `places` says where each wanted entry is written. `lists` says which lists the document gives in full, and where:
    keyed by an address without its last name (`user[""]` for the users, `team["Web"].member[""]` for a team's
    members, `user["ana@…"].member[""]` for a user's teams). What is in no such list is not managed. `ended` entries go
    whatever the mode.
    """

    state: State
    places: Mapping[Address, Place]
    lists: Mapping[Address, Place]
    modes: Mapping[str, Mode]
    ended: Mapping[Address, Ended] = field(default_factory=dict)

    def list_of(self, address: Address) -> Place | None:
        """Return where the list is written that would name this entry, or None where it is not managed."""
        return next((self.lists[each] for each in _lists_that_name(address) if each in self.lists), None)

    def mode(self, address: Address) -> Mode:
        """Return the mode that rules over an entry."""
        return self.modes.get(MODE_KINDS[address.part or address.kind], Mode.ADDITIVE)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry before and after; None where it is absent. `place` is its cause in the document.

    An urgent change takes away from somebody who leaves, or what has ended: it does not wait for grants.
    """

    address: Address
    before: Entry | None
    after: Entry | None
    place: Place | None = None
    depends_on: tuple[Address, ...] = ()
    urgent: bool = False

    @property
    def effect(self) -> Effect:
        """What the change does to somebody's access."""
        match self.before, self.after:
            case None, User():
                return Effect.INVITE
            case None, _:
                return Effect.GRANT
            case User(invited=True), None:
                return Effect.CANCEL
            case _, None:
                return Effect.REVOKE
            case User(role=old), User(role=new):
                return Effect.STRENGTHEN if ROLES.index(new) > ROLES.index(old) else Effect.WEAKEN
            case Grant(), Grant():
                return Effect.STRENGTHEN if self.rights_added else Effect.WEAKEN
            case _:
                return Effect.UPDATE

    @property
    def entry(self) -> Entry:
        """The entry as it will be, or as it was when it goes."""
        entry = self.after if self.after is not None else self.before
        if entry is None:
            raise AssertionError("a change has a before or an after")
        return entry

    @property
    def rights_added(self) -> tuple[str, ...]:
        """Rights the subject of a grant gains."""
        return in_usual_order(_rights(self.after) - _rights(self.before))

    @property
    def rights_removed(self) -> tuple[str, ...]:
        """Rights the subject of a grant loses."""
        return in_usual_order(_rights(self.before) - _rights(self.after))

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that stay the same as long as the same change is planned."""
        return _digest([str(self.address), attributes(self.before), attributes(self.after)])[:12]

    def differences(self) -> dict[str, tuple[object, object]]:
        """Return the attributes of a changed entry that differ, each with its values before and after."""
        before, after = attributes(self.before) or {}, attributes(self.after) or {}
        names = _names_that_differ(_canonical(before), _canonical(after))
        return {name: (before.get(name), after.get(name)) for name in names}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, in the order of execution.

    `held_back` are removals that a mode of additive does not plan; `matching` counts wanted entries that are there
    as wanted; `unmanaged` counts live entries that the document does not speak of. `unchecked` are wanted entries that
    the live system does not show: they may be there or not; `blind` says of what else the document speaks in vain.
    """

    changes: tuple[Change, ...]
    held_back: tuple[Change, ...] = ()
    unchecked: tuple[Change, ...] = ()
    blind: tuple[str, ...] = ()
    matching: int = 0
    unmanaged: int = 0

    @property
    def id(self) -> str:
        """A hash over what would be done; the same changes give the same id."""
        return _digest([change.id for change in self.changes])


def compare(have: State, want: Want) -> Plan:
    """Compare the live organization with the wanted one, entry by entry.

    Rights of people who govern the organization are not compared, since they reach everything; and what goes with its
    owner (the members of a deleted team, the rights on a cancelled invitation) is no change of its own.
    """
    changes: list[Change] = []
    held_back: list[Change] = []
    unchecked: list[Change] = []
    matching = unmanaged = 0
    for address in have.entries.keys() | want.state.entries.keys():
        before, after = have.entries.get(address), want.state.entries.get(address)
        if address.part == GRANT and _governs(address, have, want):
            continue
        if before is not None and after is not None and before != after:
            after = _settle(after, before)
        if before == after:
            matching += 1
        elif after is None:
            removal = _removal(address, before, want)
            if removal is None:
                unmanaged += 1
            else:
                (changes if removal.urgent or want.mode(address) is Mode.ENFORCE else held_back).append(removal)
        elif before is None and address.owner in have.entries and have.hides(address):
            unchecked.append(Change(address, None, after, want.places.get(address)))
        else:
            changes.append(Change(address, before, after, want.places.get(address)))
    return Plan(
        changes=_link(_without_implied([*changes, *_of_leavers(changes, have)])),
        held_back=tuple(sorted(_without_implied(held_back), key=order)),
        unchecked=tuple(sorted(unchecked, key=order)),
        blind=tuple(spot.reason for spot in have.blind if any(_is_about(spot, each) for each in want.lists)),
        matching=matching,
        unmanaged=unmanaged,
    )


def order(change: Change) -> tuple[int, str, str, str, str]:
    """Return the key by which changes are carried out and listed.

    First what must exist and who governs, then people who leave, then grants, strengthenings, updates, weakenings and
    revocations; legal representatives lose their role last, when their successors stand.
    """
    return (_stage(change, change.effect), *change.address)


def owners(address: Address) -> frozenset[Address]:
    """Return the users and teams that an entry hangs on; a user or team itself hangs on none."""
    if not address.part:
        return frozenset()
    members_user = {user_address(address.key)} if address.part == MEMBER else set[Address]()
    return frozenset({address.owner, *members_user})


def attributes(entry: Entry | None) -> dict[str, object] | None:
    """Return what an entry says beside its address, as plain data."""
    match entry:
        case None:
            return None
        case User():
            names = {"first_name": entry.first_name, "last_name": entry.last_name, "language": entry.language}
            return {"role": entry.role, **{name: value for name, value in names.items() if value}}
        case Team():
            return {"leader": entry.leader}
        case Grant():
            return {"manage": list(in_usual_order(entry.rights))}
        case Membership():
            return {}


def _stage(change: Change, effect: Effect) -> int:
    if change.urgent and not isinstance(change.entry, User):
        return 3
    match change.entry, effect:
        case User(), Effect.STRENGTHEN:
            return 0
        case Team(), Effect.GRANT:
            return 1
        case User(), Effect.INVITE:
            return 2
        case User(role=role), Effect.REVOKE | Effect.CANCEL:
            return 3 if role != LEGAL_REPRESENTATIVE else 9
        case User(), Effect.WEAKEN if isinstance(change.before, User):
            return 7 if change.before.role != LEGAL_REPRESENTATIVE else 9
    return {Effect.GRANT: 4, Effect.STRENGTHEN: 5, Effect.UPDATE: 6, Effect.WEAKEN: 7}.get(effect, 8)


def _lists_that_name(address: Address) -> Iterable[Address]:
    if not address.part:
        return (Address(address.kind, ""),)
    own = Address(address.kind, address.name, address.part)
    return (own, Address(USER, address.key, MEMBER)) if address.part == MEMBER else (own,)


def _settle(after: Entry, before: Entry) -> Entry:
    """Let what the document leaves open (None) be as it is."""
    left_open = {each.name: getattr(before, each.name) for each in fields(after) if getattr(after, each.name) is None}
    return replace(after, **left_open) if left_open else after


def _governs(address: Address, have: State, want: Want) -> bool:
    if address.kind != USER:
        return False
    user = want.state.user(address.name) or have.user(address.name)
    return user is not None and user.role in GOVERNING_ROLES


def _removal(address: Address, before: Entry | None, want: Want) -> Change | None:
    """Take an entry away that is not wanted; None where the document does not speak of it.

    What has ended goes, and of a grant only the rights that have.
    """
    if (ended := want.ended.get(address)) is not None:
        after = None
        if isinstance(before, Grant) and isinstance(ended.entry, Grant) and want.mode(address) is Mode.ADDITIVE:
            left = before.rights - ended.entry.rights
            after = replace(before, rights=left) if left else None
        return Change(address, before, after, ended.place, urgent=True) if after != before else None
    if (listed := want.list_of(address)) is None:
        return None
    return Change(address, before, None, want.places.get(address) or listed)


def _of_leavers(changes: Iterable[Change], have: State) -> Iterator[Change]:
    """Take people who leave out of their teams: by request, so at once, while their removal waits for a person."""
    known = {change.address for change in changes}
    leavers = {change.address.name: change.place for change in changes if _leaves(change)}
    for address, entry in have.entries.items():
        if isinstance(entry, Membership) and entry.email in leavers and address not in known:
            yield Change(address, entry, None, leavers[entry.email])


def _leaves(change: Change) -> bool:
    return isinstance(change.entry, User) and change.effect is Effect.REVOKE


def _without_implied(changes: list[Change]) -> list[Change]:
    """Leave out what goes with its owner; only the places in teams are taken from a leaver apart."""
    ended = {each.address for each in changes if each.after is None and not each.address.part}
    leavers = {each.address for each in changes if _leaves(each)}
    return [
        replace(each, urgent=True) if each.address.part == MEMBER and owners(each.address) & leavers else each
        for each in changes
        if not owners(each.address) & (ended - leavers if each.address.part == MEMBER else ended)
    ]


def _is_about(spot: BlindSpot, given: Address) -> bool:
    """Tell whether a list of the document names entries that lie in a blind spot."""
    return (spot.kind, spot.part) == (given.kind, given.part)


def _link(changes: list[Change]) -> tuple[Change, ...]:
    """Put changes in order, each knowing the users and teams that must come to be before it."""
    created = {each.address for each in changes if each.before is None and not each.address.part}
    linked = (replace(each, depends_on=tuple(sorted(owners(each.address) & created))) for each in changes)
    return tuple(sorted(linked, key=order))


def _rights(entry: Entry | None) -> frozenset[str]:
    return entry.rights if isinstance(entry, Grant) else frozenset()


@cache
def _names_that_differ(before: str, after: str) -> tuple[str, ...]:
    """Compare attributes, given as JSON: many changes of a plan are alike, and one comparison takes a millisecond."""
    from deepdiff import DeepDiff  # noqa: PLC0415 - 100 ms to import, and many plans change no entry

    diff = DeepDiff(json.loads(before), json.loads(after), ignore_order=True, exclude_paths=NOT_ACCESS)
    return tuple(sorted(diff.affected_root_keys))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(value: object) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()
