"""What of the live organization a document speaks of, and so must be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accessplan.model import DELEGATE, PARTNER, USE
from accessplan.plan import MODE_KINDS, Mode
from accessplan.scope import Scope
from accessplan.select import every, parse
from accessplan.services import USE_ROLES
from accessplan.want.document import Document, WantedGrant, memberships
from accessplan.want.roles import role_of

_EVERY_PLACE = [parse(every(service)) for service in USE_ROLES]


def scope_of(document: Document, today: date) -> Scope:
    """Say which people, mailboxes, products and partners a document asks about on a day.

    What has ended or is to be removed is included; people are those that are wanted.
    """
    removed = [item.address for item in document.removed]
    delegates = {delegate.email for mailbox in document.mailboxes.items for delegate in mailbox.delegates.items}
    uses = [(email, grant) for email, grant in _held(document) if grant.use]
    return Scope(
        users=frozenset(user.email for user in document.users.items if user.period.covers(today)),
        guests=frozenset(delegates.union(email for email, _ in uses if email)),
        mailboxes=frozenset(
            [mailbox.email for mailbox in document.mailboxes.items if mailbox.delegates.place is not None]
            + [address.name for address in removed if address.part == DELEGATE]
        ),
        uses=frozenset(
            [grant.selector for _, grant in uses]
            + [parse(address.key) for address in removed if address.part == USE]
            + (_EVERY_PLACE if _says_all_places(document) else [])
        ),
        partners=document.partners.place is not None or any(address.kind == PARTNER for address in removed),
    )


def _says_all_places(document: Document) -> bool:
    """Tell whether somebody must have no other places than the document gives: then all are looked at."""
    enforced = document.modes.get(MODE_KINDS[USE]) is Mode.ENFORCE
    return enforced and any(user.grants.place for user in document.users.items)


def _held(document: Document) -> Iterator[tuple[str, WantedGrant]]:
    """List the grants of people, those that come with their roles and teams included; of empty teams too."""
    for user in document.users.items:
        role = role_of(document.roles, user.role)
        for grant in (*user.grants.items, *(role.grants.items if role else ())):
            yield user.email, grant
    given = {team.name: team.grants.items for team in document.teams.items}
    for grant in (grant for grants in given.values() for grant in grants):
        yield "", grant
    for membership, _ in memberships(document):
        for grant in given.get(membership.team, ()):
            yield membership.email, grant
