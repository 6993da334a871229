"""What is seen of the live side, written down: at the end of each apply, and by each drift run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accessplan.apply import Applied
from accessplan.cli.lock import holding
from accessplan.cli.options import Settings
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import Run
from accessplan.drift import Found, Snooze, asked_for, left_open, look
from accessplan.errors import Locked
from accessplan.have.covered import coverage
from accessplan.have.live import Live
from accessplan.model import Address
from accessplan.past import Past
from accessplan.plan import Want, compare
from accessplan.rail.situation import live_counts


def note_end(run: Run, live: Live, want: Want, applied: Applied) -> None:
    """Write down what is live at the end of an apply, how much that is, and what the document wants then.

    Raises:
        InputError: the ledger cannot be used.
    """
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    plan, shown = compare(live.state, want), coverage(live)
    done = [outcome.operation for outcome in applied.outcomes if outcome.is_done_or_asked]
    settings = run.settings
    with book.open_ledger(settings.ledger, live.organization_id, live.origin, write=True) as ledger:
        past = book.past(ledger, shown)
        found = look(live.state, want, plan, past, book.snoozes(ledger), run.wanted.today)
        still = left_open(found, past, live.state, {change.address for each in done for change in each.changes})
        sighting = book.Sighting(live.state.entries, shown, found.counts, still, asked_for(want, plan))
        book.note_sighting(ledger, sighting, settings.now)
        book.note_seen(ledger, live_counts(live.state), settings.now)


def seen(run: Run, began: datetime, *, record: bool) -> tuple[Found, Past]:
    """Say what moved for no known reason, and write down what is live; of a snapshot, and unasked, nothing is written.

    `began` is the moment before the live side was read.

    Raises:
        Locked: an apply was or is at work meanwhile, so that what was read is old.
        InputError: the ledger cannot be used.
    """
    if not (record and records(run)):
        past = run.memory.past
        _refuse_old(past, began)
        return _look(run, past, run.memory.snoozes), past
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    live, settings = run.live, run.settings
    organization, origin, shown = live.organization_id, live.origin, coverage(live)
    with (
        holding("drift", organization, origin, settings),
        book.open_ledger(settings.ledger, organization, origin, write=True) as ledger,
    ):
        past = book.past(ledger, shown)
        _refuse_old(past, began)
        found = _look(run, past, book.snoozes(ledger))
        book.note_sighting(
            ledger, book.Sighting(live.state.entries, shown, found.counts, frozenset(found.open)), settings.now
        )
    return found, past


def records(run: Run) -> bool:
    """Tell whether what is live can be written down: of a snapshot nobody knows how old it is."""
    return not is_snapshot(run.source.name)


def snooze_it(run: Run, snoozed: Snooze, settings: Settings) -> None:
    """Write down that somebody takes an entry as it is, to the end of a day.

    Raises:
        Locked: another run holds the lock.
        InputError: the ledger cannot be used.
    """
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    organization, origin = run.live.organization_id, run.live.origin
    with (
        holding("drift snooze", organization, origin, settings),
        book.open_ledger(settings.ledger, organization, origin, write=True) as ledger,
    ):
        book.note_snoozed(ledger, snoozed, settings.now)


def _look(run: Run, past: Past, snoozes: Mapping[Address, Snooze]) -> Found:
    return look(run.live.state, run.want, run.report.plan, past, snoozes, run.wanted.today)


def _refuse_old(past: Past, began: datetime) -> None:
    if past.applied_at is not None and past.applied_at > began:
        raise Locked("an apply ended while the live organization was read", "Run this again.")
