"""An invited person accepts."""

import sqlite3
from dataclasses import fields
from datetime import datetime

from accessplan.sandbox import people
from accessplan.sandbox.dates import written
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.people import ROLE_WORDS, Person, User
from accessplan.sandbox.store import Store

_PENDING = "SELECT * FROM invitations WHERE status = 'pending'"


def accept(store: Store, email: str, now: datetime) -> str:
    """Let an invited person accept: they become an active user with what the invitation gives. Returns a line to show.

    Raises Refused when there is no pending invitation, or it expired.
    """
    with store.transaction() as db:
        invitation = db.execute(f"{_PENDING} AND address = ?", (people.address(email),)).fetchone()
        if invitation is None:
            raise Refused(f"{email} has no pending invitation")
        if _expired(invitation, now):
            raise Refused(f"the invitation of {email} expired on {written(invitation['expired_at'])}")
        return _accept(db, invitation, now)


def accept_all(store: Store, now: datetime) -> list[str]:
    """Let everyone accept whose invitation has not expired; returns a line for each."""
    with store.transaction() as db:
        invitations = db.execute(f"{_PENDING} ORDER BY id").fetchall()
        return [_accept(db, invitation, now) for invitation in invitations if not _expired(invitation, now)]


def _expired(invitation: sqlite3.Row, now: datetime) -> bool:
    return bool(invitation["expired_at"] <= now.timestamp())


def _accept(db: sqlite3.Connection, invitation: sqlite3.Row, now: datetime) -> str:
    seconds = int(now.timestamp())
    user = User(**{field.name: invitation[field.name] for field in fields(Person)}, last_login_at=seconds)
    db.execute("UPDATE invitations SET status = 'accepted', updated_at = ? WHERE id = ?", (seconds, invitation["id"]))
    user_id = people.add_user(db, user)
    people.move(db, ("invitation", invitation["id"]), ("user", user_id))
    return f"{user.email} accepted the invitation: active as {ROLE_WORDS[user.role_type]}"
