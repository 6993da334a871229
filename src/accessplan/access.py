"""Who reaches what, by which path; and the difference that a plan makes to people.

Targets stay as they are written: somebody who reaches `hosting/*` reaches each hosting, and nobody lists them. So ten
thousand users and a thousand products are no ten million pairs. People who are invited are taken to have accepted.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from accessplan.change import Change
from accessplan.model import (
    MAILBOX,
    PARTNER,
    USER,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    State,
    Team,
    Use,
    User,
    owners,
    team_address,
    user_address,
)
from accessplan.plan import Plan
from accessplan.select import is_service_wide, service_of
from accessplan.services import (
    ADMINISTRATOR,
    FULL,
    GOVERNING_ROLES,
    LEGAL_REPRESENTATIVE,
    RIGHTS,
    SEND,
    USE_ROLES,
)

EVERY_PRODUCT = "*"
"""What people who govern the organization, and partners with full access, reach: every product."""

ORGANIZATION = "organization"
"""What people who govern reach beside the products: its users, teams and settings."""

BILLING = "billing"
"""The billing account; the right to it is called so too."""

READ = "read"
"""Opening a mailbox and reading it."""

USING = "use"
"""Having a place in a product; `use as ROLE` comes beside it, and those of the weaker roles."""

_APART = (ORGANIZATION, BILLING)
"""What is no product."""


class Path(NamedTuple):
    """One way on which somebody reaches a thing: `through` which entries, the nearest to them first."""

    who: Address
    what: str
    rights: frozenset[str]
    through: tuple[Address, ...]


class Reached(NamedTuple):
    """Rights on a thing."""

    what: str
    rights: frozenset[str]


class Kept(NamedTuple):
    """Rights on a thing that a path no longer gives, and that another one still does."""

    what: str
    rights: frozenset[str]
    path: Path


class Takeover(NamedTuple):
    """Somebody who opens the mailbox that another logs in with can become them.

    `through` are the delegations in between, `gives` what the other reaches and they do not reach by themselves.
    """

    who: Address
    becomes: Address
    through: tuple[Address, ...]
    gives: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan means for one person: what they gain and lose, and what stays although a path to it goes."""

    who: Address
    gained: tuple[Reached, ...] = ()
    lost: tuple[Reached, ...] = ()
    kept: tuple[Kept, ...] = ()
    takeovers: tuple[Takeover, ...] = ()


def mailbox_thing(mailbox: str) -> str:
    """Return how a mailbox is called as a thing that is reached: `mailbox/billing@example.ch`."""
    return f"{MAILBOX}/{mailbox}"


def covers(wide: str, narrow: str) -> bool:
    """Tell whether whoever reaches the first thing reaches the second one with it."""
    if wide == narrow:
        return True
    if wide == EVERY_PRODUCT:
        return narrow not in _APART and service_of(narrow) != MAILBOX
    return is_service_wide(wide) and service_of(wide) == service_of(narrow)


