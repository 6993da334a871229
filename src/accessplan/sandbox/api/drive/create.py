"""Add people to a kDrive: those of the organization at once, others by invitation [openapi kdrive] [faq 2364]."""

import sqlite3
from typing import Any

from accessplan.sandbox import people
from accessplan.sandbox.api.drive import gate, invitations
from accessplan.sandbox.api.drive.items import drive_user
from accessplan.sandbox.api.drive.pages import IDS_AT_MOST
from accessplan.sandbox.apps import drives, invites
from accessplan.sandbox.apps.invites import DriveInvitation
from accessplan.sandbox.body import boolean, email, fields, integer, listed, maybe, one_of, text
from accessplan.sandbox.context import Context, denied
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.services import LANGUAGE_IDS
from accessplan.sandbox.wire import Answer, ApiError, success

QUOTA = "drive_user_quota_reached"
TEAMS_AT_MOST = 40

_NEW = fields(
    required={"role": one_of(drives.ROLES)},
    optional={
        "user_ids": listed(integer, at_most=IDS_AT_MOST),
        "emails": listed(email, at_most=IDS_AT_MOST),
        "team_ids": listed(integer, at_most=TEAMS_AT_MOST),
        "right": maybe(one_of(["manage", "none", "read", "write"])),
        "file_id": maybe(integer),
        "lang": maybe(one_of(LANGUAGE_IDS)),
        "message": maybe(text(shortest=0, longest=10_000)),
        "name": maybe(text()),
        "send_email": boolean,
        "type": one_of(["main", "shared"]),
    },
)


@endpoint(body=_NEW, status=201, refuses=[400, 403])
def create(context: Context) -> Answer:
    """Add people by their ids or addresses; each comes in, is invited, or has an error of their own."""
    drive = gate.drive(context)
    body = context.body
    named = [*body.get("user_ids", ()), *body.get("emails", ())]
    if not named:
        raise ApiError(400, "one_email_or_user_at_least_required", "One email or user at least required")
    if drive["ksuite"] and body["role"] != "external":
        raise denied("This kDrive is part of a kSuite, which gives the places in it")
    items = [_add(context, drive, name) for name in dict.fromkeys(named)]
    if all(item.get("error") == QUOTA for item in items):
        raise ApiError(400, QUOTA, "Drive user quota reached")
    return success(items, status=201)


def _add(context: Context, drive: sqlite3.Row, name: int | str) -> dict[str, Any]:
    """Add one person, named by the user id or the address."""
    if isinstance(name, str):
        user = people.find_user(context.db, name)
    else:
        user = context.db.execute("SELECT * FROM users WHERE id = ?", (name,)).fetchone()
    error = _error(context, drive, name, user)
    if error:
        return {"error": error, "email" if isinstance(name, str) else "user_id": name}
    if user is None:
        invitation = DriveInvitation(
            drive_id=drive["id"],
            email=str(name),
            role=context.body["role"],
            created_at=context.now,
            lang=context.body.get("lang") or "fr",
            message=context.body.get("message") or "",
            invited_by=context.caller["id"],
        )
        invitation_id = invites.add(context.db, invitation)
        return {"invitation": invitations.item(context, drive, invitations.find(context, drive, invitation_id))}
    who = ("user", user["id"])
    drives.give(context.db, drive["id"], who, context.body["role"], context.now)
    place = drives.held(context.db, drive["id"], who)
    return {"drive_user": drive_user(context, drive, place)} if place else {}


def _error(context: Context, drive: sqlite3.Row, name: int | str, user: sqlite3.Row | None) -> str | None:
    """Say why somebody cannot be added."""
    if user is None and not isinstance(name, str):
        return "user_not_attached_to_account"
    email_address = str(name) if user is None else user["email"]
    if invites.is_in(context.db, drive["id"], email_address):
        return "object_already_exists"
    if invites.is_invited(context.db, drive["id"], email_address):
        return "invitation_already_exists_with_this_email"
    return QUOTA if drives.is_full(context.db, drive) else None
