"""What there is to tell of a plan or a document as commands of a GitHub workflow, which annotate lines of a file."""

from __future__ import annotations

from collections.abc import Sequence

from accessplan.report.marks import Mark, marks_of
from accessplan.report.report import Report
from accessplan.report.safe import spelled_out, workflow_message, workflow_property


def render(report: Report) -> str:
    """Render what there is to tell of a plan: a command a line."""
    return render_marks(marks_of(report))


def render_marks(marks: Sequence[Mark]) -> str:
    """Render marks; GitHub shows the first ten errors and the first ten warnings of a step."""
    return "".join(map(_command, marks))


def _command(mark: Mark) -> str:
    place, finding = mark.place, mark.finding
    properties = {"file": place.file, "line": place.line, "col": place.column, "title": f"accessplan {finding.code}"}
    told = ",".join(f"{name}={workflow_property(spelled_out(str(value)))}" for name, value in properties.items())
    parts = (finding.message, finding.address, finding.hint)
    message = "\n".join(spelled_out(part) for part in parts if part.strip()) or finding.code
    return f"::{finding.level} {told}::{workflow_message(message)}\n"
