"""The forms of what is stale, by the names that `--format` takes, with the suffixes that a plan's have."""

from __future__ import annotations

from collections.abc import Callable

from accessplan.report import (
    formats,
    github,
    gitlab,
    junit,
    sarif,
    stale_csv,
    stale_json,
    stale_markdown,
    stale_text,
)
from accessplan.report.marks import Mark, marks_on
from accessplan.report.stale_report import StaleReport, findings

Renderer = Callable[[StaleReport], str]


def _marks(report: StaleReport) -> tuple[Mark, ...]:
    return marks_on(findings(report.found), report.document)


FORMATS: dict[str, Renderer] = {
    "text": stale_text.render,
    "json": stale_json.render,
    "md": stale_markdown.render,
    "sarif": lambda report: sarif.render_marks(_marks(report), "stale"),
    "github": lambda report: github.render_marks(_marks(report)),
    "gitlab": lambda report: gitlab.render_marks(_marks(report)),
    "junit": lambda report: junit.render_marks(_marks(report)),
    "csv": stale_csv.render,
}

BY_SUFFIX = {formats.FORMATS[name].suffix: render for name, render in FORMATS.items()}


def renderer_for(file_name: str) -> Renderer | None:
    """Find the form that a file's suffix chooses, the longest that fits; None where none does."""
    fitting = [suffix for suffix in BY_SUFFIX if file_name.endswith(suffix)]
    return BY_SUFFIX[max(fitting, key=len)] if fitting else None
