"""Text for terminals: rich lays it out in memory, and nothing in a name is taken for markup."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
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


@dataclass(frozen=True, slots=True)
class Hanging:
    """Rows of a sign and a text, whose further lines hang under its first.

    A table of rich would do the same; it measures every row against all others, and thousands of changes take seconds.
    """

    rows: tuple[tuple[Text, Text], ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        indent = 1 + max((sign.cell_len for sign, _ in self.rows), default=0)
        for sign, text in self.rows:
            begin = sign.copy()
            for line in text.split("\n", allow_blank=True):
                fits = indent + line.cell_len <= options.max_width
                for part in [line] if fits else line.wrap(console, options.max_width - indent, overflow="fold"):
                    begin.pad_right(indent - begin.cell_len)
                    yield Text.assemble(begin, part, no_wrap=True, overflow="ignore")
                    begin = Text()


def hanging(rows: Iterable[tuple[str | Text, str | Text]]) -> Hanging:
    """Return rows of a sign and a text, whose further lines hang under its first."""
    return Hanging(tuple((_text(sign), _text(text)) for sign, text in rows))


def _text(text: str | Text) -> Text:
    return text if isinstance(text, Text) else Text(text)


def heading(title: str, number: int) -> Text:
    """Return the headline of a section, with how much it holds."""
    return Text(f"\n{title} ({number})", "bold")


def number(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many}"
