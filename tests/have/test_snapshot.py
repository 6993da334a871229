import json
import re
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from accessplan.errors import Exit, InputError
from accessplan.have import snapshot
from accessplan.have.api import Connection, open_api
from accessplan.have.live import Live, Mailbox
from accessplan.have.moments import Moments
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import (
    DELEGATE,
    GRANT,
    MAILBOX,
    PARTNER,
    TEAM,
    USE,
    USER,
    Address,
    BlindSpot,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    Product,
    State,
    Team,
    Use,
    User,
    partner_address,
    team_address,
    user_address,
)
from accessplan.sandbox import Store, call, open_store, seed
from accessplan.scope import EVERYTHING
from accessplan.select import Catalogue

Data = dict[str, Any]

NOW = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)
ANA, LEE, WEB, OPS = (
    user_address("ana@example.ch"),
    user_address("lee@example.ch"),
    team_address("Web"),
    team_address("Ops"),
)
AGENCY = partner_address("WebAgency")

ENTRIES: list[Entry] = [
    User(
        "ana@example.ch",
        "collaborator",
        billing=True,
        notify_billing=False,
        notify_products=True,
        first_name="Ana",
        last_name="Kéller",
        language="fr",
    ),
    User("lee@example.ch", "external", invited=True, expired=True),
    Team("Web", "ana@example.ch"),
    Team("Ops"),
    Membership("Web", "ana@example.ch"),
    Membership("Web", "lee@example.ch"),
    Grant(ANA, "domain/#101", frozenset({"technical", "statistic", "later"})),
    Grant(WEB, "hosting/*", frozenset({"technical"})),
    Grant(AGENCY, "hosting/*", frozenset({"statistic"})),
    Use("ana@example.ch", "drive/Team", "admin"),
    Use("ana@example.ch", "kchat/Talk", None, implied=True),
    Use("gus@agency.example", "drive/Team", "external", pending=True),
    Delegation("ana@example.ch", "ana@example.ch", frozenset(), own=True),
    Delegation("info@example.ch", "ana@example.ch", frozenset({"can_manage_rules"}), sends=False),
    Delegation("info@example.ch", "lee@example.ch", frozenset({"can_manage_aliases", "can_access_logs"}), sends=True),
    Partner("WebAgency", "limited"),
    Partner("Printer", "full", wallet=True),
]
PLACE, LATE = (Address(USER, email, USE, "drive/Team") for email in ("gus@agency.example", "late@example.ch"))

BLIND = (
    BlindSpot(TEAM, GRANT, "Why.", single_products=True, by_word=True),
    BlindSpot(USER, GRANT, "Of one service.", service="fax"),
    BlindSpot(USER, USE, "Roles.", service="ksuite/Work", attribute="role", by_word=True),
    BlindSpot(USER, USE, "Of one person.", by_word=True, person="lee@example.ch"),
    BlindSpot(MAILBOX, DELEGATE, "Of one domain.", domain="old.example"),
    BlindSpot(USER, "", "An attribute of people.", attribute="billing", by_word=True),
    BlindSpot(PARTNER, "", "Partners.", by_word=True),
)


@pytest.fixture
def live() -> Live:
    products = [Product(101, "domain", "a", "b", frozenset({"y", "x"})), Product(102, "domain", "a")]
    mailboxes = {"info@example.ch": Mailbox(301, "info"), "info@old.example": Mailbox(302, "info", legacy=True)}
    return Live(
        organization_id=4242,
        organization_name="Example SA",
        state=State(
            {each.address: each for each in ENTRIES},
            BLIND,
            frozenset({"no@example.ch", "nor@example.ch"}),
            partnerships=frozenset({"full", "limited"}),
            locked={each.address: each for each in [Use("old@example.ch", "drive/Team", None)]},
        ),
        catalogue=Catalogue(products, ["domain", "hosting"], mailboxes, ["drive/Suite"]),
        ids={ANA: 1, LEE: 7, WEB: 31, OPS: 32, PLACE: 9, LATE: 10},
        service_ids={"domain": 14, "hosting": 1},
        not_covered=("Why.", "Something else."),
        partial=frozenset({"lee@example.ch"}),
        partial_teams=frozenset({"Ops"}),
        origin="https://api.infomaniak.com",
        caller_role="administrator",
        caller="ana@example.ch",
        opens_more=frozenset({"lee@example.ch", "max@example.ch"}),
        drives={"drive/Team": 500301, "drive/Suite": 500302},
        mailboxes=mailboxes,
        moments={ANA: Moments(used=1795000000, second_factor=False), LEE: Moments(since=1794000000, never=True)},
        expiries={"domain/#101": 1800000000},
    )


