"""Who reaches what in one State."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from accessplan.access.things import (
    BILLING,
    EVERY_PRODUCT,
    ORGANIZATION,
    READ,
    USING,
    Path,
    Reached,
    covers,
    mailbox_thing,
    surplus,
)
from accessplan.model import (
    PARTNER,
    USER,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    State,
    Use,
    User,
    team_address,
    user_address,
)
from accessplan.select import service_of
from accessplan.services import (
    ADMINISTRATOR,
    FULL,
    GOVERNING_ROLES,
    LEGAL_REPRESENTATIVE,
    RIGHTS,
    SEND,
    USE_ROLES,
)

_BY_THING = attrgetter("what", "through")


class Takeover(NamedTuple):
    """Somebody who opens the mailbox that another logs in with can become them.

    `through` are the delegations in between, `gives` what the other reaches and they do not reach by themselves.
    """

    who: Address
    becomes: Address
    through: tuple[Address, ...]
    gives: tuple[Reached, ...]


class Access:
    """Who reaches what in one State. It is made in one pass; paths are found when they are asked for."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._held: defaultdict[Address, list[Entry]] = defaultdict(list)
        self._members: defaultdict[Address, list[Address]] = defaultdict(list)
        self._delegates: defaultdict[str, list[Delegation]] = defaultdict(list)
        self._opened: defaultdict[Address, list[Delegation]] = defaultdict(list)
        self._in_order: dict[Address, tuple[Address, ...]] = {}
        self._granted: dict[str, tuple[tuple[Grant, Address], ...]] = {}
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
                    self._opened[user_address(entry.email)].append(entry)

    @cached_property
    def people(self) -> tuple[Address, ...]:
        """The users and partners."""
        return tuple(sorted(each for each in self.state.entries if not each.part and each.kind in (USER, PARTNER)))

    def members(self, team: Address) -> tuple[Address, ...]:
        """List who is in a team."""
        if team not in self._in_order:
            self._in_order[team] = tuple(sorted(self._members.get(team, ())))
        return self._in_order[team]

    def delegates(self, mailbox: str) -> tuple[Delegation, ...]:
        """List who opens a mailbox."""
        return tuple(sorted(self._delegates.get(mailbox, ()), key=lambda each: each.email))

    def of(self, who: Address) -> tuple[Path, ...]:
        """List the paths of a user or partner; there is none for somebody who is not there."""
        if who not in self._paths:
            self._paths[who] = tuple(sorted(self._find(who), key=_BY_THING))
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
        second factor stands against it is not shown by the live system, so it is not counted on. Who governs may give
        themselves what anybody reaches: to them only a higher role is more.
        """
        if who not in self._opened:
            return ()
        own, found = self.of(who), []
        governs = any(path.what == ORGANIZATION for path in own)
        for other, through in self.chains(who).items():
            gives = surplus(self.of(other), own)
            if gives and (not governs or any(each.what == ORGANIZATION for each in gives)):
                found.append(Takeover(who, other, through, gives))
        return tuple(found)

    def chains(self, who: Address) -> dict[Address, tuple[Address, ...]]:
        """List whom a user can become by mailboxes, the nearest first, each by the fewest delegations in between."""
        found: dict[Address, tuple[Address, ...]] = {who: ()}
        queue = deque([who])
        while queue:
            current = queue.popleft()
            for entry in sorted(self._opened.get(current, ()), key=lambda each: each.mailbox):
                victim = user_address(entry.mailbox)
                if victim not in found and victim in self.state.entries:
                    found[victim] = (*found[current], entry.address)
                    queue.append(victim)
        del found[who]
        return found

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
                    member = entry.address
                    for grant, address in self._grants_of(team):
                        yield Path(who, grant.target, grant.rights, (member, address))

    def _grants_of(self, team: str) -> tuple[tuple[Grant, Address], ...]:
        if team not in self._granted:
            held = self._held.get(team_address(team), ())
            self._granted[team] = tuple((each, each.address) for each in held if isinstance(each, Grant))
        return self._granted[team]


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
