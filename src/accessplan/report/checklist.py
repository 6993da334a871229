"""What a person does in the Manager: numbered steps, those on one screen under one heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from string import ascii_lowercase
from typing import NamedTuple

from rich.console import RenderableType
from rich.text import Text

from accessplan.report.console import hanging, heading
from accessplan.report.safe import spelled_out
from accessplan.route import Operation, Step


class Visit(NamedTuple):
    """Neighbouring steps on one screen, with their numbers: who may do them, and why no request does."""

    path: str
    who: str
    why: str
    steps: tuple[tuple[int, Step], ...]


def visits(operations: Iterable[Operation]) -> Iterator[Visit]:
    """Put steps on one screen together, as far as they are neighbours.

    The order stays: a demotion may have to wait for a grant. Numbers go through.
    """
    steps = [(step, operation.why_manual) for operation in operations for step in operation.steps]
    numbers = count(1)
    for (path, who), group in groupby(steps, key=lambda each: (each[0].path, each[0].who)):
        visit = list(group)
        whys = dict.fromkeys(why for _, why in visit if why)
        yield Visit(path, who, "; ".join(whys), tuple((next(numbers), step) for step, _ in visit))


def by_hand_blocks(operations: Sequence[Operation]) -> Iterator[RenderableType]:
    """Yield the checklist as text."""
    total = sum(len(operation.steps) for operation in operations)
    if not total:
        return
    yield heading("BY HAND, in the Manager", total)
    for visit in visits(operations):
        reason = " · ".join(filter(None, [visit.who, visit.why]))
        yield hanging([(" ", Text.assemble(spelled_out(visit.path), (f"\n{spelled_out(reason)}", "dim")))])
        for number, step in visit.steps:
            yield hanging([(f"  {number:>4}.", spelled_out(step.text))])
            lines = enumerate(step.lines)
            yield hanging((f"{letter(position):>9}.", spelled_out(line)) for position, line in lines)


def letter(position: int) -> str:
    """Return what a line is counted by: a to z, then aa, ab and so on."""
    before, last = divmod(position, len(ascii_lowercase))
    return (letter(before - 1) if before else "") + ascii_lowercase[last]
