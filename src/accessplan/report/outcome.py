"""What came of an apply, as text: failures first, then what is left to be done by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from accessplan.apply import Outcome, Status
from accessplan.report.console import draw, hanging, heading
from accessplan.report.safe import visible
from accessplan.report.text import by_hand_blocks

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
    rows = [
        (Text(f"  {sign}", style), Text(visible(f"{change.effect} {change.address}")))
        for change in outcome.operation.changes
    ]
    return draw((hanging(rows),), width=width, color=color)


def render(outcomes: Sequence[Outcome], *, width: int = 80, color: bool = False) -> str:
    """Render the whole of an apply: counts, what went wrong and why, and the checklist of what is left."""
    return draw(_blocks(outcomes), width=width, color=color)


def _blocks(outcomes: Sequence[Outcome]) -> Iterator[RenderableType]:
    counts = Counter(outcome.status for outcome in outcomes for _ in outcome.operation.changes)
    parts = [f"{counts[status]} {status}" for status in Status if counts[status]]
    yield Text.assemble(("Applied: ", "bold"), ", ".join(parts) or "nothing to do", ".")
    for status in (Status.FAILED, Status.WITHOUT_EFFECT, Status.SKIPPED):
        chosen = [outcome for outcome in outcomes if outcome.status is status]
        if chosen:
            yield heading(status.upper(), len(chosen))
            yield hanging(_reason_row(outcome) for outcome in chosen)
    yield from by_hand_blocks([outcome.operation for outcome in outcomes if outcome.status is Status.BY_HAND])


def _reason_row(outcome: Outcome) -> tuple[Text, Text]:
    sign, style = SIGNS[outcome.status]
    changes = "\n".join(f"{change.effect} {visible(str(change.address))}" for change in outcome.operation.changes)
    remedy = f" {outcome.error.remedy}" if outcome.error and outcome.error.remedy else ""
    return Text(f"  {sign}", style), Text.assemble(changes, (f"\n{visible(outcome.reason)}{visible(remedy)}", "dim"))
