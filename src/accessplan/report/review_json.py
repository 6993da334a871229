"""The reviews that are due as JSON: a contract, of which minor versions add, and major versions may break."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from accessplan.report.frame import json_head
from accessplan.report.review_report import ReviewReport
from accessplan.review import Review

FORMAT_VERSION = "1.2"


def render(report: ReviewReport) -> str:
    """Render what is due as one JSON document; the same report gives the same bytes."""
    document = {
        **json_head(report, FORMAT_VERSION, until=report.last_day.isoformat()),
        "summary": {"due": len(report.due), "reviewed_entries": len(report.reviews)},
        "due": [_review(each, report) for each in report.due],
        "not_covered": list(report.not_covered),
    }
    return json.dumps(document, indent=2) + "\n"


def _review(review: Review, report: ReviewReport) -> dict[str, Any]:
    held, place = report.held[review.address], review.place
    return {
        "address": str(review.address),
        "who": held.who,
        "what": held.what,
        "rights": held.rights,
        "due": review.due.isoformat(),
        "overdue": review.due < report.today,
        "reviewers": list(review.reviewers),
        "since": _day(review.since),
        "reviewed": _day(review.reviewed),
        "reviewed_by": report.by_whom.get(review.address),
        "until": _day(review.until),
        "reason": review.reason or None,
        "ticket": review.ticket or None,
        "owner": held.owner or None,
        "place": {"file": place.file, "line": place.line} if place else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
