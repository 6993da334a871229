"""kSuite, which brings kChat and places in its kDrives, and kChat by itself [openapi core] [faq 879]."""

import sqlite3

from accessplan.sandbox.apps import drives
from accessplan.sandbox.grants import Subject
from accessplan.sandbox.services import SERVICE_IDS

ROLES = ("admin", "user")


def find(db: sqlite3.Connection, product_id: int | None = None) -> sqlite3.Row | None:
    """Find a kSuite, or the first one."""
    found: sqlite3.Row | None = db.execute(
        "SELECT product_id, users_quota, customer_name AS name FROM ksuites JOIN products ON products.id = product_id"
        " WHERE product_id = ifnull(?, product_id) ORDER BY product_id",
        (product_id,),
    ).fetchone()
    return found


def held(db: sqlite3.Connection, suite: sqlite3.Row, who: Subject) -> sqlite3.Row | None:
    """Find what somebody has of a kSuite."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM ksuite_members WHERE product_id = ? AND kind = ? AND subject_id = ?",
        (suite["product_id"], *who),
    ).fetchone()
    return found


def is_full(db: sqlite3.Connection, suite: sqlite3.Row) -> bool:
    """Tell whether nobody more may have the kSuite."""
    (taken,) = db.execute(
        "SELECT count(*) FROM ksuite_members JOIN people ON people.kind = ksuite_members.kind AND id = subject_id"
        " WHERE product_id = ?",
        (suite["product_id"],),
    ).fetchone()
    return suite["users_quota"] is not None and taken >= suite["users_quota"]


def full_drive(db: sqlite3.Connection, who: Subject) -> sqlite3.Row | None:
    """Find a kDrive of the kSuite that has no place for somebody who is not in it."""
    rows = db.execute("SELECT * FROM kdrives WHERE ksuite").fetchall()
    return next((row for row in rows if not drives.held(db, row["id"], who) and drives.is_full(db, row)), None)


def join(
    db: sqlite3.Connection,
    suite: sqlite3.Row,
    who: Subject,
    kchat_role: str,
    kdrive_role: str,
    now: int,
    mailbox_name: str | None = None,
) -> None:
    """Give somebody the kSuite, with a place in each of its kDrives."""
    db.execute(
        "INSERT INTO ksuite_members VALUES (?, ?, ?, ?, ?, ?)",
        (*who, suite["product_id"], kchat_role, kdrive_role, mailbox_name),
    )
    for drive in db.execute("SELECT id FROM drives WHERE ksuite").fetchall():
        if drives.held(db, drive["id"], who) is None:
            drives.give(db, drive["id"], who, kdrive_role, now)


def set_roles(db: sqlite3.Connection, suite: sqlite3.Row, who: Subject, role: str, now: int) -> None:
    """Give somebody another role, in kChat and in the kDrives."""
    where = {"role": role, "product": suite["product_id"], "kind": who[0], "id": who[1]}
    db.execute(
        "UPDATE ksuite_members SET kchat_role = :role, kdrive_role = :role"
        " WHERE product_id = :product AND kind = :kind AND subject_id = :id",
        where,
    )
    for drive in db.execute("SELECT id FROM drives WHERE ksuite").fetchall():
        drives.set_role(db, drive["id"], who, role, now)


def leave(db: sqlite3.Connection, suite: sqlite3.Row, who: Subject) -> None:
    """Take the kSuite away, and the places in its kDrives."""
    delete = "DELETE FROM ksuite_members WHERE product_id = ? AND kind = ? AND subject_id = ?"
    db.execute(delete, (suite["product_id"], *who))
    for drive in db.execute("SELECT id FROM drives WHERE ksuite").fetchall():
        drives.take(db, drive["id"], who)


def kchat(db: sqlite3.Connection, who: Subject) -> int | None:
    """Find the product that brings somebody kChat: their own, their kSuite, else the first kChat, or kSuite."""
    row = db.execute(
        "SELECT id FROM products WHERE service_id IN (:kchat, :ksuite) ORDER BY (:kind, :id, products.id) IN"
        " (SELECT kind, subject_id, product_id FROM kchat_members) DESC, (:kind, :id, products.id) IN"
        " (SELECT kind, subject_id, product_id FROM ksuite_members) DESC, service_id = :kchat DESC, id",
        {"kchat": SERVICE_IDS["kchat"], "ksuite": SERVICE_IDS["ksuite"], "kind": who[0], "id": who[1]},
    ).fetchone()
    return None if row is None else row["id"]


def kchat_role(db: sqlite3.Connection, product_id: int, who: Subject) -> str | None:
    """Read somebody's role in a kChat, their own or by the kSuite that brings it."""
    row = db.execute(
        "SELECT role FROM kchat_members WHERE product_id = :product AND kind = :kind AND subject_id = :id UNION ALL"
        " SELECT kchat_role FROM ksuite_members WHERE product_id = :product AND kind = :kind AND subject_id = :id",
        {"product": product_id, "kind": who[0], "id": who[1]},
    ).fetchone()
    return None if row is None else row["role"]


def set_kchat_role(db: sqlite3.Connection, product_id: int, who: Subject, role: str) -> None:
    """Give somebody a role in a kChat: by the kSuite that brings it when they have that, else of their own."""
    by_suite = "UPDATE ksuite_members SET kchat_role = ? WHERE product_id = ? AND kind = ? AND subject_id = ?"
    if not db.execute(by_suite, (role, product_id, *who)).rowcount:
        db.execute("INSERT OR REPLACE INTO kchat_members VALUES (?, ?, ?, ?)", (*who, product_id, role))


def leave_kchat(db: sqlite3.Connection, product_id: int, who: Subject) -> bool:
    """Take a kChat of one's own away; tell whether there was one."""
    delete = "DELETE FROM kchat_members WHERE product_id = ? AND kind = ? AND subject_id = ?"
    return db.execute(delete, (product_id, *who)).rowcount > 0
