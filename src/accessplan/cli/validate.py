"""`accessplan validate`."""

from __future__ import annotations

from pathlib import Path

import click

from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import wanted
from accessplan.report.console import number


@click.command()
@document_argument
@shared_options
def validate(path: Path | None, settings: Settings) -> None:
    """Check the document alone: no token, no network.

    Every fault is named in one run, with its file, line and column, and how to mend it.
    """
    screen = Screen.of(color=settings.color)
    read = wanted(path, settings)
    screen.findings(read.findings)
    if not settings.quiet:
        users, teams = len(read.document.users.items), len(read.document.teams.items)
        warnings = f", {number(len(read.findings), 'warning', 'warnings')}" if read.findings else ""
        counts = f"{number(users, 'user', 'users')}, {number(teams, 'team', 'teams')}{warnings}"
        screen.line(f"{read.path} is valid: {counts}.")
