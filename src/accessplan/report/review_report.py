"""What `accessplan review` has to tell: one value, from which every form of it is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from accessplan.model import Address
from accessplan.policy import later
from accessplan.report.console import number
from accessplan.review import Review


class Held(NamedTuple):
    """What a grant gives: who holds it, what it is on, which rights, and who answers for it."""

    who: str
    what: str
    rights: str
    owner: str


@dataclass(frozen=True)
class ReviewReport:
    """The reviews of everything that is live and wanted, what is due first.

    `within` is how many days ahead is looked, `remind` how long before its day a review is announced. `by_whom` says
    who reviewed last, as far as the ledger knows. `commit` is that of the document, empty where there is none.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    reviews: tuple[Review, ...]
    held: Mapping[Address, Held]
    within: int = 0
    remind: int = 14
    made_at: datetime | None = None
    not_covered: tuple[str, ...] = ()
    by_whom: Mapping[Address, str] = field(default_factory=dict)
    commit: str = ""

    @property
    def due(self) -> tuple[Review, ...]:
        """The reviews that are due by the last day that is looked at."""
        return tuple(each for each in self.reviews if each.is_due(self.last_day))

    @property
    def last_day(self) -> date:
        """The last day that is looked at."""
        return later(self.today, self.within)

    @property
    def verdict(self) -> str:
        """One sentence."""
        by = f"by {self.last_day}" if self.within else "today"
        if not self.due:
            return f"No review is due {by}, of {number(len(self.reviews), 'entry', 'entries')}."
        verb = "is" if len(self.due) == 1 else "are"
        return f"{number(len(self.due), 'review', 'reviews')} {verb} due {by}, of {len(self.reviews)}."
