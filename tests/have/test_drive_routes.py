"""How places in products are carried out: played against the sandbox, and read back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.kept import Kept

from accessplan.apply import Outcome, Status, carry_out
from accessplan.change import Change
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.backend import LiveBackend
from accessplan.have.live import Live
from accessplan.have.manager import apps as manager
from accessplan.have.manager.screens import NO_REQUEST
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.have.routes.table import BY_NAME
from accessplan.model import Entry, Grant, Product, State, Use, User, user_address
from accessplan.plan import Mode, Want, compare
from accessplan.route import Operation, fill_path
from accessplan.sandbox import Store, call, open_store, perform, seed
from accessplan.scope import EVERYTHING
from accessplan.select import Catalogue

NOW = datetime(2026, 11, 21, tzinfo=UTC)
Data = dict[str, Any]
Play = Callable[..., "Played"]

CLAIRE, ANA, BOB, EVE = (f"{name}@example.ch" for name in ("claire", "ana", "bob", "eve"))
LEE, GUS, NEW = "lee@agency.example", "gus@agency.example", "new@agency.example"
TEAM, BROKEN, KSUITE, KCHAT = "drive/Team Drive", "drive/Broken", "ksuite/Work", "kchat/Talk"


def person(email: str, role: str = "normal", **more: object) -> Data:
    return {"email": email, "first_name": "A", "last_name": "B", "role": role, **more}


ORGANIZATION: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [
        {"id": 301, "service": "drive", "name": "Team Drive"},
        {"id": 302, "service": "drive", "name": "Broken"},
        {"id": 401, "service": "ksuite", "name": "Work"},
        {"id": 501, "service": "kchat", "name": "Talk"},
    ],
    "users": [person(CLAIRE, "owner"), person(ANA), person(BOB), person(EVE)],
    "invitations": [person(LEE)],
    "drives": [{"product": 302, "maintenance": True}],
}


def use(email: str, role: str | None, target: str = TEAM) -> Use:
    return Use(email, target, role)


def in_drive(*people: tuple[str, ...], quota: int | None = None, invited: Mapping[str, str] | None = None) -> Data:
    """Describe the Team Drive: people with role and status; those invited to it with role, and `expired`."""
    users = [dict(zip(("email", "role", "status"), each, strict=False)) for each in people]
    roles = {email: role.split() for email, role in (invited or {}).items()}
    invitations = [
        {"email": email, "role": role[0], **({"expires": "-1d"} if role[1:] else {})} for email, role in roles.items()
    ]
    return {"product": 301, "users": users, "invitations": invitations, **({"quota": quota} if quota else {})}


class Played:
    """The sandbox as our client reads it, and changes carried out on it."""

    def __init__(self, store: Store, api: Api) -> None:
        self.store, self.api = store, api

    def live(self) -> Live:
        """Read people, and all that they use."""
        return read(Reader(self.api), 4242, EVERYTHING)

    def held(self, target: str = TEAM) -> dict[str, str | None]:
        """Return the roles of people in a product."""
        entries = self.live().state.entries.values()
        return {each.email: each.role for each in entries if isinstance(each, Use) and each.target == target}

    def carry_out(self, *wanted: Entry, gone: Iterable[Entry] = ()) -> tuple[list[Outcome], tuple[Operation, ...]]:
        """Send the requests of a plan, and do its steps."""
        live = self.live()
        operations = routed(live, wanted, gone)
        assert all(
            f"{each.method} {each.path}" in BY_NAME[one.name].requests for one in operations for each in one.requests
        )
        outcomes = list(carry_out(operations, LiveBackend(self.api, live.ids), Kept()))
        for operation in operations:
            for step in operation.steps if operation.why_manual != manager.WAIT else ():
                perform(self.store, {"act": step.act, **step.values}, NOW)
        return outcomes, operations


def routed(live: Live, wanted: Iterable[Entry] = (), gone: Iterable[Entry] = ()) -> tuple[Operation, ...]:
    """Route the changes of a plan that wants these entries, and those no more."""
    have, gone = live.state, list(gone)
    entries = {**have.entries, **{each.address: each for each in wanted}}
    changes = [
        each
        for each in compare(have, Want(replace(have, entries=entries), {}, {}, {"grants": Mode.ENFORCE})).changes
        if each.address not in {one.address for one in gone}
    ]
    return route([*changes, *(Change(each.address, have.entries.get(each.address, each), None) for each in gone)], live)


def requests(operations: Iterable[Operation], live: Live) -> list[str]:
    """List what is sent, with the numbers that are known."""
    return [
        f"{each.method} {fill_path(each, lambda address: live.ids.get(address, address.name))}"
        for operation in operations
        for each in operation.requests
    ]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Play an organization in which these people are in the Team Drive."""
    with open_store(tmp_path / "organization.db") as store:

        def start(*people: tuple[str, ...], more: Data | None = None, **drive: Any) -> Played:
            data = {**ORGANIZATION, **(more or {}), "drives": [*ORGANIZATION["drives"], in_drive(*people, **drive)]}
            seed(store, data, NOW)
            return Played(store, api)

        with open_api(Connection(handler=partial(call, store))) as api:
            yield start


