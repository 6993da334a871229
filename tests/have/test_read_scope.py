"""What a read asks for as the scope says, and what it says of the rest: against the sandbox, less is shown at times."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accessplan.have.api import Connection, open_api
from accessplan.have.assemble import BILLING, PARTNERS
from accessplan.have.live import Live
from accessplan.have.mail import SENDS
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import DELEGATE, MAILBOX, PARTNER, USE, USER, Address, BlindSpot, Delegation, Entry, Use, User
from accessplan.sandbox import Door, Store, call, open_store, seed
from accessplan.scope import EVERYTHING, NOTHING_MORE, Scope
from accessplan.select import parse

Data = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CLAIRE, DAN, ANA, BOB = (f"{name}@example.ch" for name in ("claire", "dan", "ana", "bob"))
LEE, MAX, NO, GONE = (f"{name}@agency.example" for name in ("lee", "max", "no", "gone"))
DRIVE = "drive/Team Drive"


def person(email: str, role: str = "normal", **more: object) -> Data:
    return {"email": email, "first_name": "A", "last_name": "Person", "role": role, **more}


ORGANIZATION: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [{"id": 401, "service": "drive", "name": "Team Drive"}],
    "users": [
        person(CLAIRE, "owner"),
        person(DAN, "admin", notifications={"products": True}),
        person(ANA, billing=True),
        person(BOB, notifications={"billing": True}),
    ],
    "invitations": [
        person(LEE, notifications={"products": True}),
        person(MAX, billing=True),
        person(NO, status="rejected"),
        person(GONE, status="cancelled"),
    ],
    "mail_hostings": [
        {"id": 301, "domain": "example.ch", "mailboxes": [
            {"name": "info", "accesses": [{"user": LEE, "permissions": ["can_manage_aliases"]}]},
        ]},
    ],
    "drives": [{"product": 401, "users": [{"email": MAX, "role": "user"}]}],
}  # fmt: skip


class Played:
    """A sandbox, read by our client.

    `refused` are paths' ends and the additional data that they do not know; `alter` changes each row that comes back;
    `said` are answers recorded for a parameter, `unknown` parameters that are refused, each with its status.
    """

    def __init__(self, store: Store) -> None:
        self.asked: list[str] = []
        self.refused: set[tuple[str, str]] = set()
        self.alter: Callable[[Data], None] = lambda _: None
        self.said: dict[str, list[Data]] = {}
        self.unknown: dict[str, int] = {}
        self.door = Door()
        self._store = store
        self.seed(ORGANIZATION)

    def seed(self, data: Data) -> None:
        seed(self._store, data, NOW)

    def read(self, scope: Scope = NOTHING_MORE) -> Live:
        """Read with a scope; afterwards `asked` are the paths that were asked."""
        self.asked.clear()
        with open_api(Connection(handler=self._answer)) as api:
            return read(Reader(api), 4242, scope)

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        self.asked.append(path)
        wanted = [name for value in query.get("with", []) for name in value.split(",")]
        known = [name for name in wanted if not any(path.endswith(end) and name == no for end, no in self.refused)]
        if known != wanted:
            error = {"errors": [{"context": {"attribute": "with", "values": known}}]}
            return 422, {}, json.dumps({"result": "error", "error": error}).encode()
        for status in (status for name, status in self.unknown.items() if name in query):
            return status, {}, json.dumps({"result": "error", "error": {"code": "validation_failed"}}).encode()
        if said := next((rows for name, rows in self.said.items() if name in query), []):
            return 200, {}, json.dumps({"result": "success", "data": said}).encode()
        status, head, answered = call(self._store, method, url, headers, body, door=self.door)
        envelope = json.loads(answered)
        data = envelope["data"]
        for row in data if isinstance(data, list) else [data]:
            self.alter(row)
            self.alter(row.get("invitation_details") or {})
        return status, head, json.dumps(envelope).encode()


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    with open_store(tmp_path / "organization.db", clock=lambda: NOW) as store:
        yield Played(store)


def spots(live: Live, kind: str, part: str = "") -> list[BlindSpot]:
    return [each for each in live.state.blind if (each.kind, each.part) == (kind, part)]


def without(*names: str) -> Callable[[Data], None]:
    """Return what leaves fields out of a row."""

    def leave_out(row: Data) -> None:
        for name in names:
            row.pop(name, None)

    return leave_out


# who turned an invitation down


def test_rejected_invitations_are_asked_for_when_somebody_wanted_is_absent(played: Played) -> None:
    """One request more tells who turned an invitation down, and only where somebody is wanted who is not there."""
    there = frozenset({CLAIRE, ANA, LEE})
    assert played.read(Scope(users=there)).state.rejected == set()
    assert len(played.asked) == 5
    assert played.read(Scope(users=there | {NO, GONE, "new@example.ch"})).state.rejected == {NO}
    assert played.asked[5:] == ["/2/accounts/4242/users"]


def test_only_who_is_wanted_counts_as_having_rejected(played: Played) -> None:
    """Of people whom the document does not want nobody needs to know."""
    assert played.read(Scope(users=frozenset({GONE}))).state.rejected == set()
    assert played.read(EVERYTHING).state.rejected == set()


def test_a_row_must_say_that_it_was_rejected(played: Played) -> None:
    """Where the live system ignores the filter it shows everybody, and only rows that say so count."""

    def row(number: int, email: str, details: Data | None) -> Data:
        numbers = {"user_id": None, "invitation_id": number, "unique_key": f"{number}"}
        return {**numbers, "email": email, "role_type": "normal", "invitation_details": details}

    played.said["filter[invitation_status]"] = [
        row(1, "No@agency.example", {"status": "rejected"}),
        row(2, GONE, {"status": "cancelled"}),
        row(3, "other@example.ch", None),
        {**row(4, "new@example.ch", None), "user_id": 9, "invitation_id": None},
        row(5, "nobody@example.ch", {"status": "rejected"}),
    ]
    wanted = frozenset({NO, GONE, "other@example.ch", "new@example.ch"})
    assert played.read(Scope(users=wanted)).state.rejected == {NO}


@pytest.mark.parametrize("status", [400, 422])
def test_who_rejected_an_invitation_may_not_be_shown(played: Played, status: int) -> None:
    """Where the live system refuses to say who rejected an invitation, all else is read, and that is said."""
    played.unknown["filter[invitation_status]"] = status
    live = played.read(Scope(users=frozenset({NO})))
    assert (live.state.rejected, live.state.user(CLAIRE) is not None) == (frozenset(), True)
    assert [each for each in live.not_covered if "rejected" in each] == [
        "The live system did not show who rejected an invitation: whoever did may be invited once more."
    ]


# what the token's owner is, and partners


@pytest.mark.parametrize(
    ("email", "what"), [(CLAIRE, ""), (DAN, ""), (ANA, "a collaborator"), ("gus@agency.example", "an external user")]
)
def test_what_a_token_of_less_does_not_show_is_said(played: Played, email: str, what: str) -> None:
    """A token acts as its owner: where that is nobody who governs, a sentence says what they are not shown."""
    gus = person("gus@agency.example", external=True)
    played.seed(ORGANIZATION | {"users": [*ORGANIZATION["users"], gus]})
    played.door = Door(as_user=email)
    live = played.read()
    sentence = (
        f"The token's owner is {what}, and sees only products they have a right on:"
        " others look as if they did not exist. Use the token of an administrator."
    )
    assert live.not_covered == ((sentence,) if what else ())
    assert len(live.catalogue.products) == (0 if what else 2)


def test_what_the_owner_is_may_not_be_shown(played: Played) -> None:
    """Where the live system does not tell what the token's owner is, nothing is said of them."""
    played.door, played.refused = Door(as_user=ANA), {("/4242", "type")}
    assert played.read().not_covered == ()


