"""Evidence of reviews as CSV: every grant that is live and wanted, a line each; names in it are no formulas."""

from __future__ import annotations

from accessplan.report.review_report import ReviewReport
from accessplan.report.safe import table
from accessplan.review import Review

COLUMNS = (
    "who", "what", "rights", "since", "why", "ticket", "owner", "last_review", "next_review", "until", "reviewers",
    "address", "file", "line", "reviewed_by",
)  # fmt: skip
"""Names of columns are a promise: new ones follow the last."""


def render(report: ReviewReport) -> str:
    """Render all reviews under one line of names, what is due first."""
    return table(COLUMNS, (_row(each, report) for each in report.reviews))


def _row(review: Review, report: ReviewReport) -> dict[str, str]:
    held, place = report.held[review.address], review.place
    return {
        "who": held.who,
        "what": held.what,
        "rights": held.rights,
        "since": str(review.since or ""),
        "why": review.reason,
        "ticket": review.ticket,
        "owner": held.owner,
        "last_review": str(review.reviewed or ""),
        "next_review": str(review.due),
        "until": str(review.until or ""),
        "reviewers": ", ".join(review.reviewers),
        "address": str(review.address),
        "file": place.file if place else "",
        "line": str(place.line) if place else "",
        "reviewed_by": report.by_whom.get(review.address, ""),
    }
