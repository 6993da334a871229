"""Random documents that fit an organization: valid ones, whose plans can come to an end."""

import json
import string
from typing import Any

from hypothesis import strategies as st
from tests.worlds.names import (
    BASE_ROLES,
    OWNER,
    PARTNERS,
    PEOPLE,
    SERVICES,
    TEAMS,
    Data,
    late_in,
    mailboxes_of,
    people,
    people_in,
    products_of,
    rights_on,
    seldom,
    some,
    unlike,
)

from accessplan.model import fold
from accessplan.services import DRIVE, KCHAT, KSUITE, MAILBOX_PERMISSIONS, USE_ROLES
from accessplan.want.roles import LEVELS

PAST, FUTURE = "2026-02-27", "2026-04-01"
GOVERNING = {"administrator", "legal_representative", "full_access"}
MODES = ["users", "teams", "grants", "mailboxes", "partners"]


@st.composite
def documents(
    draw: st.DrawFn, organization: Data, *, gentle: bool = False, lists_users: bool = False, alone: bool = False
) -> Data:
    """A document that fits an organization: its selectors find products, its owner stays.

    Unless it `lists_users`, it may leave them out; those it names are then users of the organization. Some places in
    kDrives of a kSuite may stand `alone`, without the kSuite that brings them.
    """
    products = products_of(organization)
    modes = st.just("additive") if gentle else st.sampled_from(["additive", "enforce"])
    roles = {name: draw(_role(products, gentle=gentle)) for name in draw(some(["contractor", "clerk"]))}
    teams = draw(unlike(TEAMS))
    document: Data = {
        "accessplan": 1,
        "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
        "policy": {"mode": {kind: draw(modes) for kind in MODES}},
        "roles": roles,
    }
    if lists_users or draw(st.sampled_from([True] * 7 + [False])):
        users = {each: draw(_user(each, roles, teams, products, gentle=gentle)) for each in draw(people)}
        document["users"] = {draw(_spelled(each)): user for each, user in users.items()} | {OWNER: draw(_owner())}
        named = [OWNER, *users]
        leaders = _leaders(users, roles, organization)
    else:
        named = people_in(organization)
        leaders = [each["email"] for each in organization["users"]]
    document["teams"] = {name: draw(_team(named, leaders, products, gentle=gentle)) for name in teams}
    if any("of_suite" in each for each in products) and not (alone and draw(st.booleans())):
        _with_suites(document)
    if mailboxes := mailboxes_of(organization):
        chosen = draw(some(mailboxes, 3))
        openers = named if "users" in document else [each for each in named if each not in late_in(organization)]
        document["mailboxes"] = {each: draw(_mailbox(each, openers, gentle=gentle)) for each in chosen}
    if draw(seldom) or organization["partners"]:
        partners = draw(unlike(PARTNERS))
        document["partners"] = {name: draw(_partner(products, gentle=gentle)) for name in partners}
    if not gentle and draw(seldom):
        document["removed"] = draw(_removed(document, organization))
    return document


def _leaders(users: Data, roles: Data, organization: Data) -> list[str]:
    """List who may lead a team.

    An external user who is added by hand can lead one only after a second round of accepting and doing by hand.
    """
    active = {user["email"] for user in organization["users"]}
    bases = {each: _base(user["role"], roles) for each, user in users.items()}
    return [OWNER, *(each for each, base in bases.items() if base != "external" or each in active)]


def _base(role: str, roles: Data) -> str:
    role = roles[role]["base"] if role in roles else role
    return LEVELS[role].base if role in LEVELS else role


@st.composite
def _spelled(draw: st.DrawFn, email: str) -> str:
    return email.upper() if draw(seldom) else email


@st.composite
def _owner(draw: st.DrawFn) -> Data:
    owner: Data = {"first_name": "Olga", "last_name": "Owner", "role": "legal_representative"}
    return owner | ({"notifications": {"products": draw(st.booleans())}} if draw(seldom) else {})


@st.composite
def _role(draw: st.DrawFn, products: list[Data], *, gentle: bool) -> Data:
    base = st.sampled_from([*BASE_ROLES, *LEVELS])
    role: Data = {"base": draw(base)}
    if draw(st.booleans()):
        role["grants"] = draw(_grants(products, gentle=gentle))
    return role | draw(_settings(governs=role["base"] in GOVERNING))


