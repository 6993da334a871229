"""The forms of a plan, and of what there is to say of a document, by the names that `--format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from accessplan.report import (
    csv_table,
    findings_json,
    github,
    gitlab,
    junit,
    markdown,
    plan_json,
    sarif,
    step_summary,
    text,
)
from accessplan.report.marks import Mark
from accessplan.report.report import Report


class Format(NamedTuple):
    """A form of the plan: the suffix of its files, and how it is rendered."""

    suffix: str
    render: Callable[[Report], str]


FORMATS = {
    "text": Format(".txt", text.render),
    "json": Format(".json", plan_json.render),
    "md": Format(".md", markdown.render),
    "sarif": Format(".sarif", sarif.render),
    "github": Format(".github.txt", github.render),
    "summary": Format(".summary.md", step_summary.render),
    "gitlab": Format(".gitlab.json", gitlab.render),
    "junit": Format(".xml", junit.render),
    "csv": Format(".csv", csv_table.render),
}
"""The forms of the plan, by name."""

BY_SUFFIX = {each.suffix: each.render for each in FORMATS.values()}

OF_FINDINGS: Mapping[str, Callable[[Sequence[Mark]], str]] = {
    "json": findings_json.render_marks,
    "sarif": sarif.render_marks,
    "github": github.render_marks,
    "gitlab": gitlab.render_marks,
    "junit": junit.render_marks,
}
"""The forms of what there is to say of a document, beside text."""


def renderer_for(file_name: str) -> Callable[[Report], str] | None:
    """Find the form that a file's suffix chooses, the longest that fits; None where none does."""
    fitting = [suffix for suffix in BY_SUFFIX if file_name.removesuffix(suffix) not in {file_name, ""}]
    return BY_SUFFIX[max(fitting, key=len)] if fitting else None
