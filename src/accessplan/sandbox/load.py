"""From the organization file into the store."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from accessplan.sandbox import grants, partners, people
from accessplan.sandbox.apps import load as apps
from accessplan.sandbox.errors import SeedError
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant
from accessplan.sandbox.known import Known, place
from accessplan.sandbox.mail import file as mail
from accessplan.sandbox.people import Invitation, User, address
from accessplan.sandbox.services import LANGUAGE_IDS, SERVICES, offered
from accessplan.sandbox.store import Store, empty, keep_setting

Entry = Mapping[str, Any]

PER_PAGE_MAX = 100


def seed(
    store: Store,
    organization: Mapping[str, Any],
    now: datetime,
    *,
    per_page_max: int = PER_PAGE_MAX,
    digest: str | None = None,
) -> None:
    """Empty the store and fill it from an organization file that its schema has passed.

    Relative dates count from `now`; `per_page_max` is what a longer page is cut to; `digest` is that of the file, which
    `seeded_digest` tells. Raises SeedError, and leaves the store as it was, when an entry cannot be: a member who is no
    user, a product that is not there, a name given twice.
    """
    with store.transaction() as db:
        empty(db)
        known = Known(db, now)
        for key, read in _READERS:
            for index, entry in enumerate(organization.get(key, ())):
                with place(f"{key}[{index}]", entry):
                    read(known, entry)
        token_user = organization.get("token_user")
        if token_user is not None:
            with place("token_user"):
                db.execute("UPDATE teams SET created_by_id = ?", (known.user(token_user),))
        keep_setting(db, "organization", organization["organization"])
        keep_setting(db, "token_user", token_user)
        keep_setting(db, "per_page_max", per_page_max)
        keep_setting(db, "digest", digest)
        keep_setting(db, "seeded_at", known.seconds(now))


def _product(known: Known, entry: Entry) -> None:
    product_id, service_id = entry["id"], known.service(entry["service"])
    if product_id in known.services:
        raise SeedError(f"the product id {product_id} is taken")
    known.services[product_id] = service_id
    known.db.execute(
        "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            product_id,
            service_id,
            str(entry["name"]),
            entry.get("internal_name"),
            json.dumps(entry.get("tags", [])),
            known.seconds(known.now),
            known.seconds(entry["expires"]) if "expires" in entry else None,
        ),
    )
    apps.read_product(known, product_id, service_id)


def _user(known: Known, entry: Entry) -> None:
    if address(entry["email"]) in known.users:
        raise SeedError("this address is a user already")
    user = User(
        **_person(entry),
        last_login_at=known.seconds(entry["last_login"]) if "last_login" in entry else None,
        two_factor=entry.get("two_factor", False),
    )
    user_id = people.add_user(known.db, user)
    known.users[address(entry["email"])] = user_id
    grants.add(known.db, ("user", user_id), _grants(known, entry))


def _person(entry: Entry) -> dict[str, Any]:
    """Read what users and invitations have in common."""
    notifications = entry.get("notifications", {})
    return {
        # A name that consists of digits is read as a number, and is no less a name.
        **{key: str(entry[key]) for key in ("email", "first_name", "last_name")},
        "role_type": "external" if entry.get("external") else entry["role"],
        "language_id": LANGUAGE_IDS[entry.get("language", "fr")],
        "has_billing": entry.get("billing", False),
        "has_billing_mailing": notifications.get("billing", False),
        "has_mailing": notifications.get("products", False),
    }


def _team(known: Known, entry: Entry) -> None:
    name, now = str(entry["name"]), known.seconds(known.now)
    if name in known.teams:
        raise SeedError("this name is a team already")
    leader = known.user(entry["leader"]) if "leader" in entry else None
    cursor = known.db.execute(
        "INSERT INTO teams (name, owned_by_id, created_at, updated_at) VALUES (?, ?, ?, ?)", (name, leader, now, now)
    )
    known.teams[name] = team_id = cursor.lastrowid or 0
    for email in entry.get("members", ()):
        people.join_teams(known.db, ("user", known.user(email)), [team_id])
    for service in entry.get("services", ()):
        service_id = known.service(service)
        grants.put(known.db, ("team", team_id), Grant(service_id, EVERY_PRODUCT, list(offered(service_id))))
    for grant in _grants(known, entry):  # what was set by hand replaces what listing the service gave
        grants.put(known.db, ("team", team_id), grant)


def _invitation(known: Known, entry: Entry) -> None:
    status = entry.get("status", "pending")
    if status == "pending" and known.is_person(entry["email"]):
        raise SeedError("this address is a user, or invited, already")
    invitation = Invitation(
        **_person(entry),
        created_at=known.seconds(entry.get("sent", known.now)),
        expired_at=known.seconds(entry["expires"]) if "expires" in entry else None,
        status=status,
        strict=entry.get("strict", True),
        silent=entry.get("silent", False),
    )
    invitation_id = people.add_invitation(known.db, invitation)
    if status == "pending":
        known.invited.add(address(entry["email"]))
    grants.add(known.db, ("invitation", invitation_id), _grants(known, entry))
    people.join_teams(
        known.db, ("invitation", invitation_id), [known.team(str(name)) for name in entry.get("teams", ())]
    )


def _grants(known: Known, entry: Entry, key: str = "grants") -> Iterator[Grant]:
    """Read rows of `{product, rights}` or `{service, rights, apply_to_all: true}`."""
    for index, row in enumerate(entry.get(key, ())):
        with place(f"{key}[{index}]"):
            product_id = row.get("product", EVERY_PRODUCT)
            service_id = known.service_of(product_id) if product_id else known.service(row["service"])
            for right in row["rights"]:
                if right not in offered(service_id):
                    raise SeedError(f"{SERVICES[service_id]} does not offer the right {right!r}")
            yield Grant(service_id, product_id, row["rights"])


def _mail_hosting(known: Known, entry: Entry) -> None:
    """Read a mail hosting; it is a product of the same id [cli-b], made here if the file does not list it."""
    if entry["id"] not in known.services:
        _product(known, {"id": entry["id"], "service": "email_hosting", "name": entry["domain"]})
    known.must_be(entry["id"], "email_hosting")
    mail.read_hosting(known, entry)


def _partner(known: Known, entry: Entry) -> None:
    partners.read(known, entry, list(_grants(known, entry, "products")))


# In the order in which entries may refer to others.
_READERS: Sequence[tuple[str, Callable[[Known, Entry], None]]] = (
    ("products", _product),
    ("users", _user),
    ("mail_hostings", _mail_hosting),
    ("teams", _team),
    ("invitations", _invitation),
    ("mail_hostings", mail.read_accesses),
    ("drives", apps.read_drive),
    ("ksuites", apps.read_suite),
    ("kchats", apps.read_kchat),
    ("partners", _partner),
)
