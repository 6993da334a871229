"""How mailbox delegations are carried out: played against the sandbox, and read back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.change import Change
from accessplan.errors import RequestRefused
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.backend import LiveBackend
from accessplan.have.live import Live, Mailbox
from accessplan.have.mail import read_mail
from accessplan.have.manager import mail as manager
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import mailboxes, route
from accessplan.have.routes.ground import survey
from accessplan.have.routes.table import BY_NAME
from accessplan.model import Delegation, Entry, State, User, mailbox_address, user_address
from accessplan.route import Operation
from accessplan.sandbox import Store, call, open_store, perform, seed, show
from accessplan.scope import EVERYTHING
from accessplan.services import INVITATION_PERMISSIONS, MAILBOX_PERMISSIONS, in_usual_order

NOW = datetime(2026, 11, 21, tzinfo=UTC)

ANA, BOB, CLAIRE, LEE = "ana@example.ch", "bob@example.ch", "claire@example.ch", "lee@agency.example"
NEW, OLD = "info@example.ch", "info@old.example"


def boxes(number: int, domain: str, **more: object) -> dict[str, Any]:
    accesses = [
        {"user": ANA, "permissions": ["can_manage_aliases"]},
        {"user": CLAIRE, "permissions": ["can_manage_chat"]},
    ]
    return {"id": number, "domain": domain, "mailboxes": [{"name": "info", "accesses": accesses}], **more}


ORGANIZATION: dict[str, Any] = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [
        {"id": 201, "service": "email_hosting", "name": "example.ch"},
        {"id": 202, "service": "email_hosting", "name": "old.example"},
    ],
    "users": [
        {"email": email, "first_name": "A", "last_name": "Person", "role": role}
        for email, role in ((CLAIRE, "owner"), (ANA, "normal"), (BOB, "normal"))
    ],
    "invitations": [{"email": LEE, "first_name": "Lee", "last_name": "Late", "role": "normal"}],
    "mail_hostings": [
        boxes(201, "example.ch", shows_send=True),
        boxes(202, "old.example", shows_send=True, family="legacy"),
    ],
}


def delegation(mailbox: str, email: str, *permissions: str, sends: bool | None = True) -> Delegation:
    return Delegation(mailbox, email, frozenset(permissions), sends)


class Played:
    """The sandbox as our client reads it, and changes carried out on it."""

    def __init__(self, store: Store, api: Api) -> None:
        self.store, self.api = store, api

    def live(self, *more: Entry) -> Live:
        """Read people and mailboxes; `more` stands for what is on invitations, which others read."""
        reader = Reader(self.api)
        live = read(reader, 4242)
        users = [each for each in live.state.entries.values() if isinstance(each, User) and not each.invited]
        emails = {live.ids[each.address]: each.email for each in users}
        seen = read_mail(reader, 4242, EVERYTHING, live.catalogue, emails)
        entries = {**live.state.entries, **{each.address: each for each in (*seen.delegations, *more)}}
        return replace(live, state=State(entries, seen.blind), mailboxes=seen.mailboxes)

    def held(self, mailbox: str) -> dict[str, tuple[set[str], bool | None]]:
        """Return permissions by person, and whether they may send."""
        entries = self.live().state.entries.values()
        there = [each for each in entries if isinstance(each, Delegation) and each.mailbox == mailbox]
        return {each.email: (set(each.permissions), each.sends) for each in there}

    def invited(self) -> object:
        """Return the mailboxes that Lee's invitation opens."""
        number = self.live().ids[user_address(LEE)]
        answer = self.api.exchange("GET", f"/1/accounts/4242/invitations/{number}", {"with": "app_accesses"})
        return [(each["mailbox_name"], set(each["permissions"]) - {"can_send_emails"}) for each in apps(answer.row())]

    def carry_out(
        self, *wanted: Entry, gone: Iterable[Entry] = (), held: Iterable[Entry] = ()
    ) -> tuple[Operation, ...]:
        """Send the requests of a plan, and do its steps."""
        live = self.live(*held)
        operations = routed(live, wanted, gone)
        backend = LiveBackend(self.api, live.ids)
        for operation in operations:
            for request in operation.requests:
                backend.send(request)
            for step in operation.steps:
                perform(self.store, {"act": step.act, **step.values}, NOW)
        return operations


def apps(row: Mapping[str, Any]) -> list[Any]:
    """List the mailboxes among the applications of an invitation."""
    found = row["app_accesses"]
    return [each for each in found if each.get("type") == "mailbox"]


