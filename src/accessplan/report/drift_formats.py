"""The forms of what drifted, by the names that `--format` takes, with the suffixes that a plan's have."""

from __future__ import annotations

from collections.abc import Callable

from accessplan.report import (
    drift_csv,
    drift_json,
    drift_markdown,
    drift_text,
    formats,
    github,
    gitlab,
    junit,
    sarif,
)
from accessplan.report.drift_report import DriftReport, findings
from accessplan.report.marks import Mark, marks_on

Renderer = Callable[[DriftReport], str]


def _marks(report: DriftReport) -> tuple[Mark, ...]:
    return marks_on(findings(report), report.document)


FORMATS: dict[str, Renderer] = {
    "text": drift_text.render,
    "json": drift_json.render,
    "md": drift_markdown.render,
    "sarif": lambda report: sarif.render_marks(_marks(report), "drift"),
    "github": lambda report: github.render_marks(_marks(report)),
    "gitlab": lambda report: gitlab.render_marks(_marks(report)),
    "junit": lambda report: junit.render_marks(_marks(report)),
    "csv": drift_csv.render,
}

BY_SUFFIX = {formats.FORMATS[name].suffix: render for name, render in FORMATS.items()}


def renderer_for(file_name: str) -> Renderer | None:
    """Find the form that a file's suffix chooses, the longest that fits; None where none does."""
    fitting = [suffix for suffix in BY_SUFFIX if file_name.endswith(suffix)]
    return BY_SUFFIX[max(fitting, key=len)] if fitting else None
