"""What a run did, entry by entry: what came of a change whose outcome nobody wrote down, and how to undo all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from accessplan.change import Change, Effect, needs_renewal
from accessplan.finding import Finding, Place, warning
from accessplan.model import DELEGATE, Address, Entry, Grant, State, Use, User, has_moved, owners
from accessplan.past import Coverage
from accessplan.plain import moment
from accessplan.plan import Ended, Want, is_nobodys
from accessplan.policy import Policy
from accessplan.select import service_of


@dataclass(frozen=True, slots=True)
class Image:
    """One entry before a run and as the run was to leave it; None where it is absent.

    What is `implied` was no change of its own: it went with the entry that it hung on. Of an invitation that was sent
    anew (`renewed`) both sides look alike. `product` is the number of the one product that it is about.
    """

    address: Address
    before: Entry | None
    after: Entry | None
    renewed: bool = False
    implied: bool = False
    product: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One operation of a run: what was to be done and was not refused, and whether the outcome is written down."""

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
        return f"receipt {self.id} ({self.command} by {self.who} at {moment(self.at)})"


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
        if address not in known and owners(address) & gone and not (isinstance(entry, Use) and entry.implied)
    )
    return (*own, *with_them)


def found(image: Image, live: State, shown: Coverage) -> Found:
    """Tell what the live side shows of one change; `shown` is what was read of it."""
    now = live.entries.get(image.address)
    if image.renewed and isinstance(now, User) and isinstance(image.after, User):
        return Found.NOT_DONE if needs_renewal(now, image.after) else Found.DONE
    if now is None and image.address not in live.gone and not shown.lacks(image.address, live.entries):
        return Found.NOT_SHOWN
    if not has_moved(now, image.after):
        return Found.DONE
    return Found.MOVED if has_moved(now, image.before) else Found.NOT_DONE


def found_of(changes: Sequence[Image], live: State, shown: Coverage) -> Found:
    """Tell what the live side shows of an operation: one answer for all of its changes, or that they differ."""
    own = {found(image, live, shown) for image in changes if not image.implied}
    return own.pop() if len(own) == 1 else Found.MOVED


def unfinished(receipts: Iterable[Receipt], live: State, shown: Coverage, place: Place) -> Iterator[Finding]:
    """Tell of runs that did not end, and what became of the last thing that each was about to do."""
    for receipt in receipts:
        open_ones = [image for deed in receipt.deeds if not deed.is_settled for image in deed.images]
        states = [f"{image.address} is {found(image, live, shown)}" for image in open_ones if not image.implied]
        last = f"; of what it sent last, {', '.join(states)}" if states else "; nothing was on its way"
        ended = sum(deed.is_settled for deed in receipt.deeds)
        message = f"{receipt} has not ended: {ended} of its operations did{last}"
        hint = "it is at work still, or it died: the next apply goes on from what is live, and notes what became of it"
        yield warning("unfinished-run", message, place, hint=hint)


@dataclass(frozen=True, slots=True)
class Ground:
    """The live side as a run finds it, and what was read of it.

    `numbers` are the live numbers of its entries, and `products` those of its products, by their labels.
    """

    state: State
    shown: Coverage
    products: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[Address, int] = field(default_factory=dict)

    @property
    def labels(self) -> dict[tuple[str, int], str]:
        """The labels of products, by service and number."""
        return {(service_of(label), number): label for label, number in self.products.items()}


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoes a run: the live side as it would be wanted.

    `moved` stands in the way, and so does what `came` since, which would go with what the run made. Nobody can see of
    `not_shown` whether it is there, nor how `unknown` was before; of `lost` is gone what it hung on, and `renewed` are
    invitations that were sent anew, with nothing but their names or their time changed.
    """

    want: Want
    moved: tuple[Image, ...] = ()
    came: tuple[Address, ...] = ()
    not_shown: tuple[Image, ...] = ()
    unknown: tuple[Image, ...] = ()
    lost: tuple[Image, ...] = ()
    renewed: tuple[Image, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all that the run did is undone by it."""
        return not (self.not_shown or self.unknown or self.lost or self.renewed)


