"""What is refused, or would take too much along, goes another way: played against the sandbox, and read back."""

from collections.abc import Callable, Iterable, Iterator
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
from accessplan.have.manager import mail, people
from accessplan.have.manager.screens import LEGAL_REPRESENTATIVES
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.have.routes.table import BY_NAME
from accessplan.model import Delegation, Entry, Grant, Membership, Use, User, user_address
from accessplan.route import Operation, Request, fill_path
from accessplan.sandbox import Refused, Store, call, open_store, perform, seed
from accessplan.scope import EVERYTHING, Scope
from accessplan.select import parse

NOW = datetime(2026, 11, 21, tzinfo=UTC)
Data = dict[str, Any]
Play = Callable[..., "Played"]

CLAIRE, ANA, EMMA = (f"{name}@example.ch" for name in ("claire", "ana", "emma"))
LEE, NEW = "lee@agency.example", "new@agency.example"
TEAM, SUITE_DRIVE, KSUITE, KCHAT = "drive/Team Drive", "drive/Shared", "ksuite/Work", "kchat/Talk"
INFO = "info@example.ch"


def person(email: str, role: str = "normal", **more: object) -> Data:
    return {"email": email, "first_name": "A", "last_name": "B", "role": role, **more}


ORGANIZATION: Data = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [
        {"id": 201, "service": "email_hosting", "name": "example.ch"},
        {"id": 301, "service": "drive", "name": "Team Drive"},
        {"id": 302, "service": "drive", "name": "Shared"},
        {"id": 401, "service": "ksuite", "name": "Work"},
        {"id": 501, "service": "kchat", "name": "Talk"},
    ],
    "users": [person(CLAIRE, "owner"), person(EMMA, "admin"), person(ANA)],
    "invitations": [person(LEE)],
    "teams": [{"name": "Web"}],
    "drives": [{"product": 302, "ksuite": True}],
    "mail_hostings": [{"id": 201, "domain": "example.ch", "mailboxes": []}],
}


def in_drive(*users: tuple[str, ...], product: int = 301, **more: object) -> Data:
    """Describe a kDrive: people with role and status."""
    rows = [dict(zip(("email", "role", "status"), each, strict=False)) for each in users]
    return {"product": product, "users": rows, **more}


def mailboxes(*permissions: str) -> list[Data]:
    box = {"name": "info", "accesses": [{"user": LEE, "permissions": [*permissions]}]}
    return [{"id": 201, "domain": "example.ch", "shows_send": True, "mailboxes": [box]}]


class Played:
    """The sandbox as our client reads it, and changes carried out on it."""

    def __init__(self, store: Store, api: Api) -> None:
        self.store, self.api = store, api

    def live(self, scope: Scope = EVERYTHING) -> Live:
        """Read people, and what they use and open."""
        return read(Reader(self.api), 4242, scope)

    def entry(self, wanted: Entry) -> Entry | None:
        """Return what there is at the place of an entry."""
        return self.live().state.entries.get(wanted.address)

    def carry_out(
        self, *wanted: Entry, gone: Iterable[Entry] = (), by: str | None = None
    ) -> tuple[list[Outcome], tuple[Operation, ...]]:
        """Send the requests of a plan, and then do its steps in their order."""
        live = self.live()
        operations = routed(live, wanted, gone)
        for each in operations:
            row = BY_NAME[each.name]
            assert {f"{one.method} {one.path}" for one in each.requests} <= {*row.requests}
            assert not each.steps or row.screen
        outcomes = list(carry_out(operations, LiveBackend(self.api, live.ids), Kept()))
        for step in (step for operation in operations for step in operation.steps):
            perform(self.store, {"act": step.act, **step.values, "by": by}, NOW)
        return outcomes, operations


def routed(live: Live, wanted: Iterable[Entry] = (), gone: Iterable[Entry] = ()) -> tuple[Operation, ...]:
    have = live.state.entries
    changes = [Change(each.address, have.get(each.address), each) for each in wanted]
    return route([*changes, *(Change(each.address, have[each.address], None) for each in gone)], live)