class Access:
    """Who reaches what in one State. It is made in one pass; paths are found when they are asked for."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._held: defaultdict[Address, list[Entry]] = defaultdict(list)
        self._members: defaultdict[Address, list[Address]] = defaultdict(list)
        self._delegates: defaultdict[str, list[Delegation]] = defaultdict(list)
        self._paths: dict[Address, tuple[Path, ...]] = {}
        for entry in state.entries.values():
            match entry:
                case Membership():
                    self._held[user_address(entry.email)].append(entry)
                    self._members[team_address(entry.team)].append(user_address(entry.email))
                case Grant(subject=subject):
                    self._held[subject].append(entry)
                case Use():
                    self._held[user_address(entry.email)].append(entry)
                case Delegation():
                    self._held[user_address(entry.email)].append(entry)
                    self._delegates[entry.mailbox].append(entry)

    @cached_property
    def people(self) -> tuple[Address, ...]:
        """The users and partners."""
        return tuple(sorted(each for each in self.state.entries if not each.part and each.kind in (USER, PARTNER)))

    def members(self, team: Address) -> tuple[Address, ...]:
        """List who is in a team."""
        return tuple(sorted(self._members.get(team, ())))

    def delegates(self, mailbox: str) -> tuple[Delegation, ...]:
        """List who opens a mailbox."""
        return tuple(self._delegates.get(mailbox, ()))

    def of(self, who: Address) -> tuple[Path, ...]:
        """List the paths of a user or partner; there is none for somebody who is not there."""
        if who not in self._paths:
            self._paths[who] = tuple(sorted(self._find(who), key=lambda path: (path.what, path.through)))
        return self._paths[who]

    def rights(self, who: Address, what: str) -> frozenset[str]:
        """Return the rights that somebody has on a thing, by all paths together."""
        return frozenset().union(*(path.rights for path in self.of(who) if covers(path.what, what)))

    def to(self, what: str) -> tuple[Path, ...]:
        """List the paths of everybody who reaches a thing."""
        return tuple(path for who in self.people for path in self.of(who) if covers(path.what, what))

    def takeovers(self, who: Address) -> tuple[Takeover, ...]:
        """List whom a user can become by the mailboxes they open, step by step, where that gives them more.

        Whoever reads a mailbox receives the links with which the password of its owner's account is set anew. That a
        second factor stands against it is not shown by the live system, so it is not counted on.
        """
        found: dict[Address, tuple[Address, ...]] = {who: ()}
        queue = deque([who])
        while queue:
            current = queue.popleft()
            for entry in self._held.get(current, ()):
                if isinstance(entry, Delegation):
                    victim = user_address(entry.mailbox)
                    if victim not in found and victim in self.state.entries:
                        found[victim] = (*found[current], entry.address)
                        queue.append(victim)
        own = self.of(who)
        others = ((each, through, _surplus(self.of(each), own)) for each, through in found.items() if each != who)
        return tuple(Takeover(who, each, through, gives) for each, through, gives in others if gives)

    def can_become(self, who: Address) -> frozenset[Address]:
        """List who can become a user by mailboxes, step by step."""
        found: set[Address] = set()
        queue = deque([who])
        while queue:
            for entry in self._delegates.get(queue.popleft().name, ()):
                delegate = user_address(entry.email)
                if delegate not in found and delegate != who:
                    found.add(delegate)
                    queue.append(delegate)
        return frozenset(found)

    def _find(self, who: Address) -> Iterator[Path]:
        match self.state.entries.get(who):
            case User() as user:
                yield from _of_role(user)
            case Partner() as partner:
                yield from _of_partner(partner)
            case _:
                return
        for entry in self._held.get(who, ()):
            match entry:
                case Grant():
                    yield Path(who, entry.target, entry.rights, (entry.address,))
                case Use():
                    yield Path(who, entry.target, _of_use(entry), (entry.address,))
                case Delegation():
                    yield Path(who, mailbox_thing(entry.mailbox), _of_delegation(entry), (entry.address,))
                case Membership(team=team):
                    for grant in self._held.get(team_address(team), ()):
                        if isinstance(grant, Grant):
                            yield Path(who, grant.target, grant.rights, (entry.address, grant.address))


def result(have: State, plan: Plan) -> State:
    """Return the State after a plan: what goes with a user, a team or a partner is gone with them."""
    entries = dict(have.entries)
    gone = set()
    for change in plan.changes:
        if change.after is not None:
            entries[change.address] = change.after
        else:
            entries.pop(change.address, None)
            gone.update([] if change.address.part else [change.address])
    if gone:
        entries = {address: entry for address, entry in entries.items() if not owners(address) & gone}
    return replace(have, entries=entries)


def differences(before: Access, after: Access, plan: Plan) -> tuple[Difference, ...]:
    """Say what a plan means for each person whom it touches; those for whom nothing changes are left out."""
    touched = _touched(before, after, plan.changes)
    upstream = {who for each in touched for who in after.can_become(each)}
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
        stays = [each for path in gone for each in _kept(path, after)]
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
    for change in changes:
        address = change.address
        if isinstance(change.entry, Team) or (address.part and address.kind not in (USER, PARTNER, MAILBOX)):
            member = owners(address) - {address.owner} if isinstance(change.entry, Membership) else set()
            people |= member or {*before.members(address.owner), *after.members(address.owner)}
        elif address.kind == MAILBOX:
            people.add(user_address(address.key))
        else:
            people.add(address.owner)
    return people


def _difference(who: Address, before: Access, after: Access) -> Difference:
    old, new = before.of(who), after.of(who)
    staying = {(path.what, path.through): path.rights for path in new}
    left = ((path, path.rights - staying.get((path.what, path.through), frozenset())) for path in old)
    known = {takeover.becomes: takeover.gives for takeover in before.takeovers(who)}
    return Difference(
        who,
        gained=_surplus(new, old),
        lost=_surplus(old, new),
        kept=tuple(each for path, rights in left if rights for each in _kept(path._replace(rights=rights), after)),
        takeovers=tuple(each for each in after.takeovers(who) if set(each.gives) - set(known.get(each.becomes, ()))),
    )


def _surplus(paths: Iterable[Path], others: Iterable[Path]) -> tuple[Reached, ...]:
    """List the rights that some paths give and the others do not, each thing once and none within a wider one."""
    found: dict[str, frozenset[str]] = {}
    for path in paths:
        known = frozenset().union(*(other.rights for other in others if covers(other.what, path.what)))
        if rights := path.rights - known:
            found[path.what] = found.get(path.what, frozenset()) | rights
    narrowed = {
        what: rights - frozenset().union(*(more for wide, more in found.items() if wide != what and covers(wide, what)))
        for what, rights in found.items()
    }
    return tuple(Reached(what, rights) for what, rights in sorted(narrowed.items()) if rights)


def _kept(path: Path, after: Access) -> Iterator[Kept]:
    """Find the paths that still give what one gave, or a part of it; each right is named with the first of them."""
    left = path.rights
    for other in after.of(path.who):
        if other.through == path.through:
            continue
        if covers(other.what, path.what) and (rights := left & other.rights):
            yield Kept(path.what, rights, other)
            left -= rights
        elif covers(path.what, other.what) and (rights := path.rights & other.rights):
            yield Kept(other.what, rights, other)


def _all(kept: Iterable[Kept], what: str) -> frozenset[str]:
    return frozenset().union(*(each.rights for each in kept if each.what == what))


def _of_role(user: User) -> Iterator[Path]:
    through = (user.address,)
    if user.role in GOVERNING_ROLES:
        roles = (LEGAL_REPRESENTATIVE, ADMINISTRATOR) if user.role == LEGAL_REPRESENTATIVE else (ADMINISTRATOR,)
        yield Path(user.address, ORGANIZATION, frozenset(roles), through)
        yield Path(user.address, EVERY_PRODUCT, frozenset(RIGHTS), through)
    if user.billing or user.role in GOVERNING_ROLES:
        yield Path(user.address, BILLING, frozenset({BILLING}), through)


def _of_partner(partner: Partner) -> Iterator[Path]:
    if partner.access == FULL:
        yield Path(partner.address, EVERY_PRODUCT, frozenset(RIGHTS), (partner.address,))
    if partner.wallet:
        yield Path(partner.address, BILLING, frozenset({BILLING}), (partner.address,))


def _of_use(use: Use) -> frozenset[str]:
    roles = USE_ROLES.get(service_of(use.target), ())
    position = roles.index(use.role) if use.role in roles else 0
    return frozenset({USING, *(f"{USING} as {role}" for role in roles[1 : position + 1])})


def _of_delegation(entry: Delegation) -> frozenset[str]:
    return frozenset({READ, *entry.permissions, *(() if entry.sends is False else (SEND,))})
