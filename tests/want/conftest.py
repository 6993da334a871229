from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accessplan.finding import Finding
from accessplan.model import Entry, Product, State
from accessplan.plan import Want
from accessplan.select import Catalogue
from accessplan.want.load import Loaded, load
from accessplan.want.resolve import resolve


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
def catalogue() -> Catalogue:
    """Products of several services, and mailboxes."""
    return Catalogue(
        [
            Product(1, "domain", "example.ch"),
            Product(2, "hosting", "shop.example.ch"),
            Product(3, "drive", "Team Drive", tags=frozenset({"team"})),
            Product(4, "drive", "Archive"),
            Product(5, "kchat", "Chat"),
        ],
        mailboxes=["director@example.ch", "billing@example.ch"],
    )


@pytest.fixture
def resolve_text(load_text: Callable[[str], Loaded], today: date, catalogue: Catalogue) -> Callable[..., object]:
    """Resolve a document given as text, without errors of its own, for live entries or a live State."""

    def resolve_it(text: str, live: Iterable[Entry] | State = (), day: date = today) -> tuple[Want, list[Finding]]:
        loaded = load_text(text)
        assert not [each for each in loaded.findings if each.level == "error"]
        state = live if isinstance(live, State) else State({entry.address: entry for entry in live})
        return resolve(loaded.document, catalogue, state, day)

    return resolve_it


@pytest.fixture
def show() -> Callable[[Iterable[Finding]], str]:
    """Show findings: place, level, code and address, then message and hint."""
    return lambda findings: "\n".join(
        f"{each.place} {each.level} {each.code} {each.address}".rstrip() + f"\n  {each.message}\n  → {each.hint}"
        for each in findings
    )
