"""`accessplan stale`."""

from __future__ import annotations

from pathlib import Path

import click

from accessplan.cli.files import write_file
from accessplan.cli.living import look_at, not_looked_at, within_option
from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import InputError
from accessplan.report import stale_text
from accessplan.report.stale_formats import BY_SUFFIX, FORMATS, renderer_for
from accessplan.report.stale_report import StaleReport
from accessplan.review import due_soon
from accessplan.stale import find, in_order


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
@within_option("Also what ends, or is due for review, within so many days: 30d.")
@shared_options
def stale(path: Path | None, files: tuple[Path, ...], form: str, within: int | None, settings: Settings) -> int:
    """Say which live grants should be revoked or looked at. Exits with 2 where there are any.

    Each with the signals that say so, and those that the live system does not show. Nothing is changed.
    """
    renderers = {file: renderer_for(file.name) for file in files}
    if unknown := next((file for file, render in renderers.items() if render is None), None):
        raise InputError(f"no format is known for {unknown}", f"The suffix chooses it: {', '.join(BY_SUFFIX)}.")
    with planned(path, settings) as run:
        report = _report(run, within)
        screen = Screen.of(color=settings.color)
        if form == "text":
            screen.write(stale_text.render(report, width=screen.width, color=screen.color))
        else:
            screen.write(FORMATS[form](report))
        for file, render in renderers.items():
            if render:
                write_file(file, render(report))
        note_cost(run.source, settings)
        return report.exit


def _report(run: Run, within: int | None) -> StaleReport:
    look = look_at(run, within)
    found = find(look)
    return StaleReport(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=look.today,
        found=found if within is None else in_order((*found, *due_soon(look))),
        not_covered=not_looked_at(run),
        within=within,
        commit=run.report.commit,
    )
