"""What answers say of mailboxes, in each of the shapes that the documents leave open: recorded, and played."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accessplan.errors import RequestRefused, TokenRefused, UnreadableAnswer
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.live import Mailbox
from accessplan.have.mail import SENDS, MailSeen, read_mail
from accessplan.have.mail.shapes import canonical, mailbox
from accessplan.have.reader import Reader
from accessplan.model import DELEGATE, MAILBOX, Address, BlindSpot, Delegation, Product
from accessplan.scope import EVERYTHING, Scope
from accessplan.select import Catalogue

Data = dict[str, Any]
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Dial = Callable[[str], Api]

ANA, BOB = "ana@example.ch", "bob@example.ch"
EMAILS = {1: ANA, 2: BOB}
READ_ONLY_UNKNOWN = BlindSpot(MAILBOX, DELEGATE, SENDS, attribute="sends", by_word=True)


def scope(*names: str) -> Scope:
    return Scope(mailboxes=frozenset(names))


def row(number: int, permissions: object, **more: object) -> Data:
    return {"id": 100 + number, "user": {"id": number}, "is_primary": False, "permissions": permissions, **more}


def played(
    answers: Mapping[str, object],
    *names: str,
    emails: Mapping[int, str] = EMAILS,
    guests: set[str] | None = None,
) -> MailSeen:
    """Read mailboxes from recorded answers, by the end of their path; a number is a refusal, anything else is 404."""

    def answer(_method: str, url: str, _headers: object, _body: bytes) -> tuple[int, Data, bytes]:
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        said = next((each for end, each in answers.items() if path.endswith(end)), 404)
        if isinstance(said, int):
            return said, {}, json.dumps({"result": "error", "error": {"code": "refused"}}).encode()
        paging = {"total": len(said), "page": 1, "pages": 1, "items_per_page": 100} if isinstance(said, list) else {}
        assert "page" in query or not paging
        return 200, {}, json.dumps({"result": "success", "data": said, **paging}).encode()

    services = Catalogue([Product(201, "email_hosting", "example.ch")])
    with open_api(Connection(handler=answer)) as api:
        return read_mail(Reader(api), 4242, scope(*names), services, emails, guests or set())


@pytest.mark.parametrize(
    "permissions",
    [
        ["can_manage_rules", "can_send_emails"],
        [{"can_manage_rules": True, "can_access_logs": False, "can_send_emails": True}],
        [{"can_manage_rules": True}, {"can_access_logs": False}, {"can_send_emails": True}],
        {"can_manage_rules": True, "can_access_logs": False, "can_send_emails": True},
    ],
    ids=["names", "a list of one map", "a list of maps", "one map"],
)
def test_permissions_are_read_in_each_shape(permissions: object) -> None:
    """A list of names, a list of maps and one map of flags say the same."""
    seen = played({"info/accesses/webmail": [{"user_access": row(1, permissions)}]}, "info@example.ch")
    assert seen.delegations == (Delegation("info@example.ch", ANA, frozenset({"can_manage_rules"}), sends=True),)


def test_a_map_without_sending_does_not_show_it() -> None:
    """A map that is silent on sending leaves it open, also where another access shows it; a list of names does not."""
    rows = [{"user_access": row(1, {"can_manage_rules": True})}, {"user_access": row(2, ["can_send_emails"])}]
    seen = played({"info/accesses/webmail": rows}, "info@example.ch")
    assert {each.email: each.sends for each in seen.delegations} == {ANA: None, BOB: True}
    assert seen.blind == (READ_ONLY_UNKNOWN,)


def test_a_permission_without_a_word_is_named() -> None:
    """A permission that came after us is left out of the delegation, and said."""
    seen = played({"info/accesses/webmail": [{"user_access": row(1, ["can_fly"])}]}, "info@example.ch")
    assert seen.delegations == (Delegation("info@example.ch", ANA, frozenset()),)
    assert seen.not_covered == ("Permissions on mailboxes that accessplan does not know are left out: can_fly.",)


@pytest.mark.parametrize("permissions", [None, "can_manage_rules", [1], 7])
def test_permissions_that_cannot_be_read_stop_the_read(permissions: object) -> None:
    """What would look like no permission at all is a fault."""
    with pytest.raises(UnreadableAnswer, match="permissions"):
        played({"info/accesses/webmail": [{"user_access": row(1, permissions)}]}, "info@example.ch")


def test_ones_own_mailbox_is_known_by_the_mark_or_the_address() -> None:
    """A primary access is somebody's own mailbox, and so is that to the mailbox of their address."""
    answers = {
        "info/accesses/webmail": [{"user_access": row(1, [], is_primary=True)}],
        "bob/accesses/webmail": [{"user_access": row(2, [])}, {"user_access": row(1, [])}],
    }
    seen = played(answers, "info@example.ch", BOB)
    assert {(each.mailbox, each.email): each.own for each in seen.delegations} == {
        ("info@example.ch", ANA): True,
        (BOB, BOB): True,
        (BOB, ANA): False,
    }


