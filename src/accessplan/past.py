"""What is known from before: what reads of the live side showed, and how the last apply left and wanted it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from accessplan.change import Change
from accessplan.model import DELEGATE, USE, Address, BlindSpot, Entry, has_moved, owners
from accessplan.plan import settled


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a read of the live side shows: an entry that it does not show may be there all the same.

    `mailboxes` and `targets` (labels of products) are those of which it was read who opens and uses them. Of the
    `partial` users and teams not all memberships and grants are shown, of `guests` (e-mail addresses) not all that they
    use and open. What lies in a `blind` spot is not shown to anybody, or not today.
    """

    mailboxes: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    partial: frozenset[Address] = frozenset()
    guests: frozenset[str] = frozenset()
    blind: tuple[BlindSpot, ...] = ()

    def covers(self, address: Address) -> bool:
        """Tell whether an entry would be shown if it were there."""
        if any(spot.hides(address) for spot in self.blind):
            return False
        if address.part == DELEGATE:
            return address.name in self.mailboxes and address.key not in self.guests
        if address.part == USE:
            return address.key in self.targets and address.name not in self.guests
        return not (address.part and owners(address) & self.partial)

    def lacks(self, address: Address, live: Container[Address]) -> bool:
        """Tell whether a read that gave these entries shows that this one is gone, or what it hangs on."""
        if address in live:
            return False
        return self.covers(address) or any(self.covers(each) and each not in live for each in owners(address))


Reading = Callable[[], Entry]
"""What makes an entry once somebody asks for it: of thousands that are known few are."""


class Last(NamedTuple):
    """An entry as it was last seen, or as an apply left it wanted, and since when; without `read` gone, or to be."""

    read: Reading | None
    since: datetime

    @property
    def entry(self) -> Entry | None:
        """The entry; None where it is gone, or to be gone."""
        return self.read() if self.read else None


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word that an entry is as `entry` says, or is gone (None).

    `number` is the live number of what the entry hangs on: the word ends with it. A team that is deleted and made anew
    has another, as has a person who joins again.
    """

    address: Address
    entry: Entry | None
    by: str
    at: datetime
    number: int | None = None


class Counts(NamedTuple):
    """How many entries were live, how many of those the document speaks of, and how many are as it says."""

    live: int
    managed: int
    matching: int

    @property
    def percent(self) -> int | None:
        """How much of what is live is managed, rounded down; None where nothing is live."""
        return self.managed * 100 // self.live if self.live else None


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the live side from before the read at hand, which shows what `shown` says.

    `at` is when that was seen last; None where nothing was. `reads` tells when each coverage was last read. `moved` has
    the entries that moved for no known reason, each as it was before: the last time that an apply left it, or that it
    was as the document wanted. Of those `untold` moved, as the end of an apply showed, since a drift run last looked.
    `wanted` is what the last apply left wanted; `applied_at` is None where no apply is on record, and then nothing has
    moved.
    """

    at: datetime | None = None
    shown: Coverage = Coverage()
    applied_at: datetime | None = None
    seen: Mapping[Address, Last] = field(default_factory=dict)
    moved: Mapping[Address, Entry | None] = field(default_factory=dict)
    untold: frozenset[Address] = frozenset()
    wanted: Mapping[Address, Last] = field(default_factory=dict)
    reads: Mapping[Coverage, datetime] = field(default_factory=dict)

    def entry(self, address: Address) -> Entry | None:
        """Return an entry as it last was for a known reason; None where it was not there."""
        if address in self.moved:
            return self.moved[address]
        seen = self.seen.get(address)
        return seen.entry if seen else None

    def has_moved(self, address: Address, live: Mapping[Address, Entry]) -> bool:
        """Tell whether an entry is another one now than it last was for a known reason, as far as reads show."""
        was, now = self.entry(address), live.get(address)
        if self.applied_at is None or not has_moved(was, now):
            return False
        if now is None:
            return self.shown.lacks(address, live)
        return was is not None or any(each.covers(address) for each in self.reads)

    def since(self, address: Address, now: Entry | None) -> datetime | None:
        """Return when an entry was first seen as it is, or missed; None where the read at hand is the first."""
        seen = self.seen.get(address)
        return seen.since if seen is not None and not has_moved(seen.entry, now) else None

    def wants_the_same(self, change: Change) -> bool:
        """Tell whether the document wanted the same of an entry when it was last applied.

        What was not there then, and is in neither, the document never wanted.
        """
        asked = self.wanted.get(change.address)
        if asked is None:
            return change.after is None and self.entry(change.address) is None
        if asked.entry is None or change.after is None:
            return asked.entry is change.after
        return settled(asked.entry, change.before or change.after) == change.after


NO_PAST = Past()
