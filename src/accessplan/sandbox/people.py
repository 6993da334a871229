"""People of the organization: users, and those invited."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from accessplan.sandbox import grants
from accessplan.sandbox.apps.tables import HELD
from accessplan.sandbox.grants import Subject

OWNER = "owner"
MANAGERS = (OWNER, "admin")
ROLE_WORDS = {
    "owner": "legal_representative",
    "admin": "administrator",
    "normal": "collaborator",
    "external": "external",
}
ROLE_TYPES = {word: role_type for role_type, word in ROLE_WORDS.items()}

INVITATION_SECONDS = 30 * 86_400


def address(email: str) -> str:
    """An e-mail address as it is compared."""
    return unicodedata.normalize("NFC", email).casefold()


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a user and an invitation have in common."""

    email: str
    first_name: str
    last_name: str
    role_type: str
    language_id: int
    has_billing: bool = False
    has_billing_mailing: bool = False
    has_mailing: bool = False


@dataclass(frozen=True, kw_only=True)
class User(Person):
    """An active user; who never logged in has no last login."""

    last_login_at: int | None = None
    two_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class Invitation(Person):
    """An invitation; `strict` asks for the same address, `silent` sends no mail."""

    created_at: int
    expired_at: int | None = None
    status: str = "pending"
    strict: bool = True
    silent: bool = False


def find(db: sqlite3.Connection, email: str) -> sqlite3.Row | None:
    """Find who the users list shows under this address, active or pending."""
    found: sqlite3.Row | None = db.execute("SELECT * FROM people WHERE address = ?", (address(email),)).fetchone()
    return found


def find_user(db: sqlite3.Connection, email: str) -> sqlite3.Row | None:
    """Find an active user."""
    found: sqlite3.Row | None = db.execute("SELECT * FROM users WHERE address = ?", (address(email),)).fetchone()
    return found


def subject(row: sqlite3.Row) -> Subject:
    """Who a row of `people` is, as memberships and grants name them."""
    return row["kind"], row["id"]


def is_last_owner(db: sqlite3.Connection, user: sqlite3.Row) -> bool:
    """Tell whether nobody else is legal representative."""
    (owners,) = db.execute("SELECT count(*) FROM users WHERE role_type = ?", (OWNER,)).fetchone()
    return bool(user["role_type"] == OWNER and owners == 1)


def add_user(db: sqlite3.Connection, user: User) -> int:
    """Add an active user; returns the id."""
    return _insert(db, "users", vars(user))


def add_invitation(db: sqlite3.Connection, invitation: Invitation) -> int:
    """Add an invitation, open for 30 days unless it says otherwise; returns the id."""
    expired_at = invitation.created_at + INVITATION_SECONDS if invitation.expired_at is None else invitation.expired_at
    times = {"expired_at": expired_at, "updated_at": invitation.created_at}
    return _insert(db, "invitations", {**vars(invitation), **times})


def _insert(db: sqlite3.Connection, table: str, person: dict[str, object]) -> int:
    columns = {"address": address(str(person["email"])), **person}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))
    return cursor.lastrowid or 0


def join_teams(db: sqlite3.Connection, who: Subject, team_ids: Iterable[int]) -> None:
    """Put someone into teams; those they are in already stay."""
    db.executemany("INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)", [(*who, team_id) for team_id in team_ids])


def leave_teams(db: sqlite3.Connection, who: Subject) -> None:
    """Take someone out of every team."""
    db.execute("DELETE FROM memberships WHERE kind = ? AND subject_id = ?", who)


def move(db: sqlite3.Connection, old: Subject, new: Subject) -> None:
    """Hand memberships, grants and accesses over to someone who has none."""
    for table in ("memberships", "grants", "mailbox_accesses", *HELD):
        db.execute(
            f"UPDATE {table} SET kind = ?, subject_id = ? WHERE kind = ? AND subject_id = ?",
            (*new, *old),
        )


def remove_user(db: sqlite3.Connection, user_id: int) -> None:
    """Remove a user with all they held; teams they led have no leader."""
    leave_teams(db, ("user", user_id))
    grants.drop(db, ("user", user_id))
    db.execute("DELETE FROM mailbox_accesses WHERE kind = 'user' AND subject_id = ?", (user_id,))
    for table in HELD:
        db.execute(f"DELETE FROM {table} WHERE kind = 'user' AND subject_id = ?", (user_id,))
    db.execute("UPDATE teams SET owned_by_id = NULL WHERE owned_by_id = ?", (user_id,))
    db.execute("DELETE FROM users WHERE id = ?", (user_id,))
