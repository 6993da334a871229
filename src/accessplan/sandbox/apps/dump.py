"""kDrives, kSuites and kChats: from the store back to the organization file."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from accessplan.sandbox.dates import written


def write(db: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Write them down; products of which there is nothing to say are left out."""
    return {
        "drives": [entry for entry in _drives(db) if entry.keys() > {"product"}],
        "ksuites": [entry for entry in _suites(db) if entry.keys() > {"product"}],
        "kchats": [*_kchats(db)],
    }


def _drives(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    for drive in db.execute("SELECT * FROM drives ORDER BY product_id").fetchall():
        users = db.execute("SELECT * FROM drive_people WHERE drive_id = ? ORDER BY kind DESC, id", (drive["id"],))
        invited = db.execute("SELECT * FROM drive_invitations WHERE drive_id = ? ORDER BY id", (drive["id"],))
        yield _said(
            product=drive["product_id"],
            quota=drive["users_quota"],
            maintenance=bool(drive["maintenance"]) or None,
            ksuite=bool(drive["ksuite"]) or None,
            users=[_user(row) for row in users] or None,
            invitations=[_invitation(row) for row in invited] or None,
        )


def _user(row: sqlite3.Row) -> dict[str, Any]:
    connected = row["last_connection_at"]
    return _said(
        email=row["email"],
        role=row["role"],
        status="locked" if row["status"] == "locked" else None,
        last_connection=None if connected is None else written(connected),
    )


def _invitation(row: sqlite3.Row) -> dict[str, Any]:
    status = None if row["status"] == "pending" else row["status"]
    return _said(email=row["email"], role=row["role"], expires=written(row["expired_at"]), status=status)


def _suites(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    for suite in db.execute("SELECT * FROM ksuites ORDER BY product_id").fetchall():
        users = [
            _said(
                email=row["email"],
                role=row["kdrive_role"],
                kchat_role=None if row["kchat_role"] == row["kdrive_role"] else row["kchat_role"],
                mailbox_name=row["mailbox_name"],
            )
            for row in _members(db, "ksuite_members", suite["product_id"])
        ]
        yield _said(product=suite["product_id"], quota=suite["users_quota"], users=users or None)


def _kchats(db: sqlite3.Connection) -> Iterable[dict[str, Any]]:
    for (product_id,) in db.execute("SELECT DISTINCT product_id FROM kchat_members ORDER BY product_id").fetchall():
        members = _members(db, "kchat_members", product_id)
        if users := [_said(email=row["email"], role=row["role"]) for row in members]:
            yield {"product": product_id, "users": users}


def _members(db: sqlite3.Connection, table: str, product_id: int) -> Iterable[sqlite3.Row]:
    return db.execute(
        f"SELECT member.*, email FROM {table} AS member"  # noqa: S608  our own text
        " JOIN people ON people.kind = member.kind AND people.id = subject_id"
        " WHERE product_id = ? ORDER BY member.kind DESC, subject_id",
        (product_id,),
    )


def _said(**entry: object) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}