@st.composite
def _settings(draw: st.DrawFn, *, governs: bool) -> Data:
    """Billing and notifications. The billing right of those who govern cannot be taken."""
    settings: Data = {}
    if not governs and draw(seldom):
        settings["billing"] = draw(st.booleans())
    if draw(seldom):
        settings["notifications"] = {each: draw(st.booleans()) for each in draw(some(["billing", "products"]))}
    return settings


@st.composite
def _user(draw: st.DrawFn, email: str, roles: Data, teams: list[str], products: list[Data], *, gentle: bool) -> Data:
    role = draw(st.sampled_from([*BASE_ROLES, *BASE_ROLES, *LEVELS, *roles]))
    user: Data = {"first_name": email[0].upper(), "last_name": "Person", "role": role}
    if draw(st.booleans()):
        user["teams"] = draw(some(teams))
    if draw(st.booleans()):
        user["grants"] = draw(_grants(products, gentle=gentle))
    if draw(seldom):
        user["language"] = "de"
    user |= draw(_settings(governs=_base(role, roles) in GOVERNING))
    return user | (draw(_dates(gentle=gentle)) if draw(seldom) else {})


@st.composite
def _dates(draw: st.DrawFn, *, gentle: bool) -> Data:
    dates = [{"since": FUTURE}, {"until": FUTURE}, {"since": PAST, "until": FUTURE}]
    return draw(st.sampled_from(dates if gentle else [*dates, {"until": PAST}]))


@st.composite
def _team(draw: st.DrawFn, emails: list[str], leaders: list[str], products: list[Data], *, gentle: bool) -> Data:
    team: Data = {}
    if draw(st.booleans()):
        team["members"] = draw(some(emails, 4))
    if draw(st.booleans()) and leaders:
        team["leader"] = draw(st.sampled_from(leaders))
    if draw(st.booleans()):
        team["grants"] = draw(_grants(products, gentle=gentle))
    return team


@st.composite
def _grants(draw: st.DrawFn, products: list[Data], *, gentle: bool, uses: bool = True, at_least: int = 0) -> Data:
    grants: Data = {}
    for _ in range(draw(st.integers(at_least, 4))):
        selector, service = draw(_selector(products))
        offered = _roles_in(service, products) if uses else ()
        grants[selector] = draw(_value(selector, service, offered, gentle=gentle))
    return grants


def _with_suites(document: Data) -> None:
    """Give the kSuite wherever places in kDrives are given: those that are part of it come with it alone."""
    for kind in ("roles", "users", "teams"):
        for grants in (entry.get("grants", {}) for entry in document.get(kind, {}).values()):
            if any(key.startswith(f"{DRIVE}/") and "use" in value for key, value in grants.items()):
                grants[f"{KSUITE}/*"] = {"use": "user"}


def _roles_in(service: str, products: list[Data]) -> tuple[str, ...]:
    """List the roles that one may want in the products of a service; of none in particular for `all`.

    kChat comes with kSuite, and places in the kDrives that are part of one. Another role than in the kSuite can be
    given only once the place is there, in a second round; and to be external there, one must not have the kSuite.
    """
    has_suite = any(each["service"] == KSUITE for each in products)
    if any("of_suite" in each for each in products):
        return ("user",) if service in ("", *USE_ROLES) else ()
    if has_suite and service in (KSUITE, KCHAT, ""):
        return ("user",)
    return USE_ROLES.get(service, ()) if service else ("user", "admin")


@st.composite
def _value(draw: st.DrawFn, selector: str, service: str, offered: tuple[str, ...], *, gentle: bool) -> Any:
    manage: Any = draw(rights_on(service)) if service else ["technical"]
    kinds = ["rights", "max", "map"] + (["use", "use", "use", "both"] if offered else [])
    match draw(st.sampled_from(kinds)):
        case "rights":
            return manage[0] if len(manage) == 1 and draw(st.booleans()) else manage
        case "max":
            return "max"
        case "use":
            value: Data = {"use": draw(st.sampled_from(offered))}
        case "both":
            value = {"use": draw(st.sampled_from(offered)), "manage": manage}
        case _:
            value = {"manage": manage, "reason": "work"}
    if "manage" in value and (selector.endswith("/*") or not service) and draw(st.booleans()):
        value["future"] = draw(st.booleans())
    return value | (draw(_dates(gentle=gentle)) if draw(seldom) else {})