def partner(name: str, status: str = "accepted", *, full: bool = False) -> Data:
    products = [] if full else [{"product": 401, "rights": ["technical"]}]
    return {"name": name, "status": status, "full_access": full, "products": products}


@pytest.mark.parametrize(
    ("partners", "refused", "told"),
    [
        ([], "", "It tells of no partnership."),
        ([partner("A", "pending")], "", "It tells of no partnership."),
        ([partner("A")], "", "It tells of a partnership with limited access."),
        ([partner("A", full=True)], "", "It tells of a partnership with full access."),
        ([partner("A"), partner("B", full=True)], "", "It tells of a partnership with full and limited access."),
        ([partner("A")], "in_partnership_limited", "Whether there is a partnership is not shown either."),
    ],
)
def test_partners_are_never_shown_and_partnerships_are(
    played: Played, partners: list[Data], refused: str, told: str
) -> None:
    """Who the partners are is taken on somebody's word; that there is a partnership, and of which kind, is said."""
    played.seed(ORGANIZATION | {"partners": partners})
    played.refused = {("/4242", refused)}
    live = played.read(Scope(partners=True))
    expected = [BlindSpot(PARTNER, part, f"{PARTNERS} {told}", by_word=True) for part in ("", "grant")]
    assert [*spots(live, PARTNER), *spots(live, PARTNER, "grant")] == expected


