"""The forms of what is stale, by the names that `--format` takes, with the suffixes that a plan's have."""

from __future__ import annotations

from accessplan.report import stale_csv, stale_json, stale_markdown, stale_text
from accessplan.report.formats import with_marks
from accessplan.report.marks import Mark, marks_on
from accessplan.report.stale_report import StaleReport, findings


def _marks(report: StaleReport) -> tuple[Mark, ...]:
    return marks_on(findings(report.found), report.document)


FORMATS = with_marks(
    {
        "text": stale_text.render,
        "json": stale_json.render,
        "md": stale_markdown.render,
        "csv": stale_csv.render,
    },
    _marks,
    "stale",
)