def routed(live: Live, wanted: Iterable[Entry] = (), gone: Iterable[Entry] = ()) -> tuple[Operation, ...]:
    have = live.state.entries
    changes = [Change(each.address, have.get(each.address), each) for each in wanted]
    return route([*changes, *(Change(each.address, each, None) for each in gone)], live)


def said(operations: Iterable[Operation]) -> list[tuple[str, list[str]]]:
    """Return the rows of the table that are gone, with methods or acts."""
    return [
        (each.name, [*(request.method for request in each.requests), *(step.act for step in each.steps)])
        for each in operations
    ]


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    with open_store(tmp_path / "organization.db") as store:
        seed(store, ORGANIZATION, NOW)
        with open_api(Connection(handler=partial(call, store))) as api:
            yield Played(store, api)


def test_an_active_user_is_let_in_by_one_request(played: Played) -> None:
    """A new delegate gets the permissions that are wanted, and no others by default."""
    wanted = delegation(NEW, BOB, "can_manage_rules", "can_restore_emails")
    operations = played.carry_out(wanted)
    assert said(operations) == [("mailbox-access", ["POST"])]
    (request,) = operations[0].requests
    flags = {name: name in wanted.permissions for name in mailboxes.WEBMAIL_PERMISSIONS}
    assert request.body == {"user_id": user_address(BOB), "permissions": flags}
    assert len(flags) == 11
    assert played.held(NEW)[BOB] == ({"can_manage_rules", "can_restore_emails"}, True)
    played.carry_out(delegation(NEW, BOB, "can_access_logs"))
    assert played.held(NEW)[BOB] == ({"can_access_logs"}, True)


def test_permissions_are_changed_by_a_list_of_names(played: Played) -> None:
    """A change sends the whole list, and what is not in it goes."""
    operations = played.carry_out(delegation(NEW, ANA, "can_manage_filters", "can_access_logs"))
    assert said(operations) == [("mailbox-access", ["PATCH"])]
    assert operations[0].requests[0].body == {"permissions": ["can_manage_filters", "can_access_logs"]}
    assert played.held(NEW)[ANA] == ({"can_manage_filters", "can_access_logs"}, True)


def test_the_last_permission_goes_by_a_short_loss_of_access(played: Played) -> None:
    """No list of names may be empty, so the access is deleted and given anew, in one operation."""
    operations = played.carry_out(delegation(NEW, ANA))
    assert said(operations) == [("mailbox-access-anew", ["DELETE", "POST"])]
    assert "a short loss of access" in BY_NAME["mailbox-access-anew"].change
    assert played.held(NEW)[ANA] == (set(), True)


@pytest.mark.parametrize(("mailbox", "row"), [(NEW, "mailbox-access"), (OLD, "old-mailbox-access")])
def test_access_is_taken_by_request_in_either_family(played: Played, mailbox: str, row: str) -> None:
    """Whoever was read can be removed by request."""
    operations = played.carry_out(gone=[delegation(mailbox, ANA, "can_manage_aliases")])
    assert said(operations) == [(row, ["DELETE"])]
    assert set(played.held(mailbox)) == {CLAIRE}


def test_the_old_family_changes_and_adds_nobody(played: Played) -> None:
    """Old requests take a map of flags; a new user is a visit to the Manager."""
    changed = played.carry_out(delegation(OLD, ANA, "can_manage_filters"))
    assert said(changed) == [("old-mailbox-access", ["PATCH"])]
    flags = changed[0].requests[0].body
    assert flags == {"permissions": {name: name == "can_manage_filters" for name in mailboxes.OLD_PERMISSIONS}}
    added = played.carry_out(delegation(OLD, BOB, "can_manage_aliases"))
    assert said(added) == [("edit-mailbox-access", ["edit_mailbox_access"])]
    assert added[0].why_manual == manager.NO_ADDING
    assert played.held(OLD) | {CLAIRE: None} == {
        ANA: ({"can_manage_filters"}, True),
        BOB: ({"can_manage_aliases"}, True),
        CLAIRE: None,
    }
    assert played.carry_out(delegation(OLD, BOB))[0].name == "old-mailbox-access"
    assert played.held(OLD)[BOB] == (set(), True)


def test_the_chat_stays_as_it_is(played: Played) -> None:
    """No answer shows this permission, and the old family, which could set it, is never told to."""
    assert played.held(OLD)[CLAIRE] == (set(), True)
    played.carry_out(delegation(OLD, CLAIRE, "can_manage_aliases"))
    (old,) = (each for each in show(played.store)["mail_hostings"] if each["domain"] == "old.example")
    (access,) = (each for each in old["mailboxes"][0]["accesses"] if each["user"] == CLAIRE)
    assert set(access["permissions"]) == {"can_manage_aliases", "can_manage_chat"}


