"""Carry out a plan that was shown: ask, write down what is to be done, do it, read back, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from accessplan.apply import Applied, Backend, Journal, Outcome, Status, carry_out, read_back, strays
from accessplan.cli.journal import conclude, keeping, settle
from accessplan.cli.progress import working
from accessplan.cli.question import ask
from accessplan.cli.screen import Screen
from accessplan.cli.sightings import note_end
from accessplan.cli.world import Run, note_cost
from accessplan.errors import AccessplanError, Blocked, Exit, InputError
from accessplan.have.live import Live
from accessplan.plan import Want
from accessplan.report import outcome as outcome_text
from accessplan.saved import SavedPlan


def go_ahead(
    run: Run, screen: Screen, *, is_approved: bool, command: str = "apply", saved: SavedPlan | None = None
) -> int:
    """Carry a plan out unless it is blocked, or somebody says no; returns the exit code.

    Raises:
        Blocked: a rail or an access test refuses it.
        Declined: it was to be approved, and was not.
        InputError: the live side is a snapshot, or the ledger cannot be used; nothing was changed.
    """
    if run.report.judgement.is_blocked:
        raise Blocked("the plan is blocked; nothing was changed", "See BLOCKED in the plan.")
    if not run.report.operations:
        settle(run)
        if run.source.open_backend is not None and run.is_of_document:
            note_end(run, run.live, run.want, Applied(()))
        return Exit.OK
    open_backend = run.source.to_write()
    if run.report.requests and not is_approved:
        ask()
    return _write(run, open_backend, screen, command, saved)


def _write(
    run: Run,
    open_backend: Callable[[], AbstractContextManager[Backend]],
    screen: Screen,
    command: str,
    saved: SavedPlan | None,
) -> int:
    with keeping(run, command) as kept, open_backend() as backend:
        applied = conclude(kept, _carry_out(run, backend, kept.journal, screen), saved)
    try:
        applied = _concluded(run, applied)
    except KeyboardInterrupt:
        applied = replace(applied, note="Interrupted: what was done was not read back.")
    try:
        screen.write("\n" + outcome_text.render(applied, width=screen.width, color=screen.color))
        screen.line(f"Receipt {kept.receipt}; accessplan undo {kept.receipt} plans the way back.")
    except OSError:
        return Exit.INCOMPLETE  # it was done, and could not be told
    note_cost(run.source, run.settings)
    return applied.exit


def _carry_out(run: Run, backend: Backend, journal: Journal, screen: Screen) -> Applied:
    """Send the requests, and show each outcome as it comes; an interruption ends it after what was sent."""
    outcomes: list[Outcome] = []
    operations = run.report.operations
    screen.write("\n")
    try:
        with working(lambda: f"Applying: {len(outcomes)} of {len(operations)} operations", run.settings, screen.stream):
            for outcome in carry_out(operations, backend, journal):
                outcomes.append(outcome)
                if outcome.status is not Status.BY_HAND:
                    with suppress(OSError):  # a full disk must not stop an apply half way
                        screen.write(outcome_text.render_line(outcome, width=screen.width, color=screen.color))
    except KeyboardInterrupt:
        return Applied(
            tuple(outcomes), note="Interrupted: the last request may have been carried out, the rest was not sent."
        )
    return Applied(tuple(outcomes))


def _concluded(run: Run, applied: Applied) -> Applied:
    """Read back, and write down what is live; where that fails, say so."""
    applied, live, want = _read_back(run, applied)
    try:
        if live is not None:
            note_end(run, live, want, applied)
    except InputError as error:
        forgotten = f"What is live could not be written down: {error}."
        return replace(applied, note=" ".join(filter(None, (applied.note, forgotten))))
    return applied


def _read_back(run: Run, applied: Applied) -> tuple[Applied, Live | None, Want]:
    """Read once more; where that fails, what was done is told all the same. Returns what the document wants, too."""
    want = run.want if run.is_of_document else run.written
    if applied.note:
        return applied, None, want
    if not any(outcome.sent for outcome in applied.outcomes):
        return applied, run.live, want
    try:
        live, want, left = run.again()
    except AccessplanError as error:
        return replace(applied, note=f"What was done could not be read back: {error}."), None, want
    moved = strays(applied.outcomes, run.live.state, live.state)
    return Applied(read_back(applied.outcomes, left), moved), live, want
