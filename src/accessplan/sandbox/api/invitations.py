"""Invitations [openapi core]."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox import grants, people
from accessplan.sandbox.api.apps import app_accesses
from accessplan.sandbox.api.invitation_body import CHANGED, LOCALES, NEW, ROLE_TYPES, grant, require_teams
from accessplan.sandbox.api.items import ACCESS
from accessplan.sandbox.context import Context, Loader, denied, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import Parameter, choice
from accessplan.sandbox.people import OWNER, Invitation
from accessplan.sandbox.services import LANGUAGES
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, exists, not_found, success

ROWS = (
    "SELECT 'invitation' AS kind, *, status = 'pending' AND EXISTS"
    " (SELECT 1 FROM ksuite_members WHERE kind = 'invitation' AND subject_id = invitations.id) AS has_ksuite"
    " FROM invitations"
)

_TYPE = Parameter("type", choice(ROLE_TYPES))

LOADABLE: Mapping[str, Loader] = {
    **ACCESS,
    "app_accesses": app_accesses,
    "ksuite": lambda _, rows: [None for _ in rows],
    "qr_code": lambda _, rows: [f"{_url(row['id'])}/qr" for row in rows],
}
"""What one may load on an invitation."""


@endpoint(body=NEW, loads=LOADABLE, status=201, refuses=[403, 409])
def invite(context: Context) -> Answer:
    """Invite a person."""
    context.managers_only()
    body = context.body
    _owners_only(context, body)
    if people.find(context.db, body["email"]):
        raise exists(f"{body['email']} is a user, or invited, already")
    require_teams(context.db, "teams", body.get("teams", []))
    notifications = body.get("notifications", {})
    invitation = Invitation(
        **{key: body[key] for key in ("email", "first_name", "last_name", "role_type")},
        language_id=LOCALES[body["locale"]],
        has_billing=body.get("permissions", {}).get("billing", False),
        has_billing_mailing=notifications.get("billing", False),
        has_mailing=notifications.get("products", False),
        created_at=context.now,
        strict=body.get("strict", True),
        silent=body.get("silent", False),
    )
    invitation_id = people.add_invitation(context.db, invitation)
    people.join_teams(context.db, ("invitation", invitation_id), body.get("teams", []))
    return one(context, invitation_id, status=201)


@endpoint(loads=LOADABLE)
def display(context: Context) -> Answer:
    """Show an invitation, whatever became of it."""
    return one(context, context.path["invitation"])


@endpoint(query=[_TYPE])
def of_user(context: Context) -> Answer:
    """List the invitations that a user had in this organization."""
    user = context.db.execute("SELECT address FROM users WHERE id = ?", (context.path["user"],)).fetchone()
    if user is None:
        raise not_found()
    role_type = _TYPE.of(context.query)
    rows = context.db.execute(
        f"{ROWS} WHERE address = ? AND role_type = ifnull(?, role_type) ORDER BY id", (user["address"], role_type)
    )
    account_id = setting(context.db, "organization")["id"]
    return success([item(row, account_id) for row in rows])


@endpoint(body=CHANGED, loads=LOADABLE, refuses=[403])
def change(context: Context) -> Answer:
    """Change a pending invitation; teams and permissions that are given replace those that were."""
    context.managers_only()
    body, row = context.body, pending(context)
    _owners_only(context, body)
    who = people.subject(row)
    if "team_ids" in body:
        require_teams(context.db, "team_ids", body["team_ids"])
        people.leave_teams(context.db, who)
        people.join_teams(context.db, who, body["team_ids"])
    if "permissions" in body:
        wanted = [grant(context.db, index, entry) for index, entry in enumerate(body["permissions"])]
        grants.drop(context.db, who)
        grants.add(context.db, who, wanted)
    columns = ("has_billing", "has_billing_mailing", "has_mailing", "language_id", "role_type")
    context.db.execute(
        "UPDATE invitations SET has_billing = ?, has_billing_mailing = ?, has_mailing = ?, language_id = ?,"
        " role_type = ?, updated_at = ? WHERE id = ?",
        (*(body.get(name, row[name]) for name in columns), context.now, row["id"]),
    )
    return one(context, row["id"])


@endpoint(refuses=[403])
def cancel(context: Context) -> Answer:
    """Cancel a pending invitation."""
    context.managers_only()
    row = pending(context)
    context.db.execute(
        "UPDATE invitations SET status = 'cancelled', updated_at = ? WHERE id = ?", (context.now, row["id"])
    )
    return success(data=True)


def item(row: sqlite3.Row, account_id: int) -> dict[str, Any]:
    """An invitation without what `with=` adds."""
    return {
        **{key: row[key] for key in ("id", "first_name", "last_name", "email", "status", "role_type", "language_id")},
        **{
            key: bool(row[key]) for key in ("strict", "has_ksuite", "has_billing", "has_billing_mailing", "has_mailing")
        },
        "locale": LANGUAGES[row["language_id"]].locale,
        "account_id": account_id,
        "sent_at": None if row["silent"] else row["created_at"],
        **{key: row[key] for key in ("created_at", "updated_at", "expired_at")},
        "url_accept": _url(row["id"]),
    }


def _url(invitation_id: int) -> str:
    """A link that is plainly none: the real one is a secret."""
    return f"https://welcome.example/invitation/{invitation_id}"


def one(context: Context, invitation_id: int, status: int = 200) -> Answer:
    """Answer with an invitation."""
    rows = context.db.execute(f"{ROWS} WHERE id = ?", (invitation_id,)).fetchall()
    if not rows:
        raise not_found()
    account_id = setting(context.db, "organization")["id"]
    (invitation,) = load(context, rows, [item(rows[0], account_id)], LOADABLE)
    return success(invitation, status=status)


def pending(context: Context) -> sqlite3.Row:
    """Find the pending invitation of the path."""
    row: sqlite3.Row | None = context.db.execute(
        f"{ROWS} WHERE id = ? AND status = 'pending'", (context.path["invitation"],)
    ).fetchone()
    if row is None:
        raise not_found()
    return row


def _owners_only(context: Context, body: Mapping[str, Any]) -> None:
    if body.get("role_type") == OWNER and context.caller["role_type"] != OWNER:
        raise denied("Only a legal representative names another")
