from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from accessplan.finding import Finding
from accessplan.want.load import Loaded, load

TODAY = date(2026, 6, 30)


def show(findings: tuple[Finding, ...] | list[Finding]) -> str:
    """Findings as a snapshot shows them: place, level, code and address, then message and hint."""
    return "\n".join(
        f"{each.place} {each.level} {each.code} {each.address}\n    {each.message}\n    → {each.hint}"
        for each in findings
    )


@pytest.fixture
def load_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Loaded]:
    """Load a document from its text, as access.yaml in the working directory."""
    monkeypatch.chdir(tmp_path)

    def load_it(text: str) -> Loaded:
        Path("access.yaml").write_text(text, encoding="utf-8", newline="")
        return load(Path("access.yaml"), TODAY)

    return load_it
