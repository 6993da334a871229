"""An invited person, or an invited partner, answers: accepts or rejects."""

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from accessplan.sandbox import partners, people
from accessplan.sandbox.apps import drives, invites
from accessplan.sandbox.dates import written
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.people import ROLE_WORDS, Person, User
from accessplan.sandbox.store import Store

_PENDING = "SELECT 'invitation' AS kind, * FROM invitations WHERE status = 'pending'"


def accept(store: Store, who: str, now: datetime) -> str:
    """Let an invited person accept: they become an active user with what the invitation gives. Returns a line to show.

    `who` is an e-mail address, or the name of an invited partner. Who is invited to a kDrive alone becomes its guest.
    Raises Refused when there is no pending invitation, or it expired.
    """
    with store.transaction() as db:
        if db.execute(f"{_PENDING} AND address = ?", (people.address(who),)).fetchone() is None:
            places = [*invites.accept(db, who, int(now.timestamp()))]
            if places:
                return f"{who} accepted the invitation: {', '.join(places)}"
        invited = _invited(db, who, now)
        return (_accept if invited["kind"] == "invitation" else _accept_partner)(db, invited, now)


def accept_all(store: Store, now: datetime) -> list[str]:
    """Let everyone accept whose invitation has not expired, partners too; returns a line for each."""
    with store.transaction() as db:
        invitations = db.execute(f"{_PENDING} ORDER BY id").fetchall()
        return [
            *(_accept(db, invitation, now) for invitation in invitations if not _expired(invitation, now)),
            *(_accept_partner(db, partner, now) for partner in partners.every(db, "pending")),
            *_accept_drives(db, int(now.timestamp())),
        ]


def reject(store: Store, who: str, now: datetime) -> str:
    """Let an invited person, or partner, reject the invitation. Returns a line to show. Raises as `accept`."""
    seconds = int(now.timestamp())
    with store.transaction() as db:
        invited = _invited(db, who, now)
        if invited["kind"] == "invitation":
            rejected = "UPDATE invitations SET status = 'rejected', updated_at = ? WHERE id = ?"
            db.execute(rejected, (seconds, invited["id"]))
        else:
            partners.answer(db, invited, "rejected", seconds)
    return f"{who} rejected the invitation"


def _invited(db: sqlite3.Connection, who: str, now: datetime) -> sqlite3.Row:
    """Find the pending invitation of a person, or else the invited partner. Raises Refused."""
    invitation = db.execute(f"{_PENDING} AND address = ?", (people.address(who),)).fetchone()
    invited: sqlite3.Row | None = invitation or partners.find(db, who)
    if invited is None or invited["status"] != "pending":
        raise Refused(f"{who} has no pending invitation")
    if invitation and _expired(invitation, now):
        raise Refused(f"the invitation of {who} expired on {written(invitation['expired_at'])}")
    return invited


def _expired(invitation: sqlite3.Row, now: datetime) -> bool:
    return bool(invitation["expired_at"] <= now.timestamp())


def _accept(db: sqlite3.Connection, invitation: sqlite3.Row, now: datetime) -> str:
    seconds = int(now.timestamp())
    user = User(**{field.name: invitation[field.name] for field in fields(Person)}, last_login_at=seconds)
    db.execute("UPDATE invitations SET status = 'accepted', updated_at = ? WHERE id = ?", (seconds, invitation["id"]))
    user_id = people.add_user(db, user)
    people.move(db, ("invitation", invitation["id"]), ("user", user_id))
    drives.adopt(db, invitation["address"], user_id)
    places = [f"active as {ROLE_WORDS[user.role_type]}", *invites.accept(db, user.email, seconds)]
    return f"{user.email} accepted the invitation: {', '.join(places)}"


def _accept_drives(db: sqlite3.Connection, now: int) -> Iterator[str]:
    """Let everyone in who is invited to a kDrive, and to the organization no more."""
    for email in invites.waiting(db, now):
        yield f"{email} accepted the invitation: {', '.join(invites.accept(db, email, now))}"


def _accept_partner(db: sqlite3.Connection, partner: sqlite3.Row, now: datetime) -> str:
    partners.answer(db, partner, "accepted", int(now.timestamp()))
    kind = "full" if partner["full_access"] else "limited"
    return f"the partner {partner['name']} accepted the invitation: {kind} access"
