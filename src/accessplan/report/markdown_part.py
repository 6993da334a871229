"""Parts of a comment in Markdown, and how they share the room that there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

LONGEST = 59_000
"""How many characters a comment has at most; GitHub takes 65,536."""

MORE = 100
"""Room for the line that counts what does not fit."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the comment: `items` are lines of Markdown, one for each thing that is counted.

    With `begins` the items are a block of YAML, which begins with that line. `command` lists them all.
    """

    title: str
    items: tuple[str, ...]
    folded: bool = False
    begins: str = ""
    command: str = "plan"

    def render(self, room: int) -> str:
        """Render as many items as there is room for, and count the rest."""
        title = f"{self.title} ({len(self.items)})"
        begin, end = ("<details><summary>", "</summary>\n\n") if self.folded else ("### ", "\n\n")
        close = "\n</details>\n\n" if self.folded else "\n"
        first, last = self._fences()
        room -= len(begin + title + end + close + first + last) + MORE
        lengths = accumulate(len(item) + 1 for item in self.items)
        fitting = sum(length <= room for length in lengths)
        shown = "".join(f"{item}\n" for item in self.items[:fitting])
        left = len(self.items) - fitting
        rest = f"\n… and {left:,} more, which `accessplan {self.command}` lists.\n" if left else ""
        return f"{begin}{title}{end}{f'{first}{shown}{last}' if shown else ''}{rest}{close}"

    def _fences(self) -> tuple[str, str]:
        """Return what stands around the items: marks that are longer than any in a name."""
        if not self.begins:
            return "", ""
        fence = "`" * 3
        while any(fence in item for item in self.items):
            fence += "`"
        return f"{fence}yaml\n{self.begins}\n", f"{fence}\n"


def laid_out(parts: Iterable[Part], room: int) -> str:
    """Render the parts that hold something in as many characters as there are, each with a share of them."""
    parts = [part for part in parts if part.items]
    shares = share_out(room, [len(part.render(LONGEST**2)) + MORE for part in parts])
    return "".join(part.render(share) for part, share in zip(parts, shares, strict=True))


def share_out(room: int, wishes: Sequence[int]) -> list[int]:
    """Share room out so that small wishes are met, and large ones get equal parts of what is left."""
    shares = [0] * len(wishes)
    smallest_first = sorted(range(len(wishes)), key=wishes.__getitem__)
    for met, position in enumerate(smallest_first):
        shares[position] = min(wishes[position], room // (len(wishes) - met))
        room -= shares[position]
    return shares
