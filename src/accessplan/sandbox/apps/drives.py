"""kDrives, and who is in them [openapi kdrive] [faq 2364] [faq 2365]."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import sqlite3

from accessplan.sandbox.grants import Subject

ROLES = ("admin", "external", "user")

ID_OFFSET = 500_000
"""What the id of a kDrive is above that of its product, so that nobody takes one for the other."""

NO_QUOTA = 1_000_000
"""How many may use a kDrive whose quota is not given; the document has no null there."""


def id_of(product_id: int) -> int:
    """The id of the kDrive that a product is."""
    return product_id + ID_OFFSET


def add(db: sqlite3.Connection, product_id: int) -> None:
    """Add the kDrive that a product is."""
    db.execute("INSERT INTO drives VALUES (?, ?, NULL, FALSE, FALSE)", (id_of(product_id), product_id))


def find(db: sqlite3.Connection, drive_id: int) -> sqlite3.Row | None:
    """Find a kDrive."""
    found: sqlite3.Row | None = db.execute("SELECT * FROM kdrives WHERE id = ?", (drive_id,)).fetchone()
    return found


def held(db: sqlite3.Connection, drive_id: int, who: Subject) -> sqlite3.Row | None:
    """Find somebody's place in a kDrive."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM drive_people WHERE drive_id = ? AND kind = ? AND id = ?", (drive_id, *who)
    ).fetchone()
    return found


def by_id(db: sqlite3.Connection, drive_id: int, user_id: int) -> sqlite3.Row | None:
    """Find who is in a kDrive by their user id: somebody of the organization, or a guest."""
    return held(db, drive_id, ("user", user_id)) or held(db, drive_id, ("guest", user_id))


def places_taken(db: sqlite3.Connection, drive_id: int) -> int:
    """Count who is in a kDrive, and everyone invited to it."""
    (taken,) = db.execute(
        "SELECT (SELECT count(*) FROM drive_people WHERE drive_id = :drive)"
        " + (SELECT count(*) FROM drive_invitations WHERE drive_id = :drive AND status = 'pending')",
        {"drive": drive_id},
    ).fetchone()
    return int(taken)


def is_full(db: sqlite3.Connection, drive: sqlite3.Row) -> bool:
    """Tell whether nobody more may come in."""
    return drive["users_quota"] is not None and places_taken(db, drive["id"]) >= drive["users_quota"]


def give(
    db: sqlite3.Connection,
    drive_id: int,
    who: Subject,
    role: str,
    now: int,
    *,
    status: str = "active",
    last_connection_at: int | None = None,
) -> None:
    """Let somebody in who is not."""
    db.execute(
        "INSERT INTO drive_users VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*who, drive_id, role, status, now, now, last_connection_at),
    )


def set_role(db: sqlite3.Connection, drive_id: int, who: Subject, role: str, now: int) -> None:
    """Give somebody another role; who is there by the kSuite has it there too."""
    db.execute(
        "UPDATE drive_users SET role = ?, updated_at = ? WHERE drive_id = ? AND kind = ? AND subject_id = ?",
        (role, now, drive_id, *who),
    )
    db.execute(
        "UPDATE ksuite_members SET kdrive_role = ? WHERE kind = ? AND subject_id = ?"
        " AND EXISTS (SELECT 1 FROM drives WHERE id = ? AND ksuite)",
        (role, *who, drive_id),
    )


def set_status(db: sqlite3.Connection, drive_id: int, who: Subject, status: str, now: int) -> None:
    """Lock somebody out, or let them in again."""
    db.execute(
        "UPDATE drive_users SET status = ?, updated_at = ? WHERE drive_id = ? AND kind = ? AND subject_id = ?",
        (status, now, drive_id, *who),
    )


def take(db: sqlite3.Connection, drive_id: int, who: Subject) -> None:
    """Take somebody out; a guest who is in no kDrive any more is forgotten."""
    db.execute("DELETE FROM drive_users WHERE drive_id = ? AND kind = ? AND subject_id = ?", (drive_id, *who))
    db.execute("DELETE FROM guests WHERE id NOT IN (SELECT subject_id FROM drive_users WHERE kind = 'guest')")


def adopt(db: sqlite3.Connection, address: str, user_id: int) -> None:
    """Let somebody who joins the organization keep, as a user, the places they had as a guest."""
    guests = "SELECT id FROM guests WHERE address = ?"
    places = f"kind = 'guest' AND subject_id IN ({guests})"
    db.execute(f"UPDATE OR IGNORE drive_users SET kind = 'user', subject_id = ? WHERE {places}", (user_id, address))
    db.execute(f"DELETE FROM drive_users WHERE {places}", (address,))
    db.execute("DELETE FROM guests WHERE address = ?", (address,))


def guest(db: sqlite3.Connection, address: str, email: str) -> Subject:
    """Find somebody outside the organization, or take note of them."""
    db.execute("INSERT OR IGNORE INTO guests (address, email) VALUES (?, ?)", (address, email))
    (guest_id,) = db.execute("SELECT id FROM guests WHERE address = ?", (address,)).fetchone()
    return "guest", guest_id
