"""`accessplan plan`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from accessplan.cli.files import write_file
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
from accessplan.errors import InputError
from accessplan.report import text
from accessplan.report.formats import BY_SUFFIX, FORMATS, renderer_for


@click.command()
@document_argument
@click.option(
    "--out",
    "files",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help=f"Write to a file too, in the format of its suffix: {', '.join(BY_SUFFIX)} (repeatable).",
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="What goes to stdout."
)
@click.option(
    "--at",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
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
    files: tuple[Path, ...],
    form: str,
    at: datetime | None,
    settings: Settings,
    *,
    detailed_exitcode: bool,
    show_requests: bool,
    privacy: bool,
) -> int:
    """Show what would change in the live organization. Nothing is written to it."""
    renderers = {file: renderer_for(file.name) for file in files}
    if unknown := next((file for file, render in renderers.items() if render is None), None):
        raise InputError(f"no format is known for {unknown}", f"The suffix chooses it: {', '.join(BY_SUFFIX)}.")
    settings = replace(settings, at=at.date() if at else None)
    with hiding_faults(privacy), planned(path, settings, detailed_exitcode=detailed_exitcode) as run:
        report = hiding_people(run) if privacy else run.report
        screen = Screen.of(color=settings.color)
        if form == "text":
            detail = text.Detail(requests=show_requests, held_back=settings.verbose)
            screen.write(text.render(report, width=screen.width, color=screen.color, detail=detail))
        else:
            screen.write(FORMATS[form].render(report))
        for file, render in renderers.items():
            if render:
                write_file(file, render(report))
        note_cost(run.source, settings)
        return report.exit