def write(live: Live, path: Path) -> None:
    path.write_text(snapshot.render(live, NOW), encoding="utf-8")


def change(path: Path, **changes: object) -> Path:
    """Change a snapshot by hand, as one who knows that the digest has to go."""
    whole: dict[str, Any] = json.loads(path.read_text()) | {"digest": None} | changes
    path.write_text(json.dumps({name: value for name, value in whole.items() if value is not None}))
    return path


def test_what_is_written_is_loaded(live: Live, tmp_path: Path) -> None:
    """A snapshot gives back the same organization, with what is no matter of comparison: names, and what is pending."""
    path = tmp_path / "live.json"
    write(live, path)
    loaded = snapshot.load(path)
    assert loaded.state == live.state
    assert [(type(each), astuple(each)) for each in loaded.state.entries.values()] == [
        (type(each), astuple(each)) for _, each in sorted(live.state.entries.items())
    ]
    assert vars(loaded.catalogue) == vars(live.catalogue)
    assert replace(loaded, state=live.state, catalogue=live.catalogue) == live


def test_an_older_snapshot_tells_nothing_of_use(live: Live, tmp_path: Path) -> None:
    """One of format 2.0, which has no moments, is loaded as it was; nothing is made up."""
    path = tmp_path / "live.json"
    write(live, path)
    older = snapshot.load(change(path, format_version="2.0", moments=None, expiries=None))
    assert (older.moments, older.expiries) == ({}, {})
    assert older.state == live.state


@pytest.mark.parametrize("moments", [[{"at": ["user"]}], [{"at": list(ANA), "used": "long ago"}], [5], {"a": 1}])
def test_moments_that_are_none_are_refused(live: Live, tmp_path: Path, moments: object) -> None:
    """A snapshot whose moments cannot be read is no whole one."""
    path = tmp_path / "live.json"
    write(live, path)
    with pytest.raises(InputError, match="no whole snapshot"):
        snapshot.load(change(path, moments=moments))


@pytest.mark.parametrize("seconds", [0, -5, 10**15])
def test_times_outside_of_any_calendar_are_refused(live: Live, tmp_path: Path, seconds: int) -> None:
    """A number that no calendar has a day for is refused when it is loaded, not met later."""
    path = tmp_path / "live.json"
    write(live, path)
    with pytest.raises(InputError, match="no time in Unix seconds"):
        snapshot.load(change(path, expiries={"domain/a": seconds}))


@pytest.mark.parametrize("name", [each.name for each in fields(BlindSpot)])
def test_every_field_of_a_blind_spot_is_loaded(live: Live, tmp_path: Path, name: str) -> None:
    """No field of a blind spot is forgotten: it would hide more, or less, than when the snapshot was taken."""
    plain = BlindSpot(USER, GRANT, "Why.")
    value = "x" if isinstance(getattr(plain, name), str) else True
    spot = replace(plain, **{name: value})  # type: ignore[arg-type]
    assert spot != plain
    write(replace(live, state=replace(live.state, blind=(spot,))), tmp_path / "live.json")
    assert snapshot.load(tmp_path / "live.json").state.blind == (spot,)


def test_no_field_of_the_organization_is_forgotten(live: Live, tmp_path: Path) -> None:
    """Every field that a read can fill is filled here, so that a new one makes this fail until it is written."""
    empty = Live(0, "", State({}), Catalogue([]), {}, {})
    assert [each.name for each in fields(Live) if getattr(live, each.name) == getattr(empty, each.name)] == []
    words = ["gone"]  # what people say is in the ledger
    assert [each.name for each in fields(State) if not getattr(live.state, each.name)] == words
    assert {type(each) for each in live.state.entries.values()} == set(get_args(Entry))
    marked = {
        each.name for kind in get_args(Entry) for each in fields(kind) if not each.compare and each.type == "bool"
    }
    shown = {name for name in marked for each in live.state.entries.values() if getattr(each, name, False)}
    assert shown == marked
    write(live, tmp_path / "live.json")
    assert snapshot.load(tmp_path / "live.json").ids == live.ids


def person(email: str, role: str = "normal", **more: object) -> Data:
    return {"email": email, "first_name": "A", "last_name": "Person", "role": role, **more}


def place(email: str, role: str = "user", **more: object) -> Data:
    return {"email": email, "role": role, **more}


