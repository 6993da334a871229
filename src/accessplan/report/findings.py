"""Findings as text: where, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from accessplan.finding import Finding, Level
from accessplan.report.console import draw, hanging
from accessplan.report.safe import spelled_out, visible

STYLES = {Level.ERROR: "bold red", Level.WARNING: "bold yellow"}


def render(findings: Sequence[Finding], *, width: int = 80, color: bool = False) -> str:
    """Render findings as text of at most `width` columns."""
    return draw(finding_blocks(findings), width=width, color=color)


def finding_blocks(findings: Iterable[Finding]) -> Iterator[RenderableType]:
    """Yield two texts a finding: its place comes first, so that terminals and editors link it."""
    for finding in findings:
        place = f"{visible(str(finding.place))}: " if finding.place else ""
        yield Text.assemble(place, (str(finding.level), STYLES[finding.level]), f": {spelled_out(finding.message)}")
        notes = (visible(finding.address), spelled_out(finding.hint), f"[{finding.code}]")
        yield hanging([("   ", Text(" · ".join(filter(None, notes)), "dim"))])
