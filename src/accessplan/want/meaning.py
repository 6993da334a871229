"""Whether the parts of a document fit one another: roles, members, leaders, teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accessplan.model import Address
from accessplan.services import GOVERNING_ROLES, ROLES
from accessplan.want.document import BASE_ROLES, CustomRole, Document, Listed, Mention, Role, WantedGrant
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.slip import is_slip_of
from accessplan.want.values import is_email


def settle_roles(written: Sequence[CustomRole], notes: Notes) -> Mapping[str, Role]:
    """Follow every custom role down to its base role, gathering the grants on the way."""
    custom = {role.name: role for role in written}
    known = Names([*custom, *BASE_ROLES])
    settled = dict(BASE_ROLES)
    for role in written:
        if role.name in BASE_ROLES:
            notes.error("role-name-taken", f"{role.name} is a base role", role.place, role.address, "rename yours")
            continue
        chain = _chain(role, custom)
        names, end = [each.name for each in chain], chain[-1].base.name
        settled[role.name] = Role(end if end in BASE_ROLES else "", _united(chain))
        if role.base.name and role.base.name not in known:
            _unknown_role(role.base, role.address, known, notes)
        if end == role.name == min(names):
            message = f"roles are built on each other in a circle: {' → '.join(map(quote, [*names, end]))}"
            notes.error("cyclic-role", message, role.base.place, role.address, "build one of them on a base role")
        if end in GOVERNING_ROLES and role.grants.items:
            _changes_nothing(role.grants, end, role.address, notes)
    return settled


def check_users(document: Document, notes: Notes) -> None:
    """See that the roles and teams of users exist, and that their grants matter."""
    roles = Names(document.roles)
    teams = {team.name for team in document.teams.items}
    known_teams = Names(teams)
    for user in document.users.items:
        role = document.roles.get(user.role.name)
        if role is None and user.role.name:
            _unknown_role(user.role, user.address, roles, notes)
        if role is not None and role.base in GOVERNING_ROLES and user.grants.items:
            _changes_nothing(user.grants, role.base, user.address, notes)
        for team in user.teams.items:
            if team.name not in teams:
                hint = known_teams.hint(team.name, "describe it under teams")
                message = f"there is no team {quote(team.name)} in the document"
                notes.error("unknown-team", message, team.place, user.address, hint)


def check_teams(document: Document, notes: Notes) -> None:
    """See that members and leaders are users, where the document has any, and that leaders are members."""
    users = {user.email for user in document.users.items}
    known = Names(users, is_slip_of)
    in_team = {(team.name, user.email) for user in document.users.items for team in user.teams.items}
    for team in document.teams.items:
        members = {member.name for member in team.members.items}
        leaders = (team.leader,) if team.leader else ()
        for mention in (*leaders, *team.members.items):
            if document.users.place and mention.name not in users and is_email(mention.name):
                message = f"{quote(mention.name)} is not among the users of the document"
                notes.error("unknown-member", message, mention.place, team.address, known.hint(mention.name))
        for leader in leaders:
            absent = leader.name not in members and (team.name, leader.name) not in in_team
            if absent and team.members.place and (leader.name in users or not document.users.place):
                message = f"{quote(leader.name)} leads the team and is no member of it"
                notes.warning("leader-not-member", message, leader.place, team.address, "add them to the members")


def _chain(role: CustomRole, custom: Mapping[str, CustomRole]) -> list[CustomRole]:
    """Return a role and those it is built on, up to a base role, an unknown one, or one that is there already."""
    chain = {role.name: role}
    while (base := role.base.name) not in BASE_ROLES and base in custom and base not in chain:
        role = chain[base] = custom[base]
    return list(chain.values())


def _united(chain: Sequence[CustomRole]) -> Listed[WantedGrant]:
    place = next((role.grants.place for role in chain if role.grants.place), None)
    return Listed(place, tuple(grant for role in chain for grant in role.grants.items))


def _unknown_role(role: Mention, address: Address, known: Names, notes: Notes) -> None:
    hint = known.hint(role.name, f"write {', '.join(ROLES)}, or describe it under roles")
    notes.error("unknown-role", f"there is no role {quote(role.name)}", role.place, address, hint)


def _changes_nothing(grants: Listed[WantedGrant], base: str, address: Address, notes: Notes) -> None:
    message = f"grants change nothing for the role {base}, which reaches every product"
    notes.warning("grant-changes-nothing", message, grants.items[0].place, address, "remove the grants")