def test_active_users_come_in_together(play: Play) -> None:
    """Those who come into a drive with one role share a request; each comes in."""
    played = play()
    outcomes, operations = played.carry_out(use(ANA, "user"), use(BOB, "admin"), use(EVE, "user"))
    assert [(each.name, len(each.changes), len(each.requests)) for each in operations] == [
        ("add-drive-users", 2, 1),
        ("add-drive-users", 1, 1),
    ]
    assert {each.status for each in outcomes} == {Status.DONE}
    assert played.held() == {ANA: "user", BOB: "admin", EVE: "user"}


def test_a_hundred_come_in_at_once() -> None:
    """No request lets in more than a hundred, and who comes in with another role comes apart."""
    emails = [f"u{number}@example.ch" for number in range(101)]
    with_drive = live_of(*(User(email, "collaborator") for email in emails))
    operations = routed(with_drive, [use(email, "external") for email in emails])
    assert [len(each.requests[0].each) for each in operations] == [100, 1]


def live_of(*entries: Entry) -> Live:
    """Make an organization out of entries, without a wire; everybody has a number."""
    with_products = Catalogue([Product(301, "drive", "Team Drive")])
    state = State({each.address: each for each in entries})
    ids = {each.address: number for number, each in enumerate(entries, 1)}
    return Live(4242, "Example SA", state, with_products, ids, {"drive": 40}, drives={TEAM: 500301})


def test_what_is_refused_for_some_is_done_for_the_others(play: Play) -> None:
    """Where places run out the answer says for whom: the others are in, and these have failed."""
    played = play(quota=1)
    outcomes, _ = played.carry_out(use(ANA, "user"), use(BOB, "user"))
    assert [(each.status, [change.address.name for change in each.operation.changes]) for each in outcomes] == [
        (Status.DONE, [ANA]),
        (Status.FAILED, [BOB]),
    ]
    assert outcomes[1].reason == f"{BOB}: drive_user_quota_reached"
    assert played.held() == {ANA: "user"}


def test_a_place_is_locked_and_opened_again(play: Play) -> None:
    """To take a place away locks it, which ends access at once; giving it again sets the role of now, and opens it."""
    played = play((ANA, "user"))
    _, operations = played.carry_out(gone=[use(ANA, "user")])
    assert [each.name for each in operations] == ["lock-drive-user"]
    assert (played.held(), set(played.live().state.locked)) == ({}, {use(ANA, None).address})
    _, operations = played.carry_out(use(ANA, "admin"))
    assert requests(operations, played.live()) == [
        "PUT /2/drive/500301/users/1002",
        "POST /2/drive/500301/users/1002/unlock",
    ]
    assert played.held() == {ANA: "admin"}


def test_an_external_user_is_let_in_again_as_such(play: Play) -> None:
    """No request makes somebody external, so that who was is only let in again."""
    played = play((ANA, "external", "locked"))
    _, operations = played.carry_out(use(ANA, "external"))
    assert requests(operations, played.live()) == ["POST /2/drive/500301/users/1002/unlock"]
    assert played.held() == {ANA: "external"}


def test_a_role_changes_by_request_but_to_external(play: Play) -> None:
    """Admin and user are set by request; whoever is to be external is made so by hand."""
    played = play((ANA, "user"), (BOB, "user"))
    _, operations = played.carry_out(use(ANA, "admin"), use(BOB, "external"))
    assert sorted((each.name, each.why_manual) for each in operations) == [
        ("change-drive-role", ""),
        ("edit-drive-user", manager.TO_EXTERNAL),
    ]
    assert played.held() == {ANA: "admin", BOB: "external"}


