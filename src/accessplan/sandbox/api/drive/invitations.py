"""Invitations to a kDrive [openapi kdrive] [faq 2364]."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox import people
from accessplan.sandbox.api.drive import gate, pages
from accessplan.sandbox.apps import invites
from accessplan.sandbox.body import email, fields, one_of, text
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import Several, choice, number, words
from accessplan.sandbox.people import INVITATION_SECONDS, address
from accessplan.sandbox.wire import Answer, ApiError, not_found, success

_STATUSES = ("accepted", "cancelled", "expired", "pending", "rejected")
_STATUS = Several("status", choice(_STATUSES))
_EMAILS = Several("emails", words)
_USER_IDS = Several("user_ids", number)
_LONG = text(shortest=0, longest=10_000)
_CHANGED = fields(
    optional={
        "role": one_of(["admin", "user"]),
        "right": one_of(["manage", "none", "read", "write"]),
        "email": email,
        "name": text(),
        "message": _LONG,
    }
)
_ROWS = (
    "SELECT drive_invitations.*, users.id AS user_id"
    " FROM drive_invitations LEFT JOIN users ON users.address = drive_invitations.address"
)


def _user_exist(db: sqlite3.Connection, rows: Rows) -> list[bool]:
    return [people.find_user(db, row["email"]) is not None for row in rows]


_LOADABLE: Mapping[str, Loader] = {"user_exist": _user_exist}


@endpoint(query=[_STATUS, _EMAILS, _USER_IDS, *pages.PAGED], loads=_LOADABLE, refuses=[403])
def list_invitations(context: Context) -> Answer:
    """List who was invited to the kDrive, and what became of it."""
    drive = gate.drive(context)
    statuses = _STATUS.of(context.query) or _STATUSES
    emails = {address(value) for value in _EMAILS.of(context.query)}
    user_ids = set(_USER_IDS.of(context.query))
    rows = [
        row
        for row in context.db.execute(f"{_ROWS} WHERE drive_id = ? ORDER BY drive_invitations.id", (drive["id"],))
        if _state(row, context.now) in statuses
        and (not emails or row["address"] in emails)
        and (not user_ids or row["user_id"] in user_ids)
    ]
    cut = pages.page(context, rows)
    return success(
        load(context, cut.rows, [item(context, drive, row) for row in cut.rows], _LOADABLE), paging=cut.paging
    )


@endpoint(refuses=[403])
def display(context: Context) -> Answer:
    """Show an invitation, whatever became of it."""
    drive = gate.drive(context)
    return success(item(context, drive, find(context, drive, context.path["invitation_id"])))


@endpoint(body=_CHANGED, refuses=[400, 403])
def change(context: Context) -> Answer:
    """Change an invitation that was not answered."""
    drive = gate.drive(context)
    body = context.body
    row = _open(context, drive)
    new = body.get("email", row["email"])
    is_taken = invites.is_in(context.db, drive["id"], new) or invites.is_invited(context.db, drive["id"], new)
    if address(new) != row["address"] and is_taken:
        raise ApiError(400, "invitation_already_exists_with_this_email", "Invitation already exists with this email")
    context.db.execute(
        "UPDATE drive_invitations SET email = ?, address = ?, role = ?, message = ? WHERE id = ?",
        (new, address(new), body.get("role", row["role"]), body.get("message", row["message"]), row["id"]),
    )
    return success(data=True)


@endpoint(refuses=[400, 403])
def send(context: Context) -> Answer:
    """Send the mail again; the invitation is good for another month."""
    row = _open(context, gate.drive(context))
    renewed = "UPDATE drive_invitations SET expired_at = ? WHERE id = ?"
    context.db.execute(renewed, (context.now + INVITATION_SECONDS, row["id"]))
    return success(data=True)


@endpoint(refuses=[400, 403])
def cancel(context: Context) -> Answer:
    """Cancel an invitation that was not answered."""
    row = _open(context, gate.drive(context))
    context.db.execute("UPDATE drive_invitations SET status = 'cancelled' WHERE id = ?", (row["id"],))
    return success(data=True)


def find(context: Context, drive: sqlite3.Row, invitation_id: int) -> sqlite3.Row:
    """Find an invitation to a kDrive. Raises ApiError when there is none."""
    row: sqlite3.Row | None = context.db.execute(
        f"{_ROWS} WHERE drive_id = ? AND drive_invitations.id = ?", (drive["id"], invitation_id)
    ).fetchone()
    if row is None:
        raise not_found()
    return row


def _open(context: Context, drive: sqlite3.Row) -> sqlite3.Row:
    row = find(context, drive, context.path["invitation_id"])
    if row["status"] == "accepted":
        raise ApiError(400, "invitation_is_already_accepted", "Invitation is already accepted")
    if row["status"] != "pending":
        raise not_found()
    return row


def _state(row: sqlite3.Row, now: int) -> str:
    """The status that can be asked for: a pending invitation may have expired."""
    return "expired" if row["status"] == "pending" and row["expired_at"] <= now else str(row["status"])


def item(context: Context, drive: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    """An invitation without what `with=` adds; its secrets are plainly none."""
    return {
        **{key: row[key] for key in ("id", "email", "role", "status", "lang", "message", "user_id", "invited_by")},
        "type": "user",
        "is_private": False,
        "key": f"fake-key-{row['id']}",
        "url": f"https://kdrive.example/invitation/{row['id']}",
        "file_id": 0,
        "is_valid": _state(row, context.now) == "pending",
        "created_at": row["created_at"],
        "expired_at": row["expired_at"],
        "access_name": drive["name"],
    }
