"""The forms of what drifted, by the names that `--format` takes, with the suffixes that a plan's have."""

from __future__ import annotations

from accessplan.report import drift_csv, drift_json, drift_markdown, drift_text
from accessplan.report.drift_report import DriftReport, findings
from accessplan.report.formats import with_marks
from accessplan.report.marks import Mark, marks_on


def _marks(report: DriftReport) -> tuple[Mark, ...]:
    return marks_on(findings(report), report.document)


FORMATS = with_marks(
    {
        "text": drift_text.render,
        "json": drift_json.render,
        "md": drift_markdown.render,
        "csv": drift_csv.render,
    },
    _marks,
    "drift",
)
