"""From the store back to an organization file."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from accessplan.sandbox import grants, partners, people
from accessplan.sandbox.apps import dump as apps
from accessplan.sandbox.dates import written
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant
from accessplan.sandbox.mail import file as mail
from accessplan.sandbox.services import LANGUAGES, SERVICES, offered
from accessplan.sandbox.store import Store, setting


def show(store: Store) -> dict[str, Any]:
    """The organization as it stands, as an organization file: seeding from it gives the same organization again."""
    with store.transaction() as db:
        token_user = setting(db, "token_user")
        is_user = token_user is not None and people.find_user(db, token_user) is not None
        file = {
            "organization": setting(db, "organization"),
            "token_user": token_user if is_user else None,
            "products": [_product(row) for row in db.execute("SELECT * FROM products ORDER BY id")],
            "users": list(_users(db)),
            "invitations": list(_invitations(db)),
            "teams": list(_teams(db)),
            "mail_hostings": mail.write(db),
            **apps.write(db),
            "partners": list(_partners(db)),
        }
    return _said(file)


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what need not be said."""
    return {key: value for key, value in entry.items() if value not in (None, False, [], {})}


def _product(row: sqlite3.Row) -> dict[str, Any]:
    return _said(
        {
            "id": row["id"],
            "service": SERVICES[row["service_id"]],
            "name": row["customer_name"],
            "internal_name": row["internal_name"],
            "tags": json.loads(row["tags"]),
            "expires": None if row["expired_at"] is None else written(row["expired_at"]),
        }
    )


def _users(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    rows = db.execute("SELECT * FROM users ORDER BY id").fetchall()
    held = grants.held(db, [("user", row["id"]) for row in rows])
    for row, own in zip(rows, held, strict=True):
        yield _said(
            {
                **_person(row),
                "last_login": None if row["last_login_at"] is None else written(row["last_login_at"]),
                "two_factor": bool(row["two_factor"]),
                "grants": _grants(own),
            }
        )


def _person(row: sqlite3.Row) -> dict[str, Any]:
    external = row["role_type"] == "external"
    language = LANGUAGES[row["language_id"]].code
    return {
        "email": row["email"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "role": "normal" if external else row["role_type"],
        "external": external,
        "language": None if language == "fr" else language,
        "billing": bool(row["has_billing"]),
        "notifications": _said({"billing": bool(row["has_billing_mailing"]), "products": bool(row["has_mailing"])}),
    }


def _grants(held: Iterable[Grant]) -> list[dict[str, Any]]:
    return [
        {"service": SERVICES[grant.service_id], "rights": grant.rights, "apply_to_all": True}
        if grant.product_id == EVERY_PRODUCT
        else {"product": grant.product_id, "rights": grant.rights}
        for grant in held
    ]


def _invitations(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    rows = db.execute("SELECT * FROM invitations ORDER BY id").fetchall()
    held = grants.held(db, [("invitation", row["id"]) for row in rows])
    teams = defaultdict(list)
    for subject_id, name in db.execute(
        "SELECT subject_id, name FROM memberships JOIN teams ON teams.id = team_id"
        " WHERE kind = 'invitation' ORDER BY team_id"
    ):
        teams[subject_id].append(name)
    for row, own in zip(rows, held, strict=True):
        yield _said(
            {
                **_person(row),
                "status": None if row["status"] == "pending" else row["status"],
                "sent": written(row["created_at"]),
                "expires": written(row["expired_at"]),
                "silent": bool(row["silent"]),
                "teams": teams[row["id"]],
                "grants": _grants(own),
            }
        ) | ({} if row["strict"] else {"strict": False})


def _teams(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    rows = db.execute(
        "SELECT teams.id, name, users.email AS leader FROM teams LEFT JOIN users ON users.id = owned_by_id"
        " ORDER BY teams.id"
    ).fetchall()
    held = grants.held(db, [("team", row["id"]) for row in rows])
    members = defaultdict(list)
    for team_id, email in db.execute(
        "SELECT team_id, email FROM memberships JOIN users ON users.id = subject_id"
        " WHERE kind = 'user' ORDER BY subject_id"
    ):
        members[team_id].append(email)
    for row, own in zip(rows, held, strict=True):
        listed = [grant for grant in own if _as_listed(grant)]
        yield _said(
            {
                "name": row["name"],
                "leader": row["leader"],
                "services": [SERVICES[grant.service_id] for grant in listed],
                "members": members[row["id"]],
                "grants": _grants(grant for grant in own if grant not in listed),
            }
        )


def _partners(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    rows = partners.every(db)
    held = grants.held(db, [partners.subject(row) for row in rows])
    for row, own in zip(rows, held, strict=True):
        yield _said(
            {
                "name": row["name"],
                "email": row["email"],
                "full_access": bool(row["full_access"]),
                "wallet": bool(row["wallet"]),
                "products": _grants(own),
                "since": None if row["since"] is None else written(row["since"]),
                "status": None if row["status"] == "accepted" else row["status"],
            }
        )


def _as_listed(grant: Grant) -> bool:
    """Tell whether the grant is what listing its service gives."""
    return grant.product_id == EVERY_PRODUCT and set(grant.rights) == set(offered(grant.service_id))
