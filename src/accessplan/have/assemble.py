"""Make the State of what was seen of the live organization. What stays unknown is said, never guessed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from json.encoder import encode_basestring

from accessplan.have.answer import plain
from accessplan.have.live import Live
from accessplan.have.moments import NO_MOMENTS, Moments
from accessplan.have.shapes import EXTERNAL_TYPE, ROLES, AccountRow, Permission, Person, ProductRow, TeamRow
from accessplan.model import (
    GRANT,
    PARTNER,
    TEAM,
    USER,
    Address,
    BlindSpot,
    Entry,
    Grant,
    Membership,
    Product,
    State,
    Team,
    User,
    team_address,
    user_address,
)
from accessplan.select import Catalogue, every
from accessplan.services import EXTERNAL, FULL, GOVERNING_ROLES, LIMITED

USER_PRODUCTS = "The live system did not show the rights of users on single products."
USER_SERVICES = "The live system did not show the rights of users on whole services."
TEAM_PRODUCTS = "The live system does not show the rights of teams on single products."
TEAM_SERVICES = "The live system did not show the rights of teams."
BILLING = "The live system did not show who has the billing right."
NOTIFICATIONS = {"notify_billing": "billing reminders", "notify_products": "product events"}
PARTNERS = "The live system does not show partners, nor what they reach."


@dataclass(frozen=True, slots=True)
class Seen:
    """What the requests gave. `members` are e-mail addresses by team number, `services` names by number.

    `doubles` are further rows of people, each with the row that counts. `moment` is when it was seen, by the clock of
    the live system.
    """

    account: AccountRow
    people: Sequence[Person]
    doubles: Sequence[tuple[Person, Person]]
    teams: Sequence[TeamRow]
    members: Mapping[int, set[str]]
    products: Sequence[ProductRow]
    services: Mapping[int, str]
    rejected: frozenset[str]
    moment: datetime | None


def assemble(organization_id: int, seen: Seen) -> Live:
    """Make the live organization. Rights of people who govern it are kept: they count again when the role goes."""
    teams = _by_name(seen.teams)
    held = [*_held_by_people(seen), *_held_by_teams(teams.values())]
    services = _service_names(seen, held)
    catalogue = _catalogue(seen.products, services)
    targets = _targets(held, services, catalogue)
    entries = chain(_users(seen), _teams(teams, seen), _memberships(teams, seen), _grants(held, targets))
    gaps = chain(
        _as_others_see(seen.account),
        _unknown_roles(seen),
        _doubles(seen),
        _hidden_teams(seen),
        _unknown_teams(teams, seen),
        _unknown_leaders(teams, seen),
        _unknown_targets(targets),
    )
    return Live(
        organization_id,
        seen.account.name,
        State(
            {entry.address: entry for entry in entries},
            tuple(_blind_spots(seen)),
            seen.rejected,
            partnerships=_partnerships(seen.account),
        ),
        catalogue,
        ids={user_address(each.email): each.number for each in seen.people}
        | {team_address(each.name): each.number for each in teams.values()},
        service_ids={name: number for number, name in services.items()},
        caller_role=seen.account.role,
        caller=_caller(seen),
        not_covered=tuple(sorted(set(gaps))),
        moments=dict(_moments(teams, seen)),
        expiries={catalogue.label(each): seconds for each, seconds in _expiries(catalogue, seen)},
        partial=frozenset(_partial(teams, seen, targets)),
        partial_teams=frozenset(subject.name for subject, each in held if subject.kind == TEAM and not targets[each]),
    )


_Held = tuple[Address, Permission]
"""A user or team, and rights it holds."""

_Targets = Mapping[Permission, str]
"""The target of each permission; empty where its product or service is in no list."""


def _by_name(teams: Iterable[TeamRow]) -> Mapping[str, TeamRow]:
    """Find teams by name; of two with the same name the older one counts."""
    return {each.name: each for each in sorted(teams, key=lambda each: each.number, reverse=True)}


def _caller(seen: Seen) -> str:
    """Tell whose token it is, where one active user alone has the role that the token's owner has.

    The live system says who it is, at a request of its own [openapi core].
    """
    emails = [each.email for each in seen.people if not each.invited and each.role == seen.account.role]
    return emails[0] if len(emails) == 1 else ""


def _moments(teams: Mapping[str, TeamRow], seen: Seen) -> Iterator[tuple[Address, Moments]]:
    for person in seen.people:
        if person.moments != NO_MOMENTS:
            yield user_address(person.email), person.moments
    for name, row in teams.items():
        if row.moments != NO_MOMENTS:
            yield team_address(name), row.moments


def _expiries(catalogue: Catalogue, seen: Seen) -> Iterator[tuple[Product, int]]:
    ends = {(each.service_name, each.number): each.expired_at for each in seen.products}
    for product in catalogue.products:
        if seconds := ends.get((product.service, product.id)):
            yield product, seconds


def _users(seen: Seen) -> Iterator[Entry]:
    """Make the users. Who governs has the billing right by role [faq 1440], so what else they have is not shown."""
    for each in seen.people:
        yield User(
            each.email,
            each.role,
            billing=None if each.role in GOVERNING_ROLES else each.billing,
            notify_billing=each.notify_billing,
            notify_products=each.notify_products,
            first_name=each.first_name,
            last_name=each.last_name,
            language=each.language,
            invited=each.invited,
            expired=_is_expired(each, seen),
        )


def _is_expired(person: Person, seen: Seen) -> bool:
    """Tell whether an invitation is still pending, and too old: it has no status of its own for that [openapi core]."""
    return person.invited and 0 < (person.expired_at or 0) <= (seen.moment.timestamp() if seen.moment else 0)


def _teams(teams: Mapping[str, TeamRow], seen: Seen) -> Iterator[Entry]:
    emails = _emails(seen)
    for name, row in teams.items():
        yield Team(name, emails.get(row.leader) if row.leader is not None else None)


def _memberships(teams: Mapping[str, TeamRow], seen: Seen) -> Iterator[Entry]:
    for name, row in teams.items():
        for email in sorted(seen.members.get(row.number, ())):
            yield Membership(name, email)


def _grants(held: Iterable[_Held], targets: _Targets) -> Iterator[Entry]:
    """Make one grant of all that a subject holds on a target; no right at all is no grant."""
    rights: defaultdict[tuple[Address, str], set[str]] = defaultdict(set)
    for subject, permission in held:
        if target := targets[permission]:
            rights[subject, target] |= permission.rights
    for (subject, target), together in rights.items():
        if together:
            yield Grant(subject, target, frozenset(together))


def _held_by_people(seen: Seen) -> Iterator[_Held]:
    """List the rights of people; those on single products are on the products where the users do not show them."""
    on_products = _rights_on_products(seen.products)
    for person in seen.people:
        wide = person.service_permissions or ()
        single = person.permissions
        if single is None and not person.invited:
            single = tuple(each for each in on_products.get(person.number, ()) if not _is_implied(each, wide))
        for permission in (*wide, *(single or ())):
            yield user_address(person.email), permission


def _held_by_teams(teams: Iterable[TeamRow]) -> Iterator[_Held]:
    for team in teams:
        for permission in team.permissions or ():
            yield team_address(team.name), permission


def _rights_on_products(products: Iterable[ProductRow]) -> Mapping[int, list[Permission]]:
    """Turn the users of each product into the permissions of each user."""
    found: defaultdict[int, list[Permission]] = defaultdict(list)
    for product in products:
        for user_id, rights in (product.users or {}).items():
            found[user_id].append(Permission(rights, product.service_id, product.service_name, product.number))
    return found


def _is_implied(single: Permission, wide: Iterable[Permission]) -> bool:
    same = (each for each in wide if single.service_id == each.service_id or single.service_name == each.service_name)
    return single.rights <= frozenset[str]().union(*(each.rights for each in same))


def _service_names(seen: Seen, held: Iterable[_Held]) -> Mapping[int, str]:
    """Name services as their products do; the API has more than one set of names (infomaniak.md 5.6)."""
    by_permissions = {each.service_id: each.service_name for _, each in held if each.service_id and each.service_name}
    return by_permissions | dict(seen.services) | {each.service_id: each.service_name for each in seen.products}


def _catalogue(products: Iterable[ProductRow], services: Mapping[int, str]) -> Catalogue:
    known = [Product(each.number, each.service_name, each.name, each.internal_name, each.tags) for each in products]
    return Catalogue(known, services.values())


def _targets(held: Iterable[_Held], services: Mapping[int, str], catalogue: Catalogue) -> _Targets:
    """Find the target of each permission; one that names no service must mean the only product of its number."""
    labels = {(each.service, each.id): catalogue.label(each) for each in catalogue.products}
    times = Counter(each.id for each in catalogue.products)
    labels |= {("", each.id): catalogue.label(each) for each in catalogue.products if times[each.id] == 1}
    targets: dict[Permission, str] = {}
    for _, each in held:
        service = services.get(each.service_id or 0, each.service_name)
        if each.product_id is not None:
            targets[each] = labels.get((service, each.product_id), "")
        else:
            targets[each] = every(service) if service else ""
    return targets


def _blind_spots(seen: Seen) -> Iterator[BlindSpot]:
    granted = [each for each in seen.people if each.role not in GOVERNING_ROLES]
    products_tell = all(each.users is not None for each in seen.products)
    if any(each.permissions is None and (each.invited or not products_tell) for each in granted):
        yield BlindSpot(USER, GRANT, USER_PRODUCTS, single_products=True)
    if any(each.service_permissions is None for each in granted):
        yield BlindSpot(USER, GRANT, USER_SERVICES)
    if any(each.permissions is None for each in seen.teams):
        yield BlindSpot(TEAM, GRANT, TEAM_SERVICES)
    yield BlindSpot(TEAM, GRANT, TEAM_PRODUCTS, single_products=True, by_word=True)
    for attribute, what in NOTIFICATIONS.items():
        if any(getattr(each, attribute) is None for each in seen.people):
            reason = f"The live system did not show who is told of {what}."
            yield BlindSpot(USER, "", reason, attribute=attribute, by_word=True)
    if any(each.billing is None for each in granted):
        yield BlindSpot(USER, "", BILLING, attribute="billing", by_word=True)
    partners = f"{PARTNERS} {_partnership(seen.account)}"
    yield BlindSpot(PARTNER, "", partners, by_word=True)
    yield BlindSpot(PARTNER, GRANT, partners, by_word=True)


def _partnership(account: AccountRow) -> str:
    """Say what of partnerships is shown: that there is one, and of which kind (infomaniak.md 2.2)."""
    kinds = _partnerships(account)
    if kinds is None:
        return "Whether there is a partnership is not shown either."
    told = f"a partnership with {' and '.join(sorted(kinds))} access" if kinds else "no partnership"
    return f"It tells of {told}."


def _partnerships(account: AccountRow) -> frozenset[str] | None:
    shown = {FULL: account.full_partner, LIMITED: account.limited_partner}
    return None if None in shown.values() else frozenset(kind for kind, there in shown.items() if there)


def _partial(teams: Mapping[str, TeamRow], seen: Seen, targets: _Targets) -> Iterator[str]:
    """Name the invited people who may be in more teams, or hold more rights, than the State says."""
    known = {each.number for each in teams.values()}
    for each in seen.people:
        held = (*(each.permissions or ()), *(each.service_permissions or ()))
        whole = each.is_shown_in_full and known.issuperset(each.teams or ()) and all(targets[one] for one in held)
        if each.invited and not whole:
            yield each.email


def _as_others_see(account: AccountRow) -> Iterator[str]:
    """Say what a token that is no administrator's does not show: products its owner has no right on [openapi core]."""
    role = account.role
    if role and role not in GOVERNING_ROLES:
        what = "an external user" if role == EXTERNAL else f"a {role}"
        yield (
            f"The token's owner is {what}, and sees only products they have a right on:"
            " others look as if they did not exist. Use the token of an administrator."
        )


