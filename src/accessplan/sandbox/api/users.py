"""The users list: active users, and those invited [openapi core]."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.api import invitations
from accessplan.sandbox.api.apps import app_accesses
from accessplan.sandbox.api.items import ACCESS, display_name, security
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import choice, flag, number
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.query import Filter, Listing, filters
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer

_STATES = ("pending", "valid")
_STATUSES = ("pending", "accepted", "rejected", "cancelled")

_LISTING = Listing(
    rows="SELECT * FROM people",
    order="kind DESC, id",  # users, then invitations
    orders={
        name: name for name in ("email", "first_name", "last_name", "role_type", "state_in_account", "last_login_at")
    },
    searched="email || ' ' || first_name || ' ' || last_name",
)

_INVITED = _LISTING._replace(rows="SELECT * FROM invited")

# who has a row in a table of accesses
_HAS = "EXISTS (SELECT 1 FROM {} AS held WHERE held.kind = item.kind AND held.subject_id = item.id)"
_HAS_KSUITE = _HAS.format("ksuite_members")
_HAS_KCHAT = f"({_HAS_KSUITE} OR {_HAS.format('kchat_members')})"
_HAS_APP = f"({_HAS_KCHAT} OR {_HAS.format('drive_users')} OR {_HAS.format('mailbox_accesses')})"

_FILTERS = {
    "drive_id": Filter("(kind, id) IN (SELECT kind, subject_id FROM drive_users WHERE drive_id = ?)", number),
    "has_billing_access": Filter("(has_billing OR role_type IN ('owner', 'admin')) = ?", flag),
    "has_empty_access": Filter(
        "(role_type IN ('normal', 'external')"
        " AND NOT EXISTS (SELECT 1 FROM grants WHERE kind = item.kind AND subject_id = item.id)"
        " AND NOT EXISTS (SELECT 1 FROM memberships WHERE kind = item.kind AND subject_id = item.id)) = ?",
        flag,
    ),
    "has_kchat": Filter(f"{_HAS_KCHAT} = ?", flag),
    "has_ksuite": Filter(f"{_HAS_KSUITE} = ?", flag),
    "has_no_app_access": Filter(f"NOT {_HAS_APP} = ?", flag),
    "has_otp": Filter("ifnull(two_factor, 0) = ?", flag),
    "invitation_status": Filter("status = ?", choice(_STATUSES)),
    "mail_ids": Filter(
        "(kind, id) IN (SELECT kind, id FROM mailbox_holders WHERE hosting_id IN (SELECT value FROM json_each(?)))",
        number,
        many=True,
    ),
    "role_type": Filter("role_type = ?"),
    "state_in_account": Filter("state_in_account = ?", choice(_STATES)),
    "team_ids": Filter(
        "(kind, id) IN (SELECT kind, subject_id FROM memberships WHERE team_id IN (SELECT value FROM json_each(?)))",
        number,
        many=True,
    ),
    "user_ids": Filter("kind = 'user' AND id IN (SELECT value FROM json_each(?))", number, many=True),
}


def _invitation_details(db: sqlite3.Connection, rows: Rows) -> list[dict[str, Any] | None]:
    wanted = json.dumps([row["id"] for row in rows if row["kind"] == "invitation"])
    account_id = setting(db, "organization")["id"]
    found = {
        row["id"]: invitations.item(row, account_id)
        for row in db.execute(f"{invitations.ROWS} WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    }
    return [found[row["id"]] if row["kind"] == "invitation" else None for row in rows]


_LOADABLE: Mapping[str, Loader] = {
    **ACCESS,
    "invitation_details": _invitation_details,
    "invitation_details.app_accesses": app_accesses,
    "app_access": lambda _, rows: [{} for _ in rows],
    "drive_infos": lambda _, rows: [[] for _ in rows],
    "kchat_infos": lambda _, rows: [[] for _ in rows],
    "security": lambda _, rows: [security(row) if row["kind"] == "user" else None for row in rows],
}


@endpoint(listing=_LISTING, filters=_FILTERS, loads=_LOADABLE)
def list_users(context: Context) -> Answer:
    """List everyone in the organization; by status, the invitations of that status."""
    listing = _LISTING if context.query.text("filter[invitation_status]") is None else _INVITED
    page = context.page(listing, filters(context.query, _FILTERS))
    return page.answer(load(context, page.rows, map(_item, page.rows), _LOADABLE))


def _item(row: sqlite3.Row) -> dict[str, Any]:
    user_id, invitation_id = (row["id"], None) if row["kind"] == "user" else (None, row["id"])
    return {
        "user_id": user_id,
        "invitation_id": invitation_id,
        **{
            key: row[key]
            for key in ("first_name", "last_name", "email", "role_type", "state_in_account", "language_id")
        },
        "display_name": display_name(row),
        "avatar": None,
        "is_correspondent": bool(row["has_mailing"]),
        "is_correspondent_billing": bool(row["has_billing_mailing"]),
        "is_workspace_only": False,
        "has_no_manager_access": False,
        "has_billing_access": bool(row["has_billing"]) or row["role_type"] in MANAGERS,
        "is_sso": False,
        "unique_key": f"{row['kind']}-{row['id']}",
        "last_login_at": row["last_login_at"] or 0,
        "partnership_id": None,
    }
