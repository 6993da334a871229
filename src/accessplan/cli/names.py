"""The names in the document, to complete what somebody types: nothing live is asked, and no fault is shown."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from accessplan.cli.options import chosen_document
from accessplan.errors import AccessplanError
from accessplan.model import MAILBOX
from accessplan.want.document import Document
from accessplan.want.load import load

LARGEST = 1_000_000
"""Bytes: somebody waits for the completion of a document, and a larger one takes longer than a word is typed in."""


def complete_anybody_or_thing(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a user, team, partner, product selector or mailbox."""
    document = _document(ctx)
    names = (*(user.email for user in document.users.items), *(each.name for each in document.teams_and_partners))
    return [*_beginning(incomplete, names), *complete_things(ctx, parameter, incomplete)]


def complete_things(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete a product selector or mailbox."""
    document = _document(ctx)
    holders = (*document.users.items, *document.teams_and_partners, *document.roles.values())
    selectors = (grant.address.key for holder in holders for grant in holder.grants.items)
    return _beginning(incomplete, (*selectors, *(f"{MAILBOX}/{each.email}" for each in document.mailboxes.items)))


def _document(ctx: click.Context) -> Document:
    path = chosen_document(ctx.params.get("document"))
    try:
        return load(path, datetime.now(UTC)).document if _size(path) <= LARGEST else Document()
    except (AccessplanError, OSError):
        return Document()


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in (path.iterdir() if path.is_dir() else [path]))


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    """Choose the names that begin so: those that a shell takes as they are, since bash quotes nothing."""
    return sorted({name for name in names if name.startswith(incomplete) and shlex.quote(name) == name})
