"""Who is in the kDrives: against the sandbox, and against recorded shapes."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from accessplan.errors import RequestRefused, UnreadableAnswer
from accessplan.have.api import Api, Connection, Handler, open_api
from accessplan.have.drive import DrivesSeen, read_drives
from accessplan.have.reader import Reader
from accessplan.model import USE, USER, Address, Product, Use
from accessplan.sandbox import call, open_store, seed
from accessplan.scope import EVERYTHING, Scope
from accessplan.select import Catalogue, parse

Embed = Callable[[Handler], Api]
Data = dict[str, Any]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEAM, ARCHIVE = "drive/Team Drive", "drive/Archive"
CATALOGUE = Catalogue([Product(301, "drive", "Team Drive"), Product(302, "drive", "Archive"), Product(9, "nas", "x")])
ONE = Scope(uses=frozenset({parse(TEAM)}))
PEOPLE = ("ana", "bob", "eve")


def organization(*drives: Data) -> Data:
    people = [
        {"email": f"{name}@example.ch", "first_name": name, "last_name": "K", "role": "normal"} for name in PEOPLE
    ]
    claire = {"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"}
    products = [
        {"id": 301, "service": "drive", "name": "Team Drive"},
        {"id": 302, "service": "drive", "name": "Archive"},
    ]
    return {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": "claire@example.ch",
        "products": products,
        "users": [claire, *people],
        "drives": drives,
    }


@pytest.fixture
def asked() -> list[str]:
    """What was asked, in its order."""
    return []


@pytest.fixture
def read(tmp_path: Path, asked: list[str]) -> Callable[..., DrivesSeen]:
    """Read the kDrives of an organization that the sandbox plays."""

    def read(scope: Scope, *drives: Data, token: str | None = None) -> DrivesSeen:
        with open_store(tmp_path / "organization.db") as store:
            data = organization(*drives)
            seed(store, data | ({"token_user": token} if token else {}), NOW)
            connection = Connection(handler=partial(call, store), on_request=lambda _, path: asked.append(path))
            with open_api(connection) as api:
                return read_drives(Reader(api), 4242, scope, CATALOGUE)

    return read


def use(name: str, role: str | None, target: str = TEAM) -> Use:
    return Use(name if "@" in name else f"{name}@example.ch", target, role)


def place(name: str, target: str = TEAM) -> Address:
    return use(name, None, target).address


def user(name: str, role: str, **more: object) -> Data:
    return {"email": name if "@" in name else f"{name}@example.ch", "role": role, **more}


def test_people_in_a_drive_are_read_with_their_roles(read: Callable[..., DrivesSeen], asked: list[str]) -> None:
    """Who is in a drive is read in two requests a drive, with external users; who is not in it is not among them."""
    seen = read(
        ONE, {"product": 301, "users": [user("ana", "admin"), user("bob", "user"), user("gus@x.ch", "external")]}
    )
    assert set(seen.uses) == {use("ana", "admin"), use("bob", "user"), use("gus@x.ch", "external")}
    assert (seen.drives, seen.blind, seen.not_covered) == ({TEAM: 500301}, (), ())
    assert asked == ["/2/drive", "/3/drive/500301/users", "/2/drive/500301/users/invitation"]


def test_only_drives_in_scope_are_read(read: Callable[..., DrivesSeen], asked: list[str]) -> None:
    """No request goes out where no drive is asked for; with everything, all of them are."""
    assert read(Scope(uses=frozenset({parse("nas/*")}))) == DrivesSeen()
    assert asked == []
    assert read(EVERYTHING).drives == {TEAM: 500301, ARCHIVE: 500302}


def test_who_is_locked_out_has_no_access(read: Callable[..., DrivesSeen]) -> None:
    """A locked place is no entry, and it is known that it can be opened again."""
    seen = read(ONE, {"product": 301, "users": [user("ana", "user", status="locked")]})
    assert (seen.uses, seen.locked) == ((), {place("ana"): use("ana", "user")})


def test_invitations_into_a_drive_are_places_that_are_pending(read: Callable[..., DrivesSeen]) -> None:
    """A pending invitation is an entry with its number; one that expired is none, and is named."""
    invited = [user("gus@x.ch", "external"), user("old@x.ch", "external", expires="-1d")]
    seen = read(ONE, {"product": 301, "invitations": invited})
    assert seen.uses == (use("gus@x.ch", "external"),)
    assert seen.uses[0].pending
    assert set(seen.ids) == {place("gus@x.ch"), place("old@x.ch")}
    assert seen.not_covered == ("The invitation of old@x.ch to drive/Team Drive expired.",)


def test_a_drive_in_maintenance_spoils_nothing(read: Callable[..., DrivesSeen], asked: list[str]) -> None:
    """A drive in maintenance is asked once and lies in a blind spot; the others are read."""
    seen = read(EVERYTHING, {"product": 301, "maintenance": True}, {"product": 302, "users": [user("ana", "user")]})
    assert (seen.uses, seen.drives) == ((use("ana", "user", ARCHIVE),), {ARCHIVE: 500302})
    assert [spot.reason for spot in seen.blind] == ["Who uses drive/Team Drive was not read: it is in maintenance."]
    assert [spot.hides(place("ana", each)) for spot in seen.blind for each in (TEAM, ARCHIVE)] == [True, False]
    assert asked.count("/3/drive/500301/users") == 1


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("ana@example.ch", "the owner of the token is no admin of it, and is shown only some of its users"),
        ("bob@example.ch", "the list of kDrives does not show it to the owner of the token"),
    ],
)
def test_a_token_that_sees_too_little_reads_nothing(read: Callable[..., DrivesSeen], token: str, why: str) -> None:
    """Where the token's owner would be shown a part of the users, nothing is taken from that drive."""
    seen = read(ONE, {"product": 301, "users": [user("ana", "user"), user("eve", "user")]}, token=token)
    assert (seen.uses, seen.drives) == ((), {})
    assert [spot.reason for spot in seen.blind] == [f"Who uses drive/Team Drive was not read: {why}."]


