"""What `accessplan doctor` found, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from accessplan.check import Check, Status
from accessplan.report.console import draw, hanging
from accessplan.report.safe import spelled_out

FORMAT_VERSION = "1.0"

SIGNS = {
    Status.OK: ("✓", "green"),
    Status.NOTE: ("–", "yellow"),  # noqa: RUF001 - a dash is meant
    Status.WARNING: ("!", "bold red"),
}


def render(checks: Sequence[Check], *, width: int = 80, color: bool = False) -> str:
    """Render checks as text of at most `width` columns: the fact, and under it what it means."""
    return draw(_blocks(checks), width=width, color=color)


def render_json(checks: Sequence[Check]) -> str:
    """Render checks as one JSON document."""
    document = {"format_version": FORMAT_VERSION, "checks": [asdict(check) for check in checks]}
    return json.dumps(document, indent=2) + "\n"


def _blocks(checks: Sequence[Check]) -> Iterator[RenderableType]:
    widest = max((cell_len(check.name) for check in checks), default=0)
    yield hanging(_row(check, widest) for check in checks)


def _row(check: Check, widest: int) -> tuple[Text, Text]:
    sign, style = SIGNS[check.status]
    name = Text(f" {check.name} ", "bold")
    name.pad_right(widest - cell_len(check.name))
    text = Text(spelled_out(check.fact))
    if check.meaning:
        text.append(f"\n{spelled_out(check.meaning)}", "dim")
    return Text.assemble((f"  {sign}", style), name), text
