"""Carry a plan out: operation by operation, past failures that stand alone, and say what came of each."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from accessplan.change import Change
from accessplan.errors import AccessplanError, Exit, InputError, ItemsRefused, LiveError, RequestRefused, TokenRefused
from accessplan.model import Address, Delegation, Entry, State, Use, filled, has_moved, owners
from accessplan.plan import Plan
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


class Journal(Protocol):
    """What apply needs of the ledger: the intent is kept before anything is sent, the outcome after.

    Both raise an InputError where that cannot be done.
    """

    def intend(self, operation: Operation) -> None:
        """Keep what is about to be sent."""

    def note(self, outcome: Outcome) -> None:
        """Keep what came of it, or that it is asked of a person."""


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
    error: AccessplanError | None = None
    sent: int = 0

    @property
    def is_done_or_asked(self) -> bool:
        """Whether it was carried out, or is asked of a person: what comes of it is known from then on."""
        return self.status in (Status.DONE, Status.BY_HAND)


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


def carry_out(operations: Iterable[Operation], backend: Backend, journal: Journal) -> Iterator[Outcome]:
    """Carry operations out in their order and yield each outcome as it comes.

    A failure skips what depends on it and nothing else; a refused token, or three failures in a row, stop the run, and
    so does a journal that cannot be kept. What is by hand is passed on, unless it needs what failed. An operation that
    was refused for some people has two outcomes, the second of which is what failed.
    """
    failed: set[Address] = set()
    in_a_row = 0
    stopped = ""
    for operation in operations:
        for outcome in _carry_out_one(operation, backend, journal, failed, stopped):
            stopped = stopped or _keep(outcome, journal)
            yield outcome
            if outcome.status is Status.DONE:
                in_a_row = 0
            elif outcome.status is Status.FAILED:
                in_a_row += 1
            if outcome.status in (Status.FAILED, Status.SKIPPED):
                stopped = stopped or _reason_to_stop(outcome, in_a_row)
                failed.update(change.address for change in outcome.operation.changes)


def _keep(outcome: Outcome, journal: Journal) -> str:
    """Write an outcome down; return why nothing more is to be sent where that fails."""
    try:
        journal.note(outcome)
    except InputError as error:
        return f"stopped, since what was done could not be written down: {error}"
    return ""


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
    now = left[change.address]
    return now == change.before if change.address in by_hand else not _is_only_shown_now(change.after, now)


def _is_only_shown_now(made: Entry | None, now: Entry | None) -> bool:
    """Tell whether all is as it was to be, and what is left is about something that was not shown before."""
    if not (isinstance(made, Use | Delegation) and isinstance(now, Use | Delegation)):
        return False
    return made != now and filled(made, now) == now


def strays(outcomes: Iterable[Outcome], before: State, after: State) -> tuple[Address, ...]:
    """List entries that moved although no operation of the run was to move them.

    Somebody else was at work meanwhile, or a request did more than it was asked to. What goes with a user or team that
    is removed is no stray, nor what goes with an invitation that is cancelled for a person to send another by hand, nor
    a place that comes and goes with another, nor what is there on somebody's word alone.
    """
    changes = [change for each in outcomes for change in each.operation.changes]
    ours = {change.address for change in changes}
    gone = {address for address in ours if not address.part and address not in after.entries}
    return tuple(
        address
        for address in sorted(before.entries.keys() | after.entries.keys())
        if has_moved(before.entries.get(address), after.entries.get(address))
        and address not in ours
        and not owners(address) & gone
        and not any(_is_implied(state.entries.get(address)) for state in (before, after))
        and not _is_by_word(address, after)
    )


def _is_by_word(address: Address, state: State) -> bool:
    spot = state.hides(address)
    return spot is not None and spot.by_word


def _is_implied(entry: Entry | None) -> bool:
    return isinstance(entry, Use) and entry.implied


def _carry_out_one(
    operation: Operation, backend: Backend, journal: Journal, failed: set[Address], stopped: str
) -> tuple[Outcome, ...]:
    if stopped and not operation.is_manual:
        return (Outcome(operation, Status.SKIPPED, stopped),)
    if missing := sorted(failed & operation.needs):
        return (Outcome(operation, Status.SKIPPED, f"it needs {missing[0]}, which failed"),)
    if operation.is_manual:
        return (Outcome(operation, Status.BY_HAND, operation.why_manual),)
    try:
        journal.intend(operation)
    except InputError as error:
        return (Outcome(operation, Status.SKIPPED, str(error), error),)
    sent = 0
    try:
        for request in operation.requests:
            backend.send(request)
            sent += 1
    except ItemsRefused as error:
        return _split(operation, error, sent)
    except LiveError as error:
        if isinstance(error, RequestRefused | TokenRefused):
            return (Outcome(operation, Status.FAILED, str(error), error, sent),)
        unsure = f"{error}; it may have been carried out all the same, as accessplan plan will tell"
        return (Outcome(operation, Status.FAILED, unsure, error, sent + 1),)
    return (Outcome(operation, Status.DONE, sent=sent),)


def _split(operation: Operation, error: ItemsRefused, sent: int) -> tuple[Outcome, ...]:
    """Tell what was done, and what was refused: the changes of the people whom the answer refuses.

    Where more requests were to follow, nothing is done.
    """
    is_last = sent + 1 == len(operation.requests)
    refused = {each for each in operation.changes if owners(each.address) & error.items.keys()}
    done = tuple(each for each in operation.changes if each not in refused)
    if not (done and is_last):
        return (Outcome(operation, Status.FAILED, str(error), error, sent + bool(done)),)
    rest = tuple(each for each in operation.changes if each in refused)
    failed = Outcome(replace(operation, changes=rest), Status.FAILED, str(error), error, sent)
    return Outcome(replace(operation, changes=done), Status.DONE, sent=sent + 1), failed


def _reason_to_stop(outcome: Outcome, in_a_row: int) -> str:
    if isinstance(outcome.error, TokenRefused):
        return "stopped: the token was refused"
    if isinstance(outcome.error, InputError):
        return f"stopped, since what is to be done cannot be written down: {outcome.error}"
    if in_a_row >= FAILURES_IN_A_ROW:
        return f"stopped after {FAILURES_IN_A_ROW} failures in a row"
    return ""