def test_reading_without_sending_is_by_hand(played: Played) -> None:
    """No documented request takes sending away or gives it back, whatever else changes with it."""
    for wanted in (delegation(NEW, BOB, sends=False), delegation(NEW, ANA, "can_manage_rules", sends=False)):
        operations = played.carry_out(wanted)
        assert said(operations) == [("edit-mailbox-access", ["edit_mailbox_access"])]
        assert operations[0].why_manual == manager.NO_SENDING
    held = played.held(NEW)
    assert held[BOB] == (set(), False)
    assert held[ANA] == ({"can_manage_rules"}, False)
    assert said(played.carry_out(delegation(NEW, ANA, "can_manage_rules", "can_access_logs", sends=False))) == [
        ("mailbox-access", ["PATCH"])
    ]
    assert played.held(NEW)[ANA] == ({"can_manage_rules", "can_access_logs"}, False)
    again = played.carry_out(delegation(NEW, BOB))
    assert said(again) == [("edit-mailbox-access", ["edit_mailbox_access"])]
    assert played.held(NEW)[BOB] == (set(), True)


def test_who_may_not_send_is_never_given_access_anew(played: Played) -> None:
    """Deleting and giving anew would let them send, so their last permission goes by hand."""
    played.carry_out(delegation(NEW, ANA, "can_manage_rules", sends=False))
    operations = played.carry_out(delegation(NEW, ANA, sends=False))
    assert said(operations) == [("edit-mailbox-access", ["edit_mailbox_access"])]
    assert played.held(NEW)[ANA] == (set(), False)


@pytest.mark.parametrize("mailbox", [NEW, OLD])
def test_an_invitation_carries_nine_permissions(played: Played, mailbox: str) -> None:
    """An invited person is let in, changed and shut out by requests on the invitation, in either family."""
    first, second = delegation(mailbox, LEE, "can_access_logs"), delegation(mailbox, LEE, "can_manage_aliases")
    operations = played.carry_out(first)
    assert said(operations) == [("invitation-mailbox", ["POST"])]
    (request,) = operations[0].requests
    flags = {name: name == "can_access_logs" for name in INVITATION_PERMISSIONS}
    assert request.body == {"mailbox_name": "info", "mailbox_permissions": flags}
    assert played.invited() == [("info", {"can_access_logs"})]
    assert said(played.carry_out(second, held=[first])) == [("invitation-mailbox", ["PATCH"])]
    assert played.invited() == [("info", {"can_manage_aliases"})]
    assert said(played.carry_out(gone=[second], held=[second])) == [("invitation-mailbox", ["DELETE"])]
    assert played.invited() == []


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (delegation(NEW, LEE, sends=False), manager.NO_SENDING),
        (delegation(NEW, LEE, "can_manage_rules"), manager.NO_PERMISSION),
    ],
)
def test_what_an_invitation_cannot_carry_waits(played: Played, wanted: Delegation, why: str) -> None:
    """Other permissions, and reading without sending, are given by hand once the person has accepted."""
    live = played.live()
    (operation,) = routed(live, [wanted])
    assert (operation.name, operation.why_manual) == ("edit-mailbox-access", why)
    assert operation.steps[0].text.startswith(f"Wait until {LEE} has accepted the invitation; then plan again, or Add")
    assert mailboxes.of_invitation(wanted, survey([], live)) is None


def test_an_external_user_added_by_hand_gets_mailboxes_by_hand(played: Played) -> None:
    """The wizard that adds an external user has no mailboxes: they follow once the person has accepted."""
    gus = User("gus@agency.example", "external", first_name="Gus", last_name="Guest")
    *_, operation = routed(played.live(), [gus, delegation(NEW, gus.email)])
    assert (operation.name, operation.why_manual) == ("edit-mailbox-access", manager.NOT_YET)


def test_an_invitation_sent_anew_opens_the_mailboxes_of_the_old_one(played: Played) -> None:
    """What stays is asked for by `of_invitation`; what changes is a new access, and what goes is gone already."""
    old = delegation(NEW, LEE, "can_access_logs")
    live = played.live(old)
    request = mailboxes.of_invitation(old, survey([], live))
    assert request
    assert (request.method, request.names["mail_id"], request.names["invitation"]) == ("POST", 201, user_address(LEE))
    lea = User(LEE, "collaborator", first_name="Lea", last_name="Late", invited=True)
    changed = routed(live, [lea, delegation(NEW, LEE, "can_manage_aliases")])
    assert said(changed)[1:] == [("invitation-mailbox", ["POST"])]
    gone = routed(live, [lea], [old])
    assert said(gone)[1:] == [("invitation-mailbox", [])]