# the billing right and notifications


def test_the_billing_right_and_notifications_are_read(played: Played) -> None:
    """Flags are read of active and invited people; who governs has the billing right by role, so it is left open."""
    live = played.read()
    flags = {
        each.email: (each.billing, each.notify_billing, each.notify_products)
        for each in live.state.entries.values()
        if isinstance(each, User)
    }
    assert flags == {
        CLAIRE: (None, False, False),
        DAN: (None, False, True),
        ANA: (True, False, False),
        BOB: (False, True, False),
        LEE: (False, False, True),
        MAX: (True, False, False),
    }
    assert spots(live, USER) == []


@pytest.mark.parametrize(
    ("names", "attribute", "reason"),
    [
        (("has_billing_access", "has_billing"), "billing", BILLING),
        (
            ("is_correspondent_billing", "has_billing_mailing"),
            "notify_billing",
            "The live system did not show who is told of billing reminders.",
        ),
        (
            ("is_correspondent", "has_mailing"),
            "notify_products",
            "The live system did not show who is told of product events.",
        ),
    ],
)
def test_flags_that_are_not_shown_are_a_blind_spot(
    played: Played, names: tuple[str, ...], attribute: str, reason: str
) -> None:
    """A flag that no row shows is open for everybody, and taken on somebody's word; the others are read."""
    played.alter = without(*names)
    live = played.read()
    people = [each for each in live.state.entries.values() if isinstance(each, User)]
    assert {getattr(each, attribute) for each in people} == {None}
    assert spots(live, USER) == [BlindSpot(USER, "", reason, attribute=attribute, by_word=True)]


def test_a_name_of_either_list_is_read(played: Played) -> None:
    """Users and invitations call the same flags differently; for somebody invited, either is read."""
    played.alter = without("has_billing_access", "is_correspondent_billing", "is_correspondent")
    live = played.read()
    assert live.state.user(MAX) == User(MAX, "collaborator", billing=True, notify_billing=False, notify_products=False)
    assert live.state.user(ANA) == User(ANA, "collaborator")


# what invitations open

INFO = Delegation("info@example.ch", LEE, frozenset({"can_manage_aliases"}))
PLACE = Use(MAX, DRIVE, "user")
SENDS_UNKNOWN = BlindSpot(MAILBOX, DELEGATE, SENDS, attribute="sends", by_word=True)
GUESTS = Scope(
    guests=frozenset({LEE, MAX}), mailboxes=frozenset({"info@example.ch"}), uses=frozenset({parse("drive/*")})
)
LISTS = 5 + 1 + 3
"""Requests of a read with one mailbox and one kDrive in scope, of which the kDrive takes three."""


def opened(live: Live) -> tuple[list[Entry], list[str]]:
    """Return what people who are invited use and open, and whose invitations open more than that."""
    entries = live.state.entries.items()
    return [each for _, each in sorted(entries) if isinstance(each, Use | Delegation)], sorted(live.opens_more)


def test_the_list_of_users_tells_what_invitations_open(played: Played) -> None:
    """What is shown with the list of users costs no request for each invitation."""
    live = played.read(GUESTS)
    assert opened(live) == ([INFO, PLACE], [])
    assert len(played.asked) == LISTS
    assert not any("/invitations/" in path for path in played.asked)


def test_an_invitation_that_opens_what_was_not_looked_at_is_known_in_part(played: Played) -> None:
    """What an invitation opens beyond the scope is in no State: whoever sends it anew must know that there is more."""
    assert opened(played.read()) == ([], [LEE, MAX])
    assert opened(played.read(replace(GUESTS, uses=frozenset()))) == ([INFO], [MAX])
    assert opened(played.read(replace(GUESTS, mailboxes=frozenset()))) == ([PLACE], [LEE])


