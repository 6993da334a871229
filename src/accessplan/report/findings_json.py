"""What there is to say of a document as JSON: a contract, of which minor versions add, and major versions may break."""

from __future__ import annotations

import json
from collections.abc import Sequence

from accessplan.finding import has_errors
from accessplan.report.frame import json_version
from accessplan.report.judged_json import finding_json
from accessplan.report.marks import Mark

FORMAT_VERSION = "1.0"


def render_marks(marks: Sequence[Mark]) -> str:
    """Render marks as one JSON document."""
    document = {
        **json_version(FORMAT_VERSION),
        "valid": not has_errors(mark.finding for mark in marks),
        "findings": [finding_json(mark.finding) for mark in marks],
    }
    return json.dumps(document, indent=2) + "\n"
