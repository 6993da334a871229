"""What the ledger remembers that a plan needs. Without a ledger, nothing is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from accessplan.apply import Applied, Status
from accessplan.change import Effect
from accessplan.cli.files import make_state_folder
from accessplan.cli.options import Settings
from accessplan.have.live import Live
from accessplan.model import GRANT, TEAM, Address, Entry, User
from accessplan.rail.situation import live_counts
from accessplan.route import Operation
from accessplan.saved import SavedPlan

DONE_OR_ASKED = (Status.DONE, Status.BY_HAND)
"""What comes of a change that is on its way."""


class Word(Protocol):
    """Somebody's word on an entry: `accessplan.ledger.Word`, which is imported only where there is a ledger."""

    @property
    def entry(self) -> Entry | None:
        """The entry as it is said to be; None where it is said to be gone."""

    @property
    def by(self) -> str:
        """Who says so."""

    @property
    def at(self) -> datetime:
        """When they said so."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What people said of the live side, how often accessplan invited whom, and what it last saw.

    `last_seen` says how many entries of each kind (of `policy.mode`) were live at the end of the last apply; None where
    there was none.
    """

    words: Mapping[Address, Word] = field(default_factory=dict)
    times_invited: Mapping[str, int] = field(default_factory=dict)
    last_seen: Mapping[str, int] | None = None

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
    from accessplan.ledger import last_seen, open_ledger, times_invited, words  # noqa: PLC0415 - SQLAlchemy is slow

    with open_ledger(settings.ledger, live.organization_id, live.origin) as ledger:
        return Memory(words(ledger, live.ids), times_invited(ledger), last_seen(ledger))


def start_anew(organization: int, origin: str, settings: Settings) -> None:
    """Write down that an organization is another one now: what was said and done counts no more."""
    if not has_ledger(settings):
        return
    from accessplan.ledger import ANEW, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, organization, origin, write=True) as ledger:
        ledger.add(ANEW, {}, settings.now)


def prepare(live: Live, settings: Settings) -> None:
    """Make sure that what an apply is about to do can be written down.

    Raises:
        InputError: the ledger cannot be used; nothing was changed yet.
    """
    from accessplan.ledger import open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    make_room(settings)
    with open_ledger(settings.ledger, live.organization_id, live.origin, write=True):
        pass


def make_room(settings: Settings) -> None:
    """Make the state folder, where the ledger is to lie in it."""
    if settings.ledger_at is None:
        make_state_folder(settings.state)


def remember(applied: Applied, live: Live, settings: Settings, saved: SavedPlan | None = None) -> None:
    """Write down whom an apply invited, who leaves, which words count no more, and that a saved plan is done with.

    Raises:
        InputError: the ledger cannot be used.
    """
    invited, left, moved = [], [], set[Address]()
    for outcome in applied.outcomes:
        for change in outcome.operation.changes:
            if isinstance(change.entry, User) and change.effect is Effect.INVITE and outcome.status is Status.DONE:
                invited.append(change.entry.email)
            elif isinstance(change.entry, User) and change.after is None and outcome.status in DONE_OR_ASKED:
                left.append(change.entry.email)
        if outcome.sent:
            moved.update(_moved(outcome.operation, live))
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import

    with book.open_ledger(settings.ledger, live.organization_id, live.origin, write=True) as ledger:
        book.end_words(ledger, sorted(book.words(ledger, live.ids).keys() & moved), settings.now)
        book.note_left(ledger, left, settings.now)
        book.note_invited(ledger, invited, settings.now)
        if saved is not None and _is_accepted(applied):
            book.note_applied(ledger, saved.id, saved.made_at, settings.now)


def note_live(live: Live, settings: Settings) -> None:
    """Write down how many entries of each kind are live at the end of an apply.

    Raises:
        InputError: the ledger cannot be used.
    """
    from accessplan.ledger import note_seen, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, live.organization_id, live.origin, write=True) as ledger:
        note_seen(ledger, live_counts(live.state), settings.now)


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


def _is_accepted(applied: Applied) -> bool:
    """Tell whether all requests were sent and accepted; steps may be left to be done by hand."""
    return not applied.note and all(outcome.status in DONE_OR_ASKED for outcome in applied.outcomes)


def _moved(operation: Operation, live: Live) -> Iterator[Address]:
    """List what an operation by request made, took away, or may have: a word on that was on what was before.

    Services of a team are sent without rights, and what was set on its single products may go with that
    (infomaniak.md 3.2).
    """
    for change in operation.changes:
        if change.before is None or change.after is None:
            yield change.address
        if change.address.kind == TEAM and change.address.part == GRANT:
            team = change.address.owner
            yield from (each for each in live.state.entries if each.owner == team and each.part == GRANT)
