"""From a path to a document: everything that can be said without the live system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from accessplan.finding import Finding, in_order
from accessplan.want.addresses import address_of
from accessplan.want.demands import check_demands, read_demands
from accessplan.want.document import Document
from accessplan.want.entries import (
    read_modes,
    read_organization,
    read_roles,
    read_teams,
    read_timezone,
    read_users,
)
from accessplan.want.mailboxes import check_mailboxes, read_mailboxes
from accessplan.want.meaning import check_reminders, check_teams, check_users
from accessplan.want.notes import Notes
from accessplan.want.partners import read_partners
from accessplan.want.policy import read_policy
from accessplan.want.read import read, read_texts
from accessplan.want.removed import check_removed, read_removed
from accessplan.want.roles import settle_roles
from accessplan.want.schema import check
from accessplan.want.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and all that is wrong with it; with errors among the findings it is good for nothing else.

    `today` is the day of the organization that its dates were compared with.
    """

    document: Document
    findings: tuple[Finding, ...]
    today: date


def load(path: Path, now: datetime, today: date | None = None) -> Loaded:
    """Read a document, a file or a folder, and check it.

    It is read for `today`, or else for the day that it is in the organization's time zone; `now` knows its own.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    return _load(read(path), now, today)


def load_texts(texts: Mapping[str, bytes], now: datetime, today: date | None = None) -> Loaded:
    """Read a document that lies in no folder, such as an earlier one: the text of each file by its name.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    return _load(read_texts(texts), now, today)


def _load(tree: Tree, now: datetime, today: date | None) -> Loaded:
    today = today or now.astimezone(read_timezone(tree.root)).date()
    notes = Notes(today, list(tree.findings))
    if tree.data is None:
        return Loaded(Document(), in_order(notes.findings), today)
    notes.findings.extend(check(tree, "access", address_of))
    document = _read(tree.root, notes) if isinstance(tree.data, dict) else Document()
    return Loaded(document, in_order(notes.findings), today)


def _read(root: Node, notes: Notes) -> Document:
    document = Document(
        organization=read_organization(root, notes),
        modes=read_modes(root),
        roles=settle_roles(read_roles(root, notes), notes),
        users=read_users(root, notes),
        teams=read_teams(root, notes),
        mailboxes=read_mailboxes(root, notes),
        partners=read_partners(root, notes),
        removed=read_removed(root, notes),
        demands=read_demands(root),
    )
    for check_part in (check_users, check_reminders, check_teams, check_mailboxes, check_removed, check_demands):
        check_part(document, notes)
    return replace(document, policy=read_policy(root, document, notes))
