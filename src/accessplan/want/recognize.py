"""Recognize in the live organization what a document names a little differently, or a little early."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from json.encoder import encode_basestring_ascii

from accessplan.finding import Finding, warning
from accessplan.model import State, Team, fold
from accessplan.want.document import Document, Listed, Mention, Period, WantedTeam, WantedUser
from accessplan.want.names import quote


def recognize(document: Document, live: State, today: date) -> tuple[Document, list[Finding]]:
    """Return a document in the words of the live organization, and what it should say itself.

    Nobody loses anything by that: a team under another spelling is no new team, and who is there before their first
    day stays.
    """
    spellings = _spellings(document, live)
    early = {user.email for user in document.users.items if _is_early(user, live, today)}
    findings = [
        *(_about_spelling(team, spellings[team.name]) for team in document.teams.items if team.name in spellings),
        *(_about_start(user) for user in document.users.items if user.email in early),
    ]
    if findings:
        users = tuple(_recognized(user, spellings, early=user.email in early) for user in document.users.items)
        teams = tuple(replace(team, name=spellings.get(team.name, team.name)) for team in document.teams.items)
        document = replace(
            document, users=replace(document.users, items=users), teams=replace(document.teams, items=teams)
        )
    return document, findings


def _spellings(document: Document, live: State) -> Mapping[str, str]:
    """Find teams by their names in the document of which the organization has none, but one that looks the same."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for entry in live.entries.values():
        if isinstance(entry, Team):
            alike[fold(entry.name)].append(entry.name)
    found = {team.name: alike[fold(team.name)] for team in document.teams.items}
    return {name: names[0] for name, names in found.items() if len(names) == 1 and names[0] != name}


def _is_early(user: WantedUser, live: State, today: date) -> bool:
    """Tell whether somebody is in the organization, or invited to it, before their first day."""
    return user.period.is_ahead(today) and live.user(user.email) is not None


def _recognized(user: WantedUser, spellings: Mapping[str, str], *, early: bool) -> WantedUser:
    teams = tuple(Mention(spellings.get(team.name, team.name), team.place) for team in user.teams.items)
    period = Period(until=user.period.until) if early else user.period
    return replace(user, teams=Listed(user.teams.place, teams), period=period)


def _about_spelling(team: WantedTeam, written: str) -> Finding:
    looks_the_same = unicodedata.normalize("NFC", written) == unicodedata.normalize("NFC", team.name)
    shown = encode_basestring_ascii(written) if looks_the_same else quote(written)
    message = f"the organization writes {shown} for {quote(team.name)}"
    hint = "write it as the organization does"
    return warning("team-spelling", message, team.place, address=str(replace(team, name=written).address), hint=hint)


def _about_start(user: WantedUser) -> Finding:
    message = f"{quote(user.email)} is in the organization already, wanted from {user.period.since}"
    hint = "correct since, or delete it; meanwhile they stay as described"
    return warning("starts-later", message, user.since_place, address=str(user.address), hint=hint)
