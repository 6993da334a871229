"""What came of an apply, as text: failures first, then what is left to be done by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.apply import Applied, Outcome, Status
from accessplan.change import Change
from accessplan.errors import ItemsRefused
from accessplan.model import owners
from accessplan.report.changes import deed
from accessplan.report.checklist import by_hand_blocks
from accessplan.report.console import draw, hanging, heading
from accessplan.report.safe import spelled_out, visible_address
from accessplan.report.text import to_attest

SIGNS = {
    Status.DONE: ("✓", "green"),
    Status.FAILED: ("x", "bold red"),
    Status.SKIPPED: ("o", "yellow"),
    Status.WITHOUT_EFFECT: ("x", "bold red"),
    Status.BY_HAND: ("?", "yellow"),
}


def render_line(outcome: Outcome, *, width: int = 80, color: bool = False) -> str:
    """Render one outcome as it comes: a line a change."""
    sign, style = SIGNS[outcome.status]
    rows = ((Text(f"  {sign}", style), Text(_line(change))) for change in outcome.operation.changes)
    return draw((hanging(rows),), width=width, color=color)


def render(applied: Applied, *, width: int = 80, color: bool = False) -> str:
    """Render the whole of an apply: counts, what went wrong and why, and the checklist of what is left."""
    return draw(_blocks(applied), width=width, color=color)


def _blocks(applied: Applied) -> Iterator[RenderableType]:
    outcomes = applied.outcomes
    counts = Counter(outcome.status for outcome in outcomes for _ in outcome.operation.changes)
    parts = [f"{counts[status]} {status}" for status in Status if counts[status]]
    yield Text.assemble(("Applied: ", "bold"), ", ".join(parts) or "nothing to do", ".")
    if applied.note:
        yield Text(spelled_out(applied.note), "bold red")
        yield "Run accessplan plan to see what is left."
    for status in (Status.FAILED, Status.WITHOUT_EFFECT, Status.SKIPPED):
        chosen = [outcome for outcome in outcomes if outcome.status is status]
        if chosen:
            yield heading(status.upper(), counts[status])
            yield hanging(_reason_rows(chosen))
    if applied.strays:
        yield heading("MOVED MEANWHILE, by no operation of this run", len(applied.strays))
        yield hanging(("  !", visible_address(address)) for address in applied.strays)
    yield from by_hand_blocks([outcome.operation for outcome in outcomes if outcome.status is Status.BY_HAND])
    done = [outcome.operation for outcome in outcomes if outcome.is_done_or_asked]
    yield from to_attest([change for operation in done for change in operation.changes])


def _reason_rows(outcomes: Iterable[Outcome]) -> Iterator[tuple[Text, Text]]:
    """Say each reason once, under everything that it holds for."""
    lines: dict[tuple[Status, str], list[str]] = {}
    for outcome in outcomes:
        for change in outcome.operation.changes:
            lines.setdefault((outcome.status, _reason(outcome, change)), []).append(_line(change))
    for (status, reason), theirs in lines.items():
        sign, style = SIGNS[status]
        yield Text(f"  {sign}", style), Text.assemble("\n".join(theirs), (f"\n{spelled_out(reason)}", "dim"))


def _reason(outcome: Outcome, change: Change) -> str:
    """Return why a change was not made; where one request is about several people, each has a reason of their own."""
    reason, remedy = outcome.reason, outcome.error.remedy if outcome.error else ""
    if isinstance(outcome.error, ItemsRefused):
        reason = next(
            (outcome.error.items[each] for each in owners(change.address) & outcome.error.items.keys()), reason
        )
    return f"{reason.removesuffix('.')}. {remedy}" if remedy else reason


def _line(change: Change) -> str:
    return f"{deed(change)} {visible_address(change.address)}"
