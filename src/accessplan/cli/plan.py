"""`accessplan plan`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.kinds import Day
from accessplan.cli.options import (
    Settings,
    base_options,
    document_argument,
    invite_again_option,
    shared_options,
)
from accessplan.cli.privacy import hiding_faults, hiding_people, privacy_option
from accessplan.cli.screen import Screen
from accessplan.cli.world import note_cost, planned
from accessplan.report import text
from accessplan.report.formats import RENDERERS
from accessplan.report.report import Report


@click.command()
@document_argument
@forms_option(RENDERERS)
@click.option(
    "--at",
    metavar="DATE",
    type=Day(),
    help="The plan of a day to come (2027-01-01), if nothing but the date changed: what begins and ends by then. It "
    "cannot be applied. Unlike --today it moves no clock: live is as it is now.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@click.option("--show-requests", is_flag=True, help="Show what an apply would send; JSON always has it.")
@privacy_option
@shared_options
@invite_again_option
@base_options
def plan(
    path: Path | None,
    forms: Forms[Report],
    at: date | None,
    settings: Settings,
    *,
    detailed_exitcode: bool,
    show_requests: bool,
    privacy: bool,
) -> int:
    """Show what would change in the live organization. Nothing is written to it."""
    settings = replace(settings, at=at)
    with hiding_faults(privacy), planned(path, settings, detailed_exitcode=detailed_exitcode) as run:
        report = hiding_people(run) if privacy else run.report
        detail = text.Detail(requests=show_requests, held_back=settings.verbose)
        forms.write(report, Screen.of(color=settings.color), text.render, detail=detail)
        note_cost(run.source, settings)
        return report.exit
