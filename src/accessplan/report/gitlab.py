"""What there is to tell of a plan or a document as a code quality report of GitLab, for the merge request.

Its keys are those that GitLab's documentation of code quality reports asks for: `description`, `check_name`,
`fingerprint`, `severity` and `location`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath

from accessplan.finding import Level
from accessplan.report.marks import About, Mark, fingerprints, marks_of
from accessplan.report.report import Report
from accessplan.report.safe import spelled_out


def render(report: Report) -> str:
    """Render what there is to tell of a plan."""
    return render_marks(marks_of(report))


def render_marks(marks: Sequence[Mark]) -> str:
    """Render marks as one JSON document."""
    issues = [
        {
            "description": spelled_out(mark.text),
            "check_name": spelled_out(mark.finding.code),
            "fingerprint": fingerprint,
            "severity": _severity(mark),
            "location": {
                "path": spelled_out(PurePath(mark.place.file).as_posix()),
                "lines": {"begin": mark.place.line},
            },
        }
        for mark, fingerprint in zip(marks, fingerprints(marks), strict=True)
    ]
    return json.dumps(issues, indent=2) + "\n"


def _severity(mark: Mark) -> str:
    """Choose from info, minor, major, critical and blocker."""
    if mark.finding.level is Level.ERROR:
        return "critical" if mark.about is About.DOCUMENT else "blocker"
    return "major" if mark.about is About.RISK else "minor"