def rights(email: str, *names: str, target: str = TEAM) -> Grant:
    return Grant(user_address(email), target, frozenset(names))


def test_rights_are_set_once_the_place_is_given(play: Play) -> None:
    """Who comes into a drive to manage it gets the place first, though their rights are listed before it."""
    played = play()
    outcomes, operations = played.carry_out(use(ANA, "user"), rights(ANA, "technical"), use(BOB, "user"))
    assert [each.name for each in operations] == ["add-drive-users", "manage-drive"]
    assert {each.status for each in outcomes} == {Status.DONE}
    assert rights(ANA, "technical") in played.live().state.entries.values()


def test_rights_are_skipped_where_the_place_was_refused(play: Play) -> None:
    """Who could not be let in gets no rights either, and the reason is named."""
    played = play(quota=1)
    outcomes, _ = played.carry_out(
        use(ANA, "user"), use(BOB, "user"), rights(BOB, "technical"), rights(ANA, "statistic")
    )
    assert [(each.operation.name, each.status) for each in outcomes] == [
        ("add-drive-users", Status.DONE),
        ("add-drive-users", Status.FAILED),
        ("manage-drive", Status.DONE),
        ("manage-drive", Status.SKIPPED),
    ]


def test_rights_are_taken_by_request_from_who_is_locked_out(play: Play) -> None:
    """A locked place is one all the same: rights on the drive are cleared by request."""
    played = play((ANA, "user", "locked"), more={"users": [person(CLAIRE, "owner"), manages(ANA)]})
    _, operations = played.carry_out(gone=[rights(ANA, "technical")])
    assert [(each.name, each.requests[0].body) for each in operations] == [("manage-drive", {"roles": []})]
    assert rights(ANA, "technical") not in played.live().state.entries.values()


def manages(email: str) -> Data:
    return person(email, grants=[{"product": 301, "rights": ["technical"]}])


@pytest.mark.parametrize("email", [ANA, LEE])
def test_rights_without_a_place_are_no_drive_rights(play: Any, email: str) -> None:
    """Who is not in the drive manages it as any other product: by hand, or with the invitation."""
    played = play(invited={ANA: "user"})
    _, operations = played.carry_out(rights(email, "technical"))
    assert [each.name for each in operations] == ["edit-product-access" if email == ANA else "change-invitation"]


def test_an_invitation_promises_a_place(play: Play) -> None:
    """Somebody invited is promised a place with the invitation: given, changed and taken away by request."""
    played = play()
    for role in ("user", "admin"):
        _, operations = played.carry_out(use(LEE, role))
        assert [each.name for each in operations] == ["invitation-drive"]
        assert played.held() == {LEE: role}
    played.carry_out(gone=[use(LEE, "admin")])
    assert played.held() == {}


def test_who_is_invited_anew_is_promised_the_same(play: Play) -> None:
    """An invitation that is sent anew promises what the old one did; what changes goes by its own request."""
    apps = {"ksuites": [{"product": 401, "users": [{"email": LEE, "role": "user"}]}]}
    played = play((LEE, "user"), more=apps)
    renamed = User(LEE, "collaborator", first_name="Lea", last_name="B", invited=True)
    played.carry_out(renamed)
    assert (played.held(), played.held(KSUITE)) == ({LEE: "user"}, {LEE: "user"})
    played.carry_out(replace(renamed, first_name="Leo"), use(LEE, "admin"), use(LEE, "admin", KSUITE))
    assert (played.held(), played.held(KSUITE)) == ({LEE: "admin"}, {LEE: "admin"})
    outcomes, _ = played.carry_out(
        replace(renamed, first_name="Lou"), gone=[use(LEE, "admin"), use(LEE, "admin", KSUITE)]
    )
    assert (played.held(), played.held(KSUITE)) == ({}, {})
    assert {each.status for each in outcomes} == {Status.DONE}


def test_somebody_new_is_promised_places_after_the_invitation(play: Play) -> None:
    """Who is invited gets their places once the invitation has its number."""
    played = play()
    new = User(NEW, "collaborator", first_name="N", last_name="E")
    outcomes, operations = played.carry_out(new, use(NEW, "user"), use(NEW, "admin", KSUITE), use(NEW, "user", KCHAT))
    assert {each.status for each in outcomes} == {Status.DONE}
    assert operations[0].name == "invite"
    assert [played.held(target)[NEW] for target in (TEAM, KSUITE, KCHAT)] == ["user", "admin", "user"]


