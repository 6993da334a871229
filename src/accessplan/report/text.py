"""A plan as text for people: the verdict first, then the counts, then one line a change and one line of cause."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from accessplan.change import Change
from accessplan.report.changes import SECTIONS, SIGNS, TO_ATTEST, any_to_attest, notes, what
from accessplan.report.checklist import by_hand_blocks
from accessplan.report.console import draw, hanging, heading
from accessplan.report.findings import finding_blocks
from accessplan.report.report import Report, in_order_of_reading
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.report.summary import count_table, verdict


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a plan is shown: the steps by hand, the requests, and what is held back or on somebody's word."""

    steps: bool = True
    requests: bool = False
    held_back: bool = False


USUAL = Detail()


def render(report: Report, *, width: int = 80, color: bool = False, detail: Detail = USUAL) -> str:
    """Render a plan as text of at most `width` columns."""
    return draw(_blocks(report, detail), width=width, color=color)


def to_attest(changes: Sequence[Change]) -> Iterator[RenderableType]:
    """Yield one line that says how to give one's word, where any of these changes asks for it."""
    if any_to_attest(changes):
        yield f"\nOnce done, say so: {TO_ATTEST} (--all for all of them)"


def _blocks(report: Report, detail: Detail) -> Iterator[RenderableType]:
    plan = report.plan
    yield _identity(report)
    yield ""
    headline, rest = verdict(report)
    yield Text.assemble((headline, "bold" if plan.changes else "bold green"), f" {rest}")
    if plan.changes:
        yield ""
        yield _counts(report)
    if report.refusals:
        yield heading("BLOCKED", len(report.refusals))
        yield from finding_blocks(report.refusals)
    if report.findings:
        yield heading("FINDINGS", len(report.findings))
        yield from finding_blocks(report.findings)
    for title, effects in SECTIONS:
        yield from _section(title.upper(), [each for each in plan.changes if each.effect in effects], report)
    if detail.steps:
        yield from by_hand_blocks(report.by_hand)
    if detail.requests and report.requests:
        yield heading("REQUESTS", report.requests)
        yield hanging(_request_rows(report))
    yield from _waiting(report)
    yield from _unchecked(report)
    yield from _on_word(report, listed=detail.held_back)
    yield from _held_back(report, listed=detail.held_back)
    if detail.steps:
        yield from to_attest(plan.changes)


def _identity(report: Report) -> Text:
    organization = f"{visible(report.organization_name)} ({report.organization_id}) on {report.today}"
    return Text(f"{organization}\nwant {visible(report.document)}\nhave {visible(report.live)}", "dim")


def _counts(report: Report) -> Table:
    heads, rows = count_table(report)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, head in enumerate(heads):
        table.add_column(head, justify="right" if position else "left")
    for kind, *numbers in rows:
        table.add_row(f"  {kind}", *numbers)
    return table


def _section(title: str, changes: Sequence[Change], report: Report) -> Iterator[RenderableType]:
    if changes:
        by_hand = report.addresses_by_hand
        yield heading(title, len(changes))
        yield hanging(_change_row(change, by_hand=change.address in by_hand) for change in in_order_of_reading(changes))


def _change_row(change: Change, *, by_hand: bool) -> tuple[Text, Text]:
    sign, style = SIGNS[change.effect]
    return Text(f"  {sign}", style), _line(change, " · ".join(notes(change, by_hand=by_hand)), style)


def _line(change: Change, note: str, style: str = "") -> Text:
    detail = what(change)
    line = Text.assemble((visible_address(change.address), style), f"  {detail}" if detail else "")
    return line.append(f"\n{note}", "dim") if note else line


def _request_rows(report: Report) -> Iterator[tuple[str, Text]]:
    for operation in report.operations:
        for request in operation.requests:
            body = json.dumps(report.body(request), ensure_ascii=False) if request.body else ""
            path = spelled_out(report.path(request))
            yield f"  {request.method}", Text.assemble(path, (f" {spelled_out(body)}", "dim"))


def _waiting(report: Report) -> Iterator[RenderableType]:
    waiting = report.plan.waiting
    if waiting:
        yield heading("WAITING", len(waiting))
        yield hanging((Text("  o", "yellow"), _line(change, spelled_out(reason))) for change, reason in waiting)


def _unchecked(report: Report) -> Iterator[RenderableType]:
    rows = [("  ?", _line(change, spelled_out(reason))) for change, reason in report.unchecked]
    rows += [("  ?", Text(spelled_out(sentence))) for sentence in report.not_checked]
    if rows:
        yield heading("NOT CHECKED", len(rows))
        yield hanging(rows)


def _on_word(report: Report, *, listed: bool) -> Iterator[RenderableType]:
    if report.said:
        yield heading("ON SOMEBODY'S WORD", len(report.said))
        tail = "." if listed else "; --verbose lists who said so."
        yield hanging([(" ", f"The live system does not show them{tail}")])
    if report.said and listed:
        yield hanging(
            ("  =", Text.assemble(visible_address(each.address), (f"\nsaid by {visible(each.by)} on {each.on}", "dim")))
            for each in report.said
        )


def _held_back(report: Report, *, listed: bool) -> Iterator[RenderableType]:
    held_back = report.plan.held_back
    if held_back:
        yield heading("HELD BACK", len(held_back))
        tail = "." if listed else "; --verbose lists them."
        yield hanging([(" ", f"policy.mode is additive: what the document does not name stays{tail}")])
    if held_back and listed:
        yield hanging(("  =", _line(change, "")) for change in held_back)
