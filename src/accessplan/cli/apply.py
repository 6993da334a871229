"""`accessplan apply`."""

from __future__ import annotations

from pathlib import Path

import click

from accessplan.cli.approved import SUFFIX, as_approved, planned_alike, saved_plan
from accessplan.cli.options import Settings, base_options, document_argument, invite_again_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import planned
from accessplan.cli.writing import go_ahead
from accessplan.report import text


@click.command()
@document_argument
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@shared_options
@invite_again_option
@base_options
def apply(path: Path | None, settings: Settings, *, auto_approve: bool) -> int:
    """Show the plan, ask, and carry it out.

    PATH is the document. Where it is a plan that `plan --out plan.json` saved, nothing is asked: the document is
    planned anew, and carried out where all of that was approved; else what was not is shown, and the exit code is 7.

    What cannot be done by a documented request is printed as a checklist. Failures that stand alone do not stop the
    rest; afterwards the live organization is read again, and what was accepted without effect is named.
    """
    screen = Screen.of(color=settings.color)
    saved = saved_plan(path, settings) if path is not None and path.suffix == SUFFIX else None
    if saved is not None:
        path, settings = planned_alike(saved, settings)
    with planned(path, settings, lock="apply") as whole:
        run, left = as_approved(whole, saved, screen) if saved is not None else (whole, "")
        detail = text.Detail(steps=False, held_back=settings.verbose)  # the steps stand at the end, as a checklist
        screen.write(text.render(run.report, width=screen.width, color=screen.color, detail=detail))
        screen.write(left)
        return go_ahead(run, screen, is_approved=auto_approve or saved is not None, saved=saved)
