"""Which rows may be pruned, and which of those still count, however old they are.

A kind that is named nowhere here is kept: it is not known what builds upon it. So are `plan applied`, `seen`, `filled
anew` and `pruned`, which name nobody but who pruned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from accessplan.ledger.announcements import ANNOUNCED
from accessplan.ledger.announcements import ENDED as ANNOUNCEMENT_ENDED
from accessplan.ledger.invitations import INVITED, LEFT, counted
from accessplan.ledger.ledger import Ledger, NewRow, Row, Rows
from accessplan.ledger.receipts import ASKED, INTENT, OUTCOME, RUN
from accessplan.ledger.receipts import ENDED as RUN_ENDED
from accessplan.ledger.reviews import REVIEWED
from accessplan.ledger.sightings import SIGHTED, WANTED, Sighting, counts_over_time, note_sighting, past
from accessplan.ledger.snoozes import SNOOZED
from accessplan.ledger.words import ATTESTED, counting
from accessplan.ledger.words import ENDED as WORD_ENDED
from accessplan.past import Coverage


class Rule(NamedTuple):
    """Kinds whose rows may be pruned, and the numbers of those that still count; rows before the day may go."""

    kinds: frozenset[str]
    still_count: Callable[[Rows, date], set[int]]


def invitations_since_they_left(rows: Rows, _: date) -> set[int]:
    """How often somebody was invited says whether to invite them again; who left begins from the start."""
    return counted(rows)


def last_words(rows: Rows, _: date) -> set[int]:
    """The last word on an entry stands in for what the live system does not show, until who it is about leaves."""
    return counting(rows)


def open_announcements(rows: Rows, _: date) -> set[int]:
    """What was announced as stale is revoked when that is due, unless the announcement ended."""
    last = {str(row.body.get("address")): (kind, row.number) for kind, row in rows}
    return {number for kind, number in last.values() if kind == ANNOUNCED}


def snoozes_to_come(rows: Rows, before: date) -> set[int]:
    """What somebody takes as it is, they take to the end of a day."""
    last = {str(row.body.get("address")): row for _, row in rows}
    return {row.number for row in last.values() if str(row.body.get("until")) >= before.isoformat()}


def no_reviews(_: Rows, __: date) -> set[int]:
    """When something was reviewed last stands in the document; who did is evidence, as long as it is kept."""
    return set()


def runs_without_an_end(rows: Rows, _: date) -> set[int]:
    """The next run looks what came of one that died; one that ended is there to be told, and undone, for a while."""
    ended = {row.body.get("run") for kind, row in rows if kind == RUN_ENDED}
    return {row.number for _, row in rows if row.body.get("run") not in ended}


RULES = (
    Rule(frozenset({INVITED, LEFT}), invitations_since_they_left),
    Rule(frozenset({ATTESTED, WORD_ENDED, LEFT}), last_words),
    Rule(frozenset({ANNOUNCED, ANNOUNCEMENT_ENDED}), open_announcements),
    Rule(frozenset({SNOOZED}), snoozes_to_come),
    Rule(frozenset({REVIEWED}), no_reviews),
    Rule(frozenset({RUN, INTENT, ASKED, OUTCOME, RUN_ENDED}), runs_without_an_end),
)

SUMMED = frozenset({SIGHTED, WANTED})
"""Kinds whose rows each say what differs from those before: what they come to is written anew, and all of them go."""

PRUNABLE = SUMMED.union(*(rule.kinds for rule in RULES))


def still_count(rows: Rows, before: date) -> set[int]:
    """Return the numbers of the rows that still count, out of all that are not before a new start."""
    found: set[int] = set()
    for rule in RULES:
        found |= rule.still_count([each for each in rows if each[0] in rule.kinds], before)
    return found


def summed_up(rows: Rows) -> tuple[datetime, list[NewRow]]:
    """Say what sightings come to: when the last was, and the kinds and contents of rows that say the same in its place.

    Since when things are as they are, and who is gone, is lost.
    """
    seen = _Sheet(rows)
    known = past(seen, Coverage())
    if known.at is None:
        raise AssertionError("nothing was sighted")
    coverage = max(known.reads, key=lambda each: known.reads[each])
    _, counts = counts_over_time(seen)[-1]
    now = {address: each.entry for address, each in known.seen.items() if each.entry is not None}
    before = {address: entry for address, entry in {**now, **known.moved}.items() if entry is not None}
    wanted = {address: asked.entry for address, asked in known.wanted.items()} if known.applied_at else None
    sheet = _Sheet([])
    note_sighting(sheet, Sighting(before, coverage, counts, wanted=wanted), known.at)
    if known.moved:
        note_sighting(sheet, Sighting(now, coverage, counts, frozenset(known.moved)), known.at)
    return known.at, [(kind, row.body) for kind, row in sheet.written]


class _Sheet(Ledger):
    """Rows that lie in no database."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(None, 0, "")
        self.written = list(rows)

    def add_all(self, rows: Iterable[NewRow], at: datetime) -> None:
        """Write rows on the sheet."""
        self.written += ((kind, Row(at, body, len(self.written) + 1)) for kind, body in rows)

    def rows(self, *kinds: str) -> list[tuple[str, Row]]:
        """List the rows of these kinds."""
        return [each for each in self.written if each[0] in kinds]
