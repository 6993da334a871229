"""Recognize in the live organization what a document names a little differently, or a little early."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from json.encoder import encode_basestring_ascii

from accessplan.finding import Finding, warning
from accessplan.model import PARTNER, TEAM, Address, Partner, State, Team, team_address
from accessplan.want.addresses import compared
from accessplan.want.document import Document, Listed, Mention, Period, WantedPartner, WantedTeam, WantedUser
from accessplan.want.names import quote

Spellings = Mapping[Address, str]
"""How the live organization writes the names of teams and partners, by their addresses in the document."""


def recognize(document: Document, live: State, today: date) -> tuple[Document, list[Finding]]:
    """Return a document in the words of the live organization, and what it should say itself.

    Nobody loses anything by that: a team or partner under another spelling is no new one, and who is there before their
    first day stays.
    """
    spellings = _spellings(document, live, today)
    early = {user.email for user in document.users.items if _is_early(user, live, today)}
    owners = document.teams_and_partners
    findings = [
        *(_about_spelling(owner, spellings[owner.address]) for owner in owners if owner.address in spellings),
        *(_about_start(user) for user in document.users.items if user.email in early),
    ]
    if spellings or early:
        document = _recognized(document, spellings, early)
    return document, findings


def _spellings(document: Document, live: State, today: date) -> Spellings:
    """Find teams and partners of which the organization has none by this name, but one that looks the same.

    What is to be gone may be a partner of whom somebody said so already, under the other name.
    """
    alike = _by_looks(entry.address for entry in live.entries.values() if isinstance(entry, Team | Partner))
    gone = _by_looks(address for address in live.gone if address.kind == PARTNER and not address.part)
    found = {owner.address: alike.get(compared(owner.address), []) for owner in document.teams_and_partners}
    ended = [partner.address for partner in document.partners.items if partner.period.is_over(today)]
    removed = [item.address.owner for item in document.removed if item.address.kind in (TEAM, PARTNER)]
    for address in (*ended, *removed):
        found[address] = alike.get(compared(address)) or gone.get(compared(address), [])
    return {address: names[0] for address, names in found.items() if len(names) == 1 and names[0] != address.name}


def _by_looks(addresses: Iterable[Address]) -> Mapping[Address, list[str]]:
    alike: defaultdict[Address, list[str]] = defaultdict(list)
    for address in addresses:
        alike[compared(address)].append(address.name)
    return alike


def _is_early(user: WantedUser, live: State, today: date) -> bool:
    """Tell whether somebody is in the organization, or invited to it, before their first day."""
    return user.period.is_ahead(today) and live.user(user.email) is not None


def _recognized(document: Document, spellings: Spellings, early: Collection[str]) -> Document:
    def name_of(address: Address) -> str:
        return spellings.get(address.owner, address.name)

    users = tuple(_recognized_user(user, name_of, early=user.email in early) for user in document.users.items)
    teams = tuple(replace(team, name=name_of(team.address)) for team in document.teams.items)
    partners = tuple(replace(partner, name=name_of(partner.address)) for partner in document.partners.items)
    return replace(
        document,
        users=replace(document.users, items=users),
        teams=replace(document.teams, items=teams),
        partners=replace(document.partners, items=partners),
        removed=tuple(
            item._replace(address=item.address._replace(name=name_of(item.address))) for item in document.removed
        ),
    )


def _recognized_user(user: WantedUser, name_of: Callable[[Address], str], *, early: bool) -> WantedUser:
    teams = tuple(Mention(name_of(team_address(team.name)), team.place) for team in user.teams.items)
    period = Period(until=user.period.until) if early else user.period
    return replace(user, teams=Listed(user.teams.place, teams), period=period)


def _about_spelling(owner: WantedTeam | WantedPartner, written: str) -> Finding:
    looks_the_same = unicodedata.normalize("NFC", written) == unicodedata.normalize("NFC", owner.name)
    shown = encode_basestring_ascii(written) if looks_the_same else quote(written)
    message = f"the organization writes {shown} for {quote(owner.name)}"
    hint = "write it as the organization does"
    address = replace(owner, name=written).address
    return warning(f"{address.kind}-spelling", message, owner.place, address=str(address), hint=hint)


def _about_start(user: WantedUser) -> Finding:
    message = f"{quote(user.email)} is in the organization already, wanted from {user.period.since}"
    hint = "correct since, or delete it; meanwhile they stay as described"
    return warning("starts-later", message, user.since_place, address=str(user.address), hint=hint)
