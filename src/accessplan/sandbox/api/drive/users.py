"""Who is in a kDrive, and who of the organization is not [openapi kdrive]."""

import sqlite3
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from accessplan.sandbox.api.drive import gate, pages
from accessplan.sandbox.api.drive.items import LOADABLE, OF_DRIVE_USER, card, drive_user, without_none
from accessplan.sandbox.apps.drives import ROLES
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import Several, choice
from accessplan.sandbox.wire import Answer, success

_STATUSES = ("active", "deleted", "locked", "pending", "withdrawn")
_TYPES = ("account", "admin", "expired", "external", "pending", "user")
_STATUS = Several("status", choice(_STATUSES))
_TYPE = Several("types", choice(_TYPES))
_ROLE = Several("types", choice(ROLES))
_BUT_EXPIRED = tuple(name for name in _TYPES if name != "expired")

# everyone of the organization, in the kDrive or not; guests; and those invited in one way or the other
_EVERYBODY = """
    SELECT 'user' AS kind, users.id, email, first_name, last_name, two_factor, drive_id, place.role,
           ifnull(place.status, 'active') AS status,
           place.created_at, place.updated_at, last_connection_at, NULL AS expired_at
    FROM users
    LEFT JOIN drive_users AS place ON place.kind = 'user' AND subject_id = users.id AND drive_id = :drive
    UNION ALL
    SELECT kind, id, email, first_name, last_name, two_factor, drive_id, role, status,
           created_at, updated_at, last_connection_at, expired_at
    FROM drive_people WHERE drive_id = :drive AND kind != 'user'
    UNION ALL
    SELECT 'drive_invitation', id, email, substr(email, 1, instr(email, '@') - 1), '', 0, drive_id, role, 'pending',
           created_at, created_at, NULL, expired_at
    FROM drive_invitations WHERE drive_id = :drive AND status = 'pending'
    ORDER BY kind DESC, id
"""


_OF_PLACE: Mapping[str, Loader] = {"role": lambda _, rows: [row["role"] for row in rows]}


@endpoint(
    query=[_STATUS, _TYPE, *pages.FOUND, *pages.BATCHED], loads=[*LOADABLE, *_OF_PLACE, "drive_user"], refuses=[403]
)
def list_users(context: Context) -> Answer:
    """List the active people of the organization, or those of the types and statuses asked for."""
    drive = gate.drive(context)
    statuses = _STATUS.of(context.query)
    types = _TYPE.of(context.query) or (_BUT_EXPIRED if statuses else ("account",))
    rows = [
        row
        for row in context.db.execute(_EVERYBODY, {"drive": drive["id"]})
        if _types(row, context.now) & {*types} and row["status"] in (statuses or ("active", "pending"))
    ]
    cut = pages.batch(context, pages.found(context.query, rows))
    loaders: Mapping[str, Loader] = {**LOADABLE, **_OF_PLACE, "drive_user": partial(_places, context, drive)}
    loaded = load(context, cut.rows, [card(row) | {"deleted_at": None} for row in cut.rows], loaders)
    return success(without_none(loaded, "drive_user"), paging=cut.paging)


def _types(row: sqlite3.Row, now: int) -> set[str]:
    """Say what somebody is: of the organization, of a role in the kDrive, or invited."""
    if row["kind"] in ("invitation", "drive_invitation"):
        return {"expired" if row["expired_at"] <= now else "pending"}
    return {row["role"]} | ({"account"} if row["kind"] == "user" else set())


def _places(context: Context, drive: sqlite3.Row, _: sqlite3.Connection, rows: Rows) -> list[dict[str, Any] | None]:
    return [drive_user(context, drive, row) if row["role"] else None for row in rows]


@endpoint(query=[_STATUS, _ROLE, *pages.FOUND, *pages.PAGED], loads=OF_DRIVE_USER, refuses=[403])
def list_drive_users(context: Context) -> Answer:
    """List who is in the kDrive; those who will be, once they accept an invitation, when they are asked for."""
    drive = gate.drive(context)
    statuses = _STATUS.of(context.query) or ("active", "locked")
    types = _ROLE.of(context.query) or ROLES
    people = "SELECT * FROM drive_people WHERE drive_id = ? ORDER BY kind DESC, id"
    rows = [row for row in context.db.execute(people, (drive["id"],)) if _is_of(row, types, statuses)]
    cut = pages.page(context, pages.found(context.query, rows))
    items = [drive_user(context, drive, row) for row in cut.rows]
    return success(load(context, cut.rows, items, OF_DRIVE_USER), paging=cut.paging)


def _is_of(row: sqlite3.Row, types: Collection[str], statuses: Collection[str]) -> bool:
    return row["role"] in types and row["status"] in statuses


@endpoint(refuses=[400, 403])
def display(context: Context) -> Answer:
    """Show who is in the kDrive."""
    drive = gate.drive(context)
    return success(drive_user(context, drive, gate.user(context, drive)))
