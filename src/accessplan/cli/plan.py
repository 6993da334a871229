"""`accessplan plan`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from accessplan.cli.files import write_file
from accessplan.cli.options import Settings, document_argument, invite_again_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import note_cost, planned
from accessplan.errors import InputError
from accessplan.report import markdown, plan_json, text
from accessplan.report.report import Report


class Format(NamedTuple):
    """A form of the plan: the suffix of its files, and how it is rendered."""

    suffix: str
    render: Callable[[Report], str]


FORMATS = {
    "text": Format(".txt", text.render),
    "json": Format(".json", plan_json.render),
    "md": Format(".md", markdown.render),
}
"""The forms of the plan, by the name that `--format` takes."""

BY_SUFFIX = {each.suffix: each.render for each in FORMATS.values()}


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
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@click.option("--show-requests", is_flag=True, help="Show what an apply would send; JSON always has it.")
@shared_options
@invite_again_option
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
    unknown = next((file for file in files if file.suffix not in BY_SUFFIX), None)
    if unknown is not None:
        raise InputError(f"no format is known for {unknown}", f"The suffix chooses it: {', '.join(BY_SUFFIX)}.")
    with planned(path, settings, detailed_exitcode=detailed_exitcode) as run:
        screen = Screen.of(color=settings.color)
        if form == "text":
            detail = text.Detail(requests=show_requests, held_back=settings.verbose)
            screen.write(text.render(run.report, width=screen.width, color=screen.color, detail=detail))
        else:
            screen.write(FORMATS[form].render(run.report))
        for file in files:
            write_file(file, BY_SUFFIX[file.suffix](run.report))
        note_cost(run.source, settings)
        return run.report.exit
