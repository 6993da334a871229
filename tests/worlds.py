"""Random organizations and documents, as hypothesis strategies: small, and full of coincidences."""

import string
from typing import Any

from hypothesis import strategies as st

from accessplan.services import rights_offered

Data = dict[str, Any]

OWNER = "owner@example.ch"
PEOPLE = [f"{letter}@example.ch" for letter in "abcdefg"]
TEAMS = ["Web", "Support", "Büro 2"]
SERVICES = ["domain", "hosting", "drive", "e_ticketing"]
PRODUCT_NAMES = ["example.ch", "shop.example.ch", "Example.CH", "Team Drive", "#7", "*", "a/b"]
TAGS = ["production", "shop"]
API_ROLES = {"legal_representative": "owner", "administrator": "admin", "collaborator": "normal", "external": "normal"}

people = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=5)
roles = st.sampled_from(
    ["collaborator", "collaborator", "collaborator", "administrator", "legal_representative", "external"]
)
modes = st.sampled_from(["additive", "enforce"])


@st.composite
def organizations(draw: st.DrawFn) -> Data:
    """An organization file: people, invitations, teams, products, and rights on them."""
    products = [
        {"id": 100 + number, "service": draw(st.sampled_from(SERVICES)), "name": draw(st.sampled_from(PRODUCT_NAMES)),
         "tags": draw(st.lists(st.sampled_from(TAGS), unique=True))}
        for number in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    active = draw(people)
    invited = [email for email in draw(people) if email not in active]
    users = [_person(OWNER, "legal_representative"), *(_person(email, draw(roles)) for email in active)]
    for user in users[1:]:
        user["grants"] = draw(_rights_rows(products))
    teams = [
        {"name": name, "services": draw(st.lists(st.sampled_from(SERVICES), unique=True, max_size=2)),
         "members": draw(st.lists(st.sampled_from([OWNER, *active]), unique=True, max_size=4)),
         "leader": draw(st.sampled_from([OWNER, *active]))}
        for name in draw(st.lists(st.sampled_from(TEAMS), unique=True))
    ]  # fmt: skip
    return {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": OWNER,
        "products": products,
        "users": users,
        "invitations": [_person(email, draw(roles)) | {"sent": "-2d", "expires": "28d"} for email in invited],
        "teams": teams,
    }


@st.composite
def documents(draw: st.DrawFn, organization: Data) -> Data:
    """A document that fits an organization: its selectors find products, its owner stays."""
    named = draw(people)
    teams = draw(st.lists(st.sampled_from(TEAMS), unique=True))
    kinds = {"users": draw(modes), "teams": draw(modes), "grants": draw(modes)}
    users: Data = {OWNER: {"first_name": "Olga", "last_name": "Owner", "role": "legal_representative"}}
    for email in named:
        user: Data = {"first_name": email[0].upper(), "last_name": "Person", "role": draw(roles)}
        if draw(st.booleans()):
            user["teams"] = draw(st.lists(st.sampled_from(teams), unique=True)) if teams else []
        if draw(st.booleans()):
            user["grants"] = draw(_grants(organization["products"]))
        users[email] = user
    # An external user who is added by hand can lead a team only after a second round of accepting and doing by hand.
    active = {user["email"] for user in organization["users"]}
    leaders = [email for email, user in users.items() if user["role"] != "external" or email in active]
    return {
        "accessplan": 1,
        "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
        "policy": {"mode": kinds},
        "users": users,
        "teams": {name: draw(_team([OWNER, *named], leaders, organization["products"])) for name in teams},
    }


def _person(email: str, role: str) -> Data:
    names = {"email": email, "first_name": email[0].upper(), "last_name": "Person"}
    return names | {"role": API_ROLES[role]} | ({"external": True} if role == "external" else {})


@st.composite
def _rights_rows(draw: st.DrawFn, products: list[Data]) -> list[Data]:
    rows: dict[object, Data] = {}
    for service in draw(st.lists(st.sampled_from(SERVICES), unique=True, max_size=2)):
        rows[service] = {"service": service, "rights": draw(_rights(service)), "apply_to_all": True}
    for product in draw(st.lists(st.sampled_from(products), max_size=3)) if products else []:
        rows[product["id"]] = {"product": product["id"], "rights": draw(_rights(product["service"]))}
    return list(rows.values())


def _rights(service: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(rights_offered(service))), unique=True, min_size=1)


@st.composite
def _team(draw: st.DrawFn, emails: list[str], leaders: list[str], products: list[Data]) -> Data:
    team: Data = {}
    if draw(st.booleans()):
        team["members"] = draw(st.lists(st.sampled_from(emails), unique=True, max_size=4))
    if draw(st.booleans()):
        team["leader"] = draw(st.sampled_from(leaders))
    if draw(st.booleans()):
        team["grants"] = draw(_grants(products))
    return team


@st.composite
def _grants(draw: st.DrawFn, products: list[Data]) -> Data:
    grants: Data = {}
    for _ in range(draw(st.integers(0, 4))):
        selector, service = draw(_selector(products))
        value: Any = draw(_rights(service)) if service else ["technical"]
        grants[selector] = draw(st.sampled_from([value, "max", {"manage": value, "reason": "work"}]))
        if selector.endswith("/*") and draw(st.booleans()):
            grants[selector] = {"manage": value, "future": draw(st.booleans())}
    return grants


@st.composite
def _selector(draw: st.DrawFn, products: list[Data]) -> tuple[str, str]:
    if not products or draw(st.booleans()):
        service = draw(st.sampled_from(SERVICES))
        return draw(st.sampled_from([(f"{service}/*", service), (f"{service}/@shop", service), ("all", "")]))
    product = draw(st.sampled_from(products))
    service = product["service"]
    forms = [f"{service}/#{product['id']}", f"{service}/*{draw(st.sampled_from(string.ascii_lowercase))}*"]
    return draw(st.sampled_from(forms)), service
