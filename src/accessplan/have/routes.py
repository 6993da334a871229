"""How each change is carried out: the documented requests, or the steps in the Manager where there are none.

=============================================  ===================================  ================================
change                                         by request                           by hand
=============================================  ===================================  ================================
invite a user                                  `POST …/invitations`, then `PATCH`   as external: no role of the API
                                               for grants                           means it
change an invited user's role, teams, grants   `PATCH …/invitations/{invitation}`   to external: cancelled by
                                                                                    request, added anew by hand
cancel an invitation                           `DELETE …/invitations/{invitation}`
change an active user's role or grants                                              always
remove an active user                                                               always
create or delete a team, set its leader        `POST` `PATCH` `DELETE …/teams`      a leader who is still invited
team members who are active                    `POST` `DELETE …/teams/{team}/users`
team members who are invited                   with their invitation
a team's service, with every right it offers   `PATCH …/teams/{team}`
a team's other grants                                                               always
=============================================  ===================================  ================================

Sources: infomaniak.md sections 3.1, 3.2 and 4 [openapi core]. The API takes a team's services without rights, and does
not say which rights result. So a request names services only when every right they offer is wanted for all of them:
nobody can then get more than what the document says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accessplan.have import manager
from accessplan.have.live import Live
from accessplan.model import GRANT, TEAM, Address, Entry, Grant, Membership, Team, User, team_address, user_address
from accessplan.plan import Change, Effect, order
from accessplan.route import Operation, Request, RequestValue, Step
from accessplan.select import is_service_wide, service_of
from accessplan.services import (
    ADMINISTRATOR,
    COLLABORATOR,
    EXTERNAL,
    LEGAL_REPRESENTATIVE,
    in_usual_order,
    rights_offered,
)

ROLE_TYPES = {LEGAL_REPRESENTATIVE: "owner", ADMINISTRATOR: "admin", COLLABORATOR: "normal"}
"""Base roles as an invitation takes them [openapi core]; external users have none."""

LOCALES = {"de": "de_DE", "en": "en_GB", "es": "es_ES", "fr": "fr_FR", "it": "it_IT"}
"""Languages of an invitation [openapi core]."""

INVITATIONS = "/1/accounts/{account}/invitations"
INVITATION = "/1/accounts/{account}/invitations/{invitation}"
TEAMS = "/1/accounts/{account}/teams"
ONE_TEAM = "/1/accounts/{account}/teams/{team}"
TEAM_USERS = "/1/accounts/{account}/teams/{team}/users"

USERS_AT_ONCE = 100
"""How many members one request names: the documents give no maximum here, elsewhere it is 100 [openapi kdrive]."""


def route(changes: Iterable[Change], live: Live) -> tuple[Operation, ...]:
    """Say how changes are carried out, in the order of execution and in the fewest requests.

    Changes of one invited person share a request, as do the members of one team.
    """
    changes = tuple(changes)
    ground = _ground(changes, live)
    carried: defaultdict[tuple[_Router, str], list[Change]] = defaultdict(list)
    for change in changes:
        carried[_carrier(change, ground)].append(change)
    operations = (each for (router, name), theirs in carried.items() for each in router(name, theirs, ground))
    created = {change.address: order(change) for change in changes if change.before is None}
    return tuple(sorted(operations, key=lambda each: _when(each, created)))


def _when(operation: Operation, created: Mapping[Address, tuple[object, ...]]) -> tuple[object, ...]:
    """Return the key by which operations go out: with their first change, and after what they need."""
    first = max([min(map(order, operation.changes)), *(created[address] for address in operation.needs)])
    return first, bool(operation.needs), operation.is_manual


@dataclass(frozen=True, slots=True)
class _Ground:
    """What routing looks at: the live organization, and where all changes together lead to."""

    live: Live
    after: Mapping[Address, Entry]
    grants: Mapping[Address, list[Grant]]
    teams: Mapping[str, list[str]]

    def user_after(self, email: str) -> User | None:
        user = self.after.get(user_address(email))
        return user if isinstance(user, User) else None

    def is_active(self, email: str) -> bool:
        user = self.live.state.user(email)
        return user is not None and not user.invited

    def knows_service(self, target: str) -> bool:
        return service_of(target) in self.live.service_ids

    def product_of(self, target: str) -> int | None:
        product = self.live.catalogue.by_label(target)
        return product.id if product else None

    def request(
        self,
        method: str,
        path: str,
        names: Mapping[str, Address],
        body: dict[str, RequestValue],
        creates: Address | None = None,
    ) -> Request:
        return Request(method, path, {"account": self.live.organization_id, **names}, body, creates)


def _ground(changes: Iterable[Change], live: Live) -> _Ground:
    after = dict(live.state.entries)
    for change in changes:
        if change.after is None:
            after.pop(change.address, None)
        else:
            after[change.address] = change.after
    grants: defaultdict[Address, list[Grant]] = defaultdict(list)
    teams: defaultdict[str, list[str]] = defaultdict(list)
    for _, entry in sorted(after.items()):
        if isinstance(entry, Grant):
            grants[entry.subject].append(entry)
        elif isinstance(entry, Membership):
            teams[entry.email].append(entry.team)
    return _Ground(live, after, grants, teams)


_Router = Callable[[str, list[Change], _Ground], Iterator[Operation]]


def _carrier(change: Change, ground: _Ground) -> tuple[_Router, str]:
    """Return what carries a change: a person's invitation, an active user, a team, or a team's members."""
    address = change.address
    match change.entry:
        case User(email=email):
            return (_active_user if ground.is_active(email) else _invitation, email)
        case Membership(email=email):
            return (_members, address.name) if ground.is_active(email) else (_invitation, email)
        case Team():
            return _team, address.name
        case Grant(subject=subject) if subject.kind == TEAM:
            return _team, address.name
        case _:
            by_request = not ground.is_active(address.name) and ground.knows_service(address.key)
            return _invitation if by_request else _active_grants, address.name


def _invitation(email: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    before, after = ground.live.state.user(email), ground.user_after(email)
    carried = tuple(changes)
    if after is None:
        yield Operation(carried, (_cancel(email, ground),))
    elif after.role == EXTERNAL and (before is None or before.role != EXTERNAL):
        if before is not None:
            own = tuple(change for change in changes if isinstance(change.entry, User))
            yield Operation(own, (_cancel(email, ground),))
        yield Operation(carried, steps=(_invite_by_hand(after, ground),), why_manual=manager.NO_EXTERNALS)
    elif before is None:
        yield Operation(carried, tuple(_invite(after, ground)))
    else:
        yield Operation(carried, (_change_invitation(email, changes, ground),))


def _cancel(email: str, ground: _Ground) -> Request:
    return ground.request("DELETE", INVITATION, {"invitation": user_address(email)}, {})


def _invite(user: User, ground: _Ground) -> Iterator[Request]:
    address = user.address
    body: dict[str, RequestValue] = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "locale": LOCALES.get(user.language, LOCALES["en"]),
        "role_type": ROLE_TYPES[user.role],
    }
    if teams := _teams_of(user.email, ground):
        body["teams"] = teams
    yield ground.request("POST", INVITATIONS, {}, body, creates=address)
    if permissions := _permissions(address, ground):
        yield ground.request("PATCH", INVITATION, {"invitation": address}, {"permissions": permissions})


def _change_invitation(email: str, changes: Sequence[Change], ground: _Ground) -> Request:
    """Send the full sets: whether the API replaces or merges them is not documented, and both then end the same.

    Taking away by merging would not work; reading back tells.
    """
    address = user_address(email)
    body: dict[str, RequestValue] = {}
    for change in changes:
        match change.entry:
            case User(role=role):
                body["role_type"] = ROLE_TYPES[role]
            case Membership():
                body["team_ids"] = _teams_of(email, ground)
            case Grant():
                body["permissions"] = _permissions(address, ground)
    return ground.request("PATCH", INVITATION, {"invitation": address}, body)


def _invite_by_hand(user: User, ground: _Ground) -> Step:
    access = [_access(grant, ground) for grant in ground.grants.get(user.address, ())]
    return manager.invite_user(user, ground.teams.get(user.email, ()), access)


def _active_user(email: str, changes: list[Change], _: _Ground) -> Iterator[Operation]:
    for change in changes:
        match change.before, change.after:
            case User(role=old), User(role=new):
                yield Operation((change,), steps=(manager.edit_role(email, old, new),), why_manual=manager.NO_REQUEST)
            case _:
                yield Operation((change,), steps=(manager.remove_user(email),), why_manual=manager.NO_REQUEST)


def _active_grants(email: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    for change in changes:
        step = manager.edit_product_access(email, _access_after(change, ground))
        yield Operation((change,), steps=(step,), why_manual=manager.NO_REQUEST)


def _team(name: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    grants = [change for change in changes if change.address.part == GRANT]
    own = next((change for change in changes if not change.address.part), None)
    listing = (Effect.GRANT, Effect.REVOKE) if _may_name_services(name, ground) else ()
    by_request = [change for change in grants if change.effect in listing and is_service_wide(change.address.key)]
    if own or by_request:
        yield from _team_by_request(name, own, by_request, ground)
    for change in grants:
        if change not in by_request:
            step = manager.edit_team_access(name, _access_after(change, ground))
            yield Operation((change,), steps=(step,), why_manual=manager.NO_TEAM_RIGHTS)


def _team_by_request(name: str, own: Change | None, grants: list[Change], ground: _Ground) -> Iterator[Operation]:
    address = team_address(name)
    carried = (*([own] if own else []), *grants)
    if own and own.after is None:
        yield Operation(carried, (ground.request("DELETE", ONE_TEAM, {"team": address}, {}),))
        return
    leader = own.after.leader if own and isinstance(own.after, Team) else None
    body: dict[str, RequestValue] = {}
    if leader and ground.is_active(leader):
        body["owned_by_id"] = user_address(leader)
    if grants:
        targets = [grant.target for grant in ground.grants.get(address, ()) if is_service_wide(grant.target)]
        services: list[RequestValue] = [*sorted(ground.live.service_ids[service_of(each)] for each in targets)]
        body["permissions"] = {"services": services}
    if own and own.before is None:
        yield Operation(carried, (ground.request("POST", TEAMS, {}, {"name": name, **body}, creates=address),))
    elif body:
        yield Operation(carried, (ground.request("PATCH", ONE_TEAM, {"team": address}, body),))
    if own and leader and not ground.is_active(leader):
        step = manager.set_team_leader(name, leader)
        yield Operation((own,), steps=(step,), why_manual=manager.LEADER_INVITED)


def _may_name_services(name: str, ground: _Ground) -> bool:
    listed = [grant for grant in ground.grants.get(team_address(name), ()) if is_service_wide(grant.target)]
    return all(
        grant.rights == rights_offered(service_of(grant.target)) and ground.knows_service(grant.target)
        for grant in listed
    )


def _members(team: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    for method, chosen in (
        ("POST", [change for change in changes if change.before is None]),
        ("DELETE", [change for change in changes if change.after is None]),
    ):
        for start in range(0, len(chosen), USERS_AT_ONCE):
            some = chosen[start : start + USERS_AT_ONCE]
            users: list[RequestValue] = [user_address(change.address.key) for change in some]
            yield Operation(
                tuple(some), (ground.request(method, TEAM_USERS, {"team": team_address(team)}, {"user_ids": users}),)
            )


def _teams_of(email: str, ground: _Ground) -> list[RequestValue]:
    return [team_address(name) for name in ground.teams.get(email, ())]


def _permissions(address: Address, ground: _Ground) -> list[RequestValue]:
    known = (grant for grant in ground.grants.get(address, ()) if ground.knows_service(grant.target))
    return [_permission(grant, ground) for grant in known]


def _permission(grant: Grant, ground: _Ground) -> dict[str, RequestValue]:
    service: dict[str, RequestValue] = {"service_id": ground.live.service_ids[service_of(grant.target)]}
    what: dict[str, RequestValue] = (
        {"apply_to_all": True} if is_service_wide(grant.target) else {"product_id": ground.product_of(grant.target)}
    )
    return service | what | {"types": list(in_usual_order(grant.rights))}


def _access(grant: Grant, ground: _Ground) -> manager.Access:
    return manager.Access(grant.target, ground.product_of(grant.target), in_usual_order(grant.rights))


def _access_after(change: Change, ground: _Ground) -> manager.Access:
    rights = change.after.rights if isinstance(change.after, Grant) else frozenset[str]()
    return manager.Access(change.address.key, ground.product_of(change.address.key), in_usual_order(rights))
