"""The journal of a run that writes: opened before the first request, closed after the last."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from accessplan.apply import Applied
from accessplan.apply import Journal as Keeper
from accessplan.cli.lock import me
from accessplan.cli.memory import make_room
from accessplan.cli.world import Run
from accessplan.errors import InputError
from accessplan.have.covered import coverage
from accessplan.have.live import Live
from accessplan.receipt import Ground, Receipt
from accessplan.saved import SavedPlan


class Journal(Keeper, Protocol):
    """What a run writes into the ledger: `accessplan.ledger.Journal`, which is imported only for a run that writes."""

    def end(self, applied: Applied) -> None:
        """Write down that the run came to its end; raises an InputError where that fails."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An open journal, the receipt that it makes, and what writes down that a saved plan is done with."""

    journal: Journal
    receipt: str
    consume: Callable[[SavedPlan], None]


def ground(live: Live) -> Ground:
    """Say what a run finds that begins on the live side as it was read."""
    products = {live.catalogue.label(product): product.id for product in live.catalogue.products}
    return Ground(live.state, coverage(live), products, live.ids)


@contextmanager
def keeping(run: Run, command: str) -> Iterator[Kept]:
    """Open the journal of a run that holds the lock, once what came of runs that died is written down.

    Raises:
        InputError: the ledger cannot be used; nothing was changed yet.
    """
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    settings, report = run.settings, run.report
    make_room(settings)
    clock = _clock(settings.now)
    with book.open_ledger(settings.ledger, run.live.organization_id, run.live.origin, write=True) as ledger:
        found = ground(run.live)
        book.settle(ledger, found, clock())
        begun = Receipt(
            id=secrets.token_hex(4),
            command=command,
            who=me(),
            at=clock(),
            document=report.document,
            commit=report.commit,
            plan=report.plan.id,
        )
        journal = book.Journal(ledger, begun, found, clock)
        yield Kept(
            journal,
            begun.id,
            consume=lambda saved: book.note_applied(ledger, saved.id, saved.made_at, clock()),
        )


def settle(run: Run) -> None:
    """Write down what came of runs that died, where there are any; only who holds the lock may.

    Raises:
        InputError: the ledger cannot be used.
    """
    if not run.memory.unfinished:
        return
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    settings = run.settings
    with book.open_ledger(settings.ledger, run.live.organization_id, run.live.origin, write=True) as ledger:
        book.settle(ledger, ground(run.live), settings.now)


def conclude(kept: Kept, applied: Applied, saved: SavedPlan | None) -> Applied:
    """Write down that a run came to its end; where that fails, say so: what it did was done all the same."""
    if applied.note:
        return applied  # it was interrupted: the next run looks what came of its last request
    try:
        if saved is not None and _is_accepted(applied):
            kept.consume(saved)
        kept.journal.end(applied)
    except InputError as error:
        return replace(applied, note=f"What it did could not be written down: {error}.")
    return applied


def _is_accepted(applied: Applied) -> bool:
    """Tell whether all requests were sent and accepted; steps may be left to be done by hand."""
    return all(outcome.is_done_or_asked for outcome in applied.outcomes)


def _clock(start: datetime) -> Callable[[], datetime]:
    """Return a clock that goes on from the moment of the run, which may be pinned."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
