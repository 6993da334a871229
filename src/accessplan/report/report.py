"""What there is to show of a plan; every format renders this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accessplan.errors import Exit
from accessplan.finding import Finding
from accessplan.model import Address
from accessplan.plan import Change, Effect, Plan
from accessplan.route import Operation

KINDS = ("users", "teams", "members", "grants")
"""What changes are counted by, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Report:
    """A plan with all that a reader needs to judge it.

    `live` says where the live side was read; `ids` are the live numbers, to fill requests with; `unchecked` gives with
    each entry the reason why nobody can say whether it is there; `refusals` are the rails that refuse the plan.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    plan: Plan
    operations: tuple[Operation, ...]
    unchecked: tuple[tuple[Change, str], ...]
    findings: tuple[Finding, ...]
    refusals: tuple[Finding, ...]
    not_covered: tuple[str, ...]
    ids: Mapping[Address, int]
    exit: Exit

    def number(self, address: Address) -> int | str:
        """Return the live number of an entry; what has none yet stands there by its address."""
        return self.ids.get(address, str(address))

    @property
    def requests(self) -> int:
        """How many requests an apply sends to write."""
        return sum(len(operation.requests) for operation in self.operations)

    @property
    def by_hand(self) -> tuple[Operation, ...]:
        """What a person has to do."""
        return tuple(operation for operation in self.operations if operation.is_manual)


def kind_of(change: Change) -> str:
    """Return under which kind a change is counted."""
    return f"{change.address.part or change.address.kind}s"


def count(changes: Iterable[Change]) -> dict[tuple[str, Effect], int]:
    """Count changes by kind and effect."""
    counts: dict[tuple[str, Effect], int] = {}
    for change in changes:
        key = (kind_of(change), change.effect)
        counts[key] = counts.get(key, 0) + 1
    return counts
