"""Worlds in which people and rights move between teams at once: where the order counts."""

from hypothesis import strategies as st
from tests.worlds.names import API_ROLES, OWNER, Data, seldom, some

from accessplan.services import rights_offered

PEOPLE = [f"{letter}@example.ch" for letter in "abcd"]
TEAMS = ["Web", "Support", "Shop"]
SERVICES = ["domain", "hosting", "e_ticketing"]
PRODUCTS = [{"id": 100 + number, "service": service, "name": service} for number, service in enumerate(SERVICES)]
MOSTLY = [True, True, True, False]


@st.composite
def moves(draw: st.DrawFn) -> tuple[Data, Data]:
    """An organization, and a document in which the same few people and teams stand otherwise."""
    there = draw(some(PEOPLE))
    active = [each for each in there if draw(st.booleans())]
    organization = {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": OWNER,
        "products": PRODUCTS,
        "users": [_person(OWNER, "legal_representative"), *(draw(_live(each, [])) for each in active)],
        "invitations": [draw(_live(each, TEAMS)) for each in there if each not in active],
        "teams": [draw(_team(name, active)) for name in TEAMS],
    }
    return organization, draw(_document())


def _person(email: str, role: str) -> Data:
    return {"email": email, "first_name": email[0].upper(), "last_name": "Person", "role": API_ROLES[role]}


@st.composite
def _live(draw: st.DrawFn, email: str, teams: list[str]) -> Data:
    """Somebody in the organization; with `teams` somebody invited to some of them, in some worlds long ago."""
    person = _person(email, draw(st.sampled_from(["collaborator", "collaborator", "collaborator", "external"])))
    if not teams:
        return person
    late = {"sent": "-40d", "expires": "-10d"} if draw(seldom) else {"sent": "-2d", "expires": "28d"}
    return person | late | {"teams": draw(some(teams))}


@st.composite
def _team(draw: st.DrawFn, name: str, active: list[str]) -> Data:
    """A team: whole services with every right, as requests give them, or by hand with some, and single products."""
    team: Data = {"name": name, "members": draw(some(active))}
    if draw(st.sampled_from(MOSTLY)):
        return team | {"services": draw(some(SERVICES))}
    rows = [{"service": each, "rights": draw(_rights(each)), "apply_to_all": True} for each in draw(some(SERVICES, 2))]
    return team | {"grants": rows}


@st.composite
def _document(draw: st.DrawFn) -> Data:
    users = {each: draw(_wanted(each)) for each in draw(some(PEOPLE))}
    owner = {"first_name": "O", "last_name": "Person", "role": "legal_representative"}
    modes = dict.fromkeys(["users", "teams", "grants"], "enforce")
    return {
        "accessplan": 1,
        "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
        "policy": {"mode": modes | ({"users": "additive"} if draw(seldom) else {})},
        "users": users | {OWNER: owner},
        "teams": {name: {"members": draw(some([*users])), "grants": draw(_grants())} for name in draw(_most_teams)},
    }


_most_teams = st.sampled_from([TEAMS, TEAMS, TEAMS, TEAMS[:2]])


@st.composite
def _wanted(draw: st.DrawFn, email: str) -> Data:
    role = draw(st.sampled_from(["collaborator", "collaborator", "collaborator", "administrator", "external"]))
    first_name = "Other" if draw(seldom) else email[0].upper()
    return {"first_name": first_name, "last_name": "Person", "role": role}


@st.composite
def _grants(draw: st.DrawFn) -> Data:
    if draw(st.sampled_from(MOSTLY)):
        return {f"{service}/*": "max" for service in draw(some(SERVICES))}
    return {f"{service}/*": draw(_rights(service)) for service in draw(some(SERVICES))}


def _rights(service: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(rights_offered(service))), unique=True, min_size=1)
