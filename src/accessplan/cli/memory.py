"""What the ledger remembers that a plan needs. Without a ledger, nothing is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accessplan.announcement import Announced
from accessplan.cli.files import make_state_folder
from accessplan.cli.options import Settings
from accessplan.drift import Snooze
from accessplan.have.covered import coverage
from accessplan.have.live import Live
from accessplan.model import Address, Entry
from accessplan.past import NO_PAST, Past, Word
from accessplan.receipt import Receipt
from accessplan.saved import SavedPlan


@dataclass(frozen=True, slots=True)
class Memory:
    """What people said of the live side, how often accessplan invited whom, what it last saw, and what it announced.

    `last_seen` says how many entries of each kind (of `policy.mode`) were live at the end of the last apply; None where
    there was none. `unfinished` are runs that did not come to their end, as far as is written down. `past` is what was
    seen of the live side before, and `snoozes` what people take as it is although it drifted.
    """

    words: Mapping[Address, Word] = field(default_factory=dict)
    times_invited: Mapping[str, int] = field(default_factory=dict)
    last_seen: Mapping[str, int] | None = None
    announced: Mapping[Address, Announced] = field(default_factory=dict)
    unfinished: tuple[Receipt, ...] = ()
    past: Past = NO_PAST
    snoozes: Mapping[Address, Snooze] = field(default_factory=dict)

    @property
    def entries(self) -> dict[Address, Entry | None]:
        """What is there on somebody's word, or gone."""
        return {address: word.entry for address, word in self.words.items()}


def has_ledger(settings: Settings) -> bool:
    """Tell whether there may be a ledger: a file that is there, or a database, which tells only when it is opened."""
    return not isinstance(settings.ledger, Path) or settings.ledger.exists()


def recall(live: Live, settings: Settings) -> Memory:
    """Read what the ledger says of an organization.

    Raises:
        InputError: there is a ledger, and it cannot be used.
    """
    if not has_ledger(settings):
        return Memory()
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    with book.open_ledger(settings.ledger, live.organization_id, live.origin) as ledger:
        return Memory(
            words=book.words(ledger, live.ids),
            times_invited=book.times_invited(ledger),
            last_seen=book.last_seen(ledger),
            announced=book.announcements(ledger, live.ids),
            unfinished=book.unfinished(ledger),
            past=book.past(ledger, coverage(live)),
            snoozes=book.snoozes(ledger),
        )


def start_anew(organization: int, origin: str, settings: Settings) -> None:
    """Write down that an organization is another one now: what was said and done counts no more."""
    if not has_ledger(settings):
        return
    from accessplan.ledger import ANEW, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, organization, origin, write=True) as ledger:
        ledger.add(ANEW, {}, settings.now)


def make_room(settings: Settings) -> None:
    """Make the state folder, where the ledger is to lie in it."""
    if settings.ledger_at is None:
        make_state_folder(settings.state)


def when_applied(saved: SavedPlan, live: Live, settings: Settings) -> datetime | None:
    """Tell when a saved plan was carried out; None where it was not, as far as the ledger knows.

    Raises:
        InputError: there is a ledger, and it cannot be used.
    """
    if not has_ledger(settings):
        return None
    from accessplan.ledger import applied_at, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, live.organization_id, live.origin) as ledger:
        return applied_at(ledger, saved.id, saved.made_at)
