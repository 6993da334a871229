"""Consent to what rails refuse, as a person would: with the lines that the plan gives."""

import json
from pathlib import Path
from typing import Any

KEY = "\nacknowledge: "


def consent(document: Path, plan: dict[str, Any]) -> bool:
    """Write the lines that a blocked plan gives into a document; tell whether there were any."""
    lines = [line | {"reason": "as agreed"} for line in plan["acknowledge"]]
    if lines:
        text, _, before = document.read_text().partition(KEY)
        document.write_text(f"{text}{KEY}{json.dumps([*json.loads(before or '[]'), *lines])}\n")
    return bool(lines)