def _unknown_roles(seen: Seen) -> Iterator[str]:
    for each in seen.people:
        if each.role_type not in (*ROLES, EXTERNAL_TYPE):
            role = _quoted(each.role_type)
            yield f"The role of {plain(each.email)} is {role}, which is not documented: it is read as external."


def _doubles(seen: Seen) -> Iterator[str]:
    for each, counting in seen.doubles:
        what, instead = ("invitation" if one.invited else "user" for one in (each, counting))
        yield (
            f"{what.capitalize()} #{each.number} of {plain(each.email)} is left out:"
            f" {instead} #{counting.number} has the same address."
        )


def _hidden_teams(seen: Seen) -> Iterator[str]:
    for each in seen.people:
        if each.invited and each.teams is None:
            yield f"The teams that {plain(each.email)} is invited to were not shown."


def _unknown_teams(teams: Mapping[str, TeamRow], seen: Seen) -> Iterator[str]:
    for row in seen.teams:
        if teams[row.name] is not row:
            older = teams[row.name].number
            yield f"Team #{row.number} is left out: team #{older} has the same name, {_quoted(row.name)}."
    for number in seen.members.keys() - {each.number for each in seen.teams}:
        yield f"The members of team #{number} are left out: the list of teams does not show it."


def _unknown_leaders(teams: Mapping[str, TeamRow], seen: Seen) -> Iterator[str]:
    emails = _emails(seen)
    for name, row in teams.items():
        if row.leader is not None and row.leader not in emails:
            yield f"The leader of team {_quoted(name)} is user #{row.leader}, whom the list of users does not show."


def _unknown_targets(targets: _Targets) -> Iterator[str]:
    for permission, target in targets.items():
        if not target:
            what = f"product #{permission.product_id}" if permission.product_id else f"service #{permission.service_id}"
            yield f"Rights on {what} are left out: it is in no list that the token may read."


def _quoted(text: str) -> str:
    return encode_basestring(plain(text))


def _emails(seen: Seen) -> Mapping[int, str]:
    return {each.number: each.email for each in seen.people if not each.invited}
