"""How each change is carried out: the documented requests, or the steps in the Manager where there are none.

=============================================  ===================================  ================================
change                                         by request                           by hand
=============================================  ===================================  ================================
invite a user                                  `POST …/invitations`, then `PATCH`   as external: no role of the API
                                               for grants                           means it
change an invited user's role, teams, grants   `PATCH …/invitations/{invitation}`   to external: cancelled by
                                                                                    request, added anew by hand;
                                                                                    teams and grants of whom not all
                                                                                    is shown
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

Teams and grants of an invitation, and services of a team, are sent as full sets. Where the read did not show all of a
set, or a service in it has no known number, a request would take away what it leaves out: then it is done by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from accessplan.have import manager
from accessplan.have.live import Live
from accessplan.have.shapes import ROLES
from accessplan.model import GRANT, TEAM, Address, Entry, Grant, Membership, Team, User, team_address, user_address
from accessplan.plan import Change, Effect, order
from accessplan.route import Operation, Request, RequestValue, Step
from accessplan.select import is_service_wide, service_of
from accessplan.services import EXTERNAL, in_usual_order, rights_offered

ROLE_TYPES = {role: role_type for role_type, role in ROLES.items()}
"""Base roles as an invitation takes them; external users have none."""

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
    held: Mapping[Address, list[str]]

    def user_after(self, email: str) -> User | None:
        user = self.after.get(user_address(email))
        return user if isinstance(user, User) else None

    def is_active(self, email: str) -> bool:
        user = self.live.state.user(email)
        return user is not None and not user.invited

    def is_added_by_hand(self, email: str) -> bool:
        """Tell whether somebody becomes an external user who is no active user: the wizard then takes all at once."""
        before, after = self.live.state.user(email), self.user_after(email)
        return after is not None and after.role == EXTERNAL and (before is None or before.role != EXTERNAL)

    def is_partial(self, email: str) -> bool:
        return email in self.live.partial

    def knows_service(self, target: str) -> bool:
        return service_of(target) in self.live.service_ids

    def knows_services_of(self, subject: Address) -> bool:
        """Tell whether every service has a number that a user or team holds rights on today."""
        return all(self.knows_service(target) for target in self.held.get(subject, ()))

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
    for entry in after.values():
        if isinstance(entry, Grant):
            grants[entry.subject].append(entry)
        elif isinstance(entry, Membership):
            teams[entry.email].append(entry.team)
    for theirs in grants.values():
        theirs.sort(key=attrgetter("target"))
    for names in teams.values():
        names.sort()
    held: defaultdict[Address, list[str]] = defaultdict(list)
    for entry in live.state.entries.values():
        if isinstance(entry, Grant):
            held[entry.subject].append(entry.target)
    return _Ground(live, after, grants, teams, held)


_Router = Callable[[str, list[Change], _Ground], Iterator[Operation]]


def _carrier(change: Change, ground: _Ground) -> tuple[_Router, str]:
    """Return what carries a change: a person's invitation, an active user, a team, or a team's members."""
    address = change.address
    match change.entry:
        case User(email=email):
            return (_active_user if ground.is_active(email) else _invitation, email)
        case Membership(email=email):
            if ground.is_active(email):
                return _members, address.name
            by_hand = ground.is_partial(email) and not ground.is_added_by_hand(email)
            return (_members_by_hand if by_hand else _invitation, email)
        case Team():
            return _team, address.name
        case Grant(subject=subject) if subject.kind == TEAM:
            return _team, address.name
        case _:
            return (_grants_by_hand if _why_no_rights(change, ground) else _invitation, address.name)


def _invitation(email: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    before, after = ground.live.state.user(email), ground.user_after(email)
    carried = tuple(changes)
    if after is None:
        yield Operation(carried, (_cancel(email, ground),))
    elif ground.is_added_by_hand(email):
        invite = _invite_by_hand(after, ground)
        if ground.is_partial(email):
            yield Operation(carried, steps=(manager.cancel_invitation(email), invite), why_manual=manager.NOT_SHOWN)
            return
        if before is not None:
            own = tuple(change for change in changes if isinstance(change.entry, User))
            yield Operation(own, (_cancel(email, ground),))
        yield Operation(carried, steps=(invite,), why_manual=manager.NO_EXTERNALS)
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

    Taking away by merging would not work; reading back tells. What was not shown is in no set, so where that may be
    the change comes by another way (`_carrier`).
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


def _grants_by_hand(email: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    for change in changes:
        step = manager.edit_product_access(email, _access_after(change, ground))
        yield Operation((change,), steps=(step,), why_manual=_why_no_rights(change, ground))


def _why_no_rights(change: Change, ground: _Ground) -> str:
    """Say why a request cannot set a right of a person; empty where it can."""
    email = change.address.name
    if ground.is_active(email):
        return manager.NO_REQUEST
    if ground.is_added_by_hand(email):
        return ""
    if ground.is_partial(email):
        return manager.NOT_SHOWN
    known = ground.knows_service(change.address.key) and ground.knows_services_of(change.address.owner)
    return "" if known else manager.NO_NUMBER


def _members_by_hand(email: str, changes: list[Change], _: _Ground) -> Iterator[Operation]:
    for change in changes:
        step = manager.edit_team_member(change.address.name, email, joins=change.after is not None)
        yield Operation((change,), steps=(step,), why_manual=manager.NOT_SHOWN)


def _team(name: str, changes: list[Change], ground: _Ground) -> Iterator[Operation]:
    grants = [change for change in changes if change.address.part == GRANT]
    own = next((change for change in changes if not change.address.part), None)
    why_manual = {change.address: _why_no_team_rights(change, ground) for change in grants}
    by_request = [change for change in grants if not why_manual[change.address]]
    if own or by_request:
        yield from _team_by_request(name, own, by_request, ground)
    for change in grants:
        if why := why_manual[change.address]:
            step = manager.edit_team_access(name, _access_after(change, ground))
            yield Operation((change,), steps=(step,), why_manual=why)


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
        listed = _services_listed(address, ground)
        services: list[RequestValue] = [*sorted(ground.live.service_ids[service_of(each.target)] for each in listed)]
        body["permissions"] = {"services": services}
    if own and own.before is None:
        yield Operation(carried, (ground.request("POST", TEAMS, {}, {"name": name, **body}, creates=address),))
    elif body:
        yield Operation(carried, (ground.request("PATCH", ONE_TEAM, {"team": address}, body),))
    if own and leader and not ground.is_active(leader):
        step = manager.set_team_leader(name, leader)
        yield Operation((own,), steps=(step,), why_manual=manager.LEADER_INVITED)


def _why_no_team_rights(change: Change, ground: _Ground) -> str:
    """Say why a request cannot set a right of a team; empty where it can."""
    team, target = change.address.owner, change.address.key
    if not is_service_wide(target) or change.effect not in (Effect.GRANT, Effect.REVOKE):
        return manager.NO_TEAM_RIGHTS
    if any(grant.rights != rights_offered(service_of(grant.target)) for grant in _services_listed(team, ground)):
        return manager.NO_TEAM_RIGHTS
    if team.name in ground.live.partial_teams:
        return manager.NOT_SHOWN
    return "" if ground.knows_service(target) and ground.knows_services_of(team) else manager.NO_NUMBER


def _services_listed(team: Address, ground: _Ground) -> list[Grant]:
    """List the rights of a team on whole services that a request can name."""
    wide = (grant for grant in ground.grants.get(team, ()) if is_service_wide(grant.target))
    return [grant for grant in wide if ground.knows_service(grant.target)]


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
