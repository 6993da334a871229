"""What the ledger remembers that a plan needs. Without a ledger, nothing is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from accessplan.apply import Applied, Status
from accessplan.change import Change, Effect
from accessplan.cli.files import make_state_folder
from accessplan.cli.options import Settings
from accessplan.have.live import Live
from accessplan.model import GRANT, TEAM, Address, Entry, User
from accessplan.route import Operation

DONE_OR_ASKED = (Status.DONE, Status.BY_HAND)
"""What comes of a removal that is on its way."""


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
    """What people said of the live side, and how often accessplan invited whom."""

    words: Mapping[Address, Word] = field(default_factory=dict)
    times_invited: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> dict[Address, Entry | None]:
        """What is there on somebody's word, or gone."""
        return {address: word.entry for address, word in self.words.items()}


def recall(live: Live, settings: Settings) -> Memory:
    """Read what the ledger says of an organization.

    Raises:
        InputError: there is a ledger, and it cannot be used.
    """
    if not settings.ledger.exists():
        return Memory()
    from accessplan.ledger import open_ledger, times_invited, words  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, live.organization_id, live.origin) as ledger:
        return Memory(words(ledger, live.ids), times_invited(ledger))


def start_anew(organization: int, origin: str, settings: Settings) -> None:
    """Write down that an organization is another one now: what was said and done counts no more."""
    if not settings.ledger.exists():
        return
    from accessplan.ledger import ANEW, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(settings.ledger, organization, origin, write=True) as ledger:
        ledger.add(ANEW, {}, settings.now)


def prepare(changes: Iterable[Change], live: Live, settings: Settings) -> None:
    """Make sure that what an apply is about to do can be written down.

    Raises:
        InputError: the ledger cannot be used; nothing was changed yet.
    """
    if not any(isinstance(change.entry, User) for change in changes):
        return
    from accessplan.ledger import open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    make_room(settings)
    with open_ledger(settings.ledger, live.organization_id, live.origin, write=True):
        pass


def make_room(settings: Settings) -> None:
    """Make the state folder, where the ledger is to lie in it."""
    if settings.ledger_file is None:
        make_state_folder(settings.state)


def remember(applied: Applied, live: Live, settings: Settings) -> None:
    """Write down whom an apply invited, who leaves, and which words count no more.

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
    if not (invited or left or (moved and settings.ledger.exists())):
        return
    from accessplan.ledger import end_words, note_invited, note_left, open_ledger, words  # noqa: PLC0415 - slow to import

    with open_ledger(settings.ledger, live.organization_id, live.origin, write=True) as ledger:
        end_words(ledger, sorted(words(ledger, live.ids).keys() & moved), settings.now)
        note_left(ledger, left, settings.now)
        note_invited(ledger, invited, settings.now)


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
