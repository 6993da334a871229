"""What is not shown, or has no known number, is never taken away by a request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.change import Change
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.backend import LiveBackend
from accessplan.have.live import Live
from accessplan.have.manager import people, screens, teams
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.model import (
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    Product,
    State,
    Team,
    User,
    team_address,
    user_address,
)
from accessplan.route import Operation
from accessplan.sandbox import Store, call, open_store, perform, seed
from accessplan.scope import Scope
from accessplan.select import Catalogue
from accessplan.services import rights_offered

LEE, ANA, WEB = user_address("lee@example.ch"), user_address("ana@example.ch"), team_address("Web")
ODD = "fax/*"
"""All of a service whose number is in no list."""


def grant(subject: Any, target: str, *rights: str) -> Grant:
    return Grant(subject, target, frozenset(rights) or rights_offered(target.partition("/")[0]))


LEE_INVITED = User("lee@example.ch", "collaborator", first_name="Lee", last_name="Late", invited=True)
STATE: list[Entry] = [
    LEE_INVITED,
    User("ana@example.ch", "collaborator"),
    Team("Web"),
    Team("Ops"),
    Membership("Web", "lee@example.ch"),
    grant(LEE, "hosting/www", "technical"),
]


def organization(*more: Entry, people: Iterable[str] = (), teams: Iterable[str] = ()) -> Live:
    """Make the organization; of these people and teams not all was shown."""
    entries = {each.address: each for each in (*STATE, *more)}
    numbers = {"hosting": 1, "domain": 14}
    catalogue = Catalogue([Product(101, "hosting", "www")], [*numbers, "fax"])
    ids = {LEE: 7, ANA: 2, WEB: 31, team_address("Ops"): 32}
    return Live(4242, "Example SA", State(entries), catalogue, ids, numbers, (), frozenset(people), frozenset(teams))


def routed(live: Live, wanted: Iterable[Entry] = (), gone: Iterable[Entry] = ()) -> tuple[Operation, ...]:
    """Route the changes that bring wanted entries about and take others away."""
    have = live.state.entries
    changes = [Change(each.address, have.get(each.address), each) for each in wanted]
    return route([*changes, *(Change(each.address, each, None) for each in gone)], live)


def bodies(operations: Iterable[Operation]) -> list[tuple[str, object]]:
    return [(request.method, request.body) for each in operations for request in each.requests]


def acts(operations: Iterable[Operation]) -> list[tuple[str, Mapping[str, object], str]]:
    return [(step.act, step.values, each.why_manual) for each in operations for step in each.steps]


LEES: list[Entry] = [Membership("Ops", "lee@example.ch"), grant(LEE, "domain/*", "technical")]
GONE: list[Entry] = [Membership("Web", "lee@example.ch"), grant(LEE, "hosting/www", "technical")]


def test_an_invitation_shown_in_full_is_changed_by_one_request() -> None:
    """Teams and rights go out as full sets where all of them are known."""
    (operation,) = routed(organization(), LEES)
    rights = [
        {"service_id": 14, "apply_to_all": True, "types": ["technical"]},
        {"service_id": 1, "product_id": 101, "types": ["technical"]},
    ]
    teams = [team_address("Ops"), WEB]
    assert bodies([operation]) == [("PATCH", {"team_ids": teams, "permissions": rights})]


def test_an_invitation_shown_in_part_keeps_what_it_has() -> None:
    """Where not all was shown, teams change by hand, and rights in one visit; the role still goes by request."""
    stronger = User("lee@example.ch", "administrator", invited=True)
    operations = routed(organization(people=["lee@example.ch"]), [*LEES, stronger], GONE)
    assert bodies(operations) == [("PATCH", {"role_type": "admin"})]
    access = [
        {"service": "domain", "product": None, "rights": ["technical"]},
        {"service": "hosting", "product": 101, "rights": []},
    ]
    assert acts(operations) == [
        ("edit_product_access", {"user": "lee@example.ch", "access": access}, people.NOT_SHOWN),
        ("edit_team", {"team": "Ops", "add": ["lee@example.ch"]}, people.NOT_SHOWN),
        ("edit_team", {"team": "Web", "remove": ["lee@example.ch"]}, people.NOT_SHOWN),
    ]


def test_an_invitation_shown_in_part_is_looked_at_before_it_goes() -> None:
    """Who becomes external is invited anew: what the invitation gives is noted first, so by hand."""
    external = User("lee@example.ch", "external", first_name="Lee", last_name="Late", invited=True)
    operations = routed(organization(people=["lee@example.ch"]), [*LEES, external])
    assert bodies(operations) == []
    assert [act for act, *_ in acts(operations)] == ["cancel_invitation", "invite_user"]


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        (organization(), grant(LEE, ODD)),
        (organization(grant(LEE, ODD)), grant(LEE, "domain/*")),
        (organization(grant(LEE, "fax/#5", "technical")), grant(LEE, "domain/*")),
    ],
)
def test_rights_on_a_service_without_a_number_stay(live: Live, wanted: Entry) -> None:
    """An invitation's rights change by hand where a request could not name all of them."""
    operations = routed(live, [wanted, Membership("Ops", "lee@example.ch")])
    assert bodies(operations) == [("PATCH", {"team_ids": [team_address("Ops"), WEB]})]
    assert [(act, why) for act, _, why in acts(operations)] == [("edit_product_access", people.NO_NUMBER)]