def said(operations: Iterable[Operation]) -> list[tuple[str, list[str]]]:
    """Return the rows of the table that are gone, with methods or acts."""
    return [
        (each.name, [*(request.method for request in each.requests), *(step.act for step in each.steps)])
        for each in operations
    ]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Play the organization, with some of it in another way; further kDrives stand beside the one of the kSuite."""
    with open_store(tmp_path / "organization.db") as store:

        def start(*drives: Data, **more: Any) -> Played:
            beside = [
                each for each in ORGANIZATION["drives"] if each["product"] not in {one["product"] for one in drives}
            ]
            seed(store, {**ORGANIZATION, "drives": [*beside, *drives], **more}, NOW)
            return Played(store, api)

        with open_api(Connection(handler=partial(call, store))) as api:
            yield start


LOWERED = User(EMMA, "collaborator", notify_billing=False, notify_products=False, first_name="A", last_name="B")


@pytest.mark.parametrize("role", ["user", "external"])
def test_a_role_in_a_drive_is_lowered_after_that_in_the_organization(play: Play, role: str) -> None:
    """A drive's admin who governs the organization is lowered there by hand, after the role in the organization."""
    played = play(in_drive((CLAIRE, "admin"), (EMMA, "admin")))
    wanted = Use(EMMA, TEAM, role)
    outcomes, operations = played.carry_out(wanted, LOWERED)
    assert said(operations) == [("edit-role", ["edit_role"]), ("edit-drive-user", ["edit_drive_user"])]
    step = operations[1].steps[0]
    assert operations[1].why_manual == manager.AFTER_ROLE
    assert step.text.startswith(f"Once {EMMA} is collaborator in the organization, not before: Find {EMMA}")
    assert ({each.status for each in outcomes}, played.entry(wanted)) == ({Status.BY_HAND}, wanted)


def test_a_place_goes_after_the_role_in_the_organization(play: Play) -> None:
    """Also taking a drive's admin out waits for the role, where it is urgent too; who leaves is locked out at once."""
    played = play(in_drive((CLAIRE, "admin"), (EMMA, "admin")))
    live, place = played.live(), Use(EMMA, TEAM, "admin")
    user = live.state.user(EMMA)
    assert user
    urgent = Change(place.address, place, None, urgent=True)
    assert said(route([urgent, Change(user.address, user, LOWERED)], live))[1:] == [
        ("edit-drive-user", ["edit_drive_user"])
    ]
    assert said(route([urgent, Change(user.address, user, None)], live)) == [
        ("lock-drive-user", ["POST"]),
        ("remove-user", ["remove_user"]),
    ]
    played.carry_out(LOWERED, gone=[place])
    assert played.entry(place) is None


def test_who_governs_no_more_stays_or_rises_in_a_drive_by_request(play: Play) -> None:
    """Only what is less in the drive has to wait: a role that rises goes by request, whatever else changes."""
    played = play(in_drive((CLAIRE, "admin"), (EMMA, "user")))
    _, operations = played.carry_out(Use(EMMA, TEAM, "admin"), LOWERED)
    assert ("change-drive-role", ["PUT"]) in said(operations)


def test_a_locked_place_of_who_governs_no_more_is_opened_by_hand(play: Play) -> None:
    """Who governed, and is locked out, is lowered in the organization, then in the drive, and only then let in."""
    played = play(in_drive((CLAIRE, "admin"), (EMMA, "admin", "locked")))
    wanted = Use(EMMA, TEAM, "user")
    _, operations = played.carry_out(wanted, LOWERED)
    assert said(operations) == [("edit-role", ["edit_role"]), ("edit-drive-user", ["edit_drive_user"])]
    assert operations[1].steps[0].text.endswith("set the role to user, Save, and only then unlock the user")
    assert played.entry(wanted) == wanted


@pytest.mark.parametrize("role", ["user", "admin"])
def test_a_locked_place_is_opened_with_the_role_that_is_wanted(play: Play, role: str) -> None:
    """The role is set while the place is still locked, so that the old and stronger one never holds again."""
    played = play(in_drive((CLAIRE, "admin"), (ANA, "admin", "locked")))
    wanted = Use(ANA, TEAM, role)
    outcomes, operations = played.carry_out(wanted)
    paths = [(request.method, request.path.rpartition("/")[2]) for request in operations[0].requests]
    assert paths == [("PUT", "{user_id}"), ("POST", "unlock")]
    assert ([each.status for each in outcomes], played.entry(wanted)) == ([Status.DONE], wanted)


def test_a_locked_place_that_becomes_external_is_opened_by_hand(play: Play) -> None:
    """No request makes somebody external, so who had another role is not let in again before a person set it."""
    played = play(in_drive((CLAIRE, "admin"), (ANA, "admin", "locked")))
    wanted = Use(ANA, TEAM, "external")
    _, operations = played.carry_out(wanted)
    assert [(each.name, each.why_manual) for each in operations] == [("edit-drive-user", manager.TO_EXTERNAL)]
    assert "only then unlock" in operations[0].steps[0].text
    assert played.entry(wanted) == wanted


