"""The sandbox's organization as a State: all of it, also what no reader is ever shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tests.worlds.names import Data

from accessplan.model import (
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    State,
    Team,
    Use,
    User,
    normalize_email,
    partner_address,
    team_address,
    user_address,
)
from accessplan.select import every, service_of
from accessplan.services import EXTERNAL, FULL, KCHAT, KSUITE, LIMITED, rights_offered

ROLES = {"owner": "legal_representative", "admin": "administrator", "normal": "collaborator"}

Labels = Mapping[int, str]
"""What each product is called in a State, by its number."""


def truth(organization: Data, labels: Labels) -> State:
    """Make a State of an organization file."""
    entries = [*_people(organization, labels), *_teams(organization, labels), *_guests(organization, labels)]
    return with_strangers(State({each.address: each for each in [*entries, *_partners(organization, labels)]}))


def with_strangers(state: State) -> State:
    """Add who is in a kDrive without being in the organization: to `access`, who is no user reaches nothing."""
    uses = (each for each in state.entries.values() if isinstance(each, Use))
    strangers = {user_address(each.email): User(each.email, EXTERNAL) for each in uses}
    return replace(state, entries={**strangers, **state.entries})


def with_brought(state: State, organization: Data, labels: Labels) -> State:
    """Add what a kSuite brings along without being named: kChat, and places in the kDrives that are part of it."""
    brought = [labels[each["product"]] for each in organization.get("drives", ()) if each.get("ksuite")]
    brought += [each for each in labels.values() if service_of(each) == KCHAT]
    uses = (each for each in state.entries.values() if isinstance(each, Use) and service_of(each.target) == KSUITE)
    given = (Use(use.email, label, use.role) for use in uses for label in brought)
    return replace(state, entries={**{each.address: each for each in given}, **state.entries})


def _people(organization: Data, labels: Labels) -> Iterator[Entry]:
    for each in organization["users"]:
        yield from _person(each, labels, invited=False)
    for each in organization.get("invitations", ()):
        if each.get("status", "pending") == "pending":
            yield from _person(each, labels, invited=True)
            for team in each.get("teams", ()):
                yield Membership(team, normalize_email(each["email"]))


def _person(person: Data, labels: Labels, *, invited: bool) -> Iterator[Entry]:
    email = normalize_email(person["email"])
    role = EXTERNAL if person.get("external") else ROLES[person["role"]]
    yield User(email, role, billing=person.get("billing", False), invited=invited)
    yield from _grants(user_address(email), person.get("grants", ()), labels)


def _teams(organization: Data, labels: Labels) -> Iterator[Entry]:
    for team in organization.get("teams", ()):
        name = team["name"]
        yield Team(name, team.get("leader"))
        for service in team.get("services", ()):
            yield Grant(team_address(name), every(service), frozenset(rights_offered(service)))
        yield from _grants(team_address(name), team.get("grants", ()), labels)
        for email in team.get("members", ()):
            yield Membership(name, normalize_email(email))


def _grants(subject: Address, rows: Iterable[Data], labels: Labels) -> Iterator[Entry]:
    for row in rows:
        target = labels[row["product"]] if "product" in row else every(row["service"])
        yield Grant(subject, target, frozenset(row["rights"]))


def _guests(organization: Data, labels: Labels) -> Iterator[Entry]:
    for hosting in organization.get("mail_hostings", ()):
        for mailbox in hosting.get("mailboxes", ()):
            name = normalize_email(f"{mailbox['name']}@{hosting['domain']}")
            yield from (_delegation(name, access) for access in mailbox.get("accesses", ()))
    for kind in ("drives", "ksuites", "kchats"):
        for product in organization.get(kind, ()):
            invited = (each for each in product.get("invitations", ()) if "status" not in each)
            inside = (each for each in product.get("users", ()) if each.get("status") != "locked")
            for each in (*invited, *inside):
                yield Use(normalize_email(each["email"]), labels[product["product"]], each["role"])


def _delegation(mailbox: str, access: Data) -> Delegation:
    permissions = frozenset(access.get("permissions", ()))
    return Delegation(mailbox, normalize_email(access["user"]), permissions, sends=access.get("send", True))


def _partners(organization: Data, labels: Labels) -> Iterator[Entry]:
    for each in organization.get("partners", ()):
        if each.get("status") != "rejected":
            access = FULL if each.get("full_access") else LIMITED
            yield Partner(each["name"], access, wallet=each.get("wallet", False))
            yield from _grants(partner_address(each["name"]), each.get("products", ()), labels)
