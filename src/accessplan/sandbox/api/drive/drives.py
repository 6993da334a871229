"""The kDrives of the organization [openapi kdrive]."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.api.accounts import tags
from accessplan.sandbox.api.drive import pages
from accessplan.sandbox.api.drive.items import OF_DRIVE_USER, drive_user, without_none
from accessplan.sandbox.api.items import flags
from accessplan.sandbox.apps import drives, suites
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import Parameter, Several, choice, flag, number
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.services import SERVICE_IDS, offered
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, not_found, success

_SERVICE_ID = SERVICE_IDS["drive"]
_GIGABYTE = 10**9
_DELETED = ("deleted_kept", "deleted_removed", "deleted_transferred", "deleted_transferring")
_STATUSES = ("active", *_DELETED, "locked", "pending")

_ACCOUNT = Parameter("account_id", number, required=True)
_IN_MAINTENANCE = Parameter("in_maintenance", flag)
_REASONS = Several("maintenance_reasons", choice(("demo_end", "invoice_overdue", "not_renew", "technical")))
_TAGS = Several("tags", number)
_ROLES = Several("roles", choice(drives.ROLES))
_STATUS = Several("status", choice(_STATUSES))


def _users(db: sqlite3.Connection, rows: Rows) -> list[dict[str, list[int]]]:
    account = [row["id"] for row in db.execute("SELECT id FROM users ORDER BY id")]
    in_drive = "SELECT id, role FROM drive_people WHERE drive_id = ? AND kind IN ('user', 'guest') ORDER BY id"
    people = [db.execute(in_drive, (row["id"],)).fetchall() for row in rows]
    return [
        {
            "account": account,
            "drive": [each["id"] for each in within],
            "external": [each["id"] for each in within if each["role"] == "external"],
            "internal": [each["id"] for each in within if each["role"] != "external"],
        }
        for within in people
    ]


def _teams(db: sqlite3.Connection, rows: Rows) -> list[dict[str, list[int]]]:
    account = [row["id"] for row in db.execute("SELECT id FROM teams ORDER BY id")]
    return [{"account": account, "drive": []} for _ in rows]


def _invitations_count(db: sqlite3.Connection, rows: Rows) -> list[int]:
    counted = "SELECT drive_id, count(*) FROM drive_invitations WHERE status = 'pending' GROUP BY drive_id"
    counts = dict(db.execute(counted).fetchall())
    return [counts.get(row["id"], 0) for row in rows]


def _k_suite(db: sqlite3.Connection, rows: Rows) -> list[dict[str, Any] | None]:
    suite = suites.find(db)
    if suite is None:
        return [None for _ in rows]
    part_of = {"id": suite["product_id"], "name": suite["name"], "pack_id": 1, "pack": "standard"}
    return [part_of if row["ksuite"] else None for row in rows]


_LOADABLE: Mapping[str, Loader] = {
    "users": _users,
    "teams": _teams,
    "invitations_count": _invitations_count,
    "k_suite": _k_suite,
}


@endpoint(query=[_ACCOUNT, _IN_MAINTENANCE, _REASONS, _TAGS, *pages.PAGED], loads=[*_LOADABLE, "rights"], refuses=[404])
def list_drives(context: Context) -> Answer:
    """List the kDrives: all of them for who governs the organization, else those that the caller is in."""
    _of_account(context)
    rows, role_in = context.db.execute("SELECT * FROM kdrives ORDER BY id").fetchall(), _roles(context)
    may_see_all = context.caller["role_type"] in MANAGERS
    seen = [row for row in rows if (may_see_all or row["id"] in role_in) and _is_asked_for(context, row)]
    cut = pages.page(context, seen)
    items = [_item(context, row, role_in.get(row["id"], "none")) for row in cut.rows]
    loaded = load(context, cut.rows, items, {**_LOADABLE, "rights": lambda *_: _rights(context, cut.rows)})
    return success(without_none(loaded, "k_suite"), paging=cut.paging)


@endpoint(query=[_ACCOUNT, _ROLES, _STATUS, *pages.PAGED], loads=OF_DRIVE_USER)
def of_user(context: Context) -> Answer:
    """List the places of one person in all kDrives; others than those who govern see their own alone."""
    _of_account(context)
    user_id = context.path["user_id"]
    roles = _ROLES.of(context.query)
    statuses = _STATUS.of(context.query)
    known = "SELECT 1 FROM users WHERE id = :id UNION ALL SELECT 1 FROM guests WHERE id = :id"
    may_see = context.caller["role_type"] in MANAGERS or context.caller["id"] == user_id
    if not may_see or not context.db.execute(known, {"id": user_id}).fetchone():
        raise not_found()
    places = "SELECT * FROM drive_people WHERE id = ? AND kind IN ('user', 'guest') ORDER BY drive_id"
    rows = [
        row
        for row in context.db.execute(places, (user_id,))
        if row["role"] in (roles or [row["role"]]) and row["status"] in (statuses or [row["status"]])
    ]
    cut, drive_of = pages.page(context, rows), {row["id"]: row for row in context.db.execute("SELECT * FROM kdrives")}
    items = [drive_user(context, drive_of[row["drive_id"]], row) for row in cut.rows]
    return success(load(context, cut.rows, items, OF_DRIVE_USER), paging=cut.paging)


def _of_account(context: Context) -> None:
    if _ACCOUNT.of(context.query) != setting(context.db, "organization")["id"]:
        raise not_found()


def _roles(context: Context) -> Mapping[int, str]:
    rows = context.db.execute(
        "SELECT drive_id, role FROM drive_people WHERE kind = 'user' AND id = ? AND status = 'active'",
        (context.caller["id"],),
    )
    return {row["drive_id"]: row["role"] for row in rows}


def _is_asked_for(context: Context, row: sqlite3.Row) -> bool:
    in_maintenance, reasons = _IN_MAINTENANCE.of(context.query), _REASONS.of(context.query)
    wanted = set(_TAGS.of(context.query))
    own = {tag["id"] for tag in tags(context.db) if tag["name"] in json.loads(row["tags"])}
    return (
        (in_maintenance is None or in_maintenance == row["maintenance"])
        and (not reasons or bool(row["maintenance"] and "technical" in reasons))
        and (not wanted or bool(wanted & own))
    )


def _item(context: Context, row: sqlite3.Row, role: str) -> dict[str, Any]:
    in_maintenance = bool(row["maintenance"])
    return {
        "id": row["id"],
        "name": row["name"],
        "size": 2_000 * _GIGABYTE,
        "used_size": _GIGABYTE,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
        "in_maintenance": in_maintenance,
        "maintenance_at": setting(context.db, "seeded_at") if in_maintenance else None,
        **({"maintenance_reason": "technical"} if in_maintenance else {}),
        "version": "1",
        "users_count": drives.places_taken(context.db, row["id"]),
        "users_quota": drives.NO_QUOTA if row["users_quota"] is None else row["users_quota"],
        "product_id": row["product_id"],
        "account_id": setting(context.db, "organization")["id"],
        "expired_at": row["expired_at"],
        "is_locked": False,
        "is_demo": False,
        "role": role,
        "account_admin": context.caller["role_type"] in MANAGERS,
        "is_in_app_subscription": False,
        "status": "ok",
    }


def _rights(context: Context, rows: Rows) -> list[dict[str, bool]]:
    """The caller's rights to manage each product."""
    if context.caller["role_type"] in MANAGERS:
        return [flags(offered(_SERVICE_ID)) for _ in rows]
    own = "SELECT product_id, may FROM reach WHERE user_id = ? AND service_id = ?"
    found: dict[int, set[str]] = defaultdict(set)
    for product_id, right in context.db.execute(own, (context.caller["id"], _SERVICE_ID)):
        found[product_id].add(right)
    return [flags(found[0] | found[row["product_id"]]) for row in rows]
