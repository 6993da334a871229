"""Parts of the answers of kDrive [openapi kdrive]."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from accessplan.sandbox.api import items
from accessplan.sandbox.api.items import teams_of
from accessplan.sandbox.context import Context, Loader, Rows
from accessplan.sandbox.services import SERVICE_IDS
from accessplan.sandbox.store import setting

PREFERENCE: Mapping[str, Any] = {
    "color": "#0098FF",
    "hide": False,
    "default": False,
    "default_page": "",
    "ui": {"storage_warning_alert": False, "storage_limit_alert": False, "rag_ocr_promotion": False},
}


def card(row: sqlite3.Row) -> dict[str, Any]:
    """A person, in short; of a guest the address alone is known."""
    return items.card(row) | {"display_name": items.display_name(row).strip()}


def drive_user(context: Context, drive: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    """Who is in a kDrive, without what `with=` adds; the id of somebody invited is that of the invitation."""
    return {
        **card(row),
        "type": "shared" if row["role"] == "external" else "main",
        "deleted_at": 0,
        "drive_id": drive["id"],
        "drive_name": drive["name"],
        "account_id": setting(context.db, "organization")["id"],
        "product_id": drive["product_id"],
        **{key: row[key] for key in ("created_at", "updated_at", "last_connection_at", "status", "role")},
        "preference": PREFERENCE,
    }


def security(row: sqlite3.Row) -> dict[str, Any]:
    """How well somebody's login is guarded; the sandbox knows of the second factor alone."""
    return {
        "assistant_at": None,
        "double_auth_method": "otp" if row["two_factor"] else "none",
        "has_double_auth": bool(row["two_factor"]),
        "last_password_at": None,
        "score": 0,
        "has_valid_email": 1,
        "has_recovery_email": False,
        "has_valid_phone": False,
    }


def _teams(db: sqlite3.Connection, rows: Rows) -> list[list[int]]:
    return [[team["id"] for team in teams] for teams in teams_of(db, rows)]


LOADABLE: Mapping[str, Loader] = {
    "teams": _teams,
    "security": lambda _, rows: [security(row) for row in rows],
}
"""What one may load on anybody of a kDrive."""


def _capabilities(db: sqlite3.Connection, rows: Rows) -> list[dict[str, bool]]:
    reached = (
        "SELECT 1 FROM reach JOIN kdrives ON kdrives.id = ? AND reach.service_id = ?"
        " AND reach.product_id IN (0, kdrives.product_id) WHERE user_id = ? AND may = 'technical' LIMIT 1"
    )
    return [
        {
            "can_create_team_directory": row["role"] == "admin",
            "can_set_trash_duration": row["role"] == "admin",
            "has_technical_permission": row["kind"] == "user"
            and db.execute(reached, (row["drive_id"], SERVICE_IDS["drive"], row["id"])).fetchone() is not None,
        }
        for row in rows
    ]


OF_DRIVE_USER: Mapping[str, Loader] = {**LOADABLE, "capabilities": _capabilities}
"""What one may load on a DriveUser."""


def without_none(entries: Iterable[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Leave out what somebody does not have; the document has no null there."""
    return [{key: value for key, value in entry.items() if value is not None or key not in names} for entry in entries]
