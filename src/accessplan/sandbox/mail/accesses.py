"""Mailboxes, and accesses to them by users and invitations."""

import sqlite3
from collections.abc import Iterable

from accessplan.sandbox.grants import Subject
from accessplan.sandbox.mail import flags


def mailbox(db: sqlite3.Connection, hosting_id: int, name: str) -> sqlite3.Row | None:
    """Find a mailbox of a hosting."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM mailboxes_of_hostings WHERE hosting_id = ? AND mailbox_name = ?", (hosting_id, name)
    ).fetchone()
    return found


def mailbox_of(db: sqlite3.Connection, address: str) -> sqlite3.Row | None:
    """Find a mailbox by its whole address."""
    name, _, domain = address.rpartition("@")
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM mailboxes_of_hostings WHERE mailbox_name = ? AND domain = ? COLLATE NOCASE", (name, domain)
    ).fetchone()
    return found


def held(db: sqlite3.Connection, mailbox_id: int, who: Subject) -> sqlite3.Row | None:
    """Find somebody's access to a mailbox."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM mailbox_holders WHERE mailbox_id = ? AND kind = ? AND id = ?", (mailbox_id, *who)
    ).fetchone()
    return found


def give(
    db: sqlite3.Connection,
    mailbox_id: int,
    who: Subject,
    names: Iterable[str],
    created_at: int,
    *,
    sends: bool = True,
    is_primary: bool = False,
    last_used_at: int | None = None,
) -> None:
    """Give somebody access who has none."""
    db.execute(
        "INSERT INTO mailbox_accesses"
        " (mailbox_id, kind, subject_id, flags, sends, is_primary, created_at, last_used_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (mailbox_id, *who, flags.stored(names), sends, is_primary, created_at, last_used_at),
    )


def change(db: sqlite3.Connection, access_id: int, names: Iterable[str], *, sends: bool | None = None) -> None:
    """Let these be the flags of an access; whether it sends changes only where that is said."""
    db.execute(
        "UPDATE mailbox_accesses SET flags = ?, sends = ifnull(?, sends) WHERE id = ?",
        (flags.stored(names), sends, access_id),
    )


def take(db: sqlite3.Connection, access_id: int) -> None:
    """Take an access away."""
    db.execute("DELETE FROM mailbox_accesses WHERE id = ?", (access_id,))


def quota_is_reached(db: sqlite3.Connection, box: sqlite3.Row) -> bool:
    """Tell whether, with this mailbox, more would be in use than the hosting allows."""
    if box["quota"] is None:
        return False
    (others,) = db.execute(
        "SELECT count(*) FROM mailboxes WHERE hosting_id = ? AND id != ?"
        " AND EXISTS (SELECT 1 FROM holders WHERE mailbox_id = mailboxes.id)",
        (box["hosting_id"], box["mailbox_id"]),
    ).fetchone()
    return bool(others + 1 > box["quota"])