def test_the_old_family_has_users_and_invitations() -> None:
    """A user may be known by text, a deleted one is none, and an invitation that was used counts no more."""
    flags = {"permissions": {"can_manage_aliases": True, "can_manage_filters": False}}
    old = {
        "users": [
            {"id": "1", "email": "ana@old.example", **flags},
            {"id": "x7", "email": BOB, **flags},
            {"id": 2, "email": "gone@example.ch", "is_deleted": True},
        ],
        "invitations": [
            {"sent_to": "x@else.example", "is_used": False, "is_valid": True},
            {"sent_to": "y@else.example", "is_used": True, "is_valid": True},
            {"sent_to": "z@else.example", "is_used": False, "is_valid": False},
        ],
    }
    seen = played({"info/accesses/webmail": 501, "info/users": old}, "info@example.ch")
    held = frozenset({"can_manage_aliases"})
    assert seen.delegations == (Delegation("info@example.ch", ANA, held), Delegation("info@example.ch", BOB, held))
    assert seen.not_covered == ("1 person without a place in the organization has been invited to info@example.ch.",)
    with pytest.raises(UnreadableAnswer, match="users of a mailbox"):
        played({"info/accesses/webmail": 501, "info/users": {"users": None}}, "info@example.ch")


def test_a_service_that_neither_family_opens_is_not_covered() -> None:
    """Where both families answer 501 nobody knows who may open the mailboxes, and the Mail Service is named."""
    seen = played({"info/accesses/webmail": 501, "info/users": 501}, "info@example.ch")
    (reason,) = seen.not_covered
    assert reason.startswith("Who may open the mailboxes of example.ch was not shown")
    assert seen.blind == (BlindSpot(MAILBOX, DELEGATE, reason, domain="example.ch"), READ_ONLY_UNKNOWN)
    (here, there) = (Address(MAILBOX, f"info@{domain}", DELEGATE, ANA) for domain in ("example.ch", "other.example"))
    assert (seen.blind[0].hides(here), seen.blind[0].hides(there)) == (True, False)
    assert (seen.delegations, seen.mailboxes) == ((), {})


def test_the_family_is_learned_from_a_mailbox_that_exists() -> None:
    """A mailbox that does not exist tells nothing of the family; the next one does."""
    answers = {"info/accesses/webmail": 501, "info/users": {"users": []}}
    seen = played(answers, "absent@example.ch", "info@example.ch", "zoe@example.ch")
    assert seen.mailboxes == {"info@example.ch": Mailbox(201, "info", legacy=True)}


@pytest.mark.parametrize(
    "mailbox", [{"service_mail_id": 201, "mailbox_name": "Info"}, None], ids=["shown", "not shown"]
)
@pytest.mark.parametrize("listed", [True, False])
def test_users_tell_of_mailboxes_or_the_mailboxes_are_asked(mailbox: Data | None, listed: bool) -> None:  # noqa: FBT001
    """The mailbox of an access comes as one object or a list of one; where it is not shown, mailboxes are asked."""
    shown = {"mailbox": [mailbox] if listed else mailbox} if mailbox else {}
    answers: Data = {
        "accounts/4242/users/1": [row(1, [], **shown)],
        "info/accesses/webmail": [{"user_access": row(1, [])}],
        "shop/accesses/webmail": [],
    }
    seen = played(answers, "info@example.ch", "shop@example.ch", "nobody@example.ch", emails={1: ANA})
    assert seen.delegations == (Delegation("info@example.ch", ANA, frozenset()),)
    assert set(seen.mailboxes) == {"info@example.ch", "shop@example.ch"}
    asked = "People without a place in the organization were not looked for in 1 mailbox."
    assert seen.not_covered == ((asked,) if mailbox else ())


@pytest.mark.parametrize("status", [501, 404])
def test_where_users_cannot_be_asked_mailboxes_are(status: int) -> None:
    """An account with the old family, or a user who is not known there, sends us to the mailboxes."""
    answers: Data = {
        "accounts/4242/users/1": status,
        "info/accesses/webmail": 501,
        "info/users": {"users": [{"id": 1, "permissions": []}]},
    }
    seen = played(answers, "info@example.ch", "shop@example.ch", emails={1: ANA})
    assert seen.delegations == (Delegation("info@example.ch", ANA, frozenset()),)


@pytest.mark.parametrize("end", ["accounts/4242/users/1", "accesses/webmail"])
def test_any_other_refusal_stops_the_read(end: str) -> None:
    """What is refused for another reason is not taken for an old family, or a mailbox that does not exist."""
    answers: Data = {"accounts/4242/users/1": 404, end: 409}
    with pytest.raises(RequestRefused) as caught:
        played(answers, "info@example.ch", "shop@example.ch", emails={1: ANA})
    assert caught.value.status == 409


