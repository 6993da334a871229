"""What a `pruned` row says: which rows of its organization lost their content, and what pruning left of them."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from accessplan.ledger.link import BEGINNING, Link, digest

PRUNED = "pruned"


class Trace(NamedTuple):
    """A row behind the hash before it."""

    previous: str
    link: Link


class Claims(NamedTuple):
    """The numbers of the rows that later rows say were pruned, and of those among the latter that are wrong in it."""

    pruned: frozenset[int]
    wrong: frozenset[int]


def traces(links: Sequence[Link]) -> list[Trace]:
    """Put each row, in their order, behind the hash before it."""
    return [Trace(*each) for each in zip((BEGINNING, *(link.hash for link in links)), links, strict=False)]


def describe(own: Iterable[Trace], pruned: Container[int]) -> dict[str, object]:
    """Say which rows of an organization are pruned, as the first and last of those in a row, and what is left of them.

    What is left is said for rows without a digest of their body: nothing else shows that one of them, or the row before
    it, was changed.
    """
    spans, rest = [], []
    for is_pruned, run in groupby(own, lambda trace: trace.link.number in pruned):
        if is_pruned:
            run_of_them = list(run)
            rest += run_of_them
            spans.append([run_of_them[0].link.number, run_of_them[-1].link.number])
    return {"rows": spans, "left": _left(rest)}


def claims(links: Sequence[Link]) -> Claims:
    """Find the rows that are said to be pruned by a later row of their organization and live system."""
    pruned: set[int] = set()
    wrong: set[int] = set()
    before: defaultdict[tuple[int, str], list[Trace]] = defaultdict(list)
    for trace in traces(links):
        link, own = trace.link, before[trace.link.organization, trace.link.live]
        if link.kind == PRUNED and link.body:
            spans, left = _read(link.body)
            covered = [trace for span in spans for trace in _within(own, *span)]
            if left == _left(covered):
                pruned.update(each.link.number for each in covered)
            else:
                wrong.add(link.number)
        own.append(trace)
    return Claims(frozenset(pruned), frozenset(wrong))


def _within(own: Sequence[Trace], first: int, last: int) -> Sequence[Trace]:
    return own[bisect_left(own, first, key=_number) : bisect_right(own, last, key=_number)]


def _number(trace: Trace) -> int:
    return trace.link.number


def _left(covered: Iterable[Trace]) -> str:
    return digest(*((previous, *link._replace(body="", salt="")) for previous, link in covered))


def _read(body: str) -> tuple[list[tuple[int, int]], object]:
    """Read what such a row says; nothing where it cannot be read, which the chain shows."""
    try:
        match json.loads(body):
            case {"rows": list(spans), "left": left}:
                return [(int(first), int(last)) for first, last in spans], left
    except (ValueError, TypeError):
        pass
    return [], None
