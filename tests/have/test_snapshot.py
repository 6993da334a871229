import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accessplan.errors import Exit, InputError
from accessplan.have import snapshot
from accessplan.have.live import Live
from accessplan.model import (
    BlindSpot,
    Entry,
    Grant,
    Membership,
    Product,
    State,
    Team,
    User,
    team_address,
    user_address,
)
from accessplan.select import Catalogue

NOW = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)
ANA, LEE, WEB, OPS = (
    user_address("ana@example.ch"),
    user_address("lee@example.ch"),
    team_address("Web"),
    team_address("Ops"),
)


@pytest.fixture
def live() -> Live:
    entries: list[Entry] = [
        User("ana@example.ch", "collaborator", "Ana", "Kéller", "fr"),
        User("lee@example.ch", "external", invited=True),
        Team("Web", "ana@example.ch"),
        Team("Ops"),
        Membership("Web", "ana@example.ch"),
        Membership("Web", "lee@example.ch"),
        Grant(ANA, "domain/#101", frozenset({"technical", "statistic", "later"})),
        Grant(WEB, "hosting/*", frozenset({"technical"})),
    ]
    products = [Product(101, "domain", "a", "b", frozenset({"y", "x"})), Product(102, "domain", "a")]
    return Live(
        organization_id=4242,
        organization_name="Example SA",
        state=State(
            {each.address: each for each in entries}, (BlindSpot("team", "grant", "Why.", single_products=True),)
        ),
        catalogue=Catalogue(products, ["domain", "hosting"]),
        ids={ANA: 1, LEE: 7, WEB: 31, OPS: 32},
        service_ids={"domain": 14, "hosting": 1},
        not_covered=("Why.", "Something else."),
        partial=frozenset({"lee@example.ch"}),
        partial_teams=frozenset({"Ops"}),
    )


def change(path: Path, **changes: object) -> Path:
    """Change a snapshot by hand, as one who knows that the digest has to go."""
    whole: dict[str, Any] = json.loads(path.read_text()) | {"digest": None} | changes
    path.write_text(json.dumps({name: value for name, value in whole.items() if value is not None}))
    return path


def test_what_is_written_is_loaded(live: Live, tmp_path: Path) -> None:
    """A snapshot gives back the same organization, names and languages of people included."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    loaded = snapshot.load(path)
    assert loaded.state == live.state
    assert [repr(loaded.state.entries[each]) for each in live.ids] == [
        repr(live.state.entries[each]) for each in live.ids
    ]
    assert (loaded.catalogue.products, loaded.catalogue.services) == (live.catalogue.products, live.catalogue.services)
    assert replace(loaded, state=live.state, catalogue=live.catalogue) == live


def test_the_same_organization_gives_the_same_bytes(live: Live, tmp_path: Path) -> None:
    """The order in which entries were read does not show; each row has its line."""
    backwards = dict(list(live.state.entries.items())[::-1])
    snapshot.write(live, tmp_path / "one.json", NOW)
    snapshot.write(replace(live, state=State(backwards, live.state.blind)), tmp_path / "two.json", NOW)
    text = (tmp_path / "one.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "two.json").read_text(encoding="utf-8")
    assert '"captured_at": "2026-11-21T21:45:00+00:00",\n' in text
    assert (
        '{"email":"ana@example.ch","first_name":"Ana","grants":{"domain/#101":["technical","statistic","later"]},'
        '"id":1,"invited":false,"language":"fr","last_name":"Kéller","role":"collaborator"},\n'
    ) in text


def test_a_snapshot_replaces_a_file_as_a_whole(live: Live, tmp_path: Path) -> None:
    """Writing leaves the new file and nothing beside it; where that cannot be, the old one stays as it was."""
    path = tmp_path / "live.json"
    path.write_text("old")
    snapshot.write(live, path, NOW)
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="cannot be written"):
        snapshot.write(live, tmp_path / "no folder" / "live.json", NOW)
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        snapshot.write(live, tmp_path / "folder", NOW)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "live.json"]


def test_a_planted_link_is_not_followed(live: Live, tmp_path: Path) -> None:
    """Writing goes through a file of a name that cannot be known before, and only its owner may read it."""
    path, other = tmp_path / "live.json", tmp_path / "other"
    other.write_text("mine")
    (tmp_path / ".live.json.unfinished").symlink_to(other)
    snapshot.write(live, path, NOW)
    assert other.read_text() == "mine"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["a\0b.json", "\ud800.json", "x" * 300, "."])
def test_a_path_that_cannot_be(live: Live, tmp_path: Path, name: str) -> None:
    """A path that no system takes is refused like any other that cannot be written or read."""
    with pytest.raises(InputError, match="cannot be written"):
        snapshot.write(live, tmp_path / name, NOW)
    with pytest.raises(InputError, match="cannot be read"):
        snapshot.load(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("half", [b'"\\ud800"', b'"\xed\xa0\x80"'], ids=["escaped", "raw"])
@pytest.mark.parametrize("where", ["organization", "format_version", "new"])
def test_half_a_character_is_refused(live: Live, tmp_path: Path, half: bytes, where: str) -> None:
    """A snapshot with half of a pair of surrogates, which could be neither printed nor written, is refused."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    change(path, **{where: "HERE"})
    path.write_bytes(path.read_bytes().replace(b'"HERE"', half))
    with pytest.raises(InputError, match="half of a pair"):
        snapshot.load(path)


