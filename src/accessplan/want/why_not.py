"""Why somebody does not reach a thing: what in the document would give it, and what stands between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accessplan.access import BILLING, EVERY_PRODUCT, ORGANIZATION
from accessplan.finding import Finding, warning
from accessplan.model import MAILBOX, PARTNER, TEAM, Address, State
from accessplan.plan import Want
from accessplan.select import Catalogue, Kind, is_service_wide, service_of
from accessplan.services import FULL, GOVERNING_ROLES, in_usual_order
from accessplan.want.document import Document, Period, Role, WantedGrant, WantedTeam, WantedUser, memberships
from accessplan.want.names import Names, quote
from accessplan.want.roles import role_of
from accessplan.want.slip import is_slip_of


@dataclass(frozen=True, slots=True)
class Question:
    """The document in the words of the live organization, what it wants on a day, and the live side."""

    document: Document
    want: Want
    have: State
    catalogue: Catalogue
    today: date


def why_not(who: Address, what: str, question: Question) -> tuple[Finding, ...]:
    """Say why a user, team or partner does not reach a thing (see `access.Path`): the nearest reasons first."""
    if who.kind == TEAM:
        teams = (team for team in question.document.teams.items if team.address == who)
        return tuple(_of_grants("the team", (grant for team in teams for grant in team.grants.items), what, question))
    if who.kind == PARTNER:
        return tuple(_of_partner(who, what, question))
    user = next((each for each in question.document.users.items if each.address == who), None)
    return (*_of_person(who, user, question), *_of_thing(who, user, what, question))


def _of_person(who: Address, user: WantedUser | None, question: Question) -> Iterator[Finding]:
    live = question.have.user(who.name)
    if user is None:
        known = Names((each.email for each in question.document.users.items), is_slip_of)
        there = "is a user, and not in the document" if live else "is no user, and not in the document"
        yield warning("not-in-the-document", f"{quote(who.name)} {there}", hint=known.hint(who.name))
    elif said := _when(user.period, question.today):
        yield warning("not-in-this-period", f"{quote(who.name)} {said}", user.place)
    if waits := question.want.waits.get(who):
        yield warning(
            "invitation-waits", f"the invitation of {quote(who.name)} waits: {waits}", user.place if user else None
        )
    elif live and live.invited:
        yield warning("not-accepted-yet", f"{quote(who.name)} is invited, and has not accepted yet")


def _of_thing(who: Address, user: WantedUser | None, what: str, question: Question) -> Iterator[Finding]:
    role = role_of(question.document.roles, user.role) if user else None
    if what in (ORGANIZATION, EVERY_PRODUCT):
        yield _needs("an administrator or legal representative", user, role)
    elif what == BILLING:
        yield _needs("somebody with the billing right, or who governs", user, role)
    elif service_of(what) == MAILBOX:
        yield from _of_mailbox(who, what.partition("/")[2], question)
    else:
        yield from _of_product(who, user, role or Role(""), what, question)


def _needs(whom: str, user: WantedUser | None, role: Role | None) -> Finding:
    is_one = f"the role is {user.role.name}" if user else "the document gives no role"
    missing = "" if role and role.base in GOVERNING_ROLES else f"it takes {whom}: "
    return warning("needs-a-role", f"{missing}{is_one}", user.role.place if user else None)


def _of_mailbox(who: Address, email: str, question: Question) -> Iterator[Finding]:
    mailbox = next((each for each in question.document.mailboxes.items if each.email == email), None)
    if mailbox is None:
        known = Names(each.email for each in question.document.mailboxes.items)
        yield warning("mailbox-not-named", f"the document does not name the mailbox {email}", hint=known.hint(email))
        return
    delegate = next((each for each in mailbox.delegates.items if each.email == who.name), None)
    if delegate is None:
        place = mailbox.delegates.place or mailbox.place
        yield warning("no-delegate", f"{quote(who.name)} is not among the delegates of {email}", place)
    elif said := _when(delegate.period, question.today):
        yield warning("not-in-this-period", f"the delegation {said}", delegate.place)


def _of_product(who: Address, user: WantedUser | None, role: Role, what: str, question: Question) -> Iterator[Finding]:
    """Look at what the person has, then at what a team or a role would give them."""
    document = question.document
    own = (*user.grants.items, *role.grants.items) if user else ()
    mine = {each.team: place for each, place in memberships(document) if each.email == who.name}
    found = list(_of_grants("", own, what, question))
    for team in document.teams.items:
        if team.name in mine:
            found += _of_grants(f"of the team {quote(team.name)}", team.grants.items, what, question)
        else:
            given = _giving(team.grants.items, what, question)
            found += [_team(team, who, grant, question) for grant in given]
    for name, each in document.roles.items():
        grant = next(_giving(each.grants.items, what, question), None)
        if each is not role and grant is not None:
            message = f"the role {quote(name)} would give {_rights(grant)}"
            found.append(warning("role-would-give", message, grant.place, hint=_has_role(user)))
    if not any(_now(grant, question) for grant in _giving(own, what, question)):
        yield warning("no-grant", f"no grant of their own gives {what} today", user.grants.place if user else None)
    yield from found


def _team(team: WantedTeam, who: Address, grant: WantedGrant, question: Question) -> Finding:
    said = _when(grant.period, question.today)
    message = f"the team {quote(team.name)} {'would give' if not said else 'names'} {_rights(grant)}"
    tail = f", and {said}" if said else ""
    return warning("team-would-give", f"{message}{tail}; {quote(who.name)} is no member", grant.place)


def _has_role(user: WantedUser | None) -> str:
    return f"their role is {user.role.name}" if user else ""


def _of_grants(owner: str, grants: Iterable[WantedGrant], what: str, question: Question) -> Iterator[Finding]:
    """Name the grants that would give a thing, and do not today."""
    for grant in _giving(grants, what, question):
        if said := _when(grant.period, question.today):
            whose = f"the grant {owner} on" if owner else "the grant on"
            yield warning("not-in-this-period", f"{whose} {quote(grant.address.key)} {said}", grant.place)


def _of_partner(who: Address, what: str, question: Question) -> Iterator[Finding]:
    partner = next((each for each in question.document.partners.items if each.address == who), None)
    if partner is None:
        yield warning("not-in-the-document", f"{quote(who.name)} is not among the partners of the document")
        return
    if said := _when(partner.period, question.today):
        yield warning("not-in-this-period", f"{quote(who.name)} {said}", partner.place)
    if what in (ORGANIZATION, EVERY_PRODUCT, BILLING) or service_of(what) == MAILBOX:
        needed = "full access" if what == EVERY_PRODUCT else "the wallet" if what == BILLING else "a user"
        yield warning("needs-a-role", f"it takes {needed}: the access is {partner.access}", partner.place)
    elif partner.access != FULL:
        yield from _of_grants("", partner.grants.items, what, question)
        if not any(_now(grant, question) for grant in _giving(partner.grants.items, what, question)):
            yield warning("no-grant", f"no grant gives {what} today", partner.grants.place or partner.place)


def _giving(grants: Iterable[WantedGrant], what: str, question: Question) -> Iterator[WantedGrant]:
    """Find the grants whose selector means a thing, whatever the day."""
    product = question.catalogue.by_label(what)
    for grant in grants:
        selector = grant.selector
        if is_service_wide(what):
            is_wide = selector.kind is Kind.SERVICE and selector.service == service_of(what)
            if is_wide or selector.kind is Kind.EVERYTHING:
                yield grant
        elif product is not None and product in question.catalogue.find(selector):
            yield grant


def _now(grant: WantedGrant, question: Question) -> bool:
    return grant.period.covers(question.today)


def _when(period: Period, today: date) -> str:
    """Say why a period does not cover a day; empty where it does."""
    if period.is_ahead(today):
        return f"begins on {period.since}"
    return f"ended on {period.until}" if period.is_over(today) else ""


def _rights(grant: WantedGrant) -> str:
    use = [f"use as {grant.use}"] if grant.use else []
    return ", ".join([*in_usual_order(grant.rights), *use]) or "nothing"
