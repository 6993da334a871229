"""Who decided what in reviews: written into the ledger beside the document, and read from it as evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from accessplan.cli.lock import holding
from accessplan.cli.memory import has_ledger
from accessplan.cli.world import Run
from accessplan.model import Address
from accessplan.review import Decision


@contextmanager
def deciding(run: Run) -> Iterator[Callable[[Address, str, bool], None]]:
    """Open the ledger before a document is edited; yields what writes down an entry, who decided, and whether it stays.

    Raises:
        Locked: another run holds the lock.
        InputError: the ledger cannot be used; nothing was edited yet.
    """
    from accessplan.ledger import note_decision, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    settings, live, today = run.settings, run.live, run.wanted.today
    with (
        holding("review record", live.organization_id, live.origin, settings),
        open_ledger(settings.ledger, live.organization_id, live.origin, write=True) as ledger,
    ):

        def note(address: Address, who: str, keep: bool) -> None:  # noqa: FBT001 - the decision itself
            note_decision(ledger, Decision(address, keep, who, today), settings.now)

        yield note


def decided_by(run: Run) -> Mapping[Address, Decision]:
    """Return the last decision on each entry.

    Raises:
        InputError: there is a ledger, and it cannot be used.
    """
    if not has_ledger(run.settings):
        return {}
    from accessplan.ledger import decisions, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(run.settings.ledger, run.live.organization_id, run.live.origin) as ledger:
        return decisions(ledger)