def reverse(receipt: Receipt, ground: Ground, policy: Policy, place: Place) -> Reversal:
    """Want everything as it was before a run, as far as it is as the run left it.

    What is as it was before already stays; what is neither has moved since, and nobody's work is thrown away. `place`
    is where the run is on record. What has another name by now is found by its number.
    """
    have = ground.state
    renewed = [each for each in receipt.images if each.renewed and not has_moved(each.before, each.after)]
    plain = [replace(each, renewed=False) for each in receipt.images if each not in renewed]
    labels = ground.labels
    known = {image: _as_called_now(image, labels) for image in plain}
    lost = {image for image, now in known.items() if _has_no_product(now, labels) or _has_no_mailbox(now, ground)}
    touched = {now: found(now, have, ground.shown) for image, now in known.items() if image not in lost}
    done = {image.address: image for image, state in touched.items() if state is Found.DONE}
    there = have.entries.keys() | done.keys()
    lost |= {image for image in done.values() if _is_anew(image, have) and not owners(image.address) <= there}
    back = [image for image in done.values() if image not in lost]
    brought = {image.address for image in back if image.before is None}
    made = {image.address for image in known.values()}
    return Reversal(
        want=_as_before(back, have, policy, place),
        moved=tuple(image for image, state in touched.items() if state is Found.MOVED),
        came=tuple(
            address
            for address, entry in sorted(have.entries.items())
            if owners(address) & brought and address not in made and not is_nobodys(entry)
        ),
        not_shown=tuple(image for image, state in touched.items() if state is Found.NOT_SHOWN),
        unknown=tuple(image for image in back if _was_open(image)),
        renewed=tuple(renewed),
        lost=tuple(sorted((image for image in lost if image.before is not None), key=attrgetter("address"))),
    )


def _as_before(back: Iterable[Image], have: State, policy: Policy, place: Place) -> Want:
    """Want the live side with some entries as they were; nobody whose invitation expired is invited anew by that."""
    entries = {address: each for address, each in have.entries.items() if not (isinstance(each, User) and each.expired)}
    ended: dict[Address, Ended] = {}
    for image in back:
        if image.before is None:
            entries.pop(image.address, None)
            ended[image.address] = Ended(None, place)
        else:
            entries[image.address] = image.before
    return Want(state=State(entries), places={}, lists={}, modes={}, ended=ended, policy=policy)


def _as_called_now(image: Image, labels: Mapping[tuple[str, int], str]) -> Image:
    """Give an image the name that its product has now."""
    label = labels.get((service_of(image.address.key), image.product)) if image.product is not None else None
    if label is None or label == image.address.key:
        return image
    return replace(
        image,
        address=image.address._replace(key=label),
        before=_on(label, image.before),
        after=_on(label, image.after),
    )


def _on(label: str, entry: Entry | None) -> Entry | None:
    return replace(entry, target=label) if isinstance(entry, Grant | Use) else entry


def _is_anew(image: Image, have: State) -> bool:
    return image.before is not None and image.address not in have.entries


def _has_no_product(image: Image, labels: Mapping[tuple[str, int], str]) -> bool:
    """Tell whether the product of a change is there no more, or is not the one that it was."""
    return image.product is not None and (service_of(image.address.key), image.product) not in labels


def _has_no_mailbox(image: Image, ground: Ground) -> bool:
    address = image.address
    return address.part == DELEGATE and address.name not in ground.shown.mailboxes and not ground.state.hides(address)


def _was_open(image: Image) -> bool:
    """Tell whether a run set what was not known before, or was empty and cannot be emptied."""
    if image.before is None or image.after is None:
        return False
    compared = [each.name for each in fields(image.before) if each.compare]
    return any(getattr(image.before, name) is None and getattr(image.after, name) is not None for name in compared)