def test_a_mailbox_that_was_not_read_is_done_by_hand(played: Played) -> None:
    """Without knowing which requests a Mail Service has, none is sent."""
    live = replace(played.live(), mailboxes={})
    assert said(routed(live, [delegation(NEW, BOB)], [delegation(NEW, ANA)])) == [
        ("edit-mailbox-access", ["edit_mailbox_access"]),
        ("remove-mailbox-access", ["remove_mailbox_access"]),
    ]
    assert mailboxes.of_invitation(delegation(NEW, LEE), survey([], live)) is None
    (operation,) = routed(live, gone=[delegation(NEW, ANA)])
    perform(played.store, {"act": operation.steps[0].act, **operation.steps[0].values}, NOW)
    assert ANA not in played.held(NEW)


def test_what_somebody_did_meanwhile_is_a_refused_request(played: Played) -> None:
    """A user who has access already, or none any more, refuses the request: reading back tells the rest."""
    live = played.live()
    backend = LiveBackend(played.api, live.ids)
    requests = [each.requests[0] for each in routed(live, [delegation(NEW, BOB)], [delegation(NEW, ANA)])]
    for request in requests:
        backend.send(request)
    codes = set()
    for request in requests:
        with pytest.raises(RequestRefused) as caught:
            backend.send(request)
        codes.add(caught.value.code)
    assert codes == {"user_already_has_access_to_mailbox", "user_has_no_access_to_mailbox"}


def test_a_name_is_quoted_in_the_path(played: Played) -> None:
    """A mailbox whose name holds what paths are made of is asked for by its own path."""
    live = played.live()
    odd = replace(live, mailboxes={"a/b@example.ch": Mailbox(201, "a/b")})
    (operation,) = routed(odd, [delegation("a/b@example.ch", BOB)])
    with pytest.raises(RequestRefused, match=r"mailboxes/a%2Fb/accesses"):
        LiveBackend(played.api, live.ids).send(operation.requests[0])


FOLLOWED = (
    (
        delegation(NEW, BOB, "can_manage_aliases", "can_change_password", sends=False),
        "Add, above the user table › existing user › bob@example.ch: switch on aliases, configure a device",
    ),
    (delegation(NEW, ANA, sends=False), "The row of ana@example.ch: switch every permission off"),
)


@pytest.mark.parametrize(("wanted", "text"), FOLLOWED)
def test_a_step_can_be_followed(played: Played, wanted: Delegation, text: str) -> None:
    """A step names the screen, the permissions as the help pages label them, and says the same as data."""
    (operation,) = routed(played.live(), [wanted])
    (step,) = operation.steps
    assert step.text.startswith(text)
    assert step.text.endswith("Send emails off, Save (the Manager may ask for your password)")
    assert step.path == "Mail Service › example.ch › info@example.ch"
    assert step.who == "an administrator or legal representative, or whoever manages the Mail Service"
    assert step.values == {
        "mailbox": NEW,
        "user": wanted.email,
        "permissions": list(in_usual_order(wanted.permissions)),
        "sends": False,
    }


def test_every_permission_has_a_label() -> None:
    """The Manager shows icons, not flags."""
    assert set(manager.LABELS) == set(MAILBOX_PERMISSIONS)


def test_the_row_of_each_operation_names_its_requests(played: Played) -> None:
    """What is sent stands in the table of routes."""
    live = played.live(delegation(NEW, LEE))
    wanted: list[Entry] = [
        delegation(mailbox, email, *held)
        for mailbox in (NEW, OLD)
        for email in (ANA, BOB, LEE)
        for held in ([], ["can_manage_filters"])
    ]
    one_by_one: Callable[[Entry], tuple[Operation, ...]] = lambda each: routed(live, [each])  # noqa: E731
    for operation in (*(each for one in wanted for each in one_by_one(one)), *routed(live, gone=wanted)):
        row = BY_NAME[operation.name]
        assert {f"{each.method} {each.path}" for each in operation.requests} <= set(row.requests)
        assert bool(row.screen) == operation.is_manual


def test_a_mailbox_is_no_entry_of_its_own() -> None:
    """A delegation hangs on its mailbox by address alone."""
    assert delegation(NEW, ANA).address.owner == mailbox_address(NEW)
