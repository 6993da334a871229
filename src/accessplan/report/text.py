"""A plan as text for people: the verdict first, then what to decide, then one line a change and one line of cause."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from accessplan.change import Change
from accessplan.report.changes import SIGNS, TO_ATTEST, any_to_attest, what
from accessplan.report.checklist import by_hand_blocks
from accessplan.report.console import draw, hanging, heading
from accessplan.report.findings import finding_blocks
from accessplan.report.frame import identity
from accessplan.report.judged import Section, about, remarks, sections, tally
from accessplan.report.report import Report
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.report.text_judged import (
    blocked_blocks,
    consent_blocks,
    count_blocks,
    high_risk_blocks,
    people_blocks,
    test_blocks,
    verdict_line,
)


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a plan is shown: the steps by hand, the requests, and (`held_back`) whatever else is only counted."""

    steps: bool = True
    requests: bool = False
    held_back: bool = False


USUAL = Detail()


def render(report: Report, *, width: int = 80, color: bool = False, detail: Detail = USUAL) -> str:
    """Render a plan as text of at most `width` columns."""
    return draw(_blocks(report, detail, width), width=width, color=color)


def to_attest(changes: Sequence[Change]) -> Iterator[RenderableType]:
    """Yield one line that says how to give one's word, where any of these changes asks for it."""
    if any_to_attest(changes):
        yield f"\nOnce done, say so: {TO_ATTEST} (--all for all of them)"


def _blocks(report: Report, detail: Detail, width: int) -> Iterator[RenderableType]:
    yield identity(report, report.day, base=report.base)
    yield ""
    yield from verdict_line(report)
    yield from count_blocks(report, width)
    yield from blocked_blocks(report)
    yield from high_risk_blocks(report)
    if report.findings:
        yield heading("FINDINGS", len(report.findings))
        yield from finding_blocks(report.findings)
    yield from _changes(report)
    yield from people_blocks(report, listed=detail.held_back)
    if detail.steps:
        yield from by_hand_blocks(report.by_hand)
    if detail.requests and report.requests:
        yield heading("REQUESTS", report.requests)
        yield hanging(_request_rows(report))
    yield from consent_blocks(report, width, listed=detail.held_back)
    yield from test_blocks(report)
    yield from _waiting(report)
    yield from _unchecked(report)
    yield from _on_word(report, listed=detail.held_back)
    yield from _held_back(report, listed=detail.held_back)
    if detail.steps:
        yield from to_attest(report.plan.changes)


def _changes(report: Report) -> Iterator[RenderableType]:
    """Yield every change, however many there are: what is approved must have been there to be read."""
    said = remarks(report)
    for group, found in groupby(sections(report), key=lambda each: each.group):
        members = list(found)
        if group:
            yield _group_heading(group, members, report)
        for section in members:
            if not section.changes:
                continue
            title = Text(f"{section.title} ({len(section.changes)})", "underline")
            yield title if group else heading(section.title.upper(), len(section.changes))
            yield hanging(_change_row(change, report, said(change)) for change in section.changes)


def _group_heading(group: str, members: Iterable[Section], report: Report) -> Text:
    total = sum(len(section.changes) for section in members)
    others = tally(report) if group.startswith("Not") else ""
    return Text(f"\n{group.upper()} ({total}{f': {others}' if others else ''})", "bold")


def _change_row(change: Change, report: Report, note: str) -> tuple[Text, Text]:
    sign, style = SIGNS[change.effect]
    return Text(f"  {sign}", style), _line(change, about(change, report, visible), note, style)


def _line(change: Change, detail: str, note: str, style: str = "") -> Text:
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
        rows = ((each.change, spelled_out(each.reason)) for each in waiting)
        yield hanging((Text("  o", "yellow"), _line(change, what(change), reason)) for change, reason in rows)


def _unchecked(report: Report) -> Iterator[RenderableType]:
    rows = [("  ?", _line(change, what(change), spelled_out(reason))) for change, reason in report.unchecked]
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
        yield hanging(("  =", _line(change, what(change), "")) for change in held_back)
