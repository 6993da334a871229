"""What a document notes of an entry beside the access: who answers for it, why, since when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Record:
    """What is noted of one entry; what is not noted is empty. `owner` is a normalized e-mail address."""

    owner: str = ""
    reason: str = ""
    ticket: str = ""
    since: date | None = None
    until: date | None = None
    reviewed: date | None = None

    @property
    def has_reason(self) -> bool:
        """Whether it says why."""
        return bool(self.reason or self.ticket)

    def over(self, other: Record) -> Record:
        """Return this record, and what another notes where this one is silent."""
        if other == NO_RECORD:
            return self
        return Record(
            self.owner or other.owner,
            self.reason or other.reason,
            self.ticket or other.ticket,
            self.since or other.since,
            self.until or other.until,
            self.reviewed or other.reviewed,
        )


NO_RECORD = Record()