def test_an_active_users_rights_have_a_reason_of_their_own() -> None:
    """Of active users it is said that no request is documented, whatever the service."""
    operations = routed(organization(), [grant(ANA, ODD), grant(ANA, "domain/*")])
    assert {why for *_, why in acts(operations)} == {screens.NO_REQUEST}


def test_a_new_invitation_names_the_services_it_can() -> None:
    """Somebody new is given by request what has a number, and the rest by hand."""
    new = user_address("new@example.ch")
    operations = routed(
        organization(), [User("new@example.ch", "collaborator"), grant(new, "domain/*"), grant(new, ODD)]
    )
    rights = [{"service_id": 14, "apply_to_all": True, "types": ["technical"]}]
    assert bodies(operations)[1:] == [("PATCH", {"permissions": rights})]
    assert [why for *_, why in acts(operations)] == [people.NO_NUMBER]


def test_one_service_without_a_number_leaves_a_teams_others_to_requests() -> None:
    """Of the services a team is to get, those with a number go by request."""
    operations = routed(organization(), [grant(WEB, "domain/*"), grant(WEB, ODD)])
    assert bodies(operations) == [("PATCH", {"permissions": {"services": [14]}})]
    assert [(values["access"], why) for _, values, why in acts(operations)] == [
        ([{"service": "fax", "product": None, "rights": ["technical", "statistic"]}], people.NO_NUMBER)
    ]


@pytest.mark.parametrize(
    ("live", "why"),
    [
        (organization(grant(WEB, ODD)), people.NO_NUMBER),
        (organization(teams=["Web"]), people.NOT_SHOWN),
        (organization(grant(WEB, "hosting/*", "technical")), teams.NO_TEAM_RIGHTS),
    ],
    ids=["without a number", "in no list", "with some rights"],
)
def test_a_service_that_a_team_has_stays_as_it_is(live: Live, why: str) -> None:
    """A request for a team's services is not sent where it would take one away, or give more rights than wanted."""
    operations = routed(live, [grant(WEB, "domain/*")])
    assert (bodies(operations), [each for *_, each in acts(operations)]) == ([], [why])