@pytest.mark.parametrize("email", [ANA, LEE])
def test_a_place_in_a_drive_of_a_ksuite_is_given_with_that(play: Play, email: str) -> None:
    """A kDrive that is part of a kSuite lets nobody in alone: the step gives the kSuite, which brings the place."""
    played = play()
    wanted = Use(email, SUITE_DRIVE, "user")
    _, operations = played.carry_out(wanted)
    assert [(each.name, each.why_manual) for each in operations] == [("edit-ksuite-access", manager.OF_SUITE)]
    assert operations[0].steps[0].values == {"product": 401, "user": email, "role": "user"}
    assert played.entry(wanted) == wanted


def test_rights_on_a_drive_of_a_ksuite_are_given_by_hand_as_the_place_is(play: Play) -> None:
    """A request sets rights on a kDrive only of who is in it, and into one of a kSuite a person lets them."""
    played = play()
    subject, rights = user_address(ANA), frozenset({"technical"})
    _, operations = played.carry_out(Use(ANA, SUITE_DRIVE, "user"), Grant(subject, SUITE_DRIVE, rights))
    assert [each.is_manual for each in operations] == [True, True]
    assert played.entry(Grant(subject, SUITE_DRIVE, rights)) == Grant(subject, SUITE_DRIVE, rights)
    _, operations = played.carry_out(Grant(subject, SUITE_DRIVE, rights | {"statistic"}))
    assert [each.name for each in operations] == ["manage-drive"]


def test_an_invitation_into_a_drive_of_a_ksuite_makes_room_for_that(play: Play) -> None:
    """An external user's invitation into the kDrive is cancelled by request, and a person gives the kSuite."""
    played = play(in_drive(product=302, ksuite=True, invitations=[{"email": LEE, "role": "external"}]))
    wanted = Use(LEE, SUITE_DRIVE, "user")
    _, operations = played.carry_out(wanted)
    assert said(operations) == [("change-drive-invitation", ["DELETE"]), ("edit-ksuite-access", ["edit_ksuite_access"])]
    assert played.entry(wanted) == wanted


def test_the_role_of_an_invited_person_in_a_drive_of_a_ksuite_is_that_of_the_ksuite(play: Play) -> None:
    """Of a place that an invitation brings with the kSuite no request changes the role: a person does in the kSuite."""
    played = play(ksuites=[{"product": 401, "users": [{"email": LEE, "role": "admin"}]}])
    wanted = Use(LEE, SUITE_DRIVE, "user")
    _, operations = played.carry_out(wanted)
    assert [(each.name, each.why_manual) for each in operations] == [("edit-ksuite-access", manager.NO_KSUITE_ROLE)]
    assert played.entry(wanted) == wanted


def test_one_of_several_ksuites_is_found_by_a_person(play: Play) -> None:
    """Where there are several, nobody tells which of them a kDrive is part of: the step names none."""
    two = [*ORGANIZATION["products"], {"id": 402, "service": "ksuite", "name": "Play"}]
    live = play(products=two).live()
    (operation,) = routed(live, [Use(ANA, SUITE_DRIVE, "user")])
    assert operation.steps[0].values == {"product": None, "user": ANA, "role": "user"}


def test_flags_are_taken_from_an_invitation_at_once(play: Play) -> None:
    """Whoever shall only read loses flags by request now; that sending goes waits until they have accepted."""
    played = play(mail_hostings=mailboxes("can_manage_filters", "can_access_logs"))
    held = played.live().state.entries
    wanted = Delegation(INFO, LEE, frozenset({"can_access_logs", "can_manage_aliases"}), sends=False)
    assert wanted.address in held
    operations = routed(played.live(), [wanted])
    assert said(operations) == [("invitation-mailbox", ["PATCH"]), ("edit-mailbox-access", ["edit_mailbox_access"])]
    assert operations[1].why_manual == mail.NO_SENDING
    assert {each.changes[0].address for each in operations} == {wanted.address}
    live = played.live()
    assert next(carry_out(operations, LiveBackend(played.api, live.ids), Kept())).status is Status.DONE
    left = played.entry(wanted)
    assert isinstance(left, Delegation)
    assert left.permissions == frozenset({"can_access_logs"})
    assert said(routed(played.live(), [wanted])) == [("edit-mailbox-access", ["edit_mailbox_access"])]


