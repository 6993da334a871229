import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accessplan.errors import LiveError, RequestRefused, UnreadableAnswer
from accessplan.have.api import Api, Handler
from accessplan.have.live import Live
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import Address, Entry, Grant, Membership, Team, User, team_address, user_address

Embed = Callable[[Handler], Api]
Row = dict[str, Any]

SHOWN: Row = {"teams": [], "permissions": [], "service_permissions": []}


def user(number: int, email: str, role_type: str = "normal", **more: object) -> Row:
    return {"user_id": number, "invitation_id": None, "email": email, "role_type": role_type, **SHOWN, **more}


def invited(number: int, email: str, role_type: str = "normal", **more: object) -> Row:
    pending = {"state_in_account": "pending", **SHOWN, **more}
    return {"user_id": None, "invitation_id": number, "email": email, "role_type": role_type, **pending}


def wide(service_id: int, *rights: str) -> Row:
    return {"service_id": service_id, "rights": list(rights)}


def single(product_id: int, *rights: str, service_id: int = 14) -> Row:
    return {"service_id": service_id, "product_id": product_id, "rights": list(rights)}


CLAIRE = user(1, "claire@example.ch", "owner")
"""Somebody whom every organization has: an active legal representative."""


class Played:
    """Plays the reads of an organization from plain rows; `refuse` names the additional data it does not know."""

    date = ""

    def __init__(self, users: list[Row], teams: list[Row] | None = None, *, refuse: tuple[str, ...] = ()) -> None:
        self.refuse = refuse
        self.asked: list[str] = []
        self.lists: dict[str, object] = {
            "/1/accounts/4242": {"id": 4242, "name": "Example SA"},
            "/2/accounts/4242/users": users,
            "/1/accounts/4242/teams": teams or [],
            "/1/accounts/4242/services": [{"id": 1, "name": "hosting"}, {"id": 14, "name": "domain"}],
            "/1/products": [
                {"id": 101, "account_id": 4242, "service_id": 14, "service_name": "domain",
                 "customer_name": "example.ch", "tags": [{"id": 1, "name": "production"}], "users": []},
            ],
        }  # fmt: skip

    def __call__(
        self, _method: str, url: str, _headers: Mapping[str, str], _body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        self.asked.append(parts.path)
        wanted = set("".join(parse_qs(parts.query).get("with", [])).split(",")) - {""}
        if wanted & set(self.refuse):
            known = {"attribute": "with", "values": sorted(wanted - set(self.refuse))}
            error = {"code": "validation_failed", "errors": [{"context": known}]}
            return 422, {}, json.dumps({"result": "error", "error": error}).encode()
        if parts.path not in self.lists:
            return 404, {}, b'{"result":"error","error":{"code":"object_not_found"}}'
        return 200, {"Date": self.date}, json.dumps({"result": "success", "data": self.lists[parts.path]}).encode()


@pytest.fixture
def read_live(embed: Embed) -> Callable[[Played], Live]:
    return lambda played: read(Reader(embed(played)), 4242)


ReadLive = Callable[[Played], Live]


def grants(live: Live) -> dict[str, list[str]]:
    """Show the grants of a State: rights by address."""
    entries = live.state.entries.items()
    return {str(address): sorted(each.rights) for address, each in entries if isinstance(each, Grant)}


def test_five_requests_give_the_whole_organization(read_live: ReadLive) -> None:
    """Users, invitations, teams, members, rights, products and numbers come from five requests."""
    played = Played(
        [
            user(1, "Claire@Example.ch ", "owner", first_name="Claire", last_name="Favre", language_id=1),
            user(2, "ana@example.ch", teams=[{"id": 31, "name": "Web"}], service_permissions=[wide(1, "technical")]),
            user(3, "gus@agency.example", "guest", permissions=[single(101, "technical", "statistic")]),
            invited(7, "lee@agency.example", "admin", invitation_details={"locale": "en_GB"}),
        ],
        [{"id": 31, "name": "Web", "owned_by_id": 1, "permissions": [{"service_id": 1, "rights": "technical"}]}],
    )
    live = read_live(played)
    assert played.asked == [
        "/1/accounts/4242",
        "/2/accounts/4242/users",
        "/1/accounts/4242/teams",
        "/1/products",
        "/1/accounts/4242/services",
    ]
    claire, web = user_address("claire@example.ch"), team_address("Web")
    ana, gus, lee = (user_address(each) for each in ("ana@example.ch", "gus@agency.example", "lee@agency.example"))
    entries: list[Entry] = [
        User("claire@example.ch", "legal_representative"),
        User("ana@example.ch", "collaborator"),
        User("gus@agency.example", "external"),
        User("lee@agency.example", "administrator"),
        Team("Web", "claire@example.ch"),
        Membership("Web", "ana@example.ch"),
        Grant(ana, "hosting/*", frozenset({"technical"})),
        Grant(gus, "domain/example.ch", frozenset({"technical", "statistic"})),
        Grant(web, "hosting/*", frozenset({"technical"})),
    ]
    assert live.state.entries == {each.address: each for each in entries}
    assert live.ids == {claire: 1, ana: 2, gus: 3, lee: 7, web: 31}
    assert (live.organization_id, live.organization_name) == (4242, "Example SA")
    assert live.service_ids == {"hosting": 1, "domain": 14}
    assert [(each.id, each.name, set(each.tags)) for each in live.catalogue.products] == [
        (101, "example.ch", {"production"})
    ]
    read_claire, read_lee = live.state.user("claire@example.ch"), live.state.user("lee@agency.example")
    assert read_claire
    assert read_lee
    assert (read_claire.first_name, read_claire.last_name, read_claire.language) == ("Claire", "Favre", "fr")
    assert (read_claire.invited, read_lee.invited, read_lee.language) == (False, True, "en")


def test_rights_of_those_who_govern_are_kept(read_live: ReadLive) -> None:
    """Rights of an administrator change nothing, until the role goes: then they must be known, to be revoked."""
    rows = [single(101, "technical")]
    people = [user(1, "a@example.ch", "owner", permissions=rows), invited(2, "b@example.ch", "admin", permissions=rows)]
    assert grants(read_live(Played(people))) == {
        'user["a@example.ch"].grant["domain/example.ch"]': ["technical"],
        'user["b@example.ch"].grant["domain/example.ch"]': ["technical"],
    }


def test_a_user_is_in_even_with_an_invitation_pending(read_live: ReadLive) -> None:
    """Somebody who is active and invited counts as active, in whichever order the rows come."""
    rows = [CLAIRE, invited(7, "ANA@example.ch", "admin"), user(2, "ana@example.ch")]
    for order in (rows, rows[::-1]):
        live = read_live(Played(order))
        assert live.state.user("ana@example.ch") == User("ana@example.ch", "collaborator")
        assert live.ids[user_address("ana@example.ch")] == 2
        assert live.not_covered == ("Invitation #7 of ana@example.ch is left out: user #2 has the same address.",)


def test_the_older_of_two_invitations_counts(read_live: ReadLive) -> None:
    """Of two pending invitations for one address the newer is left out, and said to be."""
    live = read_live(Played([CLAIRE, invited(8, "Lee@example.ch", "admin"), invited(7, "lee@example.ch")]))
    assert live.state.user("lee@example.ch") == User("lee@example.ch", "collaborator")
    assert live.not_covered == ("Invitation #8 of lee@example.ch is left out: invitation #7 has the same address.",)


@pytest.mark.parametrize("date", ["Sat, 21 Nov 2026 10:00:00 GMT", "", "yesterday"])
def test_an_invitation_that_expired_is_marked(read_live: ReadLive, date: str) -> None:
    """An invitation too old to be accepted is marked as expired, by the clock of the live system where it tells."""
    expiries = {7: 1795255199, 8: 1795255201, 9: None}
    people = [invited(n, f"p{n}@example.ch", invitation_details={"expired_at": at}) for n, at in expiries.items()]
    played = Played([CLAIRE, *people])
    played.date = date
    live = read_live(played)
    expired = [each.email for each in live.state.entries.values() if isinstance(each, User) and each.expired]
    assert expired == (["p7@example.ch"] if date.startswith("Sat") else [])
    assert live.not_covered == ()


def test_a_role_that_nobody_documents_is_said(read_live: ReadLive) -> None:
    """A role that is unknown is read as external and named, whatever its text tries to do to a terminal."""
    live = read_live(Played([CLAIRE, user(2, "gus@agency.example", '"\x1b[2J'), user(3, "eve@example.ch", "external")]))
    assert live.state.user("gus@agency.example") == User("gus@agency.example", "external")
    assert live.not_covered == (
        r'The role of gus@agency.example is "\" [2J", which is not documented: it is read as external.',
    )


@pytest.mark.parametrize(
    "people",
    [[], [user(2, "ana@example.ch", "admin")], [invited(7, "lee@example.ch", "owner")]],
    ids=["nobody", "no legal representative", "one who is invited"],
)
def test_users_without_a_legal_representative_are_incomplete(read_live: ReadLive, people: list[Row]) -> None:
    """A list of users that no organization can have is refused: it would make a plan that invites everybody."""
    with pytest.raises(UnreadableAnswer, match="incomplete read of the users") as caught:
        read_live(Played(people))
    assert "token may see too little" in caught.value.remedy


WEB = {"id": 31, "name": "Web", "permissions": []}


@pytest.mark.parametrize(
    ("shown", "partial"),
    [
        ({}, False),
        ({"teams": [31], "permissions": [single(101, "technical")], "service_permissions": [wide(1, "sale")]}, False),
        ({"permissions": None}, True),
        ({"service_permissions": None}, True),
        ({"teams": None}, True),
        ({"teams": [55]}, True),
        ({"teams": [32]}, True),
        ({"permissions": [single(999, "technical")]}, True),
        ({"service_permissions": [wide(77, "technical")]}, True),
    ],
)
def test_who_is_invited_may_be_shown_in_part(read_live: ReadLive, shown: Row, *, partial: bool) -> None:
    """Whoever is invited to more than the State says is named; of active users requests never send all there is."""
    people = [CLAIRE, invited(7, "Lee@example.ch", "admin", **shown), user(2, "ana@example.ch", **shown)]
    played = Played(people, [WEB, {**WEB, "id": 32}])
    played.lists["/1/accounts/4242/invitations/7"] = {**people[1], "id": 7}
    played.lists |= {f"/1/accounts/4242/teams/{number}/users": [] for number in (31, 32)}
    live = read_live(played)
    assert live.partial == ({"lee@example.ch"} if partial else set())
    hidden = "The teams that lee@example.ch is invited to were not shown."
    assert (hidden in live.not_covered) is ("teams" in shown and shown["teams"] is None)


def test_a_team_may_be_shown_in_part(read_live: ReadLive) -> None:
    """A team with rights on a service that is in no list is named: a request would take them away."""
    teams = [{"id": 31, "name": "Web", "permissions": [wide(77, "technical")]}, {**WEB, "id": 32, "name": "Ops"}]
    assert read_live(Played([CLAIRE], teams)).partial_teams == {"Web"}


def test_a_pending_person_may_have_an_account_already(read_live: ReadLive) -> None:
    """Who has a user number but is pending in this organization is invited, by the invitation's number."""
    live = read_live(Played([CLAIRE, invited(7, "lee@agency.example", user_id=99)]))
    assert live.ids[user_address("lee@agency.example")] == 7


@pytest.mark.parametrize(
    ("status", "there"), [("pending", True), ("rejected", False), ("cancelled", False), ("accepted", False)]
)
def test_only_open_invitations_count(read_live: ReadLive, status: str, *, there: bool) -> None:
    """An invitation that was rejected, cancelled or accepted invites nobody."""
    live = read_live(Played([CLAIRE, invited(7, "lee@agency.example", invitation_details={"status": status})]))
    assert (live.state.user("lee@agency.example") is not None) is there


def test_details_of_an_invitation_count_first(read_live: ReadLive) -> None:
    """What the invitation holds counts before what the list says of somebody who is no user yet."""
    details = {"teams": [{"id": 31}], "permissions": [single(101, "technical")], "service_permissions": None}
    row = invited(7, "lee@agency.example", invitation_details=details, service_permissions=[wide(1, "statistic")])
    live = read_live(Played([CLAIRE, row], [WEB]))
    assert Address("team", "Web", "member", "lee@agency.example") in live.state.entries
    assert grants(live) == {
        'user["lee@agency.example"].grant["hosting/*"]': ["statistic"],
        'user["lee@agency.example"].grant["domain/example.ch"]': ["technical"],
    }


def test_each_invitation_is_asked_for_where_the_list_does_not_tell(read_live: ReadLive) -> None:
    """An invitation that the list shows in part is read by itself, with one request."""
    bare = {"user_id": None, "invitation_id": 7, "email": "lee@agency.example", "role_type": "normal"}
    played = Played([bare, invited(8, "mia@agency.example"), user(1, "claire@example.ch", "owner")])
    played.lists["/1/accounts/4242/invitations/7"] = {
        "id": 7, "email": "lee@agency.example", "role_type": "admin", "status": "pending", "url_accept": "https://s3cret",
        **SHOWN,
    }  # fmt: skip
    live = read_live(played)
    assert played.asked[5:] == ["/1/accounts/4242/invitations/7"]
    assert live.state.user("lee@agency.example") == User("lee@agency.example", "administrator")
    assert "s3cret" not in repr(live)


def test_the_users_of_each_team_are_asked_for_where_the_list_does_not_tell(read_live: ReadLive) -> None:
    """Where the users do not show their teams, each team is asked for its users."""
    people = [user(1, "claire@example.ch", "owner", teams=None), user(2, "ana@example.ch", teams=None)]
    played = Played(
        people, [{"id": 31, "name": "Web", "permissions": []}, {"id": 32, "name": "Ops", "permissions": []}]
    )
    played.lists["/1/accounts/4242/teams/31/users"] = [{"id": 2, "email": "Ana@example.ch"}]
    played.lists["/1/accounts/4242/teams/32/users"] = [{"id": 9, "email": "nobody@example.ch"}]
    live = read_live(played)
    members = [each for each in live.state.entries.values() if isinstance(each, Membership)]
    assert members == [Membership("Web", "ana@example.ch")]
    assert len(played.asked) == 7


def test_products_tell_the_rights_that_users_do_not(read_live: ReadLive) -> None:
    """Where users do not show their rights on products, the products do; what a whole service gives is not repeated."""
    people = [
        user(1, "claire@example.ch", "owner", permissions=None),
        user(2, "ana@example.ch", permissions=None),
        user(3, "ben@example.ch", permissions=None, service_permissions=[wide(14, "technical")]),
        user(4, "cleo@example.ch", permissions=None, service_permissions=[wide(14, "technical")]),
    ]
    played = Played(people, refuse=("permissions",))
    held = {1: ["technical"], 2: ["technical"], 3: ["technical"], 4: ["technical", "statistic"], 9: ["technical"]}
    products = played.lists["/1/products"]
    assert isinstance(products, list)
    products[0]["users"] = [{"user_id": number, "rights": dict.fromkeys(held[number], True)} for number in held]
    live = read_live(played)
    assert grants(live) == {
        'user["ana@example.ch"].grant["domain/example.ch"]': ["technical"],
        'user["ben@example.ch"].grant["domain/*"]': ["technical"],
        'user["claire@example.ch"].grant["domain/example.ch"]': ["technical"],
        'user["cleo@example.ch"].grant["domain/*"]': ["technical"],
        'user["cleo@example.ch"].grant["domain/example.ch"]': ["statistic", "technical"],
    }
    assert live.not_covered == ()


def test_rights_that_nothing_shows_are_a_blind_spot(read_live: ReadLive) -> None:
    """Where neither users nor products show rights, the State says that it cannot see them: that is no gap."""
    played = Played([CLAIRE, user(2, "ana@example.ch", permissions=None, service_permissions=None)])
    products = played.lists["/1/products"]
    assert isinstance(products, list)
    del products[0]["users"]
    live = read_live(played)
    ana = user_address("ana@example.ch")
    assert live.not_covered == ()
    reasons = {"domain/example.ch": "on single products", "domain/*": "on whole services"}
    for target, reason in reasons.items():
        address = Grant(ana, target, frozenset({"technical"})).address
        spot = live.state.hides(address)
        assert spot
        assert spot.reason == f"The live system did not show the rights of users {reason}."


def test_rights_of_teams_on_products_are_a_blind_spot(read_live: ReadLive) -> None:
    """The list of teams shows rights on whole services; that it shows all of those on single products is not known."""
    web = team_address("Web")
    product, service = (Grant(web, target, frozenset({"technical"})) for target in ("domain/example.ch", "domain/*"))
    live = read_live(Played([CLAIRE], [{**WEB, "permissions": [wide(14, "technical")]}]))
    assert live.state.entries[service.address] == service
    assert live.state.hides(product.address)
    assert not live.state.hides(service.address)
    live = read_live(Played([CLAIRE], [{**WEB, "permissions": [single(101, "technical")]}]))
    assert live.state.entries[product.address] == product
    assert live.state.hides(product.address)
    assert not live.not_covered
    live = read_live(Played([CLAIRE], [{"id": 31, "name": "Web"}]))
    assert live.state.hides(service.address)


def test_what_is_in_no_list_is_said(read_live: ReadLive) -> None:
    """Rights, teams and leaders that point to what no list shows are left out, and each is said once."""
    people = [
        CLAIRE,
        user(2, "ana@example.ch", permissions=[single(999, "technical")], service_permissions=[wide(77, "technical")]),
        user(3, "ben@example.ch", permissions=[single(999, "technical")], teams=[{"id": 55, "name": "Gone"}]),
    ]
    teams = [{"id": n, "name": "Web", "owned_by_id": 98 + n, "permissions": [single(101, "technical")]} for n in (2, 1)]
    live = read_live(Played(people, teams))
    assert live.not_covered == (
        "Rights on product #999 are left out: it is in no list that the token may read.",
        "Rights on service #77 are left out: it is in no list that the token may read.",
        'Team #2 is left out: team #1 has the same name, "Web".',
        'The leader of team "Web" is user #99, whom the list of users does not show.',
        "The members of team #55 are left out: the list of teams does not show it.",
    )
    assert live.state.team("Web") == Team("Web", None)
    assert live.ids[team_address("Web")] == 1


def test_no_right_is_no_grant(read_live: ReadLive) -> None:
    """A row without any right, as the API may give for mere use, grants nothing."""
    rows = [single(101), {**single(101), "rights": ""}, {**single(101), "rights": {"technical": False}}]
    assert grants(read_live(Played([CLAIRE, user(2, "ana@example.ch", permissions=rows)]))) == {}


def test_services_are_called_as_their_products_are(read_live: ReadLive) -> None:
    """The API has two sets of names: the one that products go by counts, found by number."""
    played = Played(
        [CLAIRE, user(2, "ana@example.ch", service_permissions=[{**wide(14, "technical"), "service_name": "domains"}])]
    )
    played.lists["/1/accounts/4242/services"] = [{"id": 14, "name": "domain_name"}]
    live = read_live(played)
    assert list(grants(live)) == ['user["ana@example.ch"].grant["domain/*"]']
    assert live.service_ids == {"domain": 14}
    assert live.catalogue.services == ("domain",)


def test_products_of_two_services_may_have_one_number(read_live: ReadLive) -> None:
    """A right on product 101 of one service is none on product 101 of another; without a service it is left out."""
    played = Played([CLAIRE, user(2, "ana@example.ch", permissions=[single(101, "technical", service_id=1)])])
    products = played.lists["/1/products"]
    assert isinstance(products, list)
    products.append({"id": 101, "service_id": 1, "service_name": "hosting", "internal_name": "www"})
    products.append(
        {"id": 102, "service_id": 1, "service_name": "hosting", "account_id": 1, "customer_name": "other's"}
    )
    live = read_live(played)
    assert list(grants(live)) == ['user["ana@example.ch"].grant["hosting/www"]']
    nameless = {"product_id": 101, "rights": "technical"}
    played.lists["/2/accounts/4242/users"] = [CLAIRE, user(2, "ana@example.ch", permissions=[nameless])]
    assert grants(read_live(played)) == {}
    assert [each.name for each in live.catalogue.products] == ["example.ch", "www"]


@pytest.mark.parametrize("name", ["email", "role_type", "user_id"])
def test_a_user_without_what_everybody_has_is_unreadable(read_live: ReadLive, name: str) -> None:
    """A row that lacks a required field is refused by the field's name; nobody is dropped in silence."""
    row = user(2, "ana@example.ch")
    del row[name]
    with pytest.raises(UnreadableAnswer, match="invitation_id" if name == "user_id" else name):
        read_live(Played([row]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("permissions", "technical"),
        ("permissions", [5]),
        ("permissions", {"domain": ["technical"]}),
        ("permissions", [{"service_id": 14}]),
        ("permissions", [{"service_id": 14, "rights": [5]}]),
        ("permissions", [{"service_id": 14, "rights": True}]),
        ("service_permissions", [{"rights": ["technical"]}]),
        ("teams", "Web"),
        ("teams", [{"name": "Web"}]),
        ("teams", [True]),
    ],
)
def test_a_shape_that_nobody_foresaw_is_unreadable(read_live: ReadLive, name: str, value: Any) -> None:
    """Rights or teams in a shape we cannot read are refused: leaving them out would look like a revocation."""
    with pytest.raises(UnreadableAnswer):
        read_live(Played([user(2, "ana@example.ch", **{name: value})]))


@pytest.mark.parametrize("path", list(Played([]).lists))
def test_a_list_that_is_refused_ends_the_read(read_live: ReadLive, path: str) -> None:
    """Nothing is returned when one of the lists cannot be read."""
    played = Played([user(1, "claire@example.ch", "owner")])
    del played.lists[path]
    with pytest.raises(RequestRefused):
        read_live(played)
    played.lists[path] = 5
    with pytest.raises(LiveError):
        read_live(played)


def test_the_billing_right_of_an_invitation_is_no_product_right(read_live: ReadLive) -> None:
    """`permissions` of an invitation may be the map of the billing right; the list of users then tells the rest."""
    details = {"permissions": {"billing": True}}
    row = invited(7, "lee@agency.example", invitation_details=details, permissions=[single(101, "technical")])
    assert list(grants(read_live(Played([CLAIRE, row])))) == ['user["lee@agency.example"].grant["domain/example.ch"]']
