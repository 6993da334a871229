"""How each change is carried out: the documented requests, or the steps in the Manager where there are none.

`table.py` is the list of all routes. Sources: infomaniak.md sections 3 and 4 [openapi core] [openapi mail]
[openapi kdrive].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from accessplan.change import Change
from accessplan.have.live import Live
from accessplan.have.routes import drives, mailboxes, partners, people, rights, teams
from accessplan.have.routes.ground import Ground, survey
from accessplan.have.routes.turns import in_turn
from accessplan.model import (
    PARTNER,
    TEAM,
    Address,
    Delegation,
    Membership,
    Use,
    User,
    owners,
)
from accessplan.route import Operation

Router = Callable[[str, list[Change], Ground], Iterator[Operation]]
"""Carries the changes that go together under one name: a person's, a team's, a mailbox's."""


_WHOLE: Mapping[str, Router] = {TEAM: teams.team, PARTNER: partners.partner}
"""What carries a team or a partner with all they hold."""


def route(changes: Iterable[Change], live: Live) -> tuple[Operation, ...]:
    """Say how changes are carried out, in the order of execution and in the fewest requests and visits.

    Changes of one invited person share a request, as do the members of one team; the rights of one person are one
    visit to the Manager.
    """
    changes = tuple(changes)
    ground = people.with_irretrievable(survey(changes, live))
    carried: defaultdict[tuple[Router, str], list[Change]] = defaultdict(list)
    for change in changes:
        carried[_carrier(change, ground)].append(change)
    operations = [each for (router, name), theirs in carried.items() for each in router(name, theirs, ground)]
    return tuple(in_turn(_gathered(operations), changes))


def _gathered(operations: Sequence[Operation]) -> list[Operation]:
    """Let what needs neither request nor step, as it goes with an invitation that is cancelled, be done only with that.

    Where a person cancels it, it is theirs to do.
    """
    gathered = [each for each in operations if each.requests or each.steps]
    first = dict[Address, int]()
    for number, operation in enumerate(gathered):
        for change in operation.changes:
            first.setdefault(change.address, number)
    for alone in (each for each in operations if not (each.requests or each.steps)):
        people = frozenset[Address]().union(*(owners(change.address) for change in alone.changes))
        by_hand = [first[each] for each in sorted(people & first.keys()) if gathered[first[each]].is_manual]
        if by_hand:
            theirs = gathered[by_hand[0]]
            gathered[by_hand[0]] = replace(theirs, changes=(*theirs.changes, *alone.changes))
        else:
            waiting = (replace(change, depends_on=(*change.depends_on, *sorted(people))) for change in alone.changes)
            gathered.append(replace(alone, changes=tuple(waiting)))
    return gathered


def _carrier(change: Change, ground: Ground) -> tuple[Router, str]:
    """Return what carries a change, and under which name it goes with others."""
    address = change.address
    match change.entry:
        case User(email=email):
            return (people.active if ground.is_active(email) else people.invited), email
        case Membership(email=email):
            return _carrier_of_member(change, ground), address.name if ground.is_active(email) else email
        case Delegation(mailbox=mailbox):
            return mailboxes.mailbox, mailbox
        case Use(target=target):
            return drives.product, drives.suite_that_brings(change, ground) or target
    if address.kind in _WHOLE:
        return _WHOLE[address.kind], address.name
    return (people.invited if rights.goes_with_invitation(change, ground) else rights.held), address.name


def _carrier_of_member(change: Change, ground: Ground) -> Router:
    email = change.address.key
    if ground.is_active(email):
        return teams.members
    if teams.is_joined_by_hand(change, ground):
        return teams.members_by_hand
    is_cancelled_by_hand = ground.is_renewed(email) and not ground.is_sent_anew(email)
    return people.joined if change.address in ground.late and not is_cancelled_by_hand else people.invited
