"""What a request says of an invitation [openapi core]."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.body import boolean, email, fields, integer, listed, one_of, text
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant
from accessplan.sandbox.services import LANGUAGES, RIGHTS, SERVICES, offered
from accessplan.sandbox.wire import invalid, problem

ROLE_TYPES = ("admin", "normal", "owner")
LOCALES = {language.locale: language_id for language_id, language in LANGUAGES.items()}

NEW = fields(
    required={
        "email": email,
        "first_name": text(),
        "last_name": text(),
        "locale": one_of(LOCALES),
        "role_type": one_of(ROLE_TYPES),
    },
    optional={
        "notifications": fields(optional={"billing": boolean, "products": boolean}),
        "permissions": fields(optional={"billing": boolean}),
        "silent": boolean,
        "strict": boolean,
        "teams": listed(integer),
    },
)

CHANGED = fields(
    optional={
        "has_billing": boolean,
        "has_billing_mailing": boolean,
        "has_mailing": boolean,
        "language_id": one_of(LANGUAGES),
        "role_type": one_of(ROLE_TYPES),
        "team_ids": listed(integer),
        "permissions": listed(
            fields(
                required={"service_id": one_of(SERVICES)},
                optional={"product_id": integer, "apply_to_all": boolean, "types": listed(one_of(RIGHTS))},
            )
        ),
    }
)


def require_teams(db: sqlite3.Connection, attribute: str, team_ids: list[int]) -> None:
    """Refuse ids of no teams."""
    known = {row["id"] for row in db.execute("SELECT id FROM teams")}
    missing = [team_id for team_id in team_ids if team_id not in known]
    if missing:
        raise invalid(problem("exists", attribute, f"There are no teams {missing}"))


def grant(db: sqlite3.Connection, index: int, entry: Mapping[str, Any]) -> Grant:
    """Read one entry of `permissions`: a product of the service, or with `apply_to_all` the service."""
    attribute, service_id = f"permissions.{index}", entry["service_id"]
    product_id = entry.get("product_id", EVERY_PRODUCT)
    if entry.get("apply_to_all", False) == (product_id != EVERY_PRODUCT):
        raise invalid(problem("required", f"{attribute}.product_id", "Either product_id or apply_to_all is required"))
    of_service = "SELECT 1 FROM products WHERE id = ? AND service_id = ?"
    if product_id and not db.execute(of_service, (product_id, service_id)).fetchone():
        raise invalid(
            problem("exists", f"{attribute}.product_id", f"{SERVICES[service_id]} has no product {product_id}")
        )
    allowed = offered(service_id)
    for right in entry.get("types", []):
        if right not in allowed:
            description = f"{SERVICES[service_id]} does not offer {right}"
            raise invalid(problem("in", f"{attribute}.types", description, allowed))
    return Grant(service_id, product_id, entry.get("types", []))
