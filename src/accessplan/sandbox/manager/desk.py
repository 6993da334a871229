"""What every screen of the Manager needs: who is there, whom and what they name, how values are checked."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from accessplan.sandbox import grants, people
from accessplan.sandbox.body import Check, fields, integer, listed, maybe, one_of, text
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant, Subject
from accessplan.sandbox.people import MANAGERS, OWNER, ROLE_TYPES, ROLE_WORDS
from accessplan.sandbox.services import RIGHTS, SERVICE_IDS, SERVICES, offered
from accessplan.sandbox.store import setting

Act = Mapping[str, Any]

NOTHING = "nothing to do: "

NAME = text(longest=255)
ROLE = one_of(ROLE_TYPES)
ACCESS = fields({"service": one_of(SERVICE_IDS), "product": maybe(integer), "rights": listed(one_of(RIGHTS))})


@dataclass(frozen=True)
class Desk:
    """The Manager, opened by somebody."""

    db: sqlite3.Connection
    by: sqlite3.Row
    now: int


class Step(NamedTuple):
    """A screen of the Manager: what it does with its values, and how they are checked."""

    do: Callable[[Desk, Act], str]
    check: Check


def values(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Check the values of a step; `by` is one of every step's."""
    return fields(required, {"by": maybe(text(longest=255)), **(optional or {})})


def actor(db: sqlite3.Connection, by: str | None) -> sqlite3.Row:
    """Find who does the step: `by`, or the token_user. Raises Refused when they govern nothing."""
    name = by or setting(db, "token_user")
    found = people.find_user(db, name) if name else None
    if found is None:
        raise Refused(f"{name or 'nobody'} is no active user who could do that")
    if found["role_type"] not in MANAGERS:
        raise Refused(
            f"{name} is {ROLE_WORDS[found['role_type']]}: only an administrator or a legal representative may do that"
        )
    return found


def person(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    """Find a user or somebody invited. Raises Refused."""
    who = people.find(db, name)
    if who is None:
        raise Refused(f"{name} is neither a user nor invited")
    return who


def user(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    """Find an active user. Raises Refused."""
    found = people.find_user(db, name)
    if found is not None:
        return found
    if people.find(db, name):
        message = f"{name} is invited, not active yet: the Manager has no such screen for them"
    else:
        message = f"{name} is no user of the organization"
    raise Refused(message)


def team(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    """Find a team by its name. Raises Refused."""
    found: sqlite3.Row | None = db.execute("SELECT * FROM teams WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise Refused(f"there is no team {name!r}")
    return found


def role_type(desk: Desk, role: str) -> str:
    """Say what the API calls a role that is to be given. Raises Refused: an owner is named by an owner only."""
    found = ROLE_TYPES[role]
    if found == OWNER and desk.by["role_type"] != OWNER:
        raise Refused(f"{desk.by['email']} is no legal representative: only one names another")
    return found


def keep_an_owner(db: sqlite3.Connection, who: sqlite3.Row) -> None:
    """Raise Refused when this user is the last legal representative."""
    if people.is_last_owner(db, who):
        raise Refused(f"{who['email']} is the last legal representative: name another first")


def set_rights(desk: Desk, subject: Subject, name: str, access: Iterable[Act]) -> list[str]:
    """Let someone hold these rights, a row a product or service, none others there. Raises Refused."""
    return [_set_right(desk, subject, name, grant_of(desk, row)) for row in access]


def _set_right(desk: Desk, subject: Subject, name: str, grant: Grant) -> str:
    said = f"{', '.join(sorted(grant.rights)) or 'no rights'} on {where(grant)}"
    if grants.put(desk.db, subject, grant):
        return f"{name} has {said} now"
    return f"{NOTHING}{name} has {said} already"


def grant_of(desk: Desk, access: Act) -> Grant:
    """Read a row of `ACCESS`; without a product it is the whole service. Raises Refused for what is not there."""
    service, product_id, rights = access["service"], access["product"] or EVERY_PRODUCT, access["rights"]
    service_id = SERVICE_IDS[service]
    known = "SELECT 1 FROM products WHERE id = ? AND service_id = ?"
    if product_id != EVERY_PRODUCT and not desk.db.execute(known, (product_id, service_id)).fetchone():
        raise Refused(f"{service} has no product {product_id}")
    missing = [right for right in rights if right not in offered(service_id)]
    if missing:
        raise Refused(f"{service} does not offer {', '.join(missing)}")
    return Grant(service_id, product_id, rights)


def where(grant: Grant) -> str:
    """Name the product, or the service, of a grant."""
    service = SERVICES[grant.service_id]
    return f"{service}/*" if grant.product_id == EVERY_PRODUCT else f"{service}/#{grant.product_id}"


def told(done: Iterable[str]) -> str:
    """Put what several parts of a screen did into one line; what held already is told only where all of it did."""
    lines = list(done)
    return "; ".join([line for line in lines if not line.startswith(NOTHING)] or lines)
