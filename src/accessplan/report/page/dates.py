"""What ends and what is due for review, by day and by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from accessplan.model import owners
from accessplan.record import NO_RECORD
from accessplan.report.page.overview import Overview
from accessplan.report.page.places import Line, line_of
from accessplan.report.safe import visible, visible_address

MONTHS = 12
"""How many months the chart goes ahead, this one included."""

BEFORE = "before today"
LATER = "later"


class Kind(StrEnum):
    """What happens on a day."""

    REVIEW = "review due"
    ENDS = "ends"
    EXPIRES = "product expires"


class Event(NamedTuple):
    """Something that happens on a day: to what, who answers for it, and where it is written."""

    on: date
    kind: Kind
    what: str
    who: str
    line: Line


class Month(NamedTuple):
    """What happens in a month, or before today, or later than the months that are shown."""

    name: str
    events: tuple[Event, ...]

    @property
    def counts(self) -> dict[Kind, int]:
        """How many there are of each kind."""
        found = Counter(each.kind for each in self.events)
        return {kind: found[kind] for kind in Kind}


def months_of(overview: Overview) -> tuple[Month, ...]:
    """List the months, each with its events; what is overdue before them, and what is later after them, if any."""
    found = sorted(_events(overview))
    by_name = {name: tuple(group) for name, group in groupby(found, key=lambda each: _month(each.on, overview.today))}
    ahead = list(_names(overview.today))
    names = [name for name in (BEFORE, *ahead, LATER) if name in by_name or name in ahead]
    return tuple(Month(name, by_name.get(name, ())) for name in names)


def _events(overview: Overview) -> Iterator[Event]:
    for review in overview.reviews:
        who = ", ".join(map(visible, review.reviewers))
        line = line_of(review.place, overview.forge)
        yield Event(review.due, Kind.REVIEW, visible_address(review.address), who, line)
    for address, record in sorted(overview.records.items()):
        ends_with_others = {overview.records.get(each, NO_RECORD).until for each in owners(address)}
        if record.until and record.until >= overview.today and record.until not in ends_with_others:
            line = line_of(overview.places.get(address), overview.forge)
            yield Event(record.until, Kind.ENDS, visible_address(address), visible(record.owner), line)
    for label, day in sorted(overview.expiries.items()):
        yield Event(day, Kind.EXPIRES, visible(label), "", Line())


def _month(day: date, today: date) -> str:
    if day < today:
        return BEFORE
    name = f"{day:%Y-%m}"
    return name if name in _names(today) else LATER


def _names(today: date) -> Iterable[str]:
    """Name the months from this one on."""
    months = (today.year * 12 + today.month - 1 + ahead for ahead in range(MONTHS))
    return [f"{each // 12:04d}-{each % 12 + 1:02d}" for each in months]
