"""Charts as plain numbers: where the template draws what. Each stands beside a table that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from accessplan.report.page.dates import Kind, Month
from accessplan.report.page.overview import Sighted

WIDTH, HEIGHT = 720, 200
_TOP, _BOTTOM, _LEFT, _RIGHT = 24, 28, 8, 8


class Box(NamedTuple):
    """A part of a bar: its kind, and where it is."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Bar(NamedTuple):
    """One month: its parts, and where its name and its number stand."""

    name: str
    total: int
    x: float
    top: float
    boxes: tuple[Box, ...]


class Dot(NamedTuple):
    """One day of a line, and what it says."""

    x: float
    y: float
    said: str


class Curve(NamedTuple):
    """A line through days: its kind, the points as SVG writes them, and its dots."""

    kind: str
    points: str
    dots: tuple[Dot, ...]


def months_chart(months: Sequence[Month]) -> tuple[Bar, ...]:
    """Draw what happens month by month as bars; all are of the height of the fullest."""
    most = max((len(month.events) for month in months), default=0) or 1
    step = (WIDTH - _LEFT - _RIGHT) / max(len(months), 1)
    return tuple(_bar(month, _LEFT + step * position, step, most) for position, month in enumerate(months))


def _bar(month: Month, x: float, step: float, most: int) -> Bar:
    boxes, top = [], float(HEIGHT - _BOTTOM)
    for kind, count in month.counts.items():
        height = count / most * (HEIGHT - _TOP - _BOTTOM)
        top -= height
        if count:
            boxes.append(
                Box(Kind(kind).name.lower(), _round(x + step * 0.2), _round(top), _round(step * 0.6), _round(height))
            )
    return Bar(month.name, len(month.events), _round(x + step / 2), _round(top - 6), tuple(boxes))


def coverage_chart(coverage: Sequence[Sighted]) -> tuple[Curve, ...]:
    """Draw how many entries are live and of how many the document speaks, over the days; one day is no line."""
    if len({each.on for each in coverage}) <= 1:
        return ()
    days = [each.on.toordinal() for each in coverage]
    most = max(each.live for each in coverage) or 1

    def dots(points: Iterable[tuple[Sighted, int]], word: str) -> Iterator[Dot]:
        for each, count in points:
            along = (each.on.toordinal() - days[0]) / (days[-1] - days[0])
            x, y = _LEFT + along * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM
            yield Dot(_round(x), _round(y - count / most * (HEIGHT - _TOP - _BOTTOM)), f"{each.on}: {count} {word}")

    return (
        _curve("live", dots(((each, each.live) for each in coverage), "live")),
        _curve("named", dots(((each, each.managed) for each in coverage), "in the document")),
    )


def _curve(kind: str, dots: Iterable[Dot]) -> Curve:
    found = tuple(dots)
    return Curve(kind, " ".join(f"{each.x},{each.y}" for each in found), found)


def _round(number: float) -> float:
    return round(number, 1)