def test_a_ksuite_that_may_open_a_mailbox_is_taken_by_hand(play: Play) -> None:
    """Taking kSuite off an invitation that opens a mailbox with it is no plain request: a person sees what goes."""
    played = play()
    number = played.live().ids[User(LEE, "collaborator").address]
    access = {"kchat_role": "user", "kdrive_role": "user"}
    path = f"/1/accounts/4242/invitations/{number}/ksuite"
    played.api.send("POST", path, {"ksuite_access": access, "mailbox_name": "lee"})
    assert played.live().opens_more == {LEE}
    _, operations = played.carry_out(gone=[Use(LEE, KSUITE, "user")])
    assert [(each.name, each.why_manual) for each in operations] == [("edit-ksuite-access", manager.TAKES_MORE)]
    assert played.entry(Use(LEE, KSUITE, "user")) is None


def test_an_administrator_leaves_legal_representatives_to_one(play: Play) -> None:
    """With an administrator's token one is added by hand, with teams; a legal representative alone can do the step."""
    played = play(token_user=EMMA)
    assert played.live().caller_role == "administrator"
    new = User(NEW, "legal_representative", first_name="N", last_name="E")
    wanted: list[Entry] = [new, Membership("Web", NEW)]
    operations = routed(played.live(), wanted)
    assert said(operations) == [("invite-representative", ["invite_user"])]
    (step,) = operations[0].steps
    assert (operations[0].why_manual, step.who) == (people.NO_NAMING, LEGAL_REPRESENTATIVES)
    assert step.text == f"Add N E <{NEW}>, role Legal representative, team Web" or step.lines
    with pytest.raises(Refused, match="only one names another"):
        played.carry_out(*wanted)
    played.carry_out(*wanted, by=CLAIRE)
    user = played.live().state.user(NEW)
    assert user
    assert (user.role, user.invited) == ("legal_representative", True)
    assert played.entry(wanted[1]) == wanted[1]


def test_an_invitation_becomes_that_of_a_legal_representative_by_hand(play: Play) -> None:
    """An administrator's request names no invited person legal representative: cancelled, and invited anew by one."""
    played = play(token_user=EMMA)
    raised = User(LEE, "legal_representative", first_name="A", last_name="B", invited=True)
    _, operations = played.carry_out(raised, by=CLAIRE)
    assert said(operations) == [("invite-representative", ["DELETE"]), ("invite-representative", ["invite_user"])]
    user = played.live().state.user(LEE)
    assert user
    assert user.role == "legal_representative"
    renamed = replace(raised, first_name="Lee")
    assert said(routed(played.live(), [renamed])) == said(operations)
    assert said(routed(play().live(), [raised])) == [("change-invitation", ["PATCH"])]


def test_who_is_in_a_drive_and_nowhere_else_is_named(play: Play) -> None:
    """People in a drive who are neither in the organization nor spoken of are counted, and five of them named."""
    guests = [f"{name}@x.example" for name in "fedcba"]
    invited = [{"email": "z@x.example", "role": "external"}]
    played = play(in_drive((CLAIRE, "admin"), *((each, "external") for each in guests), invitations=invited))
    told = [each for each in played.live().not_covered if "kDrive" in each]
    people_in = "6 people without a place in the organization are in kDrive Team Drive"
    assert told == [
        "1 person without a place in the organization is invited to kDrive Team Drive: z@x.example.",
        f"{people_in}: a@x.example, b@x.example, c@x.example, d@x.example, e@x.example, ….",
    ]
    scope = Scope(users=frozenset({"a@x.example", "b@x.example"}), guests=frozenset({"c@x.example", "z@x.example"}))
    found = played.live(replace(scope, uses=frozenset({parse(TEAM)}))).not_covered
    assert [each for each in found if "kDrive" in each] == [
        "3 people without a place in the organization are in kDrive Team Drive: d@x.example, e@x.example, f@x.example."
    ]


@pytest.mark.parametrize("name", [".", "..", "..."])
def test_a_name_of_dots_only_is_in_no_path(name: str) -> None:
    """A segment of dots leads to another path however it is written, so no request is made of it."""
    with pytest.raises(ValueError, match="cannot be in a path"):
        fill_path(Request("GET", "/1/x/{name}", {"name": name}), str)
    assert fill_path(Request("GET", "/1/x/{name}", {"name": f"a{name}/"}), str) == f"/1/x/a{name}%2F"
