"""The reviews that are due as text: who has to look at what, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from accessplan.report.console import draw, hanging, heading
from accessplan.report.review_report import ReviewReport
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.review import Review

NOBODY = "nobody: name an owner"


def render(report: ReviewReport, *, width: int = 80, color: bool = False) -> str:
    """Render what is due as text of at most `width` columns."""
    return draw(_blocks(report), width=width, color=color)


def _blocks(report: ReviewReport) -> Iterator[RenderableType]:
    organization = f"{visible(report.organization_name)} ({report.organization_id}) on {report.today}"
    yield Text(f"{organization}\nwant {visible(report.document)}\nhave {visible(report.live)}\n", "dim")
    yield Text(report.verdict, "bold")
    if report.due:
        yield heading("DUE", len(report.due))
        yield hanging(_row(each, report) for each in report.due)
        yield Text("\nConfirm one, or take it away: accessplan review record ADDRESS --keep|--revoke --by WHO", "dim")
    if report.not_covered:
        yield heading("NOT LOOKED AT", len(report.not_covered))
        yield hanging(("  ?", spelled_out(sentence)) for sentence in report.not_covered)


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
        f"{visible(review.place.file)}:{review.place.line}" if review.place else "",
    )
    return " · ".join(filter(None, parts))
