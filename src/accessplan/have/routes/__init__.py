"""How each change is carried out: the documented requests, or the steps in the Manager where there are none.

`table.py` is the list of all routes. Sources: infomaniak.md sections 3 and 4 [openapi core] [openapi mail]
[openapi kdrive].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from accessplan.change import Change, order
from accessplan.have.live import Live
from accessplan.have.routes import drives, mailboxes, partners, people, rights, teams
from accessplan.have.routes.ground import Ground, survey
from accessplan.model import (
    PARTNER,
    TEAM,
    Address,
    Delegation,
    Membership,
    Use,
    User,
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
    operations = (each for (router, name), theirs in carried.items() for each in router(name, theirs, ground))
    first = {change.address: order(change) for change in changes if _comes_first(change)}
    return tuple(sorted(operations, key=lambda each: _when(each, first)))


def _comes_first(change: Change) -> bool:
    """Tell whether others may have to wait for a change: somebody or something comes to be, or governs no more."""
    return change.before is None or change.is_renewal or isinstance(change.after, User)


def _when(operation: Operation, first: Mapping[Address, tuple[int, *tuple[str, ...]]]) -> tuple[object, ...]:
    """Return the key by which operations go out: with their first change, and after what they need.

    Within a stage requests go before steps by hand, and steps on one screen together.
    """
    needed = [first[address] for address in operation.needs if address in first]
    stage, *address = max([min(map(order, operation.changes)), *needed])
    return stage, bool(operation.needs), operation.is_manual, [step.path for step in operation.steps], address


def _carrier(change: Change, ground: Ground) -> tuple[Router, str]:
    """Return what carries a change, and under which name it goes with others."""
    address = change.address
    match change.entry:
        case User(email=email):
            return (people.active if ground.is_active(email) else people.invited), email
        case Membership(email=email):
            if ground.is_active(email):
                return teams.members, address.name
            by_hand = ground.is_partial(email) and not ground.is_added_by_hand(email)
            return (teams.members_by_hand, email) if by_hand else (people.invited, email)
        case Delegation(mailbox=mailbox):
            return mailboxes.mailbox, mailbox
        case Use(target=target):
            return drives.product, drives.suite_that_brings(change, ground) or target
    if address.kind in _WHOLE:
        return _WHOLE[address.kind], address.name
    return (people.invited if rights.goes_with_invitation(change, ground) else rights.held), address.name
