"""The same organization in every shape that the documents leave open gives the same State."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from accessplan.have.api import Connection, open_api
from accessplan.have.live import Live
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import User
from accessplan.services import RIGHTS

Row = dict[str, Any]
Grants = dict[tuple[int, int | None], frozenset[str]]
"""Rights by service and product; None for all of a service."""

SERVICES = {1: "hosting", 14: "domain"}
PRODUCTS = {101: 14, 102: 14, 103: 1}
TARGETS: list[tuple[int, int | None]] = [(service, product) for product, service in PRODUCTS.items()]

WHOLE: list[tuple[int, int | None]] = [(service, None) for service in SERVICES]


@dataclass(frozen=True)
class Someone:
    number: int
    role_type: str
    invited: bool
    teams: frozenset[int]
    single: Grants
    wide: Grants


@dataclass(frozen=True)
class Shape:
    """One of the ways to answer."""

    rights: Callable[[frozenset[str]], list[object]] = lambda rights: [sorted(rights)]
    rights_are_called: str = "rights"
    lists: Callable[[list[Any]], object] = list
    numbers: Callable[[int], object] = int
    teams: Callable[[int], object] = lambda number: {"id": number, "name": f"Team {number}"}
    tags: Callable[[str], object] = str
    emails: Callable[[str], str] = str
    leader: Callable[[int], Row] = lambda number: {"owned_by_id": number}
    names_services: bool = True
    numbers_services: bool = True
    wide_among_single: bool = False
    details: str = "row"
    refused: frozenset[str] = frozenset()
    extra: Row = field(default_factory=dict)


def by_number(rows: list[Any]) -> object:
    return {str(index): row for index, row in enumerate(rows)}


SHAPES = st.builds(
    Shape,
    rights=st.sampled_from(
        [
            lambda rights: [sorted(rights)],
            lambda rights: [{right: right in rights for right in RIGHTS}],
            lambda rights: [{right: int(right in rights) for right in RIGHTS}],
            sorted,
            lambda rights: [[right] for right in sorted(rights)] * 2,
        ]
    ),
    rights_are_called=st.sampled_from(["rights", "types", "right"]),
    lists=st.sampled_from([list, by_number]),
    numbers=st.sampled_from([int, str]),
    teams=st.sampled_from([lambda number: {"id": number}, lambda number: {"id": str(number), "name": "?"}, int, str]),
    tags=st.sampled_from([str, lambda name: {"id": 1, "name": name, "color": 4}]),
    emails=st.sampled_from([str, str.upper, lambda email: f" {email} "]),
    leader=st.sampled_from(
        [lambda number: {"owned_by_id": number}, lambda number: {"owned_by_id": None, "owned_by": {"id": number}}]
    ),
    names_services=st.booleans(),
    numbers_services=st.booleans(),
    wide_among_single=st.booleans(),
    details=st.sampled_from(["row", "details", "by number"]),
    refused=st.frozensets(st.sampled_from(["teams", "invitation_details", "permissions"])),
    extra=st.sampled_from([{}, {"is_sso": False, "children": [{"id": 1}], "parent_id": None}]),
)

HELD = st.frozensets(st.sampled_from(RIGHTS), min_size=1)


@st.composite
def organizations(draw: st.DrawFn) -> list[Someone]:
    """Draw people; nobody holds on a product what they hold on all of its service, which only some shapes show."""
    people = [Someone(1, "owner", invited=False, teams=frozenset(), single={}, wide={})]
    for number in range(2, 2 + draw(st.integers(0, 4))):
        wide = draw(st.dictionaries(st.sampled_from(WHOLE), HELD, max_size=2))
        free = [target for target in TARGETS if (target[0], None) not in wide]
        single = draw(st.dictionaries(st.sampled_from(free), HELD, max_size=3)) if free else {}
        role_type = draw(st.sampled_from(["normal", "admin", "owner", "guest"]))
        teams = draw(st.frozensets(st.sampled_from([31, 32])))
        people.append(Someone(number, role_type, draw(st.booleans()), teams, single, wide))
    return people


def permissions(grants: Grants, shape: Shape) -> list[Row]:
    """Render rights as rows."""
    rows = []
    for (service, product), rights in grants.items():
        named = {"service_name": SERVICES[service]} if shape.names_services else {}
        numbered = {"service_id": shape.numbers(service)} if shape.numbers_services or not named else {}
        target = {} if product is None else {"product_id": shape.numbers(product), "product_name": "?"}
        rows += [{**named, **numbered, **target, shape.rights_are_called: each} for each in shape.rights(rights)]
    return rows


def access(someone: Someone, shape: Shape) -> Row:
    """Render what somebody reaches."""
    wide, single = permissions(someone.wide, shape), permissions(someone.single, shape)
    if shape.wide_among_single and "permissions" not in shape.refused:
        wide, single = [], [*single, *wide]
    return {
        "teams": shape.lists([shape.teams(number) for number in sorted(someone.teams)]),
        "permissions": shape.lists(single),
        "service_permissions": shape.lists(wide),
    }


def person(someone: Someone, shape: Shape) -> Row:
    """Render a row of the list of users, without what the shape refuses to show."""
    number, shown = shape.numbers(someone.number), access(someone, shape)
    row = {"email": email(someone, shape), "role_type": someone.role_type, **shape.extra}
    if not someone.invited:
        row |= {"user_id": number, "invitation_id": None, **shown}
    else:
        row |= {"user_id": None, "invitation_id": number, "invitation_details": None}
        row |= {"row": shown, "details": {"invitation_details": shown}, "by number": {}}[shape.details]
    return {name: value for name, value in row.items() if name not in shape.refused}


def email(someone: Someone, shape: Shape) -> str:
    return shape.emails(f"someone-{someone.number}@example.ch")


def product(number: int, people: list[Someone], shape: Shape) -> Row:
    """Render a row of the list of products."""
    held = [
        {"user_id": shape.numbers(each.number), "rights": rights}
        for each in people
        if not each.invited and (PRODUCTS[number], number) in each.single
        for rights in shape.rights(each.single[PRODUCTS[number], number])
    ]
    service = {"service_id": shape.numbers(PRODUCTS[number]), "service_name": SERVICES[PRODUCTS[number]]}
    tags = shape.lists([shape.tags("production")])
    return {"id": shape.numbers(number), **service, "customer_name": f"p{number}", "tags": tags, "users": held}


def play(people: list[Someone], shape: Shape) -> dict[str, object]:
    """Render every answer by its path."""
    account = "/1/accounts/4242"
    team_rights: Grants = {(1, None): frozenset({"technical", "statistic"}), (14, 101): frozenset({"technical"})}
    return {
        account: {"id": 4242, "name": "Example SA"},
        "/2/accounts/4242/users": [person(each, shape) for each in people],
        f"{account}/teams": [
            {"id": shape.numbers(number), "name": f"Team {number}", **shape.leader(1), **shape.extra}
            | {"permissions": shape.lists(permissions(team_rights, shape))}
            for number in (31, 32)
        ],
        "/1/products": [product(number, people, shape) for number in PRODUCTS],
        f"{account}/services": [{"id": shape.numbers(number), "name": name} for number, name in SERVICES.items()],
        **{
            f"{account}/teams/{number}/users": [
                {"id": each.number, "email": email(each, shape)} for each in people if number in each.teams
            ]
            for number in (31, 32)
        },
        **{
            f"{account}/invitations/{each.number}": {
                "id": each.number, "email": email(each, shape), "role_type": each.role_type, "status": "pending",
                **access(each, shape),
            }
            for each in people
        },
    }  # fmt: skip


def read_in(shape: Shape, people: list[Someone]) -> Live:
    """Read the organization that answers in a shape."""
    answers = play(people, shape)

    def handler(_method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        wanted = set(",".join(parse_qs(parts.query).get("with", [])).split(","))
        if parts.path.endswith("4242/users") and wanted & shape.refused:
            errors = [{"context": {"attribute": "with", "values": sorted(wanted - shape.refused)}}]
            return 422, {}, json.dumps({"result": "error", "error": {"errors": errors}}).encode()
        return 200, {}, json.dumps({"result": "success", "data": answers[parts.path]}).encode()

    with open_api(Connection(handler=handler)) as api:
        return read(Reader(api), 4242)


def invited(live: Live) -> list[str]:
    return sorted(each.email for each in live.state.entries.values() if isinstance(each, User) and each.invited)


@settings(deadline=None)
@given(people=organizations(), shape=SHAPES)
def test_every_shape_gives_the_same_state(people: list[Someone], shape: Shape) -> None:
    """However rights, lists, numbers and details are shown, the State, the numbers and the products are the same."""
    plain, other = read_in(Shape(), people), read_in(shape, people)
    assert other.state.entries == plain.state.entries
    assert invited(other) == invited(plain)
    assert other.ids == plain.ids
    assert (other.partial, other.partial_teams) == (frozenset(), frozenset())
    assert other.service_ids == plain.service_ids
    assert other.catalogue.products == plain.catalogue.products
    assert len(plain.state.entries) >= 3 + sum(len(each.teams) for each in people)
