"""The forms of a plan, and of what there is to say of a document, by the names that `--format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

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

Told = TypeVar("Told")


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

RENDERERS = {name: form.render for name, form in FORMATS.items()}

OF_FINDINGS: Mapping[str, Callable[[Sequence[Mark]], str]] = {
    "json": findings_json.render_marks,
    "sarif": sarif.render_marks,
    "github": github.render_marks,
    "gitlab": gitlab.render_marks,
    "junit": junit.render_marks,
}
"""The forms of what there is to say of a document, beside text."""


def with_marks(
    own: Mapping[str, Callable[[Told], str]], marks: Callable[[Told], Sequence[Mark]], name: str
) -> dict[str, Callable[[Told], str]]:
    """Return all forms of a report whose findings have places: its own, and those of its marks; `name` is for SARIF."""
    return {
        **own,
        "sarif": lambda report: sarif.render_marks(marks(report), name),
        "github": lambda report: github.render_marks(marks(report)),
        "gitlab": lambda report: gitlab.render_marks(marks(report)),
        "junit": lambda report: junit.render_marks(marks(report)),
    }


def by_suffix(forms: Mapping[str, Callable[[Told], str]]) -> dict[str, Callable[[Told], str]]:
    """Return forms by the suffixes that files of a plan have."""
    return {FORMATS[name].suffix: render for name, render in forms.items()}


def chosen(suffixes: Mapping[str, Callable[[Told], str]], file_name: str) -> Callable[[Told], str] | None:
    """Find the form that a file's suffix chooses, the longest that fits; None where none does."""
    fitting = [suffix for suffix in suffixes if file_name.removesuffix(suffix) not in {file_name, ""}]
    return suffixes[max(fitting, key=len)] if fitting else None
