"""Carry a plan out: operation by operation, past failures that stand alone, and say what came of each."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from accessplan.errors import Exit, LiveError, RequestRefused, TokenRefused
from accessplan.model import Address, Entry, State
from accessplan.plan import Change, Plan, owners
from accessplan.route import Operation, Request

FAILURES_IN_A_ROW = 3
"""After this many the live system is taken to be out of order, and the run stops."""


class Backend(Protocol):
    """What apply needs of the live system."""

    def send(self, request: Request) -> None:
        """Send one request, and remember the number of what it creates.

        Raises:
            LiveError: it was refused or not answered.
        """


class Status(StrEnum):
    """What came of an operation."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    BY_HAND = "by hand"
    WITHOUT_EFFECT = "without effect"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An operation and what came of it; `sent` counts its requests that were carried out, or may have been."""

    operation: Operation
    status: Status
    reason: str = ""
    error: LiveError | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """A whole run: its outcomes, entries that moved beside them, and a note where the run is not known to its end."""

    outcomes: tuple[Outcome, ...]
    strays: tuple[Address, ...] = ()
    note: str = ""

    @property
    def exit(self) -> Exit:
        """The exit code."""
        statuses = {outcome.status for outcome in self.outcomes}
        if statuses <= {Status.DONE} and not self.note and not self.strays:
            return Exit.OK
        if Status.FAILED in statuses and not self.note and not any(outcome.sent for outcome in self.outcomes):
            return Exit.LIVE
        return Exit.INCOMPLETE


def carry_out(operations: Iterable[Operation], backend: Backend) -> Iterator[Outcome]:
    """Carry operations out in their order and yield each outcome as it comes.

    A failure skips what depends on it and nothing else; a refused token, or three failures in a row, stop the run.
    Operations by hand are passed on as they are.
    """
    failed: set[Address] = set()
    in_a_row = 0
    stopped = ""
    for operation in operations:
        outcome = _carry_out_one(operation, backend, failed, stopped)
        yield outcome
        if outcome.status is Status.DONE:
            in_a_row = 0
        elif outcome.status is Status.FAILED:
            in_a_row += 1
            stopped = stopped or _reason_to_stop(outcome, in_a_row)
        if outcome.status in (Status.FAILED, Status.SKIPPED):
            failed.update(change.address for change in operation.changes)


def read_back(outcomes: Iterable[Outcome], remaining: Plan) -> tuple[Outcome, ...]:
    """Mark what was accepted and yet is still to be done: `remaining` is the plan after a fresh read.

    What is done in part by hand may be half way; it must have moved, though.
    """
    outcomes = tuple(outcomes)
    by_hand = {change.address for each in outcomes if each.operation.is_manual for change in each.operation.changes}
    left = {change.address: change.before for change in remaining.changes}
    return tuple(
        replace(each, status=Status.WITHOUT_EFFECT, reason="accepted, but the live system does not show it")
        if each.status is Status.DONE and any(_is_left(change, left, by_hand) for change in each.operation.changes)
        else each
        for each in outcomes
    )


def _is_left(change: Change, left: Mapping[Address, Entry | None], by_hand: Container[Address]) -> bool:
    if change.address not in left:
        return False
    return change.address not in by_hand or left[change.address] == change.before


def strays(outcomes: Iterable[Outcome], before: State, after: State) -> tuple[Address, ...]:
    """List entries that moved although no operation of the run was to move them.

    Somebody else was at work meanwhile, or a request did more than it was asked to. What goes with a user or team that
    is removed is no stray.
    """
    changes = [change for each in outcomes for change in each.operation.changes]
    ours = {change.address for change in changes}
    removed = {change.address for change in changes if change.after is None and not change.address.part}
    return tuple(
        address
        for address in sorted(before.entries.keys() | after.entries.keys())
        if before.entries.get(address) != after.entries.get(address)
        and address not in ours
        and not owners(address) & removed
    )


def _carry_out_one(operation: Operation, backend: Backend, failed: set[Address], stopped: str) -> Outcome:
    if operation.is_manual:
        return Outcome(operation, Status.BY_HAND, operation.why_manual)
    if stopped:
        return Outcome(operation, Status.SKIPPED, stopped)
    if missing := sorted(failed & operation.needs):
        return Outcome(operation, Status.SKIPPED, f"it needs {missing[0]}, which failed")
    sent = 0
    try:
        for request in operation.requests:
            backend.send(request)
            sent += 1
    except LiveError as error:
        if isinstance(error, RequestRefused | TokenRefused):
            return Outcome(operation, Status.FAILED, str(error), error, sent)
        unsure = f"{error}; it may have been carried out all the same, as accessplan plan will tell"
        return Outcome(operation, Status.FAILED, unsure, error, sent + 1)
    return Outcome(operation, Status.DONE, sent=sent)


def _reason_to_stop(outcome: Outcome, in_a_row: int) -> str:
    if isinstance(outcome.error, TokenRefused):
        return "stopped: the token was refused"
    if in_a_row >= FAILURES_IN_A_ROW:
        return f"stopped after {FAILURES_IN_A_ROW} failures in a row"
    return ""
