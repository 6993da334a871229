"""What the doctor says of a token and an organization: each line is true of the sandbox that it asks."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.check import Check, Status
from accessplan.have.api import Connection, Handler, open_api
from accessplan.have.assemble import BILLING, TEAM_PRODUCTS, TEAM_SERVICES, USER_PRODUCTS, USER_SERVICES
from accessplan.have.doctor import examine
from accessplan.have.reader import Reader
from accessplan.sandbox import Door, Store, call, open_store, seed

Data = dict[str, Any]
Answer = tuple[int, Mapping[str, str], bytes]
Wrap = Callable[[Handler], Handler]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OK, NOTE, WARNING = Status.OK, Status.NOTE, Status.WARNING
CLAIRE, DAN, ANA, GUS = "claire@example.ch", "dan@example.ch", "ana@example.ch", "gus@agency.example"


def person(email: str, role: str, **more: object) -> Data:
    return {"email": email, "first_name": email.partition("@")[0].title(), "last_name": "Roth", "role": role, **more}


def service(number: int, domain: str, **more: object) -> Data:
    boxes = [{"name": name, "accesses": [{"user": ANA}]} for name in ("info", "shop")]
    return {"id": number, "domain": domain, "mailboxes": boxes, **more}


ORGANIZATION: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch"},
        {"id": 401, "service": "drive", "name": "Team Drive"},
        {"id": 402, "service": "drive", "name": "Exchange"},
    ],
    "users": [
        person(CLAIRE, "owner"),
        person(DAN, "admin"),
        person(ANA, "normal", grants=[{"product": 101, "rights": ["technical"]}]),
        person(GUS, "normal", external=True),
    ],
    "invitations": [person("lee@agency.example", "normal")],
    "mail_hostings": [service(301, "example.ch")],
    "partners": [{"name": "Agency", "full_access": True, "wallet": True, "status": "accepted"}],
}


class Patient:
    """A sandbox, and our doctor, who looks at it through a token."""

    def __init__(self, store: Store) -> None:
        self.asked: list[str] = []
        self._store = store
        self.seed()

    def seed(self, **more: object) -> None:
        seed(self._store, ORGANIZATION | more, NOW)

    def examined(
        self, *, door: Door | None = None, account: int = 4242, now: datetime = NOW, wrap: Wrap = lambda each: each
    ) -> list[Check]:
        """Examine the organization; `wrap` stands between the sandbox and us."""
        handler = wrap(partial(call, self._store, door=door or Door()))
        connection = Connection(handler=handler, on_request=lambda method, path: self.asked.append(f"{method} {path}"))
        with open_api(connection) as api:
            return examine(Reader(api), account, now)


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with open_store(tmp_path / "organization.db", clock=lambda: NOW) as store:
        yield Patient(store)


Line = tuple[str, Status, str]


def lines(checks: list[Check]) -> list[Line]:
    return [(each.name, each.status, each.fact) for each in checks]


def of(checks: list[Check], name: str) -> list[tuple[Status, str]]:
    """Return status and fact of the lines of a name."""
    return [(each.status, each.fact) for each in checks if each.name == name]


USERS_GIVEN = "teams, permissions, service_permissions, security, invitation_details, invitation_details.app_accesses"
OTHERS = "teams, security, invitation_details, invitation_details.app_accesses"

WHOLE: list[Line] = [
    ("token", OK, "It is that of Claire Roth <claire@example.ch>."),
    ("organization", OK, "Example SA, number 4242."),
    ("owner's role", OK, "Legal representative."),
    ("partners", NOTE, "A partnership with full access."),
    ("clock", OK, "It agrees with the live system's within 60 s."),
    ("with= of organization", OK, "Given: type, in_partnership_full_access, in_partnership_limited."),
    ("with= of users", OK, f"Given: {USERS_GIVEN}."),
    ("with= of products", OK, "Given: users."),
    ("rights of users", OK, "They are shown."),
    ("rights of teams", NOTE, TEAM_PRODUCTS),
    ("external users", NOTE, "1 found, by a role that is none of the three documented ones."),
    ("mailboxes of example.ch", OK, "2, with the new family of requests."),
    ("kDrives", OK, "2 shown."),
    ("rate limit", OK, "No more than 60 requests are sent in a minute, as documented."),
]


def replaced(*changes: Line) -> list[Line]:
    """Return the whole examination with some lines in place of those of the same name."""
    by_name = {name: (name, status, fact) for name, status, fact in changes}
    return [by_name.get(line[0], line) for line in WHOLE]


def test_the_token_of_a_legal_representative_shows_everything(patient: Patient) -> None:
    """Each line is what the organization file says, in ten requests that only read."""
    checks = patient.examined()
    assert lines(checks) == WHOLE
    assert all(check.meaning for check in checks)
    assert len(patient.asked) == 2 + 5 + 2 + 1
    assert {each.partition(" ")[0] for each in patient.asked} == {"GET"}


def test_the_token_of_an_administrator_shows_the_same(patient: Patient) -> None:
    """An administrator reads everything, and what they cannot do is noted."""
    checks = patient.examined(door=Door(as_user=DAN))
    token = ("token", OK, "It is that of Dan Roth <dan@example.ch>.")
    assert lines(checks) == replaced(token, ("owner's role", NOTE, "Administrator."))
    (role,) = (each for each in checks if each.name == "owner's role")
    assert role.meaning.startswith("Inviting legal representatives is refused")


@pytest.mark.parametrize(("email", "role"), [(ANA, "Collaborator."), (GUS, "External.")])
def test_the_token_of_somebody_who_does_not_govern_is_warned_of(patient: Patient, email: str, role: str) -> None:
    """Products that their owner has no right on are not there: no Mail Service, no kDrive, and a warning why."""
    checks = patient.examined(door=Door(as_user=email))
    assert of(checks, "owner's role") == [(WARNING, role)]
    assert not [each for each in checks if each.name.startswith(("mailboxes", "kDrives"))]
    (sentence,) = (fact for _, fact in of(checks, "not covered") if fact.startswith("The token's owner is"))
    assert "sees only products they have a right on" in sentence


def test_a_mail_service_with_the_old_requests_is_told(patient: Patient) -> None:
    """Which family of requests each Mail Service has is found by asking one of its mailboxes."""
    patient.seed(
        mail_hostings=[
            service(301, "example.ch", family="legacy"),
            service(302, "new.example"),
            {"id": 303, "domain": "empty.example"},
        ]
    )
    checks = patient.examined()
    assert {each.name: (each.status, each.fact) for each in checks if each.name.startswith("mailboxes")} == {
        "mailboxes of example.ch": (NOTE, "2, with the old family of requests."),
        "mailboxes of new.example": (OK, "2, with the new family of requests."),
        "mailboxes of empty.example": (NOTE, "There are none."),
    }


def instead(end: str, status: int, code: str = "access_denied") -> Wrap:
    """Return what refuses the requests whose path ends so."""

    def wrap(handler: Handler) -> Handler:
        def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            if url.partition("?")[0].endswith(end):
                return status, {}, json.dumps({"result": "error", "error": {"code": code}}).encode()
            return handler(method, url, headers, body)

        return answer

    return wrap


def test_mailboxes_that_the_token_may_not_see_are_warned_of(patient: Patient) -> None:
    """A Mail Service that refuses the token is named with what the token needs, and the rest is examined."""
    checks = patient.examined(wrap=instead("/mail_hostings/301/mailboxes", 403))
    fact = "The token may not do GET /1/mail_hostings/301/mailboxes (403 access_denied)."
    assert lines(checks) == replaced(("mailboxes of example.ch", WARNING, fact))
    (check,) = (each for each in checks if each.name == "mailboxes of example.ch")
    assert "the right technical on the Mail Service example.ch (#301)" in check.meaning


def test_mailboxes_that_answer_no_request_are_warned_of(patient: Patient) -> None:
    """A Mail Service of which neither family of requests is open cannot be checked."""

    def wrap(handler: Handler) -> Handler:
        return instead("/info/accesses/webmail", 501)(instead("/info/users", 501)(handler))

    checks = patient.examined(wrap=wrap)
    assert lines(checks) == replaced(("mailboxes of example.ch", WARNING, "They answer neither family of requests."))


def test_kdrives_that_are_out_of_order_or_refused_are_told(patient: Patient) -> None:
    """How many kDrives are in maintenance is counted; a list that the token may not read is a warning."""
    patient.seed(drives=[{"product": 402, "maintenance": True}])
    assert lines(patient.examined()) == replaced(("kDrives", NOTE, "2 shown, 1 in maintenance."))
    fact = "The token may not do GET /2/drive (403 access_denied)."
    assert lines(patient.examined(wrap=instead("/2/drive", 403))) == replaced(("kDrives", WARNING, fact))


def test_an_organization_without_kdrives_and_mailboxes_has_no_line_of_them(patient: Patient) -> None:
    """Nothing is asked, and nothing said, of products that are not there."""
    patient.seed(products=[ORGANIZATION["products"][0]], mail_hostings=[])
    assert [line[0] for line in lines(patient.examined())] == [
        line[0] for line in WHOLE if not line[0].startswith(("mailboxes", "kDrives"))
    ]


def refusing(*names: str) -> Wrap:
    """Return what does not know some additional data."""

    def wrap(handler: Handler) -> Handler:
        def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            _, _, wanted = url.partition("with=")
            asked = wanted.partition("&")[0].replace("%2C", ",").split(",")
            known = [each for each in asked if each not in names]
            if known == asked:
                return handler(method, url, headers, body)
            error = {"code": "validation_failed", "errors": [{"context": {"attribute": "with", "values": known}}]}
            return 422, {}, json.dumps({"result": "error", "error": error}).encode()

        return answer

    return wrap


def test_additional_data_that_is_refused_is_told(patient: Patient) -> None:
    """What is refused is named, with what that hides: here the role, the partnerships, and rights of users."""
    names = ("type", "in_partnership_full_access", "permissions", "service_permissions", "users")
    checks = patient.examined(wrap=refusing(*names))
    expected = {
        "owner's role": [(NOTE, "Not shown.")],
        "partners": [(NOTE, "Not shown.")],
        "with= of organization": [
            (NOTE, "Refused: type, in_partnership_full_access. Given: in_partnership_limited."),
        ],
        "with= of users": [
            (NOTE, f"Refused: permissions, service_permissions. Given: {OTHERS}."),
        ],
        "with= of products": [(NOTE, "Refused: users. Given: nothing.")],
        "rights of users": [(WARNING, USER_PRODUCTS), (WARNING, USER_SERVICES)],
    }
    assert {name: of(checks, name) for name in expected} == expected


def altered(*names: str) -> Wrap:
    """Return what leaves fields out of each row of a list."""

    def wrap(handler: Handler) -> Handler:
        def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            status, head, raw = handler(method, url, headers, body)
            envelope = json.loads(raw)
            rows = envelope["data"] if isinstance(envelope["data"], list) else []
            for row in rows:
                for each in (row, row.get("invitation_details") or {}):
                    for name in names:
                        each.pop(name, None)
            return status, head, json.dumps(envelope).encode()

        return answer

    return wrap


def test_flags_and_rights_that_no_row_shows_are_told(patient: Patient) -> None:
    """Where rows leave out the billing right, notifications or the rights of teams, a note says each."""
    patient.seed(teams=[{"name": "Web", "services": ["domain"]}])
    flags = ("has_billing_access", "has_billing", "is_correspondent", "has_mailing")
    checks = patient.examined(wrap=altered(*flags))
    assert of(checks, "billing of users") == [(NOTE, BILLING)]
    told = "The live system did not show who is told of product events."
    assert of(checks, "notify_products of users") == [(NOTE, told)]
    assert of(checks, "notify_billing of users") == []
    assert of(patient.examined(wrap=altered("permissions")), "rights of teams") == [
        (NOTE, TEAM_SERVICES),
        (NOTE, TEAM_PRODUCTS),
    ]


@pytest.mark.parametrize(
    ("ahead", "status", "fact"),
    [
        (0, OK, "It agrees with the live system's within 60 s."),
        (60, OK, "It agrees with the live system's within 60 s."),
        (-60, OK, "It agrees with the live system's within 60 s."),
        (61, WARNING, "It is 61 s ahead of the live system's."),
        (-10_800, WARNING, "It is 10,800 s behind the live system's."),
    ],
)
def test_a_clock_that_goes_wrong_is_told(patient: Patient, ahead: int, status: Status, fact: str) -> None:
    """Our clock is compared with that of the live system: a minute is let pass, in either direction."""
    checks = patient.examined(now=NOW + timedelta(seconds=ahead))
    assert lines(checks) == replaced(("clock", status, fact))


def test_a_live_system_that_does_not_tell_the_time_has_no_line_of_it(patient: Patient) -> None:
    """Without a date in its answers nothing is known of the clocks."""

    def wrap(handler: Handler) -> Handler:
        def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            status, _, raw = handler(method, url, headers, body)
            return status, {}, raw

        return answer

    assert lines(patient.examined(wrap=wrap)) == [line for line in WHOLE if line[0] != "clock"]


def test_a_token_that_is_refused_ends_the_examination(patient: Patient) -> None:
    """With a token that counts for nothing (401) nothing but that is said, and nothing else is asked."""
    checks = patient.examined(door=Door(token_required=True))
    fact = "The live system does not accept the token (401)."
    assert lines(checks) == [("token", WARNING, fact), ("organization", WARNING, fact)]
    assert all("INFOMANIAK_TOKEN" in check.meaning for check in checks)
    assert len(patient.asked) == 2


def test_a_token_that_may_not_see_its_owner_is_examined_all_the_same(patient: Patient) -> None:
    """That the profile is refused (403) is a warning of its own: what the token may read is told beside."""
    fact = "The token may not do GET /2/profile (403 access_denied)."
    assert lines(patient.examined(wrap=instead("/2/profile", 403))) == replaced(("token", WARNING, fact))


def test_an_organization_that_is_not_there_is_told(patient: Patient) -> None:
    """A number that is wrong (404) is told as such, whose token it is stays true, and no plan can be made."""
    checks = patient.examined(account=7)
    fact = "GET /1/accounts/7 was refused (404 object_not_found: Object not found)."
    assert lines(checks) == [
        WHOLE[0],
        ("organization", WARNING, fact),
        ("clock", OK, "It agrees with the live system's within 60 s."),
        ("people", WARNING, fact),
    ]
    assert checks[1].meaning.startswith("It is asked for by the number 7. It does not exist, or")
    assert checks[3].meaning.startswith("No plan can be made.")


def test_people_that_cannot_be_read_end_the_examination(patient: Patient) -> None:
    """Without the list of users no plan can be made, and why is told in place of all that would follow."""
    checks = patient.examined(wrap=instead("/4242/users", 403))
    fact = "The token may not do GET /2/accounts/4242/users (403 access_denied)."
    assert lines(checks) == [*WHOLE[:5], ("people", WARNING, fact)]


def test_names_are_printed_as_they_can_be(patient: Patient) -> None:
    """Whatever stands in the names of people and organizations cannot write to a terminal."""
    odd = {"id": 4242, "name": "Example\x1b[2J SA"}
    patient.seed(organization=odd, users=[person(CLAIRE, "owner") | {"first_name": "Cl\x1b[31maire"}], mail_hostings=[])
    checks = patient.examined()
    assert [each.fact for each in checks[:2]] == [
        "It is that of Cl [31maire Roth <claire@example.ch>.",
        "Example [2J SA, number 4242.",
    ]


def test_drives_that_the_owner_does_not_administer_are_told(patient: Patient) -> None:
    """Drives of which the token's owner is no admin are counted as not readable, as every plan takes them."""
    rights = [{"product": 401, "rights": ["technical"]}, {"product": 402, "rights": ["technical"]}]
    places = {401: "admin", 402: "user"}
    patient.seed(
        token_user=ANA,
        users=[person(CLAIRE, "owner"), person(ANA, "normal", grants=rights)],
        drives=[{"product": number, "users": [{"email": ANA, "role": role}]} for number, role in places.items()],
        mail_hostings=[],
    )
    (check,) = (each for each in patient.examined() if each.name == "kDrives")
    assert (check.status, check.fact) == (WARNING, "2 shown; the owner of the token is no admin of 1.")
    assert check.meaning.startswith("Who is in those is not read, and nothing is planned there")