class Recorded:
    """Answers with recorded JSON, by path; a list gives one answer after the other."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        drive = {"id": 7, "product_id": 301, "account_id": 4242}
        self.answers = {"/2/drive": [drive], "/2/drive/7/users/invitation": [], **answers}
        self.queries: list[tuple[str, dict[str, list[str]]]] = []

    def __call__(
        self, _: str, url: str, _headers: Mapping[str, str], _body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        path, query = urlsplit(url).path, dict[str, list[str]]()
        for name, value in parse_qsl(urlsplit(url).query):
            query.setdefault(name, []).append(value)
        self.queries.append((path, query))
        answer = self.answers[path]
        if callable(answer):
            answer = answer(query)
        if isinstance(answer, tuple):
            status, error = answer
            return status, {}, json.dumps({"result": "error", "error": error}).encode()
        envelope = answer if isinstance(answer, dict) else {"data": answer}
        return 200, {"date": "Sat, 21 Nov 2026 12:00:00 GMT"}, json.dumps({"result": "success", **envelope}).encode()

    def read(self, embed: Embed) -> DrivesSeen:
        return read_drives(Reader(embed(self)), 4242, ONE, CATALOGUE)


def row(number: int, name: str, role: str = "user", status: str = "active", **more: object) -> Data:
    return {"id": number, "email": f"{name}@example.ch", "drive_user": {"role": role, "status": status}, **more}


USERS, OLD_USERS, INVITATIONS = "/3/drive/7/users", "/2/drive/7/users", "/2/drive/7/users/invitation"


def test_users_are_asked_for_by_their_roles_in_the_drive(embed: Embed) -> None:
    """Unasked, the list is of everybody in the organization, and of active users alone [openapi kdrive]."""
    recorded = Recorded({USERS: []})
    recorded.read(embed)
    assert recorded.queries[1] == (
        USERS,
        {
            "types[]": ["external", "user", "admin"],
            "status[]": ["active", "locked", "pending"],
            "limit": ["1000"],
            "with": ["drive_user"],
        },
    )


def test_a_list_goes_on_from_its_cursor(embed: Embed) -> None:
    """Parts of a list follow one another until there is no more."""
    parts = {
        "": {"data": [row(1, "ana")], "has_more": True, "cursor": "b"},
        "b": {"data": [row(2, "bob")], "has_more": False, "cursor": "c"},
    }
    seen = Recorded({USERS: lambda query: parts[query.get("cursor", [""])[0]]}).read(embed)
    assert seen.uses == (use("ana", "user"), use("bob", "user"))


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"has_more": True, "cursor": "b"}, "a row came twice|begins anew at the same place"),
        ({"data": [], "has_more": True, "cursor": "b"}, "begins anew at the same place"),
        ({"has_more": True, "cursor": None}, "does not say where it begins"),
    ],
)
def test_a_list_that_does_not_go_on_is_incomplete(embed: Embed, part: Data, fault: str) -> None:
    """A cursor that repeats, or is missing where more is announced, would make people look as if they had left."""
    with pytest.raises(UnreadableAnswer, match=fault):
        Recorded({USERS: {"data": [row(1, "ana")], **part}}).read(embed)


def test_roles_may_stand_in_the_row_itself(embed: Embed) -> None:
    """Role and status are read from the row where they are not in the object within."""
    bare = {"id": 1, "email": "ana@example.ch", "role": "admin", "status": "active"}
    assert Recorded({USERS: [bare]}).read(embed).uses == (use("ana", "admin"),)


HIDDEN = (422, {"errors": [{"context": {"attribute": "with", "values": ["teams"]}}]})


def bare(query: Mapping[str, list[str]]) -> object:
    return HIDDEN if "with" in query else [{"id": 1, "email": "ana@example.ch"}]


def test_roles_come_from_the_older_list_where_the_new_one_has_none(embed: Embed) -> None:
    """Where the list does not show roles, the deprecated one is asked, and the plan says so."""
    older = [{"id": 1, "email": "ana@example.ch", "role": "admin", "status": "active"}]
    seen = Recorded({USERS: bare, OLD_USERS: older}).read(embed)
    assert seen.uses == (use("ana", "admin"),)
    assert seen.not_covered == ("Roles in drive/Team Drive were asked for by a request that is deprecated.",)


def test_a_drive_whose_locks_are_not_shown_is_not_read(embed: Embed) -> None:
    """Who is locked out has no access; where that is not shown, nothing is taken from the drive."""
    seen = Recorded({USERS: bare, OLD_USERS: (404, {"code": "method_not_found"})}).read(embed)
    assert (seen.uses, seen.drives) == ((), {})
    assert "did not show who of its users is locked out" in seen.blind[0].reason


def test_a_role_that_is_not_documented_is_left_open(embed: Embed) -> None:
    """An unknown role is no role; then somebody's word counts for it."""
    seen = Recorded({USERS: [row(1, "ana", "owner")]}).read(embed)
    assert seen.uses == (use("ana", None),)
    assert [(spot.service, spot.attribute, spot.by_word) for spot in seen.blind] == [(TEAM, "role", True)]


