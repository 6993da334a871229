"""What `accessplan report` has to tell: one value, from which the page is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from accessplan.finding import Place
from accessplan.model import Address, Partner, User
from accessplan.record import Record
from accessplan.report.explanation import Way
from accessplan.report.history import Told
from accessplan.review import Review
from accessplan.risk import Risk
from accessplan.signals import Signal
from accessplan.stale import Stale


class Sighted(NamedTuple):
    """How many entries were live on a day, of how many of them the document spoke, and how many were as it said."""

    on: date
    live: int
    managed: int
    matching: int


class Pending(NamedTuple):
    """How many changes the next apply would make, how many of them are of high risk, and whether it is blocked."""

    changes: int
    risky: int
    blocked: bool


class Forge(NamedTuple):
    """Where the lines of the document can be read: a template of URLs, and what goes into it.

    `files` are the names that places have for files, and those from the top of the repository.
    """

    template: str
    commit: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overview:
    """Who reaches what on a day, what is stale, what is due, and what was done.

    `ways` are the paths of `people`, live and planned; `awaited` are those of them who are not there yet. `what` are
    things that can be reached besides, so that it shows what nobody reaches. `teams` are those that each is in. `risks`
    says which live entries are of high risk, and why. `records` and `places` are of live and wanted entries. `expiries`
    are the last days of products by label. `rows` are of the ledger, the newest first; `coverage` ends with the day of
    the report. `not_covered` says in plain sentences what was not looked at.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    people: tuple[User | Partner, ...]
    ways: tuple[Way, ...]
    pending: Pending
    awaited: frozenset[Address] = frozenset()
    what: tuple[str, ...] = ()
    teams: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)
    risks: Mapping[Address, tuple[Risk, ...]] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()
    reviews: tuple[Review, ...] = ()
    records: Mapping[Address, Record] = field(default_factory=dict)
    signals: Mapping[Address, Signal] = field(default_factory=dict)
    places: Mapping[Address, Place] = field(default_factory=dict)
    expiries: Mapping[str, date] = field(default_factory=dict)
    rows: tuple[Told, ...] = ()
    coverage: tuple[Sighted, ...] = ()
    not_covered: tuple[str, ...] = ()
    commit: str = ""
    forge: Forge | None = None
    masked: bool = False