def test_punycode_that_is_none_stays_as_it_is() -> None:
    """A domain that only looks like punycode is compared as it is written."""
    assert canonical("Info@XN--Bro-HOA.example") == "info@büro.example"
    assert canonical("info@xn--ü.example") == "info@xn--ü.example"


def test_over_the_network_the_family_is_learned_once(serve: Serve, dial: Dial) -> None:
    """One mailbox is asked first; the others, at the same time, go by the family that it has."""
    asked: list[str] = []

    def behave(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        status, data = (200, {"users": [{"id": 1, "permissions": []}]}) if "/users?" in request.path else (501, None)
        body = json.dumps({"result": "success", "data": data}).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    services = Catalogue([Product(201, "email_hosting", "example.ch")])
    names = [f"box{number}@example.ch" for number in range(20)]
    emails = {number: f"user{number}@example.ch" for number in range(1, 40)}
    seen = read_mail(Reader(dial(serve(behave))), 4242, scope(*names), services, emails)
    assert {each.mailbox for each in seen.delegations} == {*names}
    assert len(asked) == 21
    assert sum("accesses/webmail" in path for path in asked) == 1


def test_a_list_of_mailboxes_counts_invitations() -> None:
    """Where only the list was read, pending invitations are counted, and nobody's secret is asked for."""
    box = {"mailbox_name": "info", "mailbox": "info@example.ch", "mailbox_idn": "info@example.ch"}
    rows: list[Data] = [
        {**box, "users": [], "count_invitations": 2},
        {"mailbox_name": "ana", "mailbox": ANA, "users": [{"id": 1}, {"id": 9, "email": "x@else.example"}]},
        {"mailbox_name": "bob", "mailbox": BOB, "users": [{"id": 2}], "count_invitations": 1},
    ]
    answers = {"201/mailboxes": rows}

    def answer(_method: str, url: str, _headers: object, _body: bytes) -> tuple[int, Data, bytes]:
        assert parse_qs(urlsplit(url).query)["with"] == ["users,count_invitations"]
        said = answers["201/mailboxes"]
        return 200, {}, json.dumps({"result": "success", "data": said}).encode()

    with open_api(Connection(handler=answer)) as api:
        services = Catalogue([Product(201, "email_hosting", "example.ch")])
        seen = read_mail(Reader(api), 4242, EVERYTHING, services, EMAILS)
    assert set(seen.mailboxes) == {"info@example.ch", ANA, BOB}
    assert seen.not_covered == (
        "1 invitation is pending to bob@example.ch; whom they are for was not looked at.",
        "1 person without a place in the organization may open ana@example.ch.",
        "2 invitations are pending to info@example.ch; whom they are for was not looked at.",
    )


def test_people_without_a_place_are_counted() -> None:
    """Links to a mailbox are no delegations, and a sentence says how many there are; invited people are not meant."""
    answers = {
        "info/accesses/webmail": [
            {"user_access": row(1, []), "invitation": None},
            {"user_access": row(9, []), "invitation": None},
            {"user_access": None, "invitation": {"sent_to": "x@else.example", "key": "secret", "short_url": "secret"}},
            {"user_access": None, "invitation": {"sent_to": "", "key": "secret", "short_url": "secret"}},
            {"user_access": None, "invitation": {"sent_to": "lee@agency.example"}},
        ]
    }
    seen = played(answers, "info@example.ch", guests={"lee@agency.example"})
    assert [each.email for each in seen.delegations] == [ANA]
    assert seen.not_covered == (
        "1 person without a place in the organization may open info@example.ch.",
        "2 people without a place in the organization have been invited to info@example.ch.",
    )
    assert "secret" not in repr(seen)


def test_a_token_without_the_right_is_told_what_it_needs() -> None:
    """A Mail Service that refuses the token stops the read, and the remedy names the right."""

    def refuse(*_: object) -> tuple[int, Data, bytes]:
        return 403, {}, b'{"result":"error","error":{"code":"access_denied"}}'

    services = Catalogue([Product(201, "email_hosting", "example.ch")])
    with open_api(Connection(handler=refuse)) as api, pytest.raises(TokenRefused) as caught:
        read_mail(Reader(api), 4242, scope("info@example.ch"), services, EMAILS)
    assert "the right technical on the Mail Service example.ch (#201)" in caught.value.remedy


@pytest.mark.parametrize("name", [".", ".."])
def test_a_mailbox_whose_name_leads_elsewhere_stops_the_read(name: str) -> None:
    """A name of dots only would make the path of another request: no mailbox has one, so the answer is not believed."""
    with pytest.raises(UnreadableAnswer, match="which no mailbox can have"):
        mailbox({"mailbox_name": name, "mailbox": f"{name}@example.ch"})
