"""What a saved plan says beside what would be done now: what nobody approved, or how much of it is left."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.change import Change
from accessplan.report.changes import SIGNS, deed, what
from accessplan.report.console import draw, hanging, heading, number
from accessplan.report.safe import visible_address
from accessplan.saved import Comparison, Moved, Surprise


def render(comparison: Comparison, *, width: int = 80, color: bool = False) -> str:
    """Render why a saved plan is refused: each change that nobody approved, and each that finds its entry moved."""
    return draw(_surplus(comparison), width=width, color=color)


def render_left(comparison: Comparison, *, width: int = 80, color: bool = False) -> str:
    """Render how much of a saved plan is left to do, and what is not done although it was approved."""
    return draw(_left(comparison), width=width, color=color)


def _surplus(comparison: Comparison) -> Iterator[RenderableType]:
    if comparison.surprises:
        yield heading("NOT APPROVED", len(comparison.surprises))
        yield hanging(_row(each.change, _as_approved(each)) for each in comparison.surprises)
    if comparison.moved:
        yield heading("NO LONGER AS IT WAS", len(comparison.moved))
        yield hanging(_row(each.approved, _as_found(each)) for each in comparison.moved)


def _left(comparison: Comparison) -> Iterator[RenderableType]:
    gone = {"done already": len(comparison.done), "not planned any more": len(comparison.dropped)}
    left = len(comparison.covered)
    if not (left or any(gone.values())):
        return
    approved = number(left + sum(gone.values()), "change", "changes")
    rest = [f"{count} {'is' if count == 1 else 'are'} {state}" for state, count in gone.items() if count]
    yield Text(f"\nApproved: {', '.join([f'{approved}, of which {left} left to do', *rest])}.")
    if comparison.dropped:
        yield heading("NOT PLANNED ANY MORE", len(comparison.dropped))
        yield hanging(_row(change, "") for change in comparison.dropped)


def _row(change: Change, note: str) -> tuple[Text, Text]:
    sign, style = SIGNS[change.effect]
    line = Text.assemble((visible_address(change.address), style), _detail(change))
    return Text(f"  {sign}", style), line.append(f"\n{note}", "dim") if note else line


def _detail(change: Change) -> str:
    return f"  {detail}" if (detail := what(change)) else ""


def _as_approved(surprise: Surprise) -> str:
    if surprise.approved is None:
        return "not in the saved plan"
    return f"approved as: {deed(surprise.approved)}{_detail(surprise.approved)}"


def _as_found(moved: Moved) -> str:
    if moved.found is None:
        return "is gone now"
    return " ".join(filter(None, ("is now:", what(Change(moved.approved.address, None, moved.found)) or "there")))
