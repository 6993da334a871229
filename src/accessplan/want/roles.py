"""Roles: those that are ready-made, and those of the document, followed down to a base role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from accessplan.model import GRANT, Address
from accessplan.select import EVERYTHING, parse
from accessplan.services import ADMINISTRATOR, COLLABORATOR, ROLES
from accessplan.want.document import (
    ALWAYS,
    BASE_ROLES,
    ROLE,
    UNSAID,
    CustomRole,
    Listed,
    Mention,
    Role,
    Said,
    Settings,
    WantedGrant,
)
from accessplan.want.fit import check_fit
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes


class Level(NamedTuple):
    """A ready-made role: a base role, and a right on everything or the billing right."""

    base: str
    right: str = ""
    billing: bool = False


LEVELS: Mapping[str, Level] = {
    "full_access": Level(ADMINISTRATOR),
    "technical_access": Level(COLLABORATOR, right="technical"),
    "billing_access": Level(COLLABORATOR, billing=True),
    "read_only_access": Level(COLLABORATOR, right="statistic"),
}
"""The four levels of access that people know from delegation, as near as the live system comes to them.

Full access is a role, which nothing narrows. The billing right is to manage the billing account, not only to look at
invoices. There is no right to see and not to change but that to the statistics (infomaniak.md 1.4, 1.6).
"""


def role_of(roles: Mapping[str, Role], mention: Mention) -> Role | None:
    """Find a role; what a ready-made one gives has no line of its own but the one that names it."""
    return roles.get(mention.name) or _ready_made(mention)


def role_names(roles: Mapping[str, Role]) -> Names:
    """Return every name that a role goes by."""
    return Names([*roles, *LEVELS])


def settle_roles(written: Sequence[CustomRole], notes: Notes) -> Mapping[str, Role]:
    """Follow every custom role down to its base role, gathering grants and settings on the way."""
    custom = {role.name: role for role in written}
    known = Names([*custom, *BASE_ROLES, *LEVELS])
    settled = dict(BASE_ROLES)
    for role in written:
        if role.name in BASE_ROLES or role.name in LEVELS:
            kind = "base" if role.name in BASE_ROLES else "built-in"
            notes.error("role-name-taken", f"{role.name} is a {kind} role", role.place, role.address, "rename yours")
            continue
        chain = _chain(role, custom)
        names, end = [each.name for each in chain], chain[-1].base
        settled[role.name] = _united(chain, role_of(BASE_ROLES, end))
        if role.base.name and role.base.name not in known:
            unknown_role(role.base, role.address, known, notes)
        if end.name == role.name == min(names):
            message = f"roles are built on each other in a circle: {' → '.join(map(quote, [*names, end.name]))}"
            notes.error("cyclic-role", message, role.base.place, role.address, "build one of them on a base role")
        check_fit(settled[role.name].base, role.settings, role.grants, role.address, notes)
    return settled


def unknown_role(role: Mention, address: Address, known: Names, notes: Notes) -> None:
    """Note that there is no role of a name."""
    hint = known.hint(role.name, f"write {', '.join(ROLES)}, or describe it under roles")
    notes.error("unknown-role", f"there is no role {quote(role.name)}", role.place, address, hint)


def _ready_made(mention: Mention) -> Role | None:
    level = LEVELS.get(mention.name)
    if level is None:
        return None
    address = Address(ROLE, mention.name, GRANT, EVERYTHING)
    rights = frozenset({level.right})
    grant = WantedGrant(address, parse(EVERYTHING), rights, "", future=True, period=ALWAYS, place=mention.place)
    return Role(
        level.base,
        Listed(None, (grant,) if level.right else ()),
        Settings(billing=Said(value=True, place=mention.place)) if level.billing else UNSAID,
    )


def _chain(role: CustomRole, custom: Mapping[str, CustomRole]) -> list[CustomRole]:
    """Return a role and those it is built on, up to a ready-made one, an unknown one, or one that is there already."""
    chain = {role.name: role}
    while (base := role.base.name) in custom and base not in chain and base not in BASE_ROLES and base not in LEVELS:
        role = chain[base] = custom[base]
    return list(chain.values())


def _united(chain: Sequence[CustomRole], ground: Role | None) -> Role:
    place = next((role.grants.place for role in chain if role.grants.place), None)
    grants = [grant for role in chain for grant in role.grants.items]
    settings = UNSAID
    for role in chain:
        settings = settings.over(role.settings)
    if ground is None:
        return Role("", Listed(place, tuple(grants)), settings)
    return Role(ground.base, Listed(place, (*grants, *ground.grants.items)), settings.over(ground.settings))