@pytest.mark.parametrize(
    "gone", [row(1, "ana", status="deleted_kept"), row(1, "ana", status="deleted_transferring"), row(1, "ana", "none")]
)
def test_who_was_deleted_is_no_entry(embed: Embed, gone: Data) -> None:
    """Somebody whose data is kept or handed over is not in the drive, and one without a role is not either."""
    seen = Recorded({USERS: [gone]}).read(embed)
    assert (seen.uses, seen.locked, seen.drives) == ((), {}, {TEAM: 7})


def test_somebody_pending_in_the_list_of_users(embed: Embed) -> None:
    """Who has not accepted yet is pending, with a number where an invitation has one."""
    invitation = {"id": 5, "email": "ANA@example.ch", "role": "user", "status": "pending", "type": "user"}
    people = [row(1, "ana", status="pending"), row(2, "bob", status="pending")]
    seen = Recorded({USERS: people, INVITATIONS: [invitation]}).read(embed)
    assert [(each, each.pending) for each in seen.uses] == [(use("ana", "user"), True), (use("bob", "user"), True)]
    assert seen.ids == {place("ana"): 5}


EXPIRED_AT = 1_700_000_000


@pytest.mark.parametrize(
    ("invitation", "number", "is_open"),
    [
        ({"status": "pending", "expired_at": None}, 5, True),
        ({"status": "pending", "expired_at": EXPIRED_AT}, 5, False),
        ({"status": "pending", "is_valid": False}, 5, False),
        ({"status": "expired"}, 5, False),
        ({"status": "rejected"}, None, False),
        ({"status": "pending", "type": "file"}, None, False),
    ],
)
def test_which_invitations_are_open(embed: Embed, invitation: Data, number: int | None, *, is_open: bool) -> None:
    """An invitation counts that is to the drive as a whole, was not answered and has not expired."""
    secret = {"key": "s3cret", "url": "https://example.ch/s3cret"}
    rows = [{"id": 5, "email": "gus@x.ch", "role": "external", "type": "user", **secret, **invitation}]
    seen = Recorded({USERS: [], INVITATIONS: rows}).read(embed)
    assert seen.ids == ({place("gus@x.ch"): number} if number else {})
    assert seen.uses == ((use("gus@x.ch", "external"),) if is_open else ())
    assert "s3cret" not in repr(seen)


