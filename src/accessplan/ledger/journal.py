"""The journal of a run that writes: what is to be done is written down before it is, and what came of it after.

A run that died in between leaves an intent without an outcome. The next one looks at the live side, and writes down
what came of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from accessplan.apply import Applied, Outcome, Status
from accessplan.change import Change, Effect
from accessplan.ledger.database import unusable
from accessplan.ledger.entries import addresses_of
from accessplan.ledger.invitations import INVITED, LEFT
from accessplan.ledger.ledger import Ledger, Row, damaged
from accessplan.ledger.words import ENDED as WORD_ENDED
from accessplan.ledger.words import Word, words
from accessplan.model import GRANT, TEAM, USE, Address, Entry, State, User
from accessplan.past import Coverage
from accessplan.plain import attributes, entry_of
from accessplan.receipt import Deed, Found, Image, Receipt, found, found_of, images
from accessplan.route import Operation

RUN, INTENT, ASKED, OUTCOME, ENDED = "run", "intent", "asked", "outcome", "run ended"
"""The kinds of rows: a run begins; an operation is about to be sent, or is asked of a person; what came of it."""

_Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """The live side as a run finds it, and what was read of it.

    `numbers` are the live numbers of its entries, and `products` those of its products by their labels.
    """

    state: State
    numbers: Mapping[Address, int]
    shown: Coverage
    products: Mapping[str, int]


class Journal:
    """Writes down what a run does (`accessplan.apply.Journal`)."""

    def __init__(
        self, ledger: Ledger, begun: Receipt, before: Before, clock: Callable[[], datetime], where: Path | str
    ) -> None:
        self._ledger = ledger
        self._where = where
        self._run = begun.id
        self._before = before
        self._clock = clock
        self._words = set(words(ledger, before.numbers))
        self._operation = 0
        self._owed: list[tuple[str, _Body]] = []
        ledger.add(RUN, _begun(begun), begun.at)

    def intend(self, operation: Operation) -> None:
        """Write down what is about to be sent.

        Raises:
            InputError: the ledger cannot be used.
        """
        self._operation += 1
        self._add([(INTENT, self._deed(operation))])

    def note(self, outcome: Outcome) -> None:
        """Write down what came of it, with what that means for invitations and words; or what is asked of a person.

        What cannot be kept now is kept with what comes next.

        Raises:
            InputError: the ledger cannot be used.
        """
        rows: list[tuple[str, _Body]] = []
        if outcome.status is Status.BY_HAND:
            self._operation += 1
            rows.append((ASKED, self._deed(outcome.operation)))
        elif outcome.status is not Status.SKIPPED:
            rows.append((OUTCOME, self._outcome(outcome)))
        rows.extend(_of_people(outcome))
        if outcome.sent:
            sides = ((each.address, each.before, each.after) for each in outcome.operation.changes)
            ended = sorted(self._words & set(_moved(sides, self._before.state.entries)))
            self._words -= set(ended)
            rows.extend((WORD_ENDED, {"address": list(address)}) for address in ended)
        self._owed.extend(rows)
        self._add(())

    def end(self, applied: Applied) -> None:
        """Write down that the run came to its end.

        Raises:
            InputError: the ledger cannot be used.
        """
        counts: dict[str, int] = defaultdict(int)
        for outcome in applied.outcomes:
            counts[str(outcome.status)] += len(outcome.operation.changes)
        body = {"run": self._run, "exit": int(applied.exit), "changes": counts}
        self._add([(ENDED, body)])

    def _add(self, rows: Iterable[tuple[str, _Body]]) -> None:
        try:
            self._ledger.add_all([*self._owed, *rows], self._clock())
        except DBAPIError as error:
            raise unusable(self._where, error) from None  # its text may hold the password
        self._owed.clear()

    def _deed(self, operation: Operation) -> _Body:
        requests = {"requests": [f"{each.method} {each.path}" for each in operation.requests]}
        return {
            "run": self._run,
            "operation": self._operation,
            "name": operation.name,
            **(requests if operation.requests else {}),
            "changes": [
                _written(replace(each, product=_product_of(each.address, self._before.products)))
                for each in images(operation.changes, self._before.state)
            ],
        }

    def _outcome(self, outcome: Outcome) -> _Body:
        addresses = [list(change.address) for change in outcome.operation.changes]
        return {
            "run": self._run,
            "operation": self._operation,
            "status": str(outcome.status),
            "sent": outcome.sent,
            **({"reason": outcome.reason} if outcome.reason else {}),
            "addresses": addresses,
        }


def receipts(ledger: Ledger, *, unfinished: bool = False) -> tuple[Receipt, ...]:
    """List the runs, the oldest first; those that are `unfinished` did not end, or left an outcome open.

    Raises:
        InputError: a row is damaged.
    """
    ended = {str(row.body.get("run")) for _, row in ledger.rows(ENDED)}
    begun = [row for _, row in ledger.rows(RUN) if not unfinished or str(row.body.get("run")) not in ended]
    if not begun:
        return ()
    deeds = _deeds(ledger, begun[0].number)
    return tuple(_receipt(row, deeds[str(row.body.get("run"))], ended) for row in begun)


def settle(ledger: Ledger, live: Before, at: datetime) -> tuple[Receipt, ...]:
    """Write down what came of runs that died: of each operation without an outcome what the live side shows.

    Only who holds the lock may: the run might be at work. Returns those runs.

    Raises:
        InputError: the ledger cannot be used, or a row is damaged.
    """
    dead = receipts(ledger, unfinished=True)
    said = words(ledger, live.numbers) if dead else {}
    for receipt in dead:
        rows: list[tuple[str, _Body]] = []
        for deed in receipt.deeds:
            if not deed.is_settled:
                rows.extend(_settled(receipt, deed, live, said))
        ledger.add_all([*rows, (ENDED, {"run": receipt.id, "died": True})], at)
    return dead


def _settled(receipt: Receipt, deed: Deed, live: Before, said: Mapping[Address, Word]) -> Iterator[tuple[str, _Body]]:
    came = found_of(deed.images, live.state, live.shown)
    own = [image for image in deed.images if not image.implied]
    addresses = [list(image.address) for image in own]
    body = {"run": receipt.id, "operation": deed.number, "status": "died", "found": str(came), "addresses": addresses}
    yield OUTCOME, body
    if came is not Found.NOT_DONE:
        sides = ((each.address, each.before, each.after) for each in own)
        there = [address for address, word in said.items() if word.entry is not None]
        for address in sorted(said.keys() & set(_moved(sides, there))):
            yield WORD_ENDED, {"address": list(address)}
    for image in own:
        if found(image, live.state, live.shown) is not Found.DONE:
            continue  # of an operation of several requests a part may be done
        if isinstance(image.after, User) and (image.before is None or image.renewed):
            yield INVITED, {"email": image.after.email}
        elif isinstance(image.before, User) and image.after is None:
            yield LEFT, {"email": image.before.email}


def _of_people(outcome: Outcome) -> Iterator[tuple[str, _Body]]:
    """Write down whom an operation invited, and who leaves: should they come again, it is from the start.

    An invitation that may have been sent counts as sent: rather once too few than once too often.
    """
    for change in outcome.operation.changes:
        if not isinstance(change.entry, User):
            continue
        if change.after is None and outcome.status in (Status.DONE, Status.BY_HAND):
            yield LEFT, {"email": change.entry.email}
        elif change.effect is Effect.INVITE and outcome.sent:
            yield INVITED, {"email": change.entry.email}


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


# rows to receipts, and back


def _begun(receipt: Receipt) -> _Body:
    said = {"command": receipt.command, "who": receipt.who, "document": receipt.document}
    return {"run": receipt.id, **said, "commit": receipt.commit, "plan": receipt.plan}


def _written(image: Image) -> _Body:
    marks = {"renewed": image.renewed, "implied": image.implied}
    effect = Effect.INVITE if image.renewed else Change(image.address, image.before, image.after).effect
    return {
        "address": list(image.address),
        **({} if image.implied else {"effect": str(effect)}),
        "before": attributes(image.before),
        "after": attributes(image.after),
        **({} if image.product is None else {"product": image.product}),
        **{name: mark for name, mark in marks.items() if mark},
    }


def _deeds(ledger: Ledger, after: int) -> dict[str, list[Deed]]:
    """Read the operations of all runs that began with a row, or after it; the last outcome of each counts."""
    found: defaultdict[str, list[Deed]] = defaultdict(list)
    for kind, row in ledger.rows(INTENT, ASKED, OUTCOME, after=after):
        theirs, number = found[str(row.body.get("run"))], row.body.get("operation")
        if not isinstance(number, int):
            raise damaged(row.number, ValueError("it has no operation"))
        if kind != OUTCOME:
            theirs.append(Deed(_images(row), number, by_hand=kind == ASKED, is_settled=kind == ASKED))
        elif theirs and theirs[-1].number == number:
            theirs[-1] = _after(theirs[-1], row)
        else:
            theirs[:] = [_after(each, row) if each.number == number else each for each in theirs]
    return found


def _after(deed: Deed, outcome: Row) -> Deed:
    """Return an operation after an outcome of it: what was refused, or found not to be done, was not done by it."""
    body = outcome.body
    was_refused = body.get("status") == str(Status.FAILED) and body.get("sent") == 0
    if not was_refused and body.get("found") != str(Found.NOT_DONE):
        return replace(deed, is_settled=True)
    try:
        refused = set(addresses_of(body, "addresses"))
    except (TypeError, ValueError) as error:
        raise damaged(outcome.number, error) from error
    left = tuple(each for each in deed.images if each.address not in refused)
    return replace(deed, images=left if any(not each.implied for each in left) else (), is_settled=True)


def _receipt(row: Row, deeds: list[Deed], ended: set[str]) -> Receipt:
    body = {name: str(row.body.get(name) or "") for name in ("run", "command", "who", "document", "commit", "plan")}
    return Receipt(
        id=body["run"],
        command=body["command"],
        who=body["who"],
        at=row.at,
        document=body["document"],
        commit=body["commit"],
        plan=body["plan"],
        deeds=tuple(deeds),
        has_ended=body["run"] in ended,
    )


def _images(row: Row) -> tuple[Image, ...]:
    try:
        return tuple(_image(each) for each in row.body["changes"])  # type: ignore[attr-defined]
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise damaged(row.number, error) from error


def _image(written: Mapping[str, Any]) -> Image:
    kind, name, part, key = map(str, written["address"])
    address = Address(kind, name, part, key)
    before, after = (_entry(address, written[side]) for side in ("before", "after"))
    product = written.get("product")
    return Image(
        address,
        before,
        after,
        renewed=bool(written.get("renewed")),
        implied=bool(written.get("implied")),
        product=product if isinstance(product, int) else None,
    )


def _entry(address: Address, written: Mapping[str, object] | None) -> Entry | None:
    return None if written is None else entry_of(address, written)
