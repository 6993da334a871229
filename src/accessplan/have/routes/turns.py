"""In which order operations go out: with their first change, and after what they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from accessplan.change import Change, order
from accessplan.model import Address, User
from accessplan.route import Operation

_LEAVE = 3
"""The stage of `change.order` at which people leave: others who wait for somebody to lose something wait no longer."""

_Stage = tuple[int, *tuple[str, ...]]


def in_turn(operations: Sequence[Operation], changes: Iterable[Change]) -> Iterator[Operation]:
    """Put operations in order.

    Within a stage requests go before steps by hand, and steps on one screen together.

    Raises:
        graphlib.CycleError: two wait for each other, which would be our fault; nothing may be sent then.
    """
    first = {change.address: order(change) for change in changes if _comes_first(change)}
    awaited = frozenset(address for each in operations for address in each.needs)
    keys = [_when(each, first, awaited) for each in operations]
    sorter = TopologicalSorter(_needed(operations))
    sorter.prepare()
    ready: list[tuple[tuple[object, ...], int]] = []
    while sorter.is_active():
        for number in sorter.get_ready():
            heappush(ready, (keys[number], number))
        _, number = heappop(ready)
        yield operations[number]
        sorter.done(number)


def _needed(operations: Sequence[Operation]) -> Mapping[int, set[int]]:
    """Say which operations each one needs, by their numbers."""
    carriers: dict[Address, list[int]] = {}
    for number, operation in enumerate(operations):
        for change in operation.changes:
            carriers.setdefault(change.address, []).append(number)
    return {
        number: {each for address in operation.needs for each in carriers.get(address, ())}
        for number, operation in enumerate(operations)
    }


def _comes_first(change: Change) -> bool:
    """Tell whether others may have to wait for a change: somebody or something comes to be, or governs no more."""
    return change.before is None or change.is_renewal or isinstance(change.after, User)


def _when(operation: Operation, first: Mapping[Address, _Stage], awaited: frozenset[Address]) -> tuple[object, ...]:
    """Return the key by which operations go out that need nothing of each other.

    What others wait for to go, goes with those who leave.
    """
    own = min(map(order, operation.changes))
    if any(change.address in awaited and change.before is not None for change in operation.changes):
        own = min(own, (_LEAVE, *own[1:]))
    stage, *address = max([own, *(first[each] for each in operation.needs if each in first)])
    return stage, bool(operation.needs), operation.is_manual, [step.path for step in operation.steps], address
