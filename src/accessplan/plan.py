"""Two States in, a Plan out: what would change, in one total order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import NamedTuple

from accessplan.change import Change, Effect, digest, needs_renewal, order
from accessplan.finding import Place
from accessplan.model import (
    DELEGATE,
    GRANT,
    MAILBOX,
    MEMBER,
    PARTNER,
    TEAM,
    USE,
    USER,
    Address,
    BlindSpot,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    State,
    Team,
    Use,
    User,
    has_moved,
    owners,
    user_address,
)
from accessplan.plain import unseen
from accessplan.policy import Policy
from accessplan.record import Record
from accessplan.select import service_of
from accessplan.services import DRIVE, GOVERNING_ROLES, LIMITED


class Mode(StrEnum):
    """What happens to live entries that the document does not name."""

    ADDITIVE = "additive"
    ENFORCE = "enforce"


MODE_KINDS = {
    USER: "users",
    TEAM: "teams",
    MEMBER: "teams",
    GRANT: "grants",
    USE: "grants",
    MAILBOX: "mailboxes",
    DELEGATE: "mailboxes",
    PARTNER: "partners",
}
"""Which key of `policy.mode` rules over which entries."""


class Ended(NamedTuple):
    """What shall be gone: an entry that the document names until a day that has passed, and where.

    Of a grant only the rights of `entry` go; None means all of it. `reason` says why, where it is more than a day.
    """

    entry: Entry | None
    place: Place
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Want:
    """The document's side of a comparison.

    `places` says where each wanted entry is written. `lists` says which lists the document gives in full, and where:
    keyed by an address without its last name (`user[""]` for the users, `team["Web"].member[""]` for a team's
    members, `user["ana@…"].member[""]` for a user's teams), or by a whole address. What is in no such list is not
    managed. `ended` entries go whatever the mode. `waits` are changes that are not planned though they are wanted,
    each with the reason. `records` is what the document notes of entries beside the access, `policy` what it asks of
    plans, in the names that the live side has for entries.
    """

    state: State
    places: Mapping[Address, Place]
    lists: Mapping[Address, Place]
    modes: Mapping[str, Mode]
    ended: Mapping[Address, Ended] = field(default_factory=dict)
    waits: Mapping[Address, str] = field(default_factory=dict)
    records: Mapping[Address, Record] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)

    def list_of(self, address: Address) -> Place | None:
        """Return where the list is written that would name this entry, or None where it is not managed."""
        return next((self.lists[each] for each in _lists_that_name(address) if each in self.lists), None)

    def mode(self, address: Address) -> Mode:
        """Return the mode that rules over an entry."""
        return self.modes.get(MODE_KINDS[address.part or address.kind], Mode.ADDITIVE)


class Waiting(NamedTuple):
    """A change that is wanted and not planned, and why."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, in the order of execution.

    `held_back` are removals that a mode of additive does not plan, `waiting` what waits for somebody's decision;
    `matching` counts wanted entries that are there as wanted; `unmanaged` counts live entries that the document does
    not speak of. `unchecked` are wanted entries that this reader was not shown: they may be there or not; `blind` says
    of what else the document speaks in vain.
    """

    changes: tuple[Change, ...]
    held_back: tuple[Change, ...] = ()
    unchecked: tuple[Change, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    blind: tuple[str, ...] = ()
    matching: int = 0
    unmanaged: int = 0

    @property
    def id(self) -> str:
        """A hash over what would be done; the same changes give the same id."""
        return digest([change.id for change in self.changes])


def compare(have: State, want: Want) -> Plan:
    """Compare the live organization with the wanted one, entry by entry.

    Rights of people who govern the organization are not compared, since they reach everything; and what goes with its
    owner (the members of a deleted team, the rights on a cancelled invitation) is no change of its own.
    """
    sorted_out = _Sorted()
    for address in have.entries.keys() | want.state.entries.keys():
        if is_compared(address, have, want):
            _sort_out(address, have, want, sorted_out)
    _let_go(sorted_out, have)
    found = [*_without_awaited(sorted_out), *_out_of_sight(have, want)]
    changes = _link(_without_implied([*found, *_of_leavers(found, have, want)]))
    gone = {each.address for each in changes if each.after is None}
    held_back = (each for each in sorted_out.held_back if not gone & {each.address, *owners(each.address)})
    return Plan(
        changes=changes,
        held_back=tuple(sorted(_without_implied([*held_back]), key=order)),
        unchecked=tuple(sorted(sorted_out.unchecked, key=order)),
        waiting=tuple(sorted(sorted_out.waiting, key=lambda each: order(each.change))),
        blind=tuple(
            dict.fromkeys(each.reason for each in have.blind if any(_is_about(each, one) for one in want.lists))
        ),
        matching=sorted_out.matching,
        unmanaged=sorted_out.unmanaged,
    )


def _let_go(found: _Sorted, have: State) -> None:
    """Plan the removal of a partner with limited access who keeps no product: the Manager lets nobody have none."""
    gone = {change.address for change in found.changes if change.after is None}
    for removal in [each for each in found.held_back if isinstance(each.before, Partner)]:
        theirs = {each for each in have.entries if each.owner == removal.address} - {removal.address}
        come = any(change.address.owner == removal.address and change.after is not None for change in found.changes)
        if removal.before == Partner(removal.address.name, LIMITED) and theirs and theirs <= gone and not come:
            found.held_back.remove(removal)
            found.changes.append(replace(removal, attest=_why_attest(removal.before, None, have)))


def _without_awaited(found: _Sorted) -> Iterator[Change]:
    """Leave out what hangs on somebody whose invitation waits; what they lose, they lose all the same."""
    awaited = {each.change.address for each in found.waiting}
    for change in found.changes:
        match change.before, change.after:
            case None, Team(leader=str(leader)) if user_address(leader) in awaited:
                yield replace(change, after=replace(change.after, leader=None))
            case _, Team(leader=str(leader)) if user_address(leader) in awaited:
                continue
            case _ if _takes_away(change) or not owners(change.address) & awaited:
                yield change


def _takes_away(change: Change) -> bool:
    """Tell whether a change takes from somebody; what they may send from a mailbox counts once they have joined."""
    if change.effect is Effect.WEAKEN:
        return not isinstance(change.entry, Delegation)
    return change.effect in (Effect.REVOKE, Effect.CANCEL)


def _out_of_sight(have: State, want: Want) -> Iterator[Change]:
    """Ask for what shall be gone and is never shown, until somebody says that it is."""
    for address, ended in want.ended.items():
        spot = have.hides(address)
        unknown = address not in have.entries and address not in have.gone
        if unknown and spot and spot.by_word and owners(address) <= have.entries.keys():
            entry = ended.entry or unseen(address)
            yield Change(address, entry, None, ended.place, urgent=True, attest=spot.reason)


@dataclass(slots=True)
class _Sorted:
    """The comparison as it comes together."""

    changes: list[Change] = field(default_factory=list)
    held_back: list[Change] = field(default_factory=list)
    unchecked: list[Change] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    matching: int = 0
    unmanaged: int = 0


def _sort_out(address: Address, have: State, want: Want, found: _Sorted) -> None:
    before, after = have.entries.get(address), want.state.entries.get(address)
    if before is not None and after is not None and before != after:
        after = settled(after, before)
    if before == after and not _is_renewal(before, after):
        found.matching += 1
    elif after is None:
        removal = _removal(address, before, want)
        if removal is None:
            found.unmanaged += not is_nobodys(before)
        elif removal.urgent or want.mode(address) is Mode.ENFORCE:
            found.changes.append(replace(removal, attest=_why_attest(before, removal.after, have)))
        else:
            found.held_back.append(removal)
    else:
        change = Change(address, before, after, want.places.get(address), attest=_why_attest(before, after, have))
        if change.effect is Effect.INVITE and address in want.waits:
            found.waiting.append(Waiting(change, want.waits[address]))
        elif before is None and not change.attest and owners(address) <= have.entries.keys() and have.hides(address):
            found.unchecked.append(change)
        else:
            found.changes.append(change)


def _lists_that_name(address: Address) -> Iterable[Address]:
    if not address.part:
        return (Address(address.kind, ""),)
    own = Address(address.kind, address.name, address.part)
    if address.part == MEMBER:
        return own, Address(USER, address.key, MEMBER)
    return own, address


def settled(after: Entry, before: Entry) -> Entry:
    """Let what the document leaves open (None) be as it is, and take what is not shown (None) to be as usual."""
    taken = {}
    for each in fields(after):
        wanted, live = getattr(after, each.name), getattr(before, each.name)
        if wanted is None or (live is None and wanted == each.metadata.get("usual", MISSING)):
            taken[each.name] = live
    return replace(after, **taken) if taken else after


def is_as(wanted: Entry | None, live: Entry | None) -> bool:
    """Tell whether an entry is as it is wanted, as far as it is shown; None is one that is not there, or not to be."""
    if wanted is None or live is None:
        return wanted is live
    return not has_moved(settled(wanted, live), live)


def _is_renewal(before: Entry | None, after: Entry | None) -> bool:
    return isinstance(before, User) and isinstance(after, User) and needs_renewal(before, after)


def _why_attest(before: Entry | None, after: Entry | None, have: State) -> str:
    """Return why the live system will not show that a change was done; empty where it will."""
    by_word = [spot for spot in have.blind if spot.by_word]
    entry = before if after is None else after
    if entry is None:
        return ""
    for spot in by_word:
        if spot.hides(entry.address) or (after is not None and _is_in_vain(spot, before, after)):
            return spot.reason
    return ""


def _is_in_vain(spot: BlindSpot, before: Entry | None, after: Entry) -> bool:
    """Tell whether a change is of an attribute that is hidden: to more than everybody would assume, or from a word."""
    if not spot.attribute or not replace(spot, attribute="").hides(after.address):
        return False
    usual = next((each.metadata.get("usual") for each in fields(after) if each.name == spot.attribute), None)
    wanted, known = getattr(after, spot.attribute, None), getattr(before, spot.attribute, None)
    return wanted not in (None, known if known is not None else usual)


def is_compared(address: Address, have: State, want: Want) -> bool:
    """Tell whether an entry is compared at all: rights of people who govern the organization are not."""
    if (address.kind, address.part) != (USER, GRANT):
        return True
    user = want.state.user(address.name) or have.user(address.name)
    return user is None or user.role not in GOVERNING_ROLES


def is_nobodys(entry: Entry | None) -> bool:
    """Tell whether an entry is nobody's to take: one's own mailbox, or what comes with another place."""
    return (isinstance(entry, Delegation) and entry.own) or (isinstance(entry, Use) and entry.implied)


def _removal(address: Address, before: Entry | None, want: Want) -> Change | None:
    """Take an entry away that is not wanted; None where the document does not speak of it.

    What has ended goes, and of a grant only the rights that have. Nobody's own mailbox is taken away, nor what comes
    with another place.
    """
    if is_nobodys(before):
        return None
    if (ended := want.ended.get(address)) is not None:
        after = None
        if isinstance(before, Grant) and isinstance(ended.entry, Grant) and want.mode(address) is Mode.ADDITIVE:
            left = before.rights - ended.entry.rights
            after = replace(before, rights=left) if left else None
        return Change(address, before, after, ended.place, urgent=True) if after != before else None
    if (listed := want.list_of(address)) is None:
        return None
    return Change(address, before, None, want.places.get(address) or listed)


def _of_leavers(changes: Iterable[Change], have: State, want: Want) -> Iterator[Change]:
    """Take from people who leave what goes by request, so at once, while their removal waits for a person.

    An invitation into a product is taken from those who are only invited, too: it is good without the other.
    """
    known = {change.address for change in changes}
    leavers = {change.address: change for change in changes if isinstance(change.entry, User) and change.after is None}
    for address, entry in have.entries.items() if leavers else ():
        is_kept = isinstance(entry, Use) and address in want.state.entries
        for leaver in frozenset() if address in known or is_kept else owners(address) & leavers.keys():
            if _goes_at_once(entry) if _leaves(leavers[leaver]) else _stands_alone(entry):
                yield Change(address, entry, None, leavers[leaver].place)


def _goes_at_once(entry: Entry | None) -> bool:
    """Tell whether an entry of an active user is taken away by request."""
    match entry:
        case Membership():
            return True
        case Delegation(own=own):
            return not own
        case Use(target=target):
            return service_of(target) == DRIVE
        case _:
            return False


def _stands_alone(entry: Entry | None) -> bool:
    """Tell whether an entry is an invitation of its own, into a product, which stays when others are cancelled."""
    return isinstance(entry, Use) and entry.pending


def _leaves(change: Change) -> bool:
    return isinstance(change.entry, User) and change.effect is Effect.REVOKE


def _without_implied(changes: list[Change]) -> list[Change]:
    """Leave out what goes with its owner; only what goes at once is taken from a leaver apart."""
    ended = {each.address for each in changes if each.after is None and not each.address.part}
    leavers = {each.address for each in changes if _leaves(each)}
    kept = []
    for each in changes:
        at_once = _goes_at_once(each.before)
        goes_along = ended - leavers if at_once else ended
        if _stands_alone(each.before) or not owners(each.address) & goes_along:
            kept.append(replace(each, urgent=True) if at_once and owners(each.address) & ended else each)
    return kept


def _is_about(spot: BlindSpot, given: Address) -> bool:
    """Tell whether a list of the document names entries that lie in a blind spot."""
    return (spot.kind, spot.part) == (given.kind, given.part)


def _link(changes: list[Change]) -> tuple[Change, ...]:
    """Put changes in order, each knowing the users, teams and partners that must come to be before it."""
    created = {each.address for each in changes if each.before is None and not each.address.part}
    linked = (replace(each, depends_on=tuple(sorted(owners(each.address) & created))) for each in changes)
    return tuple(sorted(linked, key=order))
