"""Reviews as a calendar of RFC 5545: one event on each day that something is due, with a reminder before.

The same reviews give the same identifiers, so that a calendar that subscribes to the file moves events and does not
double them. What is overdue stands on the day of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby

from accessplan.policy import later
from accessplan.report.console import number
from accessplan.report.review_report import ReviewReport
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.review import Review

LONGEST_LINE = 75
"""Bytes of a line; what is longer is folded [rfc 5545, 3.1]."""


def render(report: ReviewReport) -> str:
    """Render all reviews as a calendar; lines end as the RFC asks, whatever the system."""
    return "".join(f"{folded}\r\n" for line in _lines(report) for folded in _folded(line))


def _lines(report: ReviewReport) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//accessplan//reviews//EN", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{_escaped(f'Access reviews: {visible(report.organization_name)}')}"
    overdue = tuple(each for each in report.reviews if each.due < report.today)
    if overdue:
        yield from _event("overdue", report.today, overdue, report)
    ahead = (each for each in report.reviews if each.due >= report.today)
    for due, reviews in groupby(ahead, key=lambda each: each.due):
        yield from _event(due.isoformat(), due, tuple(reviews), report)
    yield "END:VCALENDAR"


def _event(name: str, day: date, reviews: tuple[Review, ...], report: ReviewReport) -> Iterator[str]:
    made_at = report.made_at or datetime.combine(report.today, datetime.min.time(), UTC)
    summary = f"{number(len(reviews), 'access review', 'access reviews')} {'overdue' if name == 'overdue' else 'due'}"
    yield "BEGIN:VEVENT"
    yield f"UID:reviews-{report.organization_id}-{name}@accessplan"
    yield f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{later(day, 1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{summary}: {visible(report.organization_name)}')}"
    yield f"DESCRIPTION:{_escaped(_description(reviews))}"
    yield "TRANSP:TRANSPARENT"
    if name != "overdue":
        alarm = f"TRIGGER:-P{report.remind}D"
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", alarm, f"DESCRIPTION:{_escaped(summary)}", "END:VALARM")
    yield "END:VEVENT"


def _description(reviews: Iterable[Review]) -> str:
    return "\n".join(
        f"{visible_address(each.address)}: by {', '.join(map(visible, each.reviewers)) or 'nobody'}" for each in reviews
    )


def _escaped(text: str) -> str:
    """Write text as a value; control characters in it are written out, but for line feeds."""
    lines = (
        spelled_out(line).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in text.split("\n")
    )
    return "\\n".join(lines)


def _folded(line: str) -> Iterator[str]:
    """Cut a line between characters, so that no part is longer than 75 bytes."""
    part, length = "", 0
    for character in line:
        width = len(character.encode())
        if length + width > LONGEST_LINE:
            yield part
            part, length = " ", 1
        part += character
        length += width
    yield part