def test_an_invitation_counts_before_one_that_expired(embed: Embed) -> None:
    """Of two invitations of one person the open one gives the number; of somebody who is in, none does."""
    rows = [
        {"id": number, "email": email, "role": "external", "status": status}
        for number, email, status in (
            (5, "gus@x.ch", "pending"),
            (4, "gus@x.ch", "expired"),
            (6, "ana@example.ch", "pending"),
            (8, "bob@example.ch", "pending"),
        )
    ]
    people = [row(1, "ana"), row(2, "bob", status="locked")]
    seen = Recorded({USERS: people, INVITATIONS: rows}).read(embed)
    assert (seen.ids, seen.not_covered) == ({place("gus@x.ch"): 5}, ())
    assert (seen.uses, seen.locked) == (
        (use("ana", "user"), use("gus@x.ch", "external")),
        {place("bob"): use("bob", "user")},
    )


@pytest.mark.parametrize("path", ["/2/drive", USERS, INVITATIONS])
def test_a_token_without_kdrive_reads_no_drive(embed: Embed, path: str) -> None:
    """A token that may not read drives leaves them in a blind spot, and the rest of the plan stands."""
    seen = Recorded({USERS: [], path: (403, {"code": "access_denied"})}).read(embed)
    assert (seen.drives, [spot.service for spot in seen.blind]) == ({}, [TEAM])
    assert (seen.blind[0].kind, seen.blind[0].part, seen.blind[0].by_word) == (USER, USE, False)


def test_any_other_refusal_is_a_fault(embed: Embed) -> None:
    """A refusal that nobody foresaw fails the read."""
    with pytest.raises(RequestRefused):
        Recorded({USERS: (400, {"code": "odd"})}).read(embed)


def test_maintenance_may_begin_between_two_lists(embed: Embed) -> None:
    """A drive that goes into maintenance while it is read is not read, whichever request finds out."""
    down = (503, {"code": "drive_is_in_maintenance_error"})
    for more in ({INVITATIONS: down}, {USERS: bare, OLD_USERS: down}):
        recorded = Recorded({USERS: [], **more})
        seen = recorded.read(embed)
        assert "it is in maintenance" in seen.blind[0].reason
        assert len(recorded.queries) <= 4
