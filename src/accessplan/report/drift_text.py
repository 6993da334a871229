"""What drifted as text: the verdict first, then each entry with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.drift import Drift, Kind, Pending, Snooze
from accessplan.plain import few
from accessplan.report.changes import SIGNS, what
from accessplan.report.console import draw, hanging, heading
from accessplan.report.drift_report import DriftReport, counted, move, seen, wish
from accessplan.report.frame import identity, not_looked_at
from accessplan.report.safe import spelled_out, visible, visible_address, visible_place

REMEDIES = (
    ("accessplan apply", "takes back what the document speaks of"),
    ("accessplan export --adopt ADDRESS", "takes what is live into the document"),
    ("accessplan drift snooze ADDRESS --until DATE --reason TEXT --by WHO", "leaves it as it is for a while"),
)


def render(report: DriftReport, *, width: int = 80, color: bool = False, listed: bool = False) -> str:
    """Render what drifted as text of at most `width` columns; with `listed` also each change that is pending."""
    return draw(_blocks(report, listed=listed), width=width, color=color)


def _blocks(report: DriftReport, *, listed: bool) -> Iterator[RenderableType]:
    found = report.found
    applied = f", as applied on {report.day(report.applied_at)}" if report.applied_at else ""
    yield identity(report, f"on {report.today}", note=applied)
    yield ""
    yield Text(report.verdict, "bold")
    for kind in report.by_kind:
        drifts = [each for each in found.drifts if each.kind is kind]
        yield heading(kind.upper(), len(drifts))
        yield hanging(_rows(drifts, report))
    if found.snoozed:
        yield heading("SNOOZED", len(found.snoozed))
        yield hanging(_snoozed(found.snoozed))
    if found.pending:
        yield heading("PENDING", len(found.pending))
        tail = "." if listed else "; --verbose lists them."
        yield hanging([(" ", f"no drift: {', '.join(counted(report))}{tail}")])
    if listed:
        yield hanging(_pending(found.pending, report))
    yield from not_looked_at(report.not_covered)
    if found.drifts:
        yield ""
        yield hanging((" ", Text.assemble((command, "bold"), f" {does}")) for command, does in REMEDIES)


def _rows(drifts: Iterable[Drift], report: DriftReport) -> Iterator[tuple[Text, Text]]:
    for each in drifts:
        change = each.revert if each.kind is Kind.DIFFERS else each.moved
        sign, style = SIGNS[change.effect]
        text = Text.assemble((visible_address(each.address), style), f"  {spelled_out(move(each))}")
        text.append(f"\n{spelled_out(wish(each, report))}")
        if each.along:
            names = few(visible_address(one.address) for one in each.along)
            text.append(f"\nand with it {names}")
        yield Text(f"  {sign}", style), text.append(f"\n{_where(each, report)}", "dim")


def _where(drift: Drift, report: DriftReport) -> str:
    return " · ".join(filter(None, (visible_place(drift.revert.place), seen(drift, report))))


def _snoozed(snoozed: Iterable[tuple[Drift, Snooze]]) -> Iterator[tuple[str, Text]]:
    for drift, snooze in snoozed:
        text = Text(f"{visible_address(drift.address)}  {spelled_out(move(drift))}")
        text.append(f"\nuntil {snooze.until}, says {visible(snooze.by)}: {visible(snooze.reason)}", "dim")
        yield "  =", text


def _pending(pending: Iterable[Pending], report: DriftReport) -> Iterator[tuple[str, Text]]:
    for each in pending:
        text = Text(f"{visible_address(each.change.address)}  {each.change.effect}: {what(each.change)}")
        since = f" since {report.day(each.since)}" if each.since else ""
        yield "  o", text.append(f"\n{each.why}{since}{f': {spelled_out(each.reason)}' if each.reason else ''}", "dim")
