from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accessplan.finding import Finding
from accessplan.want.load import Loaded, load


@pytest.fixture
def today() -> date:
    return date(2026, 6, 30)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def load_text(now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Loaded]:
    """Load a document from its text, as access.yaml in the working directory."""
    monkeypatch.chdir(tmp_path)

    def load_it(text: str) -> Loaded:
        Path("access.yaml").write_text(text, encoding="utf-8", newline="")
        return load(Path("access.yaml"), now)

    return load_it


@pytest.fixture
def show() -> Callable[[Iterable[Finding]], str]:
    """Show findings: place, level, code and address, then message and hint."""
    return lambda findings: "\n".join(
        f"{each.place} {each.level} {each.code} {each.address}".rstrip() + f"\n  {each.message}\n  → {each.hint}"
        for each in findings
    )
