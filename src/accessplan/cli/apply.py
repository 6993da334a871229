"""`accessplan apply`."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from accessplan.apply import Applied, Backend, Outcome, Status, carry_out, read_back, strays
from accessplan.cli.memory import prepare, remember
from accessplan.cli.options import Settings, document_argument, invite_again_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import AccessplanError, Blocked, Declined, Exit, InputError
from accessplan.report import outcome as outcome_text
from accessplan.report import text


@click.command()
@document_argument
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@shared_options
@invite_again_option
def apply(path: Path | None, settings: Settings, *, auto_approve: bool) -> int:
    """Show the plan, ask, and carry it out.

    What cannot be done by a documented request is printed as a checklist. Failures that stand alone do not stop the
    rest; afterwards the live organization is read again, and what was accepted without effect is named.
    """
    screen = Screen.of(color=settings.color)
    with planned(path, settings) as run:
        detail = text.Detail(steps=False, held_back=settings.verbose)  # the steps stand at the end, as a checklist
        screen.write(text.render(run.report, width=screen.width, color=screen.color, detail=detail))
        if not run.report.operations:
            return Exit.OK
        if run.report.judgement.is_blocked:
            raise Blocked("the plan is blocked; nothing was changed", "See BLOCKED in the plan.")
        if run.source.backend is None:
            raise InputError(f"{run.source.name} is a snapshot, which cannot be changed", "Apply to the live one.")
        if run.report.requests and not auto_approve:
            _ask()
        prepare(run.report.plan.changes, run.live, settings)
        applied = _carry_out(run, run.source.backend, screen)
        forgotten = _remember(run, applied)
        applied = _read_back(run, applied)
        if forgotten:
            applied = replace(applied, note=" ".join(filter(None, (applied.note, forgotten))))
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


def _remember(run: Run, applied: Applied) -> str:
    """Write down whom the run invited; where that fails after all, say so: it was done all the same."""
    try:
        remember(applied, run.live, run.settings)
    except InputError as error:
        return f"Whom it invited could not be written down: {error}."
    return ""


def _read_back(run: Run, applied: Applied) -> Applied:
    """Read once more; where that fails, what was done is told all the same."""
    if applied.note or not any(outcome.sent for outcome in applied.outcomes):
        return applied
    try:
        live, left = run.again()
    except AccessplanError as error:
        return replace(applied, note=f"What was done could not be read back: {error}.")
    moved = strays(applied.outcomes, run.live.state, live.state)
    return Applied(read_back(applied.outcomes, left), moved)
