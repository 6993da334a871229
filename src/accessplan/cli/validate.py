"""`accessplan validate`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from accessplan.cli.options import Settings, chosen_document, document_argument, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import Wanted, wanted
from accessplan.errors import InputError
from accessplan.finding import Finding
from accessplan.report.console import number
from accessplan.report.formats import OF_FINDINGS
from accessplan.report.marks import marks_on

TEXT = "text"


@click.command()
@document_argument
@click.option(
    "--format",
    "form",
    type=click.Choice([TEXT, *OF_FINDINGS]),
    default=TEXT,
    show_default=True,
    help="What goes to stdout; faults are told on stderr in any case.",
)
@shared_options
def validate(path: Path | None, form: str, settings: Settings) -> None:
    """Check the document alone: no token, no network.

    Every fault is named in one run, with its file, line and column, and how to mend it.
    """
    try:
        read = wanted(path, settings)
    except InputError as error:
        if form != TEXT and error.findings:
            _write(form, error.findings, path, settings)
        raise
    if form == TEXT:
        _tell(read, settings)
    else:
        _write(form, read.findings, path, settings)


def _tell(read: Wanted, settings: Settings) -> None:
    screen = Screen.of(color=settings.color)
    screen.findings(read.findings)
    if not settings.quiet:
        users, teams = len(read.document.users.items), len(read.document.teams.items)
        warnings = f", {number(len(read.findings), 'warning', 'warnings')}" if read.findings else ""
        counts = f"{number(users, 'user', 'users')}, {number(teams, 'team', 'teams')}{warnings}"
        screen.line(f"{read.path} is valid: {counts}.")


def _write(form: str, findings: Iterable[Finding], path: Path | None, settings: Settings) -> None:
    marks = marks_on(findings, str(chosen_document(path)))
    Screen.of(color=settings.color).write(OF_FINDINGS[form](marks))