def test_external_users_are_invited_into_the_drive(play: Play) -> None:
    """An invitation into the organization promises no external place: an e-mail into the drive does."""
    played = play()
    outcomes, operations = played.carry_out(use(LEE, "external"))
    assert [(each.operation.name, each.status) for each in outcomes] == [("invite-to-drive", Status.DONE)]
    assert operations[0].requests[0].body == {"role": "external", "emails": [LEE], "lang": "fr"}
    assert played.held() == {LEE: "external"}


def test_an_external_user_comes_by_hand_and_by_mail(play: Play) -> None:
    """Who is added by hand is invited into the drive by e-mail at once; another role waits until they are there."""
    played = play()
    new = User(GUS, "external", first_name="G", last_name="X", language="de")
    _, operations = played.carry_out(new, use(GUS, "external"), use(GUS, "user", KSUITE), use(GUS, "user", KCHAT))
    assert [(each.name, each.is_manual) for each in operations] == [
        ("invite-external", True),
        ("invite-to-drive", False),
        ("edit-ksuite-access", True),
        ("edit-kchat-role", True),
    ]
    assert operations[1].requests[0].body == {"role": "external", "emails": [GUS], "lang": "de"}
    assert all(each.steps[0].text.startswith(f"Wait until {GUS} has accepted") for each in operations[2:])
    assert played.held() == {GUS: "external"}


def test_an_external_user_who_is_to_be_more_waits(play: Play) -> None:
    """No request promises an external user who is not there yet the role of a member."""
    played = play(invited={GUS: "external"})
    new = User(GUS, "external", first_name="G", last_name="X")
    _, operations = played.carry_out(new, use(GUS, "user"))
    assert [(each.name, each.why_manual) for each in operations[1:]] == [("edit-drive-user", manager.WAIT)]
    _, operations = play().carry_out(new, use(GUS, "admin"))
    assert [(each.name, each.why_manual) for each in operations[1:]] == [("edit-drive-user", manager.WAIT)]


@pytest.mark.parametrize(
    ("email", "had", "wanted", "sent"),
    [
        (ANA, "user", "admin", ["PUT"]),
        (ANA, "user", None, ["DELETE"]),
        (LEE, "external", None, ["DELETE"]),
        (LEE, "external", "user", ["DELETE", "POST"]),
        (LEE, "user", "external", ["DELETE", "POST"]),
        (ANA, "user", "external", ["DELETE", "POST"]),
        (ANA, "user expired", "admin", ["DELETE", "POST"]),
        (LEE, "external expired", "external", ["DELETE", "POST"]),
        (GUS, "external", None, ["DELETE"]),
    ],
)
def test_an_invitation_into_the_drive_changes(
    play: Play, email: str, had: str, wanted: str | None, sent: list[str]
) -> None:
    """A pending invitation into a drive is changed or cancelled; one that expired makes room for another."""
    played = play(invited={email: had})
    if wanted:
        outcomes, operations = played.carry_out(use(email, wanted))
    else:
        outcomes, operations = played.carry_out(gone=[use(email, had)])
    assert ([each.method for each in operations[0].requests], {each.status for each in outcomes}) == (
        sent,
        {Status.DONE},
    )
    assert played.held() == ({email: wanted} if wanted else {})


def test_a_promise_becomes_an_invitation_into_the_drive(play: Play) -> None:
    """Who is promised a place and is to be external instead is invited by mail."""
    played = play((LEE, "user"))
    outcomes, _ = played.carry_out(use(LEE, "external"))
    assert [each.status for each in outcomes] == [Status.DONE]
    assert played.held() == {LEE: "external"}


def test_who_is_in_the_drive_alone_is_left_to_a_person(play: Play) -> None:
    """Somebody in the drive who is not in the organization has no number that is known."""
    played = play((GUS, "external"))
    _, operations = played.carry_out(gone=[use(GUS, "external")])
    assert [(each.name, each.why_manual) for each in operations] == [("edit-drive-user", manager.NOT_A_MEMBER)]
    assert played.held() == {}


