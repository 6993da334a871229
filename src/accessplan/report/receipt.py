"""What stands in the way of undoing a run, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.change import Change
from accessplan.model import State
from accessplan.receipt import Image, Reversal
from accessplan.report.changes import deed, what
from accessplan.report.console import draw, hanging, heading
from accessplan.report.safe import visible_address


def render_moved(reversal: Reversal, live: State, *, width: int = 80, color: bool = False) -> str:
    """Render why a run cannot be undone: each entry that is neither as it was before nor as the run left it."""
    return draw(_moved(reversal, live), width=width, color=color)


def render_left(reversal: Reversal, *, width: int = 80, color: bool = False) -> str:
    """Render what is not undone, since nobody can see whether it was ever done; empty where there is nothing."""
    return draw(_left(reversal), width=width, color=color)


def _moved(reversal: Reversal, live: State) -> Iterator[RenderableType]:
    yield heading("NOT AS THE RUN LEFT IT", len(reversal.moved))
    yield hanging(("  !", Text(f"{_line(image)}\n{_is_now(image, live)}")) for image in reversal.moved)


def _left(reversal: Reversal) -> Iterator[RenderableType]:
    if reversal.not_shown:
        yield heading("NOT UNDONE: the live system does not show whether it was done", len(reversal.not_shown))
        yield hanging(("  ?", _line(image)) for image in reversal.not_shown)


def _is_now(image: Image, live: State) -> str:
    now = live.entries.get(image.address)
    return "is gone now" if now is None else f"is now: {what(Change(image.address, None, now)) or 'there'}"


def _line(image: Image) -> str:
    return f"{deed(Change(image.address, image.before, image.after))} {visible_address(image.address)}"