@st.composite
def _selector(draw: st.DrawFn, products: list[Data]) -> tuple[str, str]:
    if not products or draw(seldom):
        service = draw(st.sampled_from(SERVICES))
        return draw(st.sampled_from([(f"{service}/*", service), (f"{service}/@shop", service), ("all", "")]))
    product = draw(st.sampled_from(products))
    service = product["service"]
    forms = [
        f"{service}/#{product['id']}",
        f"{service}/*{draw(st.sampled_from(string.ascii_lowercase))}*",
        f"{service}/*",
    ]
    return draw(st.sampled_from(forms)), service


@st.composite
def _mailbox(draw: st.DrawFn, mailbox: str, named: list[str], *, gentle: bool) -> Data:
    if draw(st.sampled_from([False] * 7 + [True])):
        return {}
    delegates = [each for each in draw(some(named, 4)) if each != mailbox]
    return {"delegates": {draw(_spelled(each)): draw(_delegate(gentle=gentle)) for each in delegates}}


@st.composite
def _delegate(draw: st.DrawFn, *, gentle: bool) -> Any:
    flags = st.lists(st.sampled_from(MAILBOX_PERMISSIONS), unique=True, min_size=1, max_size=3)
    access: Any = draw(st.one_of(st.sampled_from(["read", "read_write"]), flags))
    if draw(st.booleans()):
        return access
    return {"access": access} | (draw(_dates(gentle=gentle)) if draw(seldom) else {})


@st.composite
def _partner(draw: st.DrawFn, products: list[Data], *, gentle: bool) -> Data:
    """A partner. With limited access the Manager wants a product at least, and takes no end of that for an answer."""
    dates = draw(_dates(gentle=gentle)) if draw(seldom) else {}
    if draw(st.booleans()):
        return {"access": "full", "wallet": draw(st.booleans())} | dates
    service = draw(st.sampled_from(SERVICES))
    grants = draw(_grants(products, gentle=gentle, uses=False)) | {f"{service}/*": draw(rights_on(service))}
    return {"access": "limited", "grants": grants} | dates


@st.composite
def _removed(draw: st.DrawFn, document: Data, organization: Data) -> list[Data]:
    candidates = sorted(_removable(document, organization))
    return [{"entry": each, "reason": "gone"} for each in draw(some(candidates, 3))]


def _removable(document: Data, organization: Data) -> set[str]:
    """List what may be removed: nothing that the document wants as well."""
    users = {each.lower(): user for each, user in document.get("users", {}).items()}
    teams = document["teams"]
    known_teams = {each["name"] for each in organization["teams"]} | {*teams}
    targets = [f"{each['service']}/#{each['id']}" for each in products_of(organization)] + ["domain/*", "hosting/*"]
    gone = set[str]()
    if "users" in document:
        gone |= {_address("user", each) for each in PEOPLE if each not in users}
    gone |= {_address("team", each) for each in known_teams if fold(each) not in map(fold, teams)}
    in_teams = {(fold(name), each) for name, team in teams.items() for each in team.get("members", ())}
    in_teams |= {(fold(name), each) for each, user in users.items() for name in user.get("teams", ())}
    gone |= {
        _address("team", team, "member", each)
        for team in known_teams
        for each in PEOPLE
        if (fold(team), each) not in in_teams
    }
    gives_uses = any("use" in str(team.get("grants", "")) for team in teams.values())
    for email in PEOPLE:
        user = users.get(email, {"role": "collaborator"})
        if "grants" not in user and user["role"] in BASE_ROLES:
            gone |= {_address("user", email, "grant", each) for each in targets}
            if not gives_uses:
                gone |= {_address("user", email, "use", each) for each in targets if each.split("/")[0] in USE_ROLES}
    gone |= {
        _address("team", name, "grant", each)
        for name, team in teams.items()
        if "grants" not in team
        for each in targets
    }
    for mailbox in mailboxes_of(organization):
        delegates = document.get("mailboxes", {}).get(mailbox, {}).get("delegates", {})
        opened = {each.lower() for each in delegates}
        gone |= {_address("mailbox", mailbox, "delegate", each) for each in PEOPLE if each not in opened}
    partners = {*map(fold, document.get("partners", {}))}
    return gone | {_address("partner", each) for each in PARTNERS if fold(each) not in partners}


def _address(kind: str, name: str, part: str = "", key: str = "") -> str:
    entry = f"{kind}[{json.dumps(name, ensure_ascii=False)}]"
    return f"{entry}.{part}[{json.dumps(key, ensure_ascii=False)}]" if part else entry
