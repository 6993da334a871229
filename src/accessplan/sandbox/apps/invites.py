"""Invitations to a kDrive, of people in the organization or not [openapi kdrive] [faq 2364]."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from accessplan.sandbox.apps import drives
from accessplan.sandbox.people import INVITATION_SECONDS, address, find_user


@dataclass(frozen=True, kw_only=True)
class DriveInvitation:
    """An invitation to a kDrive, open for 30 days unless it says otherwise."""

    drive_id: int
    email: str
    role: str
    created_at: int
    expired_at: int | None = None
    status: str = "pending"
    lang: str = "fr"
    message: str = ""
    invited_by: int | None = None


def add(db: sqlite3.Connection, invitation: DriveInvitation) -> int:
    """Add an invitation; returns the id."""
    expired_at = invitation.created_at + INVITATION_SECONDS if invitation.expired_at is None else invitation.expired_at
    cursor = db.execute(
        "INSERT INTO drive_invitations (drive_id, address, email, role, status, lang, message, invited_by, created_at,"
        " expired_at) VALUES (:drive_id, :address, :email, :role, :status, :lang, :message, :invited_by, :created_at,"
        " :expired_at)",
        {**vars(invitation), "address": address(invitation.email), "expired_at": expired_at},
    )
    return cursor.lastrowid or 0


def is_invited(db: sqlite3.Connection, drive_id: int, email: str) -> bool:
    """Tell whether an address has a pending invitation to a kDrive, expired or not."""
    pending = "SELECT 1 FROM drive_invitations WHERE drive_id = ? AND address = ? AND status = 'pending'"
    return db.execute(pending, (drive_id, address(email))).fetchone() is not None


def is_in(db: sqlite3.Connection, drive_id: int, email: str) -> bool:
    """Tell whether an address is that of somebody in a kDrive."""
    known = "SELECT 1 FROM drive_people WHERE drive_id = ? AND address = ?"
    return db.execute(known, (drive_id, address(email))).fetchone() is not None


def waiting(db: sqlite3.Connection, now: int) -> list[str]:
    """List the addresses that could accept."""
    rows = db.execute(
        "SELECT email FROM drive_invitations WHERE status = 'pending' AND expired_at > ? GROUP BY address ORDER BY id",
        (now,),
    )
    return [row["email"] for row in rows]


def accept(db: sqlite3.Connection, email: str, now: int) -> Iterator[str]:
    """Accept every invitation of an address that has not expired; yields where that leads.

    Who is not in the organization becomes a guest, whose role is external.
    """
    user = find_user(db, email)
    rows = db.execute(
        "SELECT drive_invitations.*, name FROM drive_invitations JOIN kdrives ON kdrives.id = drive_id"
        " WHERE address = ? AND status = 'pending' AND drive_invitations.expired_at > ? ORDER BY drive_invitations.id",
        (address(email), now),
    ).fetchall()
    for row in rows:
        who = drives.guest(db, row["address"], row["email"]) if user is None else ("user", user["id"])
        role = "external" if user is None else row["role"]
        if drives.held(db, row["drive_id"], who) is None:
            drives.give(db, row["drive_id"], who, role, now)
        db.execute("UPDATE drive_invitations SET status = 'accepted' WHERE id = ?", (row["id"],))
        yield f"{role} of the kDrive {row['name']}"
