"""`accessplan undo`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from accessplan.cli.journal import ground
from accessplan.cli.options import Settings, document_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot, place_of_live
from accessplan.cli.world import Run, instead, planned, wanted
from accessplan.cli.writing import go_ahead
from accessplan.errors import Exit, InputError, PlanRefused
from accessplan.finding import Place
from accessplan.model import DELEGATE, MAILBOX, PARTNER, USE, USER, Address
from accessplan.plan import compare
from accessplan.receipt import Receipt, reverse
from accessplan.report import receipt as shown
from accessplan.report import text
from accessplan.scope import Scope
from accessplan.select import parse

SHORTEST = 4
"""So many digits of a receipt are enough, where no other begins so."""

FEW = 5


@click.command()
@click.argument("receipt")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@document_option
@shared_options
def undo(receipt: str, document: Path | None, settings: Settings, *, auto_approve: bool) -> int:
    """Plan the way back from an apply, ask, and carry it out.

    RECEIPT is what apply printed at its end; accessplan history --kind run lists them all. The document's rails and
    access tests hold as for every plan. What moved since is not thrown away: then nothing is undone, and the exit code
    is 7; where a part of it cannot be undone that is named, and the exit code is 6. The document itself stays as it is,
    so take the change out of it as well.
    """
    screen = Screen.of(color=settings.color)
    chosen = _receipt(receipt, document, settings)
    with planned(document, settings, also=_scope(image.address for image in chosen.images), lock="undo") as of_document:
        place = Place(f"receipt {chosen.id}", 1)
        live = of_document.live
        reversal = reverse(chosen, ground(live), of_document.want.policy, place)
        if reversal.moved or reversal.came:
            screen.write(shown.render_moved(reversal, live.state, width=screen.width, color=screen.color))
            remedy = "Take the change out of the document instead, and apply that."
            raise PlanRefused(f"receipt {chosen.id} cannot be undone: it is not as that run left it", remedy)
        run = instead(of_document, reversal.want, f"all as before {chosen}")
        screen.write(text.render(run.report, width=screen.width, color=screen.color, detail=text.Detail(steps=False)))
        screen.write(shown.render_left(reversal, width=screen.width, color=screen.color))
        code = go_ahead(run, screen, is_approved=auto_approve, command=f"undo {chosen.id}")
        if _is_wanted(run, of_document):
            screen.line(f"{of_document.report.document} still asks for what was undone: take it out there as well.")
        return code if reversal.is_whole or code != Exit.OK else Exit.INCOMPLETE


def _receipt(name: str, document: Path | None, settings: Settings) -> Receipt:
    """Read a receipt of the organization, by the beginning of its id.

    Raises:
        InputError: there is none, or more than one, or the ledger cannot be used.
    """
    side = wanted(document, settings)
    where = place_of_live(side.document.organization.live, side.path, settings)
    if is_snapshot(where):
        raise InputError(f"{where} is a snapshot, which cannot be changed", "Undo on the live one: --live.")
    from accessplan import ledger as book  # noqa: PLC0415 - SQLAlchemy is slow to import
    from accessplan.cli.connect import origin_of  # noqa: PLC0415 - httpx, which the live system is read with anyway

    with book.open_ledger(settings.ledger, side.document.organization.id, origin_of(where)) as ledger:
        (chosen,) = book.receipts(ledger, [_find(name, book.runs(ledger))])
    return chosen


def _find(name: str, known: Sequence[Receipt]) -> Receipt:
    found = [each for each in known if each.id.startswith(name.lower()) and len(name) >= SHORTEST]
    if len(found) != 1:
        last = ", ".join(f"{each.id} ({each.at:%Y-%m-%d %H:%M} UTC)" for each in reversed(known[-FEW:]))
        problem = "names several runs" if found else "is no receipt of this organization"
        raise InputError(f"{name} {problem}", f"The last ones: {last}." if last else "Nothing is on record here.")
    return found[0]


def _scope(addresses: Iterable[Address]) -> Scope:
    """Say what must be read to see these entries."""
    addresses = tuple(addresses)
    people = {each.name for each in addresses if each.kind == USER}
    return Scope(
        users=frozenset(people),
        guests=frozenset(people.union(each.key for each in addresses if each.part == DELEGATE)),
        mailboxes=frozenset(each.name for each in addresses if each.kind == MAILBOX),
        uses=frozenset(parse(each.key) for each in addresses if each.part == USE),
        partners=any(each.kind == PARTNER for each in addresses),
    )


def _is_wanted(run: Run, of_document: Run) -> bool:
    """Tell whether the next apply of the document would bring something back that was undone."""
    undone = {each.address for each in run.report.plan.changes}
    after = replace(run.live.state, entries=run.want.state.entries)
    return any(each.address in undone for each in compare(after, of_document.want).changes)
