"""Parts of answers that several endpoints share."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from accessplan.sandbox.context import Loader, Rows
from accessplan.sandbox.grants import ASKED, EVERY_PRODUCT, Grant, Subject, held
from accessplan.sandbox.people import subject
from accessplan.sandbox.services import RIGHTS, SERVICES


def display_name(row: sqlite3.Row) -> str:
    """The name a person is shown by."""
    return f"{row['first_name']} {row['last_name']}"


def card(row: sqlite3.Row) -> dict[str, Any]:
    """A user, in short."""
    return {
        "id": row["id"],
        "display_name": display_name(row),
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "email": row["email"],
        "is_sso": False,
        "avatar": None,
    }


def security(row: sqlite3.Row) -> dict[str, bool]:
    """Whether a user has a second factor."""
    return {"otp": bool(row["two_factor"]), "double_auth": bool(row["two_factor"])}


def flags(rights: Iterable[str]) -> dict[str, bool]:
    """Rights as the four flags of a product."""
    given = set(rights)
    return {right: right in given for right in RIGHTS}


def teams_of(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    """The teams each person is in."""
    subjects = [subject(row) for row in rows]
    teams = db.execute(
        f"SELECT * FROM {ASKED} CROSS JOIN memberships USING (kind, subject_id) JOIN teams ON teams.id = team_id"
        " ORDER BY teams.id",
        (json.dumps(subjects),),
    )
    found: dict[Subject, list[dict[str, Any]]] = defaultdict(list)
    for team in teams:
        found[team["kind"], team["subject_id"]].append(team_in_short(team))
    return [found[who] for who in subjects]


def team_in_short(row: sqlite3.Row) -> dict[str, Any]:
    """A team as it is shown on its members; its colour is chosen in the Manager only."""
    return {key: row[key] for key in ("id", "name", "created_at", "updated_at")} | {"color_id": 1}


def service_permissions(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Rights on whole services, a row a right."""
    return [
        {"service_id": grant.service_id, "service_name": SERVICES[grant.service_id], "rights": right}
        for grant in grants
        if grant.product_id == EVERY_PRODUCT
        for right in grant.rights
    ]


def _service_permissions(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    return [service_permissions(grants) for grants in held(db, [subject(row) for row in rows])]


def _permissions(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    """Rights on single products, a row a product."""
    names = {row["id"]: row["customer_name"] for row in db.execute("SELECT id, customer_name FROM products")}
    return [
        [
            {
                "service_id": grant.service_id,
                "service_name": SERVICES[grant.service_id],
                "product_id": grant.product_id,
                "product_name": names[grant.product_id],
                "rights": grant.rights,
            }
            for grant in grants
            if grant.product_id != EVERY_PRODUCT
        ]
        for grants in held(db, [subject(row) for row in rows])
    ]


ACCESS: Mapping[str, Loader] = {
    "teams": teams_of,
    "permissions": _permissions,
    "service_permissions": _service_permissions,
}
"""What one may load on anybody, active or invited."""
