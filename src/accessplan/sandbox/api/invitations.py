"""Invitations [openapi core]."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox import grants, people
from accessplan.sandbox.api.items import ACCESS
from accessplan.sandbox.body import boolean, email, fields, integer, listed, one_of, require, text
from accessplan.sandbox.context import Context, Loader, denied, load
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant
from accessplan.sandbox.people import OWNER, Invitation
from accessplan.sandbox.services import LANGUAGES, RIGHTS, SERVICES, offered
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, exists, invalid, not_found, problem, success

ROLE_TYPES = ("admin", "normal", "owner")
_LOCALES = {language.locale: language_id for language_id, language in LANGUAGES.items()}
_ROWS = "SELECT 'invitation' AS kind, * FROM invitations"

_NEW = fields(
    required={
        "email": email,
        "first_name": text(),
        "last_name": text(),
        "locale": one_of(_LOCALES),
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

_CHANGED = fields(
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

_LOADABLE: Mapping[str, Loader] = {
    **ACCESS,
    "app_accesses": lambda _, rows: [None for _ in rows],
    "ksuite": lambda _, rows: [None for _ in rows],
    "qr_code": lambda _, rows: [f"{_url(row['id'])}/qr" for row in rows],
}


def invite(context: Context) -> Answer:
    """Invite a person."""
    context.managers_only()
    body = context.body
    require(body, _NEW)
    _owners_only(context, body)
    if people.find(context.db, body["email"]):
        raise exists(f"{body['email']} is a user, or invited, already")
    _require_teams(context.db, "teams", body.get("teams", []))
    notifications = body.get("notifications", {})
    invitation = Invitation(
        **{key: body[key] for key in ("email", "first_name", "last_name", "role_type")},
        language_id=_LOCALES[body["locale"]],
        has_billing=body.get("permissions", {}).get("billing", False),
        has_billing_mailing=notifications.get("billing", False),
        has_mailing=notifications.get("products", False),
        created_at=context.now,
        strict=body.get("strict", True),
        silent=body.get("silent", False),
    )
    invitation_id = people.add_invitation(context.db, invitation)
    people.join_teams(context.db, ("invitation", invitation_id), body.get("teams", []))
    return _one(context, invitation_id, status=201)


def display(context: Context) -> Answer:
    """Show an invitation, whatever became of it."""
    return _one(context, context.path["invitation"])


def of_user(context: Context) -> Answer:
    """List the invitations that a user had in this organization."""
    user = context.db.execute("SELECT address FROM users WHERE id = ?", (context.path["user"],)).fetchone()
    if user is None:
        raise not_found()
    role_type = context.query.choice("type", ROLE_TYPES)
    rows = context.db.execute(
        f"{_ROWS} WHERE address = ? AND role_type = ifnull(?, role_type) ORDER BY id", (user["address"], role_type)
    )
    account_id = setting(context.db, "organization")["id"]
    return success([item(row, account_id) for row in rows])


def change(context: Context) -> Answer:
    """Change a pending invitation; teams and permissions that are given replace those that were."""
    context.managers_only()
    body, row = context.body, _pending(context)
    require(body, _CHANGED)
    _owners_only(context, body)
    who = people.subject(row)
    if "team_ids" in body:
        _require_teams(context.db, "team_ids", body["team_ids"])
        people.leave_teams(context.db, who)
        people.join_teams(context.db, who, body["team_ids"])
    if "permissions" in body:
        wanted = [_grant(context.db, index, entry) for index, entry in enumerate(body["permissions"])]
        grants.drop(context.db, who)
        grants.add(context.db, who, wanted)
    columns = ("has_billing", "has_billing_mailing", "has_mailing", "language_id", "role_type")
    context.db.execute(
        "UPDATE invitations SET has_billing = ?, has_billing_mailing = ?, has_mailing = ?, language_id = ?,"
        " role_type = ?, updated_at = ? WHERE id = ?",
        (*(body.get(name, row[name]) for name in columns), context.now, row["id"]),
    )
    return _one(context, row["id"])


def cancel(context: Context) -> Answer:
    """Cancel a pending invitation."""
    context.managers_only()
    row = _pending(context)
    context.db.execute(
        "UPDATE invitations SET status = 'cancelled', updated_at = ? WHERE id = ?", (context.now, row["id"])
    )
    return success(data=True)


def item(row: sqlite3.Row, account_id: int) -> dict[str, Any]:
    """An invitation without what `with=` adds."""
    return {
        **{key: row[key] for key in ("id", "first_name", "last_name", "email", "status", "role_type", "language_id")},
        **{key: bool(row[key]) for key in ("strict", "has_billing", "has_billing_mailing", "has_mailing")},
        "locale": LANGUAGES[row["language_id"]].locale,
        "account_id": account_id,
        "has_ksuite": False,
        "sent_at": None if row["silent"] else row["created_at"],
        **{key: row[key] for key in ("created_at", "updated_at", "expired_at")},
        "url_accept": _url(row["id"]),
    }


def _url(invitation_id: int) -> str:
    """A link that is plainly none: the real one is a secret."""
    return f"https://welcome.example/invitation/{invitation_id}"


def _one(context: Context, invitation_id: int, status: int = 200) -> Answer:
    rows = context.db.execute(f"{_ROWS} WHERE id = ?", (invitation_id,)).fetchall()
    if not rows:
        raise not_found()
    account_id = setting(context.db, "organization")["id"]
    (invitation,) = load(context, rows, [item(rows[0], account_id)], _LOADABLE)
    return success(invitation, status=status)


def _pending(context: Context) -> sqlite3.Row:
    row: sqlite3.Row | None = context.db.execute(
        f"{_ROWS} WHERE id = ? AND status = 'pending'", (context.path["invitation"],)
    ).fetchone()
    if row is None:
        raise not_found()
    return row


def _owners_only(context: Context, body: Mapping[str, Any]) -> None:
    if body.get("role_type") == OWNER and context.caller["role_type"] != OWNER:
        raise denied("Only a legal representative names another")


def _require_teams(db: sqlite3.Connection, attribute: str, team_ids: list[int]) -> None:
    known = {row["id"] for row in db.execute("SELECT id FROM teams")}
    missing = [team_id for team_id in team_ids if team_id not in known]
    if missing:
        raise invalid(problem("exists", attribute, f"There are no teams {missing}"))


def _grant(db: sqlite3.Connection, index: int, entry: Mapping[str, Any]) -> Grant:
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
