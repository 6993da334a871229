"""Text for terminals: rich lays it out in memory, and nothing in a name is taken for markup."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text


def draw(blocks: Iterable[RenderableType], *, width: int, color: bool) -> str:
    """Lay blocks out one under the other, `width` columns wide; no line ends in blanks."""
    memory = io.StringIO()
    console = Console(
        file=memory,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for block in blocks:
        console.print(block)
    return "".join(f"{line.rstrip()}\n" for line in memory.getvalue().splitlines())


def hanging(rows: Iterable[tuple[str | Text, str | Text]]) -> Table:
    """Return rows of a sign and a text, whose further lines hang under its first."""
    grid = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for sign, text in rows:
        grid.add_row(sign if isinstance(sign, Text) else Text(sign), text if isinstance(text, Text) else Text(text))
    return grid


def heading(title: str, number: int) -> Text:
    """Return the headline of a section, with how much it holds."""
    return Text(f"\n{title} ({number})", "bold")


def number(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many}"
