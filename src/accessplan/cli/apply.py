"""`accessplan apply`."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from accessplan.apply import Applied, Backend, Outcome, Status, carry_out, read_back, strays
from accessplan.cli.approved import SUFFIX, as_approved, planned_alike, saved_plan
from accessplan.cli.memory import note_live, prepare, remember
from accessplan.cli.options import Settings, base_options, document_argument, invite_again_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import AccessplanError, Blocked, Declined, Exit, InputError
from accessplan.have.live import Live
from accessplan.report import outcome as outcome_text
from accessplan.report import text
from accessplan.saved import SavedPlan


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
        if run.report.judgement.is_blocked:
            raise Blocked("the plan is blocked; nothing was changed", "See BLOCKED in the plan.")
        if not run.report.operations:
            return Exit.OK
        open_backend = run.source.to_write()
        if run.report.requests and not auto_approve and saved is None:
            _ask()
        prepare(run.live, settings)
        with open_backend() as backend:
            applied = _carry_out(run, backend, screen)
        applied = _concluded(run, applied, saved)
        try:
            screen.write("\n" + outcome_text.render(applied, width=screen.width, color=screen.color))
        except OSError:
            return Exit.INCOMPLETE  # it was done, and could not be told
        note_cost(run.source, settings)
        return applied.exit


def _ask() -> None:
    click.echo("\nCarry this out? Only 'yes' is taken as a yes: ", err=True, nl=False)
    answer = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo(err=True)  # nobody typed the end of the line
    if answer.strip() != "yes":
        raise Declined("not approved; nothing was changed")


def _carry_out(run: Run, backend: Backend, screen: Screen) -> Applied:
    """Send the requests, and show each outcome as it comes; an interruption ends it after what was sent."""
    outcomes: list[Outcome] = []
    screen.write("\n")
    try:
        for outcome in carry_out(run.report.operations, backend):
            outcomes.append(outcome)
            if outcome.status is not Status.BY_HAND:
                with suppress(OSError):  # a full disk must not stop an apply half way
                    screen.write(outcome_text.render_line(outcome, width=screen.width, color=screen.color))
    except KeyboardInterrupt:
        return Applied(
            tuple(outcomes), note="Interrupted: the last request may have been carried out, the rest was not sent."
        )
    return Applied(tuple(outcomes))


def _concluded(run: Run, applied: Applied, saved: SavedPlan | None) -> Applied:
    """Write down what was done, and read back; where one of these fails, say so: it was done all the same."""
    forgotten = ""
    try:
        remember(applied, run.live, run.settings, saved)
    except InputError as error:
        forgotten = f"What it did could not be written down: {error}."
    applied, live = _read_back(run, applied)
    try:
        if live is not None and not forgotten:
            note_live(live, run.settings)
    except InputError as error:
        forgotten = f"How much is live could not be written down: {error}."
    return replace(applied, note=" ".join(filter(None, (applied.note, forgotten))))


def _read_back(run: Run, applied: Applied) -> tuple[Applied, Live | None]:
    """Read once more; where that fails, what was done is told all the same."""
    if applied.note:
        return applied, None
    if not any(outcome.sent for outcome in applied.outcomes):
        return applied, run.live
    try:
        live, left = run.again()
    except AccessplanError as error:
        return replace(applied, note=f"What was done could not be read back: {error}."), None
    moved = strays(applied.outcomes, run.live.state, live.state)
    return Applied(read_back(applied.outcomes, left), moved), live