def test_a_drive_that_was_not_read_is_left_to_a_person(play: Play) -> None:
    """A drive in maintenance has no number; nothing is planned on it for people who are there."""
    played = play()
    new = User(NEW, "collaborator", first_name="N", last_name="E")
    operations = routed(played.live(), [new, use(NEW, "user", BROKEN), use(ANA, "user", BROKEN)])
    assert [(each.name, each.why_manual, each.changes[0].address.name) for each in operations[1:]] == [
        ("edit-drive-user", manager.NOT_READ, NEW)
    ]


def test_apps_of_active_users_are_given_by_hand(play: Play) -> None:
    """No request gives or takes kSuite or kChat of active users; that they have it can be read back."""
    played = play()
    _, operations = played.carry_out(use(ANA, "user", KSUITE), use(BOB, "admin", KCHAT))
    assert {(each.name, each.why_manual) for each in operations} == {
        ("edit-ksuite-access", NO_REQUEST),
        ("edit-kchat-role", NO_REQUEST),
    }
    assert (played.held(KSUITE), played.held(KCHAT)) == ({ANA: None}, {ANA: None, BOB: None})
    played.carry_out(gone=[use(ANA, None, KSUITE), use(BOB, None, KCHAT)])
    assert (played.held(KSUITE), played.held(KCHAT)) == ({}, {})


def test_what_no_request_does_to_an_invitation_is_done_by_hand(play: Play) -> None:
    """A role in kSuite and the end of kChat are left to a person: an invitation has no request for them."""
    apps = {
        "ksuites": [{"product": 401, "users": [{"email": LEE, "role": "user"}]}],
        "kchats": [{"product": 501, "users": [{"email": NEW, "role": "user"}]}],
        "invitations": [person(LEE), person(NEW)],
    }
    played = play(more=apps)
    _, operations = played.carry_out(use(LEE, "admin", KSUITE), gone=[use(NEW, "user", KCHAT)])
    assert [(each.name, each.why_manual) for each in operations] == [
        ("edit-ksuite-access", manager.NO_KSUITE_ROLE),
        ("edit-kchat-role", manager.NO_KCHAT_REMOVAL),
    ]
    assert (played.held(KSUITE), played.held(KCHAT)) == ({LEE: "admin"}, {LEE: "admin"})


def test_one_of_two_ksuites_is_left_to_a_person() -> None:
    """A request cannot say which kSuite it means."""
    live = live_of(User(LEE, "collaborator", invited=True))
    two = Catalogue([Product(401, "ksuite", "Work"), Product(402, "ksuite", "Play")])
    (operation,) = routed(replace(live, catalogue=two), [use(LEE, "user", KSUITE)])
    assert (operation.name, operation.why_manual) == ("edit-ksuite-access", manager.WHICH)
    assert operation.steps[0].values == {"product": 401, "user": LEE, "role": "user"}


def test_ksuite_is_taken_off_an_invitation_by_request(play: Play) -> None:
    """An invitation that promises kSuite loses it by request."""
    played = play(more={"ksuites": [{"product": 401, "users": [{"email": LEE, "role": "user"}]}]})
    _, operations = played.carry_out(gone=[use(LEE, "user", KSUITE)])
    assert [(each.name, each.is_manual) for each in operations] == [("invitation-ksuite", False)]
    assert played.held(KSUITE) == {}


def test_an_invitation_into_the_drive_outlives_another(play: Play) -> None:
    """An invitation into the drive itself stays when the one into the organization is sent anew: it is not repeated."""
    played = play(invited={LEE: "external"})
    outcomes, operations = played.carry_out(User(LEE, "collaborator", first_name="Lea", last_name="B", invited=True))
    assert [each.method for each in operations[0].requests] == ["DELETE", "POST"]
    assert ([each.status for each in outcomes], played.held()) == ([Status.DONE], {LEE: "external"})


def test_a_ksuite_with_two_roles_is_not_given_again(play: Play) -> None:
    """No request gives a role in kChat other than in kDrive: a person notes what the invitation gives, and cancels."""
    lee = {"email": LEE, "role": "user", "kchat_role": "admin"}
    played = play(more={"ksuites": [{"product": 401, "users": [lee]}]})
    live = played.live()
    assert live.opens_more == {LEE}
    (operation,) = routed(live, [User(LEE, "collaborator", first_name="Lea", last_name="B", invited=True)])
    assert ([step.act for step in operation.steps], operation.requests) == (["cancel_invitation"], ())
