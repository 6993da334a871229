"""The journal of a run that writes: what is to be done is written down before it is, and what came of it after.

A run that died in between leaves an intent without an outcome. The next one looks at the live side, and writes down
what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from accessplan.apply import Applied, Outcome, Status
from accessplan.change import Effect
from accessplan.ledger.invitations import invited, left
from accessplan.ledger.ledger import Ledger, NewRow
from accessplan.ledger.receipts import (
    ASKED,
    INTENT,
    death_row,
    end_row,
    found_row,
    operation_row,
    outcome_row,
    receipts,
    run_row,
    runs,
)
from accessplan.ledger.words import word_ended, words
from accessplan.model import GRANT, TEAM, USE, Address, Entry, User
from accessplan.past import Word
from accessplan.receipt import Deed, Found, Ground, Receipt, found, found_of, images
from accessplan.route import Operation


class Journal:
    """Writes down what a run does (`accessplan.apply.Journal`)."""

    def __init__(self, ledger: Ledger, begun: Receipt, before: Ground, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._run = begun.id
        self._before = before
        self._clock = clock
        self._words = set(words(ledger, before.numbers))
        self._operation = 0
        self._owed: list[NewRow] = []
        ledger.add_all([run_row(begun)], begun.at)

    def intend(self, operation: Operation) -> None:
        """Write down what is about to be sent.

        Raises:
            InputError: the ledger cannot be used.
        """
        self._operation += 1
        self._add(self._row(INTENT, operation))

    def note(self, outcome: Outcome) -> None:
        """Write down what came of it, with what that means for invitations and words; or what is asked of a person.

        What cannot be kept now is kept with what comes next.

        Raises:
            InputError: the ledger cannot be used.
        """
        if outcome.status is Status.BY_HAND:
            self._operation += 1
            self._owed.append(self._row(ASKED, outcome.operation))
        elif outcome.status is not Status.SKIPPED:
            self._owed.append(outcome_row(self._run, self._operation, outcome))
        self._owed.extend(_of_people(outcome))
        if outcome.sent:
            sides = ((each.address, each.before, each.after) for each in outcome.operation.changes)
            ended = sorted(self._words & set(_moved(sides, self._before.state.entries)))
            self._words -= set(ended)
            self._owed.extend(map(word_ended, ended))
        self._add()

    def end(self, applied: Applied) -> None:
        """Write down that the run came to its end.

        Raises:
            InputError: the ledger cannot be used.
        """
        self._add(end_row(self._run, applied))

    def _add(self, *rows: NewRow) -> None:
        self._ledger.add_all([*self._owed, *rows], self._clock())
        self._owed.clear()

    def _row(self, kind: str, operation: Operation) -> NewRow:
        touched = (
            replace(each, product=_product_of(each.address, self._before.products))
            for each in images(operation.changes, self._before.state)
        )
        return operation_row(kind, self._run, self._operation, operation, touched)


def unfinished(ledger: Ledger) -> tuple[Receipt, ...]:
    """List the runs that did not end, or left an outcome open, the oldest first.

    Raises:
        InputError: a row is damaged.
    """
    return receipts(ledger, [each for each in runs(ledger) if not each.has_ended])


def settle(ledger: Ledger, live: Ground, at: datetime) -> tuple[Receipt, ...]:
    """Write down what came of runs that died: of each operation without an outcome what the live side shows.

    Only who holds the lock may: the run might be at work. Returns those runs.

    Raises:
        InputError: the ledger cannot be used, or a row is damaged.
    """
    dead = unfinished(ledger)
    said = words(ledger, live.numbers) if dead else {}
    for receipt in dead:
        rows = [row for deed in receipt.deeds if not deed.is_settled for row in _settled(receipt, deed, live, said)]
        ledger.add_all([*rows, death_row(receipt.id)], at)
    return dead


def _settled(receipt: Receipt, deed: Deed, live: Ground, said: Mapping[Address, Word]) -> Iterator[NewRow]:
    came = found_of(deed.images, live.state, live.shown)
    own = [image for image in deed.images if not image.implied]
    yield found_row(receipt.id, deed, came)
    if came is not Found.NOT_DONE:
        sides = ((each.address, each.before, each.after) for each in own)
        there = [address for address, word in said.items() if word.entry is not None]
        yield from map(word_ended, sorted(said.keys() & set(_moved(sides, there))))
    for image in own:
        if found(image, live.state, live.shown) is not Found.DONE:
            continue  # of an operation of several requests a part may be done
        if isinstance(image.after, User) and (image.before is None or image.renewed):
            yield invited(image.after.email)
        elif isinstance(image.before, User) and image.after is None:
            yield left(image.before.email)


def _of_people(outcome: Outcome) -> Iterator[NewRow]:
    """Write down whom an operation invited, and who leaves: should they come again, it is from the start.

    An invitation that may have been sent counts as sent: rather once too few than once too often.
    """
    for change in outcome.operation.changes:
        if not isinstance(change.entry, User):
            continue
        if change.after is None and outcome.is_done_or_asked:
            yield left(change.entry.email)
        elif change.effect is Effect.INVITE and outcome.sent:
            yield invited(change.entry.email)


def _moved(
    changes: Iterable[tuple[Address, Entry | None, Entry | None]], there: Iterable[Address]
) -> Iterator[Address]:
    """List what an operation by request made, took away, or may have: a word on that was on what was before.

    Services of a team are sent without rights, and what was set on its single products may go with that
    (infomaniak.md 3.2).
    """
    for address, before, after in changes:
        if before is None or after is None:
            yield address
        if address.kind == TEAM and address.part == GRANT:
            yield from (each for each in there if each.owner == address.owner and each.part == GRANT)


def _product_of(address: Address, products: Mapping[str, int]) -> int | None:
    return products.get(address.key) if address.part in (GRANT, USE) else None
