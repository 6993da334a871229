"""Which lists a document gives in full: what is in no such list is not managed."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.finding import Place
from accessplan.model import DELEGATE, GRANT, MAILBOX, MEMBER, PARTNER, TEAM, USE, USER, Address
from accessplan.services import FULL
from accessplan.want.document import Document, Role, WantedTeam, WantedUser
from accessplan.want.roles import role_of


def lists_of(document: Document) -> Iterator[tuple[Address, Place]]:
    """Tell which lists the document gives in full, and where."""
    for kind, section in ((USER, document.users), (TEAM, document.teams), (PARTNER, document.partners)):
        if section.place is not None:
            yield Address(kind, ""), section.place
    for user in document.users.items:
        yield from _lists_of_user(user, role_of(document.roles, user.role) or Role(""))
    for team in document.teams.items:
        yield from _lists_of_team(team)
    for partner in document.partners.items:
        if partner.grants.place is not None and partner.access != FULL:
            yield Address(PARTNER, partner.name, GRANT), partner.grants.place
    for mailbox in document.mailboxes.items:
        if mailbox.delegates.place is not None:
            yield Address(MAILBOX, mailbox.email, DELEGATE), mailbox.delegates.place


def _lists_of_user(user: WantedUser, role: Role) -> Iterator[tuple[Address, Place]]:
    """Tell which lists of a user are given; a ready-made role lists rights, and says nothing of using products."""
    written = user.grants.place or role.grants.place
    if written is not None:
        yield Address(USER, user.email, USE), written
    if place := written or next((grant.place for grant in role.grants.items), None):
        yield Address(USER, user.email, GRANT), place
    if user.teams.place is not None:
        yield Address(USER, user.email, MEMBER), user.teams.place


def _lists_of_team(team: WantedTeam) -> Iterator[tuple[Address, Place]]:
    if team.grants.place is not None:
        yield Address(TEAM, team.name, GRANT), team.grants.place
    if team.members.place is not None:
        yield Address(TEAM, team.name, MEMBER), team.members.place
