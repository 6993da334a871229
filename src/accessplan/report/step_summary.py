"""A plan as the summary of a step of a GitHub workflow: the Markdown of a comment, less what only a comment needs."""

from __future__ import annotations

import re

from accessplan.report import markdown
from accessplan.report.report import Report

_MARKER = re.compile(r"\A<!--[^\n]*-->\n")
"""By it a comment is found again, to be edited in place; nobody edits a summary."""

_BOX = re.compile(r"^- \[ \] ", re.MULTILINE)
"""Nobody can tick a summary."""


def render(report: Report) -> str:
    """Render a plan for `$GITHUB_STEP_SUMMARY`."""
    return _BOX.sub("- ", _MARKER.sub("", markdown.render(report)))