IN_LIST = ("/users", "invitation_details.app_accesses")
ON_INVITATION = [(f"/invitations/{number}", "app_accesses") for number in (3001, 3002)]


def test_guests_are_asked_for_one_by_one_where_the_list_does_not_tell(played: Played) -> None:
    """Where the list refuses it, one request for each guest tells what their invitation opens; of others none does."""
    played.refused = {IN_LIST}
    assert opened(played.read(GUESTS)) == ([INFO, PLACE], [])
    assert len(played.asked) == LISTS + 1 + 2  # the refusal, and two invitations
    live = played.read(replace(GUESTS, guests=frozenset({MAX})))
    assert opened(live) == ([PLACE], [LEE])
    assert sum("/invitations/" in path for path in played.asked) == 1
    assert [*spots(live, USER, USE), *spots(live, MAILBOX, DELEGATE)] == [SENDS_UNKNOWN]


SHAPES: dict[str, Callable[[Data], None]] = {
    "left out": without("app_accesses"),
    "null": lambda row: row.update(app_accesses=None),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("in_part", [False, True], ids=["rights in the list", "rights on each invitation"])
def test_what_nothing_tells_of_invitations_is_a_blind_spot(played: Played, shape: str, *, in_part: bool) -> None:
    """Where neither list nor invitations tell what they open nobody knows, and null does not say that it is nothing."""
    played.refused = {IN_LIST, *ON_INVITATION, *([("/users", "permissions")] if in_part else [])}
    played.alter = SHAPES[shape]
    live = played.read(GUESTS)
    assert opened(live) == ([], [LEE, MAX])
    for email in (LEE, MAX):
        reason = f"The live system did not show what the invitation of {email} opens."
        use, mailbox = Address(USER, email, USE, DRIVE), Address(MAILBOX, "info@example.ch", DELEGATE, email)
        assert [live.state.hides(each) for each in (use, mailbox)] == [
            BlindSpot(USER, USE, reason, by_word=True, person=email),
            BlindSpot(MAILBOX, DELEGATE, reason, by_word=True, person=email),
        ]


# what it costs


def large() -> Data:
    """Make 60 users, 2 invitations, and 500 mailboxes; twelve of them have 40 delegations."""
    users = [person(CLAIRE, "owner"), *(person(f"user{number}@example.ch") for number in range(59))]
    held: defaultdict[int, list[Data]] = defaultdict(list)
    for number in range(40):
        held[number % 12].append({"user": f"user{number}@example.ch", "permissions": ["can_manage_aliases"]})
    boxes = [{"name": f"box{number}", "accesses": held[number]} for number in range(500)]
    return {
        **ORGANIZATION,
        "users": users,
        "invitations": [person(LEE), person(MAX)],
        "mail_hostings": [{"id": 301, "domain": "example.ch", "mailboxes": boxes}],
        "drives": [],
    }


NAMED = Scope(
    users=frozenset({CLAIRE, LEE, MAX, *(f"user{number}@example.ch" for number in range(59))}),
    guests=frozenset({LEE, MAX, "user1@example.ch"}),
    mailboxes=frozenset(f"box{number}@example.ch" for number in range(12)),
    partners=True,
)


def test_a_large_organization_is_read_in_seventeen_requests(played: Played) -> None:
    """With 500 mailboxes, 60 users and 2 invitations, a document that names 12 mailboxes takes 5 lists and 12 more."""
    played.seed(large())
    live = played.read(NAMED)
    assert sum(isinstance(each, Delegation) for each in live.state.entries.values()) == 40
    assert len(live.mailboxes) == 12
    assert sum(isinstance(each, User) for each in live.state.entries.values()) == 62
    assert len(played.asked) == 5 + 12


def test_a_newcomer_costs_a_request_and_guests_that_are_not_shown_one_each(played: Played) -> None:
    """Somebody who is not there yet has rejected invitations asked for; guests are asked one by one if lists refuse."""
    played.seed(large())
    newcomer = replace(NAMED, users=NAMED.users | {"new@example.ch"})
    played.read(newcomer)
    assert len(played.asked) == 5 + 12 + 1
    played.refused = {IN_LIST}
    played.read(newcomer)
    assert len(played.asked) == 5 + 12 + 1 + (1 + 2)  # what is refused once, and two invitations