def test_a_snapshot_written_by_hand_needs_no_digest(live: Live, tmp_path: Path) -> None:
    """Without a digest the content is taken as it is; unknown fields of a later minor version are let be."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    change(path, format_version="1.7", users=[{"email": "ana@example.ch", "id": 1, "role": "external", "new": 1}], x=1)
    assert snapshot.load(path).state.user("ana@example.ch") == User("ana@example.ch", "external")


def test_a_snapshot_that_was_changed_is_refused(live: Live, tmp_path: Path) -> None:
    """A change under a digest that no longer fits is noticed, and the remedy says what to do."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    path.write_text(path.read_text(encoding="utf-8").replace("Ana", "Eve"), encoding="utf-8")
    with pytest.raises(InputError, match="was changed") as caught:
        snapshot.load(path)
    assert caught.value.remedy == "Take a new one with `accessplan snapshot`, or delete the digest."


@pytest.mark.parametrize("version", ["2.0", "10.1", "0.9", "x", ""])
def test_another_major_version_is_refused(live: Live, tmp_path: Path, version: str) -> None:
    """A snapshot of another major version is refused with the versions that are read."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    with pytest.raises(InputError, match=r"this accessplan reads 1\.x"):
        snapshot.load(change(path, format_version=version))


@pytest.mark.parametrize(
    "changes",
    [
        {"format_version": 1},
        {"organization": 5},
        {"organization": {"id": 4242}},
        {"users": 5},
        {"users": [5]},
        {"users": [{"email": "ana@example.ch", "role": "external"}]},
        {"users": [{"email": "a@example.ch", "role": "boss", "id": 1}]},
        {"users": [{"email": 5, "role": "external", "id": 1}]},
        {"users": [{"email": "a@example.ch", "role": "external", "id": 1, "grants": {"domain/*": 5}}]},
        {"teams": [{"name": "", "id": 1}]},
        {"teams": [{"name": "Web", "id": 1, "members": "x"}]},
        {"products": [{"id": 1}]},
        {"services": [{"id": 1}]},
        {"blind": [{"kind": "user"}]},
        {"not_covered": 5},
        {"partial": 5},
        {"partial_teams": 5},
    ],
)
def test_a_snapshot_that_lacks_something_is_refused(live: Live, tmp_path: Path, changes: dict[str, object]) -> None:
    """A field that is missing or of another kind is named, with what to do."""
    path = tmp_path / "live.json"
    snapshot.write(live, path, NOW)
    with pytest.raises(InputError, match="snapshot") as caught:
        snapshot.load(change(path, **changes))
    assert caught.value.exit is Exit.INPUT
    assert caught.value.remedy


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"organization": 1}'])
def test_another_file_is_no_snapshot(tmp_path: Path, raw: bytes) -> None:
    """A file that is no JSON object with a format version is said to be no snapshot."""
    path = tmp_path / "live.json"
    path.write_bytes(raw)
    with pytest.raises(InputError, match="is no snapshot"):
        snapshot.load(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """A file that cannot be read is named with the reason."""
    with pytest.raises(InputError, match=r"live\.json cannot be read: No such file"):
        snapshot.load(tmp_path / "live.json")