WHOLE: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "tags": ["production"]},
        {"id": 401, "service": "drive", "name": "Team Drive"},
        {"id": 402, "service": "drive", "name": "Broken"},
        {"id": 501, "service": "ksuite", "name": "Work"},
        {"id": 601, "service": "kchat", "name": "Talk"},
    ],
    "users": [
        person("claire@example.ch", "owner"),
        person("ana@example.ch", billing=True, grants=[{"product": 101, "rights": ["technical"]}]),
        person("bob@example.ch", notifications={"billing": True}),
    ],
    "invitations": [
        person("lee@agency.example", teams=["Web"], sent="-2d", expires="28d"),
        person("late@agency.example", sent="-40d", expires="-10d"),
    ],
    "teams": [{"name": "Web", "leader": "claire@example.ch", "services": ["domain"], "members": ["ana@example.ch"]}],
    "mail_hostings": [
        {"id": 301, "domain": "example.ch", "shows_send": True, "mailboxes": [
            {"name": "ana", "accesses": [{"user": "ana@example.ch", "primary": True}]},
            {"name": "info", "accesses": [
                {"user": "ana@example.ch", "permissions": ["can_manage_rules"], "send": False},
                {"user": "lee@agency.example", "permissions": ["can_manage_aliases"]},
            ]},
        ]},
        {"id": 302, "domain": "old.example", "family": "legacy", "mailboxes": [
            {"name": "info", "accesses": [{"user": "bob@example.ch", "permissions": ["can_manage_filters"]}]},
        ]},
    ],
    "drives": [
        {"product": 401, "users": [place("ana@example.ch", "admin"), place("bob@example.ch", status="locked"),
                                   place("lee@agency.example")],
         "invitations": [place("gus@agency.example", "external"),
                         place("max@agency.example", "external", expires="-1d")]},
        {"product": 402, "maintenance": True},
    ],
    "ksuites": [{"product": 501, "users": [place("ana@example.ch")]}],
    "kchats": [{"product": 601, "users": [place("bob@example.ch")]}],
}  # fmt: skip
"""An organization with something of everything that can be read."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "organization.db", clock=lambda: NOW) as store:
        seed(store, WHOLE, NOW)
        yield store


def test_what_was_read_is_loaded(store: Store, tmp_path: Path) -> None:
    """An organization that the sandbox plays, read with everything in it, is the same after a snapshot."""
    with open_api(Connection(handler=partial(call, store))) as api:
        live = read(Reader(api), 4242, EVERYTHING)
    write(live, tmp_path / "live.json")
    loaded = snapshot.load(tmp_path / "live.json")
    assert (loaded.state, vars(loaded.catalogue)) == (live.state, vars(live.catalogue))
    assert replace(loaded, state=live.state, catalogue=live.catalogue) == live
    assert {type(each) for each in live.state.entries.values()} == {*get_args(Entry)} - {Partner}
    assert live.state.locked
    assert live.ids.keys() - live.state.entries.keys()


def test_secrets_are_never_in_a_snapshot(store: Store, tmp_path: Path) -> None:
    """Links and keys of invitations, which let their holder in, are kept of none: people, mailboxes or kDrives."""
    answered = list[str]()

    def record(*request: Any) -> tuple[int, dict[str, str], bytes]:
        answer = call(store, *request)
        answered.append(answer[2].decode())
        return answer

    with open_api(Connection(handler=record)) as api:
        api.send("POST", "/1/mail_hostings/301/mailboxes/info/accesses/webmail/invitations")
        answered.clear()
        live = read(Reader(api), 4242, EVERYTHING)
    write(live, tmp_path / "live.json")
    kept = (tmp_path / "live.json").read_text(encoding="utf-8") + repr(live)
    shown = dict.fromkeys(re.findall(r'"(url_accept|url|key|short_url)": ?"([^"]+)"', "".join(answered)))
    assert {name for name, _ in shown} == {"url_accept", "url", "key", "short_url"}
    assert [(name, secret) for name, secret in shown if secret in kept] == []


def test_the_same_organization_gives_the_same_bytes(live: Live, tmp_path: Path) -> None:
    """The order in which entries were read does not show; each row has its line."""
    backwards = dict(list(live.state.entries.items())[::-1])
    write(live, tmp_path / "one.json")
    write(replace(live, state=replace(live.state, entries=backwards)), tmp_path / "two.json")
    text = (tmp_path / "one.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "two.json").read_text(encoding="utf-8")
    assert '"captured_at": "2026-11-21T21:45:00+00:00",\n' in text
    assert (
        '{"at":["user","ana@example.ch","",""],"billing":true,"first_name":"Ana","id":1,"language":"fr",'
        '"last_name":"Kéller","notify_billing":false,"notify_products":true,"role":"collaborator"},\n'
        '{"at":["user","ana@example.ch","grant","domain/#101"],"manage":["technical","statistic","later"]},\n'
    ) in text


@pytest.mark.parametrize("name", ["a\0b.json", "\ud800.json", "x" * 300, "."])
def test_a_path_that_cannot_be(tmp_path: Path, name: str) -> None:
    """A path that no system takes is refused like any other that cannot be read."""
    with pytest.raises(InputError, match="cannot be read"):
        snapshot.load(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("half", [b'"\\ud800"', b'"\xed\xa0\x80"'], ids=["escaped", "raw"])
@pytest.mark.parametrize("where", ["organization", "format_version", "new"])
def test_half_a_character_is_refused(live: Live, tmp_path: Path, half: bytes, where: str) -> None:
    """A snapshot with half of a pair of surrogates, which could be neither printed nor written, is refused."""
    path = tmp_path / "live.json"
    write(live, path)
    change(path, **{where: "HERE"})
    path.write_bytes(path.read_bytes().replace(b'"HERE"', half))
    with pytest.raises(InputError, match="half of a pair"):
        snapshot.load(path)


def test_a_snapshot_written_by_hand_needs_no_digest(live: Live, tmp_path: Path) -> None:
    """Without a digest the content is taken as it is; unknown fields of a later minor version are let be."""
    path = tmp_path / "live.json"
    write(live, path)
    row = {"at": ["user", "ana@example.ch", "", ""], "id": 1, "role": "external", "new": 1}
    change(path, format_version="2.7", entries=[row], x=1)
    assert snapshot.load(path).state.entries == {ANA: User("ana@example.ch", "external")}


def test_a_snapshot_that_was_changed_is_refused(live: Live, tmp_path: Path) -> None:
    """A change under a digest that no longer fits is noticed, and the remedy says what to do."""
    path = tmp_path / "live.json"
    write(live, path)
    path.write_text(path.read_text(encoding="utf-8").replace("Ana", "Eve"), encoding="utf-8")
    with pytest.raises(InputError, match="was changed") as caught:
        snapshot.load(path)
    assert caught.value.remedy == "Take a new one with `accessplan snapshot`, or delete the digest."


@pytest.mark.parametrize("version", ["1.0", "3.0", "20.1", "0.2", "x", ""])
def test_another_major_version_is_refused(live: Live, tmp_path: Path, version: str) -> None:
    """A snapshot of another major version is refused with the versions that are read."""
    path = tmp_path / "live.json"
    write(live, path)
    with pytest.raises(InputError, match=r"this accessplan reads 2\.x"):
        snapshot.load(change(path, format_version=version))


@pytest.mark.parametrize(
    "changes",
    [
        {"format_version": 1},
        {"organization": 5},
        {"organization": {"id": 4242}},
        {"entries": 5},
        {"entries": [5]},
        {"entries": [{}]},
        {"entries": [{"at": "user"}]},
        {"entries": [{"at": ["user", "a@example.ch", ""]}]},
        {"entries": [{"at": ["user", 5, "", ""], "role": "external"}]},
        {"entries": [{"at": ["user", "a@example.ch", "", ""], "role": "boss"}]},
        {"entries": [{"at": ["user", "a@example.ch", "", ""]}]},
        {"entries": [{"at": ["user", "a@example.ch", "fax", "x"]}]},
        {"entries": [{"at": ["user", "a@example.ch", "grant", "domain/*"], "manage": "technical"}]},
        {"entries": [{"at": ["user", "a@example.ch", "grant", "domain/*"], "manage": [5]}]},
        {"entries": [{"at": ["mailbox", "info@example.ch", "delegate", "a@example.ch"]}]},
        {"entries": [{"at": ["partner", "WebAgency", "", ""], "access": "some"}]},
        {"numbers": [{"at": ["user", "a@example.ch", "use", "drive/Team"]}]},
        {"locked": [["user"]]},
        {"locked": [{"at": ["user"]}]},
        {"drives": {"drive/Team": "x"}},
        {"mailboxes": {"info@example.ch": {"hosting": 1}}},
        {"products": [{"id": 1}]},
        {"services": [{"id": 1}]},
        {"blind": [{"kind": "user"}]},
        {"not_covered": 5},
        {"partial": 5},
        {"partial_teams": 5},
        {"opens_more": 5},
        {"rejected": 5},
        {"locked": 5},
    ],
)
def test_a_snapshot_that_lacks_something_is_refused(live: Live, tmp_path: Path, changes: dict[str, object]) -> None:
    """A field that is missing or of another kind is named, with what to do."""
    path = tmp_path / "live.json"
    write(live, path)
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
