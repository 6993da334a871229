"""`accessplan snapshot`."""

from __future__ import annotations

from pathlib import Path

import click

from accessplan.cli.files import write_file
from accessplan.cli.options import Settings, document_argument, organization_option, shared_options
from accessplan.cli.outputs import OutputFile
from accessplan.cli.world import live_side, note_cost
from accessplan.have.snapshot import render
from accessplan.scope import EVERYTHING_TO_PLAN_ON


@click.command()
@document_argument
@organization_option
@click.option("--out", type=OutputFile(), default=Path("snapshot.json"), show_default=True)
@shared_options
def snapshot(path: Path | None, account: int | None, out: Path, settings: Settings) -> None:
    """Write the live organization into one file, to plan without a token: `plan --live snapshot.json`."""
    with live_side(path, account, EVERYTHING_TO_PLAN_ON, settings) as source:
        write_file(out, render(source.live, settings.now), private=True)
        note_cost(source, settings)
