"""The reviews that are due as text: who has to look at what, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.report.console import draw, hanging, heading
from accessplan.report.frame import identity, not_looked_at
from accessplan.report.review_report import ReviewReport
from accessplan.report.safe import visible, visible_address, visible_place
from accessplan.review import Review

NOBODY = "nobody: name an owner"


def render(report: ReviewReport, *, width: int = 80, color: bool = False) -> str:
    """Render what is due as text of at most `width` columns."""
    return draw(_blocks(report), width=width, color=color)


def _blocks(report: ReviewReport) -> Iterator[RenderableType]:
    yield identity(report, f"on {report.today}")
    yield ""
    yield Text(report.verdict, "bold")
    if report.due:
        yield heading("DUE", len(report.due))
        yield hanging(_row(each, report) for each in report.due)
        yield Text("\nConfirm one, or take it away: accessplan review record ADDRESS --keep|--revoke --by WHO", "dim")
    yield from not_looked_at(report.not_covered)


def _row(review: Review, report: ReviewReport) -> tuple[Text, Text]:
    rights = report.held[review.address].rights
    text = Text.assemble((visible_address(review.address), "bold"), f": {visible(rights)}" if rights else "")
    return Text(f"  {review.due}", "red" if review.due < report.today else ""), text.append(f"\n{about(review)}", "dim")


def about(review: Review) -> str:
    """Say in one line who reviews it, what is known of it, and where it is written."""
    if review.reviewed:
        last = f"last reviewed on {review.reviewed}"
    else:
        last = f"there since {review.since}, never reviewed" if review.since else "never reviewed"
    parts = (
        f"by {', '.join(map(visible, review.reviewers)) or NOBODY}",
        last,
        f"until {review.until}" if review.until else "",
        visible(review.reason),
        visible(review.ticket),
        visible_place(review.place),
    )
    return " · ".join(filter(None, parts))
