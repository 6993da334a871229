"""The rows of runs that write, and the receipts that they come to.

::

    run        {"run": id, "command", "who", "document", "commit", "plan"}
    intent     {"run": id, "operation": number, "name", "requests": ["POST /1/…"],
                "changes": [{"address", "effect", "before": {…}, "after": {…}, "product": number}]}
    asked      the same, of what is asked of a person
    outcome    {"run": id, "operation": number, "status", "sent": number, "reason", "addresses": […]}
    run ended  {"run": id, "exit": code, "changes": {status: number}}

An `outcome` of a run that died has `found` instead of `sent`: what the next run saw; its end says `"died": true`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from accessplan.apply import Applied, Outcome, Status
from accessplan.change import Change, Effect
from accessplan.ledger.entries import addresses_of
from accessplan.ledger.ledger import Ledger, NewRow, Row, reading
from accessplan.plain import address_of, attributes, entry_of
from accessplan.receipt import Deed, Found, Image, Receipt
from accessplan.route import Operation

RUN, INTENT, ASKED, OUTCOME, ENDED = "run", "intent", "asked", "outcome", "run ended"
"""The kinds: a run begins; an operation is about to be sent, or is asked of a person; what came of it; the end."""


# what is written


def run_row(begun: Receipt) -> NewRow:
    """Say that a run begins."""
    said = {"command": begun.command, "who": begun.who, "document": begun.document}
    return RUN, {"run": begun.id, **said, "commit": begun.commit, "plan": begun.plan}


def operation_row(kind: str, run: str, number: int, operation: Operation, images: Iterable[Image]) -> NewRow:
    """Say what is about to be sent (`INTENT`), or asked of a person (`ASKED`)."""
    requests = {"requests": [f"{each.method} {each.path}" for each in operation.requests]}
    return kind, {
        "run": run,
        "operation": number,
        "name": operation.name,
        **(requests if operation.requests else {}),
        "changes": [_written(each) for each in images],
    }


def outcome_row(run: str, number: int, outcome: Outcome) -> NewRow:
    """Say what came of an operation."""
    return OUTCOME, {
        "run": run,
        "operation": number,
        "status": str(outcome.status),
        "sent": outcome.sent,
        **({"reason": outcome.reason} if outcome.reason else {}),
        "addresses": [list(change.address) for change in outcome.operation.changes],
    }


def found_row(run: str, deed: Deed, came: Found) -> NewRow:
    """Say what the live side shows of an operation of a run that died."""
    addresses = [list(image.address) for image in deed.images if not image.implied]
    return OUTCOME, {
        "run": run,
        "operation": deed.number,
        "status": "died",
        "found": str(came),
        "addresses": addresses,
    }


def end_row(run: str, applied: Applied) -> NewRow:
    """Say that a run came to its end."""
    counts: Counter[str] = Counter()
    for outcome in applied.outcomes:
        counts[str(outcome.status)] += len(outcome.operation.changes)
    return ENDED, {"run": run, "exit": int(applied.exit), "changes": counts}


def death_row(run: str) -> NewRow:
    """Say that a run died, and that all that it left open is written down."""
    return ENDED, {"run": run, "died": True}


def _written(image: Image) -> dict[str, object]:
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


# what is read


def runs(ledger: Ledger) -> tuple[Receipt, ...]:
    """List the runs, the oldest first, without what they did.

    Raises:
        InputError: a row is damaged.
    """
    ended = {row.body.get("run") for _, row in ledger.rows(ENDED)}
    return tuple(_receipt(row, has_ended=row.body.get("run") in ended) for _, row in ledger.rows(RUN))


def receipts(ledger: Ledger, chosen: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """Complete some of the runs by what they did.

    Raises:
        InputError: a row is damaged.
    """
    found: dict[str, list[Deed]] = {each.id: [] for each in chosen}
    rows = ledger.rows(INTENT, ASKED, OUTCOME) if found else []
    for kind, row in rows:
        theirs = found.get(str(row.body.get("run")))
        if theirs is not None:
            with reading(row):
                _go_on(theirs, kind, row.body)
    return tuple(replace(each, deeds=tuple(found[each.id])) for each in chosen)


def _receipt(row: Row, *, has_ended: bool) -> Receipt:
    names = ("run", "command", "who", "document", "commit", "plan")
    run, command, who, document, commit, plan = (str(row.body.get(name) or "") for name in names)
    return Receipt(run, command, who, row.at, document, commit, plan, has_ended=has_ended)


def _go_on(deeds: list[Deed], kind: str, body: Mapping[str, object]) -> None:
    """Go on from the operations of a run to what a row says; the last outcome of each counts."""
    match body:
        case {"operation": int(number), "changes": [*changes]} if kind != OUTCOME:
            images = tuple(_image(each) for each in changes)
            deeds.append(Deed(images, number, by_hand=kind == ASKED, is_settled=kind == ASKED))
        case {"operation": int(number)} if kind == OUTCOME:
            at = next((at for at, deed in enumerate(deeds) if deed.number == number), None)
            if at is not None:
                deeds[at] = _after(deeds[at], body)
        case _:
            raise ValueError("it has no operation")


def _after(deed: Deed, body: Mapping[str, object]) -> Deed:
    """Return an operation after an outcome of it: what was refused, or found not to be done, was not done by it."""
    was_refused = body.get("status") == str(Status.FAILED) and body.get("sent") == 0
    if not was_refused and body.get("found") != str(Found.NOT_DONE):
        return replace(deed, is_settled=True)
    refused = set(addresses_of(body, "addresses"))
    left = tuple(each for each in deed.images if each.address not in refused)
    return replace(deed, images=left if any(not each.implied for each in left) else (), is_settled=True)


def _image(written: object) -> Image:
    match written:
        case {"address": at, "before": (dict() | None) as before, "after": (dict() | None) as after, **rest}:
            address, product = address_of(at), rest.get("product")
            return Image(
                address,
                None if before is None else entry_of(address, before),
                None if after is None else entry_of(address, after),
                renewed=bool(rest.get("renewed")),
                implied=bool(rest.get("implied")),
                product=product if isinstance(product, int) else None,
            )
        case _:
            raise ValueError("it lists what is no change")
