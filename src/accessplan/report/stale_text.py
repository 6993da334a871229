"""What is stale as text: the verdict first, then what weighs most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.report.console import draw, hanging, heading
from accessplan.report.frame import identity, not_looked_at
from accessplan.report.safe import spelled_out, visible, visible_address, visible_place
from accessplan.report.stale_report import NOTHING_NEW, OR_ELSE, TO_KEEP, Announcing, StaleReport
from accessplan.stale import Severity, Stale

STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "bold yellow", Severity.LOW: "dim"}
SIGNS = {Severity.HIGH: "!", Severity.MEDIUM: "?", Severity.LOW: "·"}


def render(report: StaleReport, *, width: int = 80, color: bool = False) -> str:
    """Render what is stale as text of at most `width` columns."""
    return draw(_blocks(report), width=width, color=color)


def _blocks(report: StaleReport) -> Iterator[RenderableType]:
    ahead = f", and what ends or is due within {report.within} days" if report.within is not None else ""
    yield identity(report, f"on {report.today}{ahead}")
    yield ""
    yield Text(report.verdict, "bold")
    if report.found:
        yield hanging([("  ", ", ".join(f"{count} {rule}" for rule, count in report.by_rule.items()))])
    for severity in report.by_severity:
        found = report.of(severity)
        yield heading(severity.upper(), len(found))
        yield hanging(_rows(found, report))
    if report.announcing is not None:
        yield from _announced(report.announcing, report)
    yield from not_looked_at(report.not_covered)


def _rows(found: Iterable[Stale], report: StaleReport) -> Iterator[tuple[Text, Text]]:
    for each in found:
        since = report.since(each)
        told = f": {spelled_out(each.message)}" + (f" ({since})" if since else "")
        text = Text.assemble((visible_address(each.address), "bold"), told)
        yield Text(f"  {SIGNS[each.severity]}", STYLES[each.severity]), text.append(f"\n{about(each, report)}", "dim")


def _announced(announcing: Announcing, report: StaleReport) -> Iterator[RenderableType]:
    """Yield what this run announced, by who answers for it, how to keep it, and what it withdrew."""
    yield heading("ANNOUNCED", len(announcing.new)) if announcing.new else Text(f"\n{NOTHING_NEW}", "bold")
    for owner, theirs in report.by_owner.items():
        yield Text(f"  {f'owner {visible(owner)}' if owner else 'no owner'}, {report.grace(theirs[0])}")
        yield hanging(
            ("    -", Text.assemble((visible_address(each.address), "bold"), f": {spelled_out(report.why(each))}"))
            for each in theirs
        )
    if announcing.new:
        yield hanging([(" ", f"To keep one: {TO_KEEP}, {OR_ELSE}")])
    if announcing.over:
        yield heading("WITHDRAWN", len(announcing.over))
        yield hanging(
            ("  -", Text.assemble((visible_address(address), "bold"), f": {spelled_out(reason)}"))
            for address, reason in announcing.over.items()
        )


def about(stale: Stale, report: StaleReport) -> str:
    """Say in one line which rule it is, who answers for it, where it is written, what to do, and what is not shown."""
    parts = (
        stale.rule,
        f"owner {visible(stale.owner)}" if stale.owner else "",
        visible_place(stale.place),
        spelled_out(stale.remedy),
        f"not shown: {spelled_out('; '.join(stale.missing))}" if stale.missing else "",
        report.announcement_of(stale),
    )
    return " · ".join(filter(None, parts))
