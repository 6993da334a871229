"""What a run did, entry by entry: what came of a change whose outcome nobody wrote down, and how to undo all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from accessplan.change import Change, Effect
from accessplan.finding import Finding, Place, warning
from accessplan.model import Address, Entry, State, User, has_moved, owners
from accessplan.plan import Ended, Want
from accessplan.policy import Policy


@dataclass(frozen=True, slots=True)
class Image:
    """One entry before a run and as the run was to leave it; None where it is absent.

    What is `implied` was no change of its own: it went with the entry that it hung on. Of an invitation that was sent
    anew (`renewed`) both sides look alike.
    """

    address: Address
    before: Entry | None
    after: Entry | None
    renewed: bool = False
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One operation of a run: what was to be done, and whether the outcome is written down."""

    images: tuple[Image, ...]
    number: int = 0
    by_hand: bool = False
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """A run that changed the live side, as the ledger has it: who ran what, when, of which plan and commit."""

    id: str
    command: str
    who: str
    at: datetime
    document: str = ""
    commit: str = ""
    plan: str = ""
    deeds: tuple[Deed, ...] = ()
    has_ended: bool = True

    @property
    def images(self) -> tuple[Image, ...]:
        """The entries that it touched, each once."""
        found: dict[Address, Image] = {}
        for image in (image for deed in self.deeds for image in deed.images):
            if image.address not in found or found[image.address].implied:
                found[image.address] = image
        return tuple(found.values())

    def __str__(self) -> str:
        return f"receipt {self.id} ({self.command} by {self.who} at {self.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


class Found(StrEnum):
    """What the live side shows of a change."""

    DONE = "done"
    NOT_DONE = "not done"
    MOVED = "neither as before nor as asked for"
    NOT_SHOWN = "not shown"


def images(changes: Iterable[Change], before: State) -> tuple[Image, ...]:
    """Take the images of changes, and of what goes with their entries; `before` is the live side as it was."""
    changes = tuple(changes)
    own = tuple(
        Image(each.address, each.before, each.after, renewed=each.effect is Effect.INVITE and each.before is not None)
        for each in changes
    )
    gone = {each.address for each in changes if each.after is None and not each.address.part}
    known = {each.address for each in own}
    with_them = (
        Image(address, entry, None, implied=True)
        for address, entry in (sorted(before.entries.items()) if gone else ())
        if address not in known and owners(address) & gone
    )
    return (*own, *with_them)


def found(image: Image, live: State) -> Found:
    """Tell what the live side shows of one change."""
    now = live.entries.get(image.address)
    if image.renewed:
        return Found.DONE if isinstance(now, User) and not now.expired else Found.NOT_DONE
    if now is None and live.hides(image.address) and image.address not in live.gone:
        return Found.NOT_SHOWN
    if not has_moved(now, image.after):
        return Found.DONE
    return Found.MOVED if has_moved(now, image.before) else Found.NOT_DONE


def found_of(changes: Sequence[Image], live: State) -> Found:
    """Tell what the live side shows of an operation: one answer for all of its changes, or that they differ."""
    own = {found(image, live) for image in changes if not image.implied}
    return own.pop() if len(own) == 1 else Found.MOVED


def unfinished(receipts: Iterable[Receipt], live: State, place: Place) -> Iterator[Finding]:
    """Tell of runs that did not end, and what became of the last thing that each was about to do."""
    for receipt in receipts:
        open_ones = [image for deed in receipt.deeds if not deed.is_settled for image in deed.images]
        states = [f"{image.address} is {found(image, live)}" for image in open_ones if not image.implied]
        last = f"; of what it sent last, {', '.join(states)}" if states else "; nothing was on its way"
        ended = sum(deed.is_settled for deed in receipt.deeds)
        message = f"{receipt} has not ended: {ended} of its operations did{last}"
        hint = "it is at work still, or it died: the next apply goes on from what is live, and notes what became of it"
        yield warning("unfinished-run", message, place, hint=hint)


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoes a run: the live side as it would be wanted.

    `reverted` is what the run left and would go back, `moved` stands in the way, and of `not_shown` nobody can see
    whether it is there.
    """

    want: Want
    reverted: tuple[Image, ...] = ()
    moved: tuple[Image, ...] = ()
    not_shown: tuple[Image, ...] = ()


def reverse(receipt: Receipt, have: State, policy: Policy, place: Place) -> Reversal:
    """Want everything as it was before a run, as far as it is as the run left it.

    What is as it was before already stays; what is neither has moved since, and nobody's work is thrown away. `place`
    is where the run is on record.
    """
    touched = {image: found(image, have) for image in receipt.images if not image.renewed}
    back = tuple(image for image, state in touched.items() if state is Found.DONE)
    brought = {image.address for image in back if image.before is None}
    entries = {address: entry for address, entry in have.entries.items() if address not in brought}
    entries |= {image.address: image.before for image in back if image.before is not None}
    want = Want(
        state=State(entries),
        places={},
        lists={},
        modes={},
        ended={address: Ended(None, place) for address in brought},
        policy=policy,
    )
    return Reversal(
        want=want,
        reverted=back,
        moved=tuple(image for image, state in touched.items() if state is Found.MOVED),
        not_shown=tuple(image for image, state in touched.items() if state is Found.NOT_SHOWN),
    )
