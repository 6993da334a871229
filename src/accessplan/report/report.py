"""What there is to show of a plan; every format renders this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote

from accessplan.change import Change, Effect
from accessplan.errors import Exit
from accessplan.finding import Finding
from accessplan.judgement import Judgement
from accessplan.model import Address
from accessplan.plan import Plan
from accessplan.route import Operation, Request, fill_body, fill_path

KINDS = ("users", "teams", "members", "grants", "uses", "delegates", "partners")
"""What changes are counted by, in the order of reading."""


class Said(NamedTuple):
    """Something that the live system does not show: on whose word it is taken to be so, and since when."""

    address: Address
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Report:
    """A plan with all that a reader needs to judge it.

    `live` says where the live side was read; `ids` are the live numbers, to fill requests with; `unchecked` gives with
    each entry the reason why nobody can say whether it is there; `said` are the entries that are taken on somebody's
    word; `base` is the Git ref that the change under review starts from, empty where none is named;
    `commit` the short hash of the document's commit, with a + where it has changes that are not committed, and empty
    outside of a Git repository; `made_at` the moment it was made, of which alone it depends how long it is good;
    `at` is the day to come that it is made for, if it is not made for `today`: nobody can apply it.
    `masked` tells that people are hidden in it, so that nobody can apply it.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    plan: Plan
    operations: tuple[Operation, ...]
    unchecked: tuple[tuple[Change, str], ...]
    said: tuple[Said, ...]
    findings: tuple[Finding, ...]
    not_covered: tuple[str, ...]
    ids: Mapping[Address, int]
    exit: Exit
    judgement: Judgement = field(default_factory=Judgement)
    base: str = ""
    commit: str = ""
    made_at: datetime | None = None
    masked: bool = False
    at: date | None = None

    @property
    def day(self) -> str:
        """The day that it is made for, as headings say it."""
        return f"as of {self.at}, for live as it is now" if self.at else f"on {self.today}"

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The rails that refuse the plan."""
        return tuple(each.finding for each in self.judgement.refusals)

    def path(self, request: Request) -> str:
        """Return the path of a request as people read it, with the live numbers in it."""
        return unquote(fill_path(request, partial(self._number, request)))

    def body(self, request: Request) -> object:
        """Return what a request says, with the live numbers in it."""
        return fill_body(request.body, partial(self._number, request))

    def _number(self, request: Request, address: Address) -> int | str:
        """Return the live number of an entry; what has none yet stands there by its address.

        An invitation that is sent anew has another number once the old one is cancelled.
        """
        is_new = address in self._sent_anew and request.method != "DELETE"
        return str(address) if is_new else self.ids.get(address, str(address))

    @property
    def _sent_anew(self) -> AbstractSet[Address]:
        requests = (request for operation in self.operations for request in operation.requests)
        return {request.creates for request in requests if request.creates is not None} & self.ids.keys()

    @property
    def requests(self) -> int:
        """How many requests an apply sends to write."""
        return sum(len(operation.requests) for operation in self.operations)

    @property
    def by_hand(self) -> tuple[Operation, ...]:
        """What a person has to do."""
        return tuple(operation for operation in self.operations if operation.is_manual)

    @property
    def steps(self) -> int:
        """How many steps that are."""
        return sum(len(operation.steps) for operation in self.by_hand)

    @property
    def addresses_by_hand(self) -> frozenset[Address]:
        """What changes by hand, in whole or in part."""
        return frozenset(change.address for operation in self.by_hand for change in operation.changes)

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What else cannot be seen, in sentences; reasons that `unchecked` gives are not repeated."""
        told = {reason for _, reason in self.unchecked}
        return (*(each for each in self.plan.blind if each not in told), *self.not_covered)


def kind_of(change: Change) -> str:
    """Return under which kind a change is counted."""
    return f"{change.address.part or change.address.kind}s"


def in_order_of_reading(changes: Iterable[Change]) -> list[Change]:
    """Sort changes by kind, then by address."""
    return sorted(changes, key=lambda each: (KINDS.index(kind_of(each)), each.address))


def count(changes: Iterable[Change]) -> dict[tuple[str, Effect], int]:
    """Count changes by kind and effect."""
    counts: dict[tuple[str, Effect], int] = {}
    for change in changes:
        key = (kind_of(change), change.effect)
        counts[key] = counts.get(key, 0) + 1
    return counts
