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
    """Render why a run cannot be undone: each entry that is neither as it was nor as the run left it, or came since."""
    return draw(_moved(reversal, live), width=width, color=color)


def render_left(reversal: Reversal, *, width: int = 80, color: bool = False) -> str:
    """Render what is not undone, by the reason; empty where there is nothing."""
    return draw(_left(reversal), width=width, color=color)


def _moved(reversal: Reversal, live: State) -> Iterator[RenderableType]:
    yield heading("NOT AS THE RUN LEFT IT", len(reversal.moved) + len(reversal.came))
    lines = [f"{_line(image)}\n{_is_now(image, live)}" for image in reversal.moved]
    lines += [f"{visible_address(each)}\ncame since, and would go with what the run made" for each in reversal.came]
    yield hanging(("  !", Text(line)) for line in lines)


def _left(reversal: Reversal) -> Iterator[RenderableType]:
    for why, images in (
        ("the live system does not show whether it was done", reversal.not_shown),
        ("it is not known how it was in full, or it was empty and cannot be emptied", reversal.unknown),
        ("an invitation that was sent anew stays as it is", reversal.renewed),
        ("what it hung on is not there any more", reversal.lost),
    ):
        if images:
            yield heading(f"NOT UNDONE: {why}", len(images))
            yield hanging(("  ?", _line(image)) for image in images)


def _is_now(image: Image, live: State) -> str:
    now = live.entries.get(image.address)
    return "is gone now" if now is None else f"is now: {what(Change(image.address, None, now)) or 'there'}"


def _line(image: Image) -> str:
    return f"{deed(Change(image.address, image.before, image.after))} {visible_address(image.address)}"
