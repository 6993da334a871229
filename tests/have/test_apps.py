"""Who has kSuite and kChat, and what invitations open: against the sandbox, and against recorded shapes."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.have.api import Api, Connection, Handler, open_api
from accessplan.have.apps import GuestsSeen, read_apps, read_guests
from accessplan.have.reader import Reader
from accessplan.model import DELEGATE, MAILBOX, USE, USER, Address, BlindSpot, Delegation, Product, Use
from accessplan.sandbox import call, open_store, seed
from accessplan.scope import EVERYTHING, Scope
from accessplan.select import Catalogue, parse

Embed = Callable[[Handler], Api]
Data = dict[str, Any]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PRODUCTS = [
    {"id": 301, "service": "drive", "name": "Team Drive"},
    {"id": 401, "service": "ksuite", "name": "Work"},
    {"id": 501, "service": "kchat", "name": "Talk"},
    {"id": 601, "service": "email_hosting", "name": "example.ch"},
]
CATALOGUE = Catalogue(Product(each["id"], str(each["service"]), str(each["name"])) for each in PRODUCTS)  # type: ignore[arg-type]
DRIVE, KSUITE, KCHAT = "drive/Team Drive", "ksuite/Work", "kchat/Talk"
LEE, MAX = "lee@agency.example", "max@agency.example"
ANA, BOB = "ana@example.ch", "bob@example.ch"


def person(email: str, role: str) -> Data:
    return {"email": email, "first_name": "A", "last_name": "B", "role": role}


ORGANIZATION: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": PRODUCTS,
    "users": [person("claire@example.ch", "owner"), person(ANA, "normal"), person(BOB, "normal")],
    "invitations": [person(LEE, "normal"), person(MAX, "normal")],
    "drives": [{"product": 301, "users": [{"email": LEE, "role": "admin"}]}],
    "ksuites": [{"product": 401, "users": [{"email": ANA, "role": "user"}, {"email": LEE, "role": "user"}]}],
    "kchats": [{"product": 501, "users": [{"email": BOB, "role": "admin"}, {"email": MAX, "role": "user"}]}],
    "mail_hostings": [
        {"id": 601, "domain": "example.ch", "mailboxes": [
            {"name": "info", "accesses": [{"user": LEE, "permissions": ["can_manage_filters"]}]},
        ]},
    ],
}  # fmt: skip


def scope(*names: str, guests: frozenset[str] = frozenset()) -> Scope:
    return Scope(uses=frozenset(map(parse, names)), guests=guests)


@pytest.fixture
def asked() -> list[str]:
    """What was asked, in its order."""
    return []


@pytest.fixture
def reader(tmp_path: Path, asked: list[str]) -> Iterator[Reader]:
    """Read from an organization that the sandbox plays."""
    with open_store(tmp_path / "organization.db") as store:
        seed(store, ORGANIZATION, NOW)
        connection = Connection(handler=partial(call, store), on_request=lambda _, path: asked.append(path))
        with open_api(connection) as api:
            yield Reader(api)


def test_who_has_ksuite_is_read_and_not_as_what(reader: Reader) -> None:
    """Active users who have kSuite are told by a filter; which role they have lies in a blind spot."""
    seen = read_apps(reader, 4242, scope("ksuite/*"), CATALOGUE)
    assert seen.uses == (Use(ANA, KSUITE, None),)
    reason = "The live system does not show which role people have in kSuite."
    assert seen.blind == (BlindSpot(USER, USE, reason, service="ksuite", attribute="role", by_word=True),)


def test_nothing_is_asked_of_apps_outside_the_scope(reader: Reader, asked: list[str]) -> None:
    """A request goes out for each app in scope, and for no other."""
    assert read_apps(reader, 4242, scope(DRIVE), CATALOGUE).blind == ()
    assert asked == []
    seen = read_apps(reader, 4242, EVERYTHING, CATALOGUE)
    assert {use.target for use in seen.uses} == {KSUITE, KCHAT}
    assert len(asked) == 2


def test_of_several_ksuites_nobody_knows_which(reader: Reader, asked: list[str]) -> None:
    """Where an organization has two of an app, the filter does not tell which, so that nothing is asked."""
    two = Catalogue([Product(401, "ksuite", "Work"), Product(402, "ksuite", "Play")])
    seen = read_apps(reader, 4242, scope("ksuite/Work"), two)
    assert (seen.uses, [(spot.service, spot.by_word, spot.attribute) for spot in seen.blind]) == (
        (),
        [("ksuite", True, "")],
    )
    assert asked == []


def test_kchat_comes_with_any_of_several_ksuites(reader: Reader, asked: list[str]) -> None:
    """Who has some kSuite has kChat by it, though nobody knows which one."""
    play = Product(402, "ksuite", "Play")
    seen = read_apps(reader, 4242, scope("kchat/*"), Catalogue([*CATALOGUE.products, play]))
    assert {(use.email, use.target, use.implied) for use in seen.uses} == {(ANA, KCHAT, True), (BOB, KCHAT, False)}
    assert [spot.service for spot in seen.blind] == ["kchat"]
    assert len(asked) == 2


def test_a_filter_that_is_refused_leaves_a_blind_spot(embed: Embed) -> None:
    """Where the live system has no such filter, nobody knows who has kSuite."""
    error = b'{"result":"error","error":{"code":"validation_failed","errors":[]}}'
    seen = read_apps(Reader(embed(lambda *_: (422, {}, error))), 4242, scope(KSUITE), CATALOGUE)
    assert [spot.reason for spot in seen.blind] == ["The live system did not show who has kSuite."]


INVITATIONS = {LEE: 3001, MAX: 3002}
DRIVES = {DRIVE: 500301}


def test_what_invitations_open_is_read(reader: Reader) -> None:
    """Places and mailboxes that an invitation opens are read from it, with their roles and permissions."""
    known = {(601, "info"): "info@example.ch"}
    seen = read_guests(reader, 4242, EVERYTHING, INVITATIONS, CATALOGUE, DRIVES, known)
    assert set(seen.uses) == {Use(LEE, DRIVE, "admin"), Use(LEE, KSUITE, "user"), Use(MAX, KCHAT, "user")}
    assert seen.delegations == (Delegation("info@example.ch", LEE, frozenset({"can_manage_filters"})),)
    assert (seen.partial, seen.blind, seen.not_covered) == (frozenset(), (), ())


def test_only_invitations_in_scope_are_read(reader: Reader, asked: list[str]) -> None:
    """A request goes out for each invited person who is to use or open something."""
    seen = read_guests(reader, 4242, scope(guests=frozenset({MAX, ANA})), INVITATIONS, CATALOGUE, DRIVES, {})
    assert seen.uses == (Use(MAX, KCHAT, "user"),)
    assert asked == ["/1/accounts/4242/invitations/3002"]


ALL: list[Data] = [
    {"type": "drive", "drive_id": 500301, "role": "user"},
    {"type": "mailbox", "mail_id": 601, "mailbox_name": "info", "permissions": ["can_manage_filters"]},
    {"type": "kchat", "role": "admin"},
    {"type": "ksuite", "kchat_role": "user", "kdrive_role": "user", "mailbox_name": None},
]


def guests(embed: Embed, accesses: object, *, status: int = 200, drives: Mapping[str, int] = DRIVES) -> GuestsSeen:
    """Read one invitation that opens this, in a recorded shape."""
    body: Data = {"result": "success", "data": {"id": 3001, "app_accesses": accesses}}

    def answer(_method: str, url: str, *_: object) -> tuple[int, Mapping[str, str], bytes]:
        if status != 200 and "with" in url:
            errors = [{"context": {"attribute": "with", "values": ["teams"]}}]
            return status, {}, json.dumps({"result": "error", "error": {"errors": errors}}).encode()
        return 200, {}, json.dumps(body).encode()

    return read_guests(Reader(embed(answer)), 4242, EVERYTHING, {LEE: 3001}, CATALOGUE, drives, {})


@pytest.mark.parametrize(
    "accesses",
    [
        ALL,
        {"drive": [ALL[0]], "mailbox": ALL[1], "kchat": {"role": "admin"}, "ksuite": ALL[3]},
        {str(number): row for number, row in enumerate(ALL)},
        [{**ALL[1], "permissions": {"can_manage_filters": True, "can_access_logs": False}}, *ALL[2:], ALL[0]],
    ],
    ids=["a list", "a map by type", "a map by number", "permissions as a map"],
)
def test_shapes_of_what_an_invitation_opens(embed: Embed, accesses: object) -> None:
    """The documents do not type it: a list of rows and maps of them are read alike."""
    seen = guests(embed, accesses)
    assert set(seen.uses) == {Use(LEE, DRIVE, "user"), Use(LEE, KCHAT, "admin"), Use(LEE, KSUITE, "user")}
    assert seen.delegations == (Delegation("info@example.ch", LEE, frozenset({"can_manage_filters"})),)
    assert (seen.partial, seen.blind) == (frozenset(), ())


@pytest.mark.parametrize("accesses", [None, [], {}, {"drive": None}])
def test_an_invitation_may_open_nothing(embed: Embed, accesses: object) -> None:
    """Null is nothing where the data was asked for and not refused."""
    assert guests(embed, accesses) == GuestsSeen()


@pytest.mark.parametrize(
    "accesses",
    ["drive", 3, ["drive"], [{"drive_id": 7}], [{"type": "fax"}], [{"type": "drive", "drive_id": 500301, "role": "x"}]],
)
def test_what_cannot_be_read_is_hidden(embed: Embed, accesses: object) -> None:
    """Of an invitation that says it in another shape nobody knows what it opens: of this person, and of no other."""
    seen = guests(embed, accesses)
    assert seen.partial == {LEE}
    for spot, theirs, others in (
        (seen.blind[0], Address(USER, LEE, USE, DRIVE), Address(USER, MAX, USE, DRIVE)),
        (seen.blind[1], Address(MAILBOX, "info@example.ch", DELEGATE, LEE), Address(MAILBOX, LEE, DELEGATE, MAX)),
    ):
        assert spot.by_word
        assert (spot.hides(theirs), spot.hides(others)) == (True, False)


def test_data_that_is_refused_is_not_shown(embed: Embed) -> None:
    """Where the live system does not know the additional data, null there does not say that there is nothing."""
    seen = guests(embed, None, status=422)
    assert (seen.partial, len(seen.blind)) == (frozenset({LEE}), 2)


@pytest.mark.parametrize(
    ("row", "role"),
    [
        ({"type": "ksuite", "kchat_role": "user", "kdrive_role": "admin"}, None),
        ({"type": "ksuite", "kchat_role": "user", "kdrive_role": "user", "mailbox_name": "lee"}, "user"),
    ],
)
def test_a_ksuite_that_could_not_be_given_again(embed: Embed, row: Data, role: str | None) -> None:
    """Two roles, or a mailbox, are more than a request could give anew: such an invitation is known in part."""
    seen = guests(embed, [row])
    assert (seen.uses, seen.partial, seen.blind) == ((Use(LEE, KSUITE, role),), frozenset({LEE}), ())
    assert bool(seen.not_covered) == (role is None)


@pytest.mark.parametrize("row", [{**ALL[0], "drive_id": 7}, {**ALL[1], "mail_id": 7}])
def test_a_drive_or_mail_service_in_no_list(embed: Embed, row: Data) -> None:
    """What an invitation opens and no list names is known to be more than the entries say."""
    seen = guests(embed, [row])
    assert (seen.uses, seen.delegations, seen.partial, seen.blind) == ((), (), frozenset({LEE}), ())


def test_an_app_of_which_there_are_several(embed: Embed) -> None:
    """An invitation does not say which of several kSuites it opens."""
    body = json.dumps({"result": "success", "data": {"id": 3001, "app_accesses": [ALL[3]]}}).encode()
    two = Catalogue([Product(401, "ksuite", "Work"), Product(402, "ksuite", "Play")])
    seen = read_guests(Reader(embed(lambda *_: (200, {}, body))), 4242, EVERYTHING, {LEE: 3001}, two, {}, {})
    assert (seen.uses, seen.partial) == ((), frozenset({LEE}))
