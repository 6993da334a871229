"""`accessplan plan`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from accessplan.cli.files import write_file
from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import note_cost, planned
from accessplan.errors import InputError
from accessplan.report import plan_json, text
from accessplan.report.report import Report

FORMATS: dict[str, Callable[[Report], str]] = {"json": plan_json.render, "txt": text.render}
"""The formats of `--out`, by the suffix of the file."""


@click.command()
@document_argument
@click.option(
    "--out", "files", type=click.Path(path_type=Path), multiple=True, help="Write to FILE.json or FILE.txt too."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What goes to stdout.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@click.option("--show-requests", is_flag=True, help="Show what an apply would send.")
@shared_options
def plan(
    path: Path | None,
    files: tuple[Path, ...],
    form: str,
    settings: Settings,
    *,
    detailed_exitcode: bool,
    show_requests: bool,
) -> int:
    """Show what would change in the live organization. Nothing is written to it."""
    unknown = next((file for file in files if file.suffix.removeprefix(".") not in FORMATS), None)
    if unknown is not None:
        raise InputError(f"no format is known for {unknown}", f"The suffix chooses it: {', '.join(sorted(FORMATS))}.")
    with planned(path, settings, detailed_exitcode=detailed_exitcode) as run:
        screen = Screen.of(color=settings.color)
        if form == "json":
            screen.write(plan_json.render(run.report))
        else:
            detail = text.Detail(requests=show_requests, held_back=settings.verbose)
            screen.write(text.render(run.report, width=screen.width, color=screen.color, detail=detail))
        for file in files:
            write_file(file, FORMATS[file.suffix.removeprefix(".")](run.report))
        note_cost(run.source, settings)
        return run.report.exit
