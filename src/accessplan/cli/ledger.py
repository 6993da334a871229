"""`accessplan ledger …`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import click

from accessplan.cli.kinds import Days
from accessplan.cli.lock import me
from accessplan.cli.options import Settings, ledger_options
from accessplan.cli.question import ask
from accessplan.cli.screen import Screen
from accessplan.plain import moment
from accessplan.report.console import number


class Loss(Protocol):
    """What an organization loses: `accessplan.ledger.Loss`, which is imported only when the command runs."""

    @property
    def organization(self) -> int:
        """Its number."""

    @property
    def live(self) -> str:
        """The live system."""

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many rows of each kind."""


@click.group()
def ledger() -> None:
    """Keep the record of what was done and said no longer than you may."""


@ledger.command()
@click.option(
    "--older-than", "days", metavar="DAYS", type=Days(), required=True, help="Prune what was written before: 730d."
)
@click.option("--dry-run", is_flag=True, help="Only say what would lose its content.")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@ledger_options
def prune(days: int, settings: Settings, *, dry_run: bool, auto_approve: bool) -> None:
    """Take away the content of old rows, of all organizations, and what it says of people with it. It asks first.

    What still counts is kept, however old: the last word on an entry, invitations of people who have not left. The rows
    themselves stay, so that `history verify` can tell what was pruned from what was changed; a row says who pruned.
    """
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    screen = Screen.of(color=settings.color)
    before = settings.now - timedelta(days=days)
    links = book.all_links(settings.ledger)
    found = book.losses(links, before)
    screen.line(_sentence(found, f"written before {moment(before)}"))
    for loss in found:
        screen.line(f"  organization {loss.organization} at {loss.live}: {_kinds(loss)}")
    if dry_run or not links:
        return
    if found and not auto_approve:
        ask("Take their content away, for good?")
    # also where there is nothing to prune: it clears the file of what a run that died left in its free space
    done = book.prune(settings.ledger, before, me(), settings.now)
    if done:
        screen.line(f"Done: {_rows(done)} lost their content.")


def _sentence(found: Sequence[Loss], when: str) -> str:
    if not found:
        return f"Nothing to prune: what was {when} still counts, is kept for good, or was pruned."
    return f"To lose their content: {_rows(found)} {when}."


def _rows(found: Sequence[Loss]) -> str:
    return number(sum(sum(loss.kinds.values()) for loss in found), "row", "rows")


def _kinds(loss: Loss) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(loss.kinds.items()))
