"""Who answers for which file of a document: owners, team leaders, and legal representatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessplan.finding import Finding, Place, warning
from accessplan.services import GOVERNING_ROLES, LEGAL_REPRESENTATIVE
from accessplan.want.document import Document, Mention, Record, WantedUser
from accessplan.want.names import quote
from accessplan.want.read import read
from accessplan.want.roles import role_of
from accessplan.want.tree import Node

OF_ALL = ("organization", "policy", "roles", "removed", "tests", "acknowledge")
"""Sections that concern the whole organization, whoever else is named in the same file."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Normalized e-mail addresses, in order; `governing` are the legal representatives.

    `by_file` has every file of the document by its name; its people are empty where the file names none. Those of
    `governed` concern the whole organization.
    """

    governing: tuple[str, ...]
    by_file: Mapping[str, tuple[str, ...]]
    governed: frozenset[str]
    findings: tuple[Finding, ...] = ()


def owners(path: Path, document: Document, today: date) -> Owners:
    """Find out who answers for each file of a valid document, on a day.

    Who is no user of the document on that day is left out, with a warning: where the document does name users.
    """
    tree = read(path)
    files = tree.files or (str(path),)
    found: defaultdict[str, set[str]] = defaultdict(set)
    findings = []
    gone = {each.address for each in document.removed}
    there = {user.email for user in document.users.items if user.period.covers(today) and user.address not in gone}
    for mention in _mentions(document):
        if document.users.place is None or mention.name in there:
            found[mention.place.file].add(mention.name)
        else:
            message = f"{quote(mention.name)} is no user on this day, and approves nothing"
            findings.append(warning("owner-left", message, mention.place, hint="name somebody else"))
    governing = (user.email for user in document.users.items if _base(user, document) == LEGAL_REPRESENTATIVE)
    return Owners(
        tuple(sorted(there.intersection(governing))),
        {file: tuple(sorted(found[file])) for file in files},
        frozenset(place.file for place in (*_places_of_all(tree.root), *_places_of_governors(document))),
        tuple(findings),
    )


def _mentions(document: Document) -> Iterator[Mention]:
    """List who is said to answer for something: owners of entries and of grants, and leaders of teams."""
    for record in _records(document):
        if record.owner is not None:
            yield record.owner
    yield from (team.leader for team in document.teams.items if team.leader is not None)


def _records(document: Document) -> Iterator[Record]:
    yield from (user.record for user in document.users.items)
    yield from (partner.record for partner in document.partners.items)
    for holder in (*document.users.items, *document.teams_and_partners, *document.roles.values()):
        yield from (grant.record for grant in holder.grants.items)
    for mailbox in document.mailboxes.items:
        yield from (delegate.record for delegate in mailbox.delegates.items)


def _places_of_all(root: Node) -> Iterator[Place]:
    for section, node in root.items():
        if section in OF_ALL:
            yield node.key_place
            yield from (each.key_place for _, each in node.items())
            yield from (each.place for each in node.elements())


def _places_of_governors(document: Document) -> Iterator[Place]:
    for user in document.users.items:
        if _base(user, document) in GOVERNING_ROLES:
            yield user.place


def _base(user: WantedUser, document: Document) -> str:
    role = role_of(document.roles, user.role)
    return role.base if role else ""