def test_a_leader_who_is_invited() -> None:
    """A leader who has not accepted yet is named by hand; the reason and what to do are said once each."""
    (operation,) = routed(organization(), [Team("Web", "lee@example.ch")])
    assert operation.why_manual == "a request can name as leader only who is active already"
    assert operation.steps[0].text == (
        "Wait until lee@example.ch has accepted the invitation; then plan again, or make them the leader of Web, Save"
    )


ORGANIZATION: dict[str, Any] = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [{"id": 101, "service": "hosting", "name": "www"}],
    "users": [{"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"}],
    "teams": [{"name": "Web", "leader": "claire@example.ch", "services": []}],
    "invitations": [
        {"email": "lee@example.ch", "first_name": "Lee", "last_name": "Late", "role": "normal",
         "grants": [{"product": 101, "rights": ["technical"]}]},
    ],
}  # fmt: skip
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "organization.db") as store:
        seed(store, ORGANIZATION, NOW)
        yield store


def test_a_right_that_cannot_be_read_survives_an_apply(store: Store) -> None:
    """Where the live system refuses to show single products, a change to an invitation leaves rights on them alone."""

    def less(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        hidden = (
            b'{"result":"error","error":{"errors":[{"context":{"attribute":"with","values":["teams",'
            b'"service_permissions"]}}]}}'
        )
        return (422, {}, hidden) if "%2Cpermissions" in url else call(store, method, url, headers, body)

    with open_api(Connection(handler=less)) as api:
        live = read(Reader(api), 4242)
        assert live.partial == {"lee@example.ch"}
        operations = routed(live, [Membership("Web", "lee@example.ch"), grant(LEE, "domain/*", "technical")])
        for request in (request for each in operations for request in each.requests):
            LiveBackend(api, live.ids).send(request)
        for step in (step for each in operations for step in each.steps):
            perform(store, {"act": step.act, **step.values}, NOW)
    with open_api(Connection(handler=partial(call, store))) as api:
        entries = read(Reader(api), 4242).state.entries.values()
    assert grant(LEE, "hosting/www", "technical") in entries
    assert grant(LEE, "domain/*", "technical") in entries
    assert Membership("Web", "lee@example.ch") in entries


def leo(**more: Any) -> User:
    """Describe Lee by another name, which has the invitation sent anew."""
    return User("lee@example.ch", "collaborator", first_name="Leo", last_name="Late", invited=True, **more)


MAILBOXES: dict[str, Any] = {
    **ORGANIZATION,
    "mail_hostings": [
        {"id": 301, "domain": "example.ch", "mailboxes": [
            {"name": name, "accesses": [{"user": "lee@example.ch", "permissions": ["can_manage_aliases"]}]}
            for name in ("info", "shop")
        ]},
    ],
}  # fmt: skip
INFO = Delegation("info@example.ch", "lee@example.ch", frozenset({"can_manage_aliases"}))
SHOP = replace(INFO, mailbox="shop@example.ch")


def scope(*mailboxes: str) -> Scope:
    return Scope(guests=frozenset({"lee@example.ch"}), mailboxes=frozenset(mailboxes))


@pytest.fixture
def api(store: Store) -> Iterator[Api]:
    """Read and change an organization in which Lee's invitation opens two mailboxes."""
    seed(store, MAILBOXES, NOW)
    with open_api(Connection(handler=partial(call, store))) as api:
        yield api


def test_an_invitation_that_opens_more_than_was_looked_at_is_cancelled_by_hand(api: Api) -> None:
    """Sent anew by request it would lack what nobody asked about, so a person notes that first."""
    live = read(Reader(api), 4242, scope("info@example.ch"))
    assert live.opens_more == {"lee@example.ch"}
    changed = replace(INFO, permissions=frozenset({"can_access_logs"}))
    again, mailbox = routed(live, [leo(), changed])
    assert acts([again]) == [("cancel_invitation", {"user": "lee@example.ch"}, people.NOT_SHOWN)]
    assert bodies([again]) == []
    assert [(mailbox.name, each.method) for each in mailbox.requests] == [("invitation-mailbox", "PATCH")]
    LiveBackend(api, live.ids).send(mailbox.requests[0])
    assert changed in read(Reader(api), 4242, scope("info@example.ch")).state.entries.values()


def test_an_invitation_that_opens_more_becomes_no_external_one_by_request(api: Api) -> None:
    """Who becomes external is invited anew by hand, and so is what their invitation opened noted by hand."""
    external = replace(leo(), role="external")
    operations = routed(read(Reader(api), 4242), [external])
    assert bodies(operations) == []
    assert [act for act, *_ in acts(operations)] == ["cancel_invitation", "invite_user"]


def test_an_invitation_known_in_full_opens_the_same_again(api: Api) -> None:
    """Where all that it opens was looked at, an invitation is sent anew by requests, and opens all of it."""
    both = scope("info@example.ch", "shop@example.ch")
    live = read(Reader(api), 4242, both)
    assert live.opens_more == set()
    (operation,) = routed(live, [leo()])
    assert [each.method for each in operation.requests] == ["DELETE", "POST", "PATCH", "POST", "POST"]
    backend = LiveBackend(api, live.ids)
    for request in operation.requests:
        backend.send(request)
    after = read(Reader(api), 4242, both)
    assert after.ids[LEE] != live.ids[LEE]
    assert {INFO, SHOP, grant(LEE, "hosting/www", "technical")} <= set(after.state.entries.values())


def test_an_external_user_who_is_invited_may_be_told_of_more() -> None:
    """What an invitation tells somebody by mail changes by request, though no request names the role external."""
    gus = User("gus@agency.example", "external", notify_products=False, invited=True)
    (operation,) = routed(organization(gus), [replace(gus, notify_products=True, billing=True)])
    assert bodies([operation]) == [("PATCH", {"has_billing": True, "has_mailing": True})]


def test_what_is_not_shown_is_set_in_one_visit_each() -> None:
    """Where live values are not shown, only what the document says is ticked; the billing right has its own screen."""
    operations = routed(organization(), [User("ana@example.ch", "collaborator", billing=False, notify_billing=True)])
    assert acts(operations) == [
        ("edit_notifications", {"user": "ana@example.ch", "billing": True}, screens.NO_REQUEST),
        ("edit_billing", {"user": "ana@example.ch", "billing": False}, screens.NO_REQUEST),
    ]


def test_all_rights_of_a_person_are_one_visit() -> None:
    """What is given, changed and taken away on products of one active user is one visit, a line for each."""
    had = [grant(ANA, "hosting/www", "technical"), grant(ANA, "domain/*", "technical")]
    changed = grant(ANA, "hosting/www", "technical", "statistic")
    (operation,) = routed(organization(*had), [changed, grant(ANA, "hosting/*", "technical")], had[1:])
    (step,) = operation.steps
    assert step.values["access"] == [
        {"service": "hosting", "product": 101, "rights": ["technical", "statistic"]},
        {"service": "hosting", "product": None, "rights": ["technical"]},
        {"service": "domain", "product": None, "rights": []},
    ]
    assert (step.text, step.lines) == (
        "ana@example.ch",
        (
            "hosting/www: tick technical and statistic",
            "hosting/*: tick technical, later products too",
            "domain/*: untick",
            "Save",
        ),
    )


def test_what_a_visit_says_of_a_partner_is_what_it_does() -> None:
    """Who comes to have full access has no wallet yet: that is chosen on the screen that follows, and said there."""
    before, after = Partner("WebAgency", "limited"), Partner("WebAgency", "full", wallet=True)
    (operation,) = routed(organization(before), [after])
    assert [(step.text, step.path) for step in operation.steps] == [
        ("WebAgency: Full, without the wallet, Continue", "Partner › ⋮ › Edit access rights"),
        ("WebAgency: let the partner pay, Save", "Partner › WebAgency › ✎ next to Payment"),
    ]
