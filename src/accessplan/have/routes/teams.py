"""Teams [openapi core]: the API takes a team's services without rights, and does not say which rights result.

So a request names services only when every right they offer is wanted for all of them: nobody can then get more than
what the document says. Services are sent as a full set: where the read did not show all of it, it is done by hand.

Where people and rights of a team move at once, nobody may have in between what they had neither before nor will have
after. So first go those who leave, then its rights are changed, and then come those who join.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accessplan.change import Change, Effect
from accessplan.have.manager import teams as manager
from accessplan.have.manager.people import NO_NUMBER, NOT_SHOWN
from accessplan.have.routes.ground import Ground
from accessplan.model import GRANT, MEMBER, TEAM, Address, Grant, Team, team_address, user_address
from accessplan.route import Operation, RequestValue
from accessplan.select import is_service_wide, service_of
from accessplan.services import rights_offered

TEAMS = "/1/accounts/{account}/teams"
ONE_TEAM = "/1/accounts/{account}/teams/{team}"
TEAM_USERS = "/1/accounts/{account}/teams/{team}/users"

TAKEN_BY_HAND = "who joins must not have what the team loses, and that is taken by hand before"
LEFT_BY_HAND = "who leaves must not have what the team is given, and they are taken out by hand before"

USERS_AT_ONCE = 100
"""How many members one request names: the documents give no maximum here, elsewhere it is 100 [openapi kdrive]."""


def team(name: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Create, change or delete a team, and set its rights; all that is by hand is one visit."""
    own = next((change for change in changes if not change.address.part), None)
    by_request, by_hand = list[Change](), dict[str, list[Change]]()
    for change in changes:
        if change.address.part == GRANT:
            why = _why_by_hand(change, ground)
            (by_hand.setdefault(why, []) if why else by_request).append(_after_leavers(change, ground))
    if own or by_request:
        yield from _by_request(name, own, by_request, ground)
    for why, theirs in by_hand.items():
        step = manager.edit_access(name, map(ground.access_after, theirs))
        yield Operation("edit-team", tuple(theirs), steps=(step,), why_manual=why)


def members(name: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Put active users into a team, or take them out."""
    joining = [late(change, ground) for change in changes if change.before is None]
    if _is_taken_by_hand(name, ground):
        yield from (_member_by_hand(change, TAKEN_BY_HAND) for change in joining)
        joining = []
    for method, chosen in (("POST", joining), ("DELETE", [change for change in changes if change.after is None])):
        for start in range(0, len(chosen), USERS_AT_ONCE):
            some = chosen[start : start + USERS_AT_ONCE]
            users: list[RequestValue] = [user_address(change.address.key) for change in some]
            request = ground.request(method, TEAM_USERS, {"team": team_address(name)}, {"user_ids": users})
            yield Operation("team-members", tuple(some), (request,))


def members_by_hand(email: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Change the teams of an invited person where no request does."""
    why = NOT_SHOWN if ground.is_partial(email) else TAKEN_BY_HAND
    for change in changes:
        yield _member_by_hand(late(change, ground), why)


def is_joined_by_hand(change: Change, ground: Ground) -> bool:
    """Tell whether an invited person is put into a team by hand, apart from their invitation."""
    email, name = change.address.key, change.address.name
    if ground.is_added_by_hand(email):
        return change.address in ground.late
    return ground.is_partial(email) or (change.address in ground.late and _is_taken_by_hand(name, ground))


def late(change: Change, ground: Ground) -> Change:
    """Let somebody who joins a team wait for what it loses: they must not have it in between."""
    if change.address not in ground.late:
        return change
    taken = (each.address for each in ground.taken[change.address.name])
    return replace(change, depends_on=(*change.depends_on, *taken))


def _is_taken_by_hand(name: str, ground: Ground) -> bool:
    return any(_why_by_hand(change, ground) for change in ground.taken.get(name, ()))


def _member_by_hand(change: Change, why: str) -> Operation:
    step = manager.edit_member(change.address.name, change.address.key, joins=change.after is not None)
    return Operation("edit-team", (change,), steps=(step,), why_manual=why)


def _after_leavers(change: Change, ground: Ground) -> Change:
    """Let rights that a team is given wait for those who leave it: they must not have them in between."""
    leavers = (_leaves(email, change.address.name, ground) for email in ground.leavers.get(change.address.name, ()))
    return replace(change, depends_on=(*change.depends_on, *(address for address, _ in leavers)))


def _leaves(email: str, name: str, ground: Ground) -> tuple[Address, bool]:
    """Say which change takes somebody out of a team, and whether that is by hand."""
    user, member = user_address(email), Address(TEAM, name, MEMBER, email)
    if ground.is_active(email):
        return (member, False) if member in ground.changed else (user, True)
    if ground.user_after(email) is None:
        return user, False
    if ground.is_added_by_hand(email):
        return user, ground.may_lose(email)
    return member, not ground.is_sent_anew(email) if ground.is_renewed(email) else ground.is_partial(email)


def _by_request(name: str, own: Change | None, grants: list[Change], ground: Ground) -> Iterator[Operation]:
    address = team_address(name)
    if own and own.after is None:
        request = ground.request("DELETE", ONE_TEAM, {"team": address}, {})
        yield Operation("delete-team", (own, *grants), (request,))
        return
    leader = own.after.leader if own and isinstance(own.after, Team) else None
    body: dict[str, RequestValue] = {}
    if leader and ground.is_active(leader):
        body["owned_by_id"] = user_address(leader)
    if grants:
        listed = _services_listed(address, ground)
        services: list[RequestValue] = [*sorted(ground.live.service_ids[service_of(each.target)] for each in listed)]
        body["permissions"] = {"services": services}
    if own and own.before is None:
        request = ground.request("POST", TEAMS, {}, {"name": name, **body}, creates=address)
        yield Operation("create-team", (own, *grants), (request,))
    elif body:
        request = ground.request("PATCH", ONE_TEAM, {"team": address}, body)
        yield Operation("change-team", (*([own] if own and "owned_by_id" in body else []), *grants), (request,))
    if own and leader and not ground.is_active(leader):
        step = manager.set_leader(name, leader)
        yield Operation("edit-team", (own,), steps=(step,), why_manual=manager.LEADER_INVITED)


def _why_by_hand(change: Change, ground: Ground) -> str:
    """Say why a request cannot set a right of a team; empty where it can."""
    team_, target = change.address.owner, change.address.key
    if not is_service_wide(target) or change.effect not in (Effect.GRANT, Effect.REVOKE):
        return manager.NO_TEAM_RIGHTS
    if any(grant.rights != rights_offered(service_of(grant.target)) for grant in _services_listed(team_, ground)):
        return manager.NO_TEAM_RIGHTS
    if any(
        by_hand for _, by_hand in (_leaves(each, team_.name, ground) for each in ground.leavers.get(team_.name, ()))
    ):
        return LEFT_BY_HAND
    if team_.name in ground.live.partial_teams:
        return NOT_SHOWN
    return "" if ground.knows_service(target) and ground.knows_services_of(team_) else NO_NUMBER


def _services_listed(subject: Address, ground: Ground) -> list[Grant]:
    """List the rights of a team on whole services that a request can name."""
    wide = (grant for grant in ground.grants.get(subject, ()) if is_service_wide(grant.target))
    return [grant for grant in wide if ground.knows_service(grant.target)]
