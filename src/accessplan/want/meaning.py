"""Whether the parts of a document fit one another: users, members, leaders, teams."""

from __future__ import annotations

from accessplan.plan import Mode
from accessplan.services import LEGAL_REPRESENTATIVE
from accessplan.want.document import Document
from accessplan.want.fit import check_fit
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.roles import role_names, role_of, unknown_role
from accessplan.want.slip import is_slip_of
from accessplan.want.values import is_email


def check_users(document: Document, notes: Notes) -> None:
    """See that the roles and teams of users exist, and that what they are given matters."""
    roles = role_names(document.roles)
    teams = {team.name for team in document.teams.items}
    known_teams = Names(teams)
    for user in document.users.items:
        role = role_of(document.roles, user.role)
        if role is not None:
            check_fit(role.base, user.settings, user.grants, user.address, notes)
        elif user.role.name:
            unknown_role(user.role, user.address, roles, notes)
        for team in user.teams.items:
            if team.name not in teams:
                hint = known_teams.hint(team.name, "describe it under teams")
                message = f"there is no team {quote(team.name)} in the document"
                notes.error("unknown-team", message, team.place, user.address, hint)


def check_reminders(document: Document, notes: Notes) -> None:
    """See that the billing reminders of the sole legal representative stay on [faq 1440]."""
    described = [
        (user, role)
        for user in document.users.items
        if (role := role_of(document.roles, user.role)) is not None and role.base == LEGAL_REPRESENTATIVE
    ]
    representatives = [each for each in described if each[0].period.covers(notes.today)]
    if len(described) == 1 and not described[0][0].period.is_over(notes.today):
        representatives = described  # there is no other before their first day either
    if len(representatives) != 1:
        return
    user, role = representatives[0]
    reminders = user.settings.over(role.settings).notify_billing
    if reminders is not None and not reminders.value:
        message = (
            f"{quote(user.email)} is the sole legal representative, whose billing reminders cannot be switched off"
        )
        hint = "remove it, or name a second legal representative"
        # With other modes there may be others that the document does not name. Where another one ended, or is to begin,
        # it is no more than a warning: no document becomes invalid because a date passed.
        whole = document.modes.get("users") is Mode.ENFORCE and len(described) == 1
        note = notes.error if whole else notes.warning
        note("reminders-stay", message, reminders.place, user.address, hint)


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
