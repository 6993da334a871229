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


class Seen(NamedTuple):
    """An entry as it was last seen; without `read` it is gone.

    `first` is when it was first seen, or missed, since it last was the other; `since` when first as it is.
    """

    read: Reading | None
    first: datetime
    since: datetime

    @property
    def entry(self) -> Entry | None:
        """The entry; None where it is gone."""
        return self.read() if self.read else None


class Asked(NamedTuple):
    """What an apply left wanted of an entry, and since when; without `read` it is to be gone."""

    read: Reading | None
    since: datetime

    @property
    def entry(self) -> Entry | None:
        """The entry; None where it is to be gone."""
        return self.read() if self.read else None


class Counts(NamedTuple):
    """How many entries were live, how many of those the document speaks of, and how many are as it says."""

    live: int
    managed: int
    matching: int


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the live side from before the read at hand, which shows what `shown` says.

    `reads` tells when each coverage was last read. `moved` has the entries that moved for no known reason, each as it
    was before: the last time that an apply left it, or that it was as the document wanted. Of those `untold` moved, as
    the end of an apply showed, since a drift run last looked. `wanted` is what the last apply left wanted;
    `applied_at` is None where no apply is on record, and then nothing has moved.
    """

    at: datetime
    shown: Coverage
    applied_at: datetime | None = None
    seen: Mapping[Address, Seen] = field(default_factory=dict)
    moved: Mapping[Address, Entry | None] = field(default_factory=dict)
    untold: frozenset[Address] = frozenset()
    wanted: Mapping[Address, Asked] = field(default_factory=dict)
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
