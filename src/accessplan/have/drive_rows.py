"""What one row says of somebody in a kDrive, or invited into it [openapi kdrive]. What is not shown is empty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from accessplan.have.answer import Row
from accessplan.have.fields import Fields
from accessplan.have.moments import NO_MOMENTS, Moments, of_invitation, of_use
from accessplan.model import normalize_email
from accessplan.services import DRIVE, USE_ROLES

ACTIVE, LOCKED, PENDING, EXPIRED = "active", "locked", "pending", "expired"

STATUSES = (ACTIVE, LOCKED, PENDING)
"""Of a place; any other, but that of somebody deleted, is not documented."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in a kDrive, with their role and status there."""

    number: int
    email: str
    role: str
    status: str
    moments: Moments = NO_MOMENTS

    @property
    def is_shown(self) -> bool:
        """Whether role and status are all there."""
        return bool(self.role and self.status)

    @property
    def is_one(self) -> bool:
        """Whether somebody is in the kDrive at all, or was and is deleted."""
        return self.role != "none" and not self.status.startswith("deleted")

    def filled(self, other: Place) -> Place:
        """Fill what is not shown from another row of the same person."""
        moments = other.moments if self.moments == NO_MOMENTS else self.moments
        return replace(self, role=self.role or other.role, status=self.status or other.status, moments=moments)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation into a kDrive. Its secrets, `key` and `url`, are not kept."""

    number: int
    email: str
    role: str
    status: str
    moments: Moments = NO_MOMENTS


def place(row: Row) -> Place:
    """Read a row of either list of users: role and status stand in it, or in the object within."""
    fields = Fields(row, "a row of the users of a kDrive")
    within = fields.inner("drive_user")
    return Place(
        number=fields.number("id"),
        email=normalize_email(fields.text("email")),
        role=within.text_if_any("role") or fields.text_if_any("role"),
        status=within.text_if_any("status") or fields.text_if_any("status"),
        moments=of_use(within if "last_connection_at" in within.row else fields, "last_connection_at"),
    )


def invited(row: Row, now: datetime | None) -> Invited | None:
    """Read a row of the list of invitations; None for one to a single file, and for one that was answered.

    One that can be accepted no more is most often pending all the same.
    """
    fields = Fields(row, "a row of the invitations into a kDrive")
    status, until = fields.text("status"), fields.number_if_any("expired_at") or 0
    is_late = now is not None and 0 < until <= now.timestamp()
    if status == PENDING and (is_late or row.get("is_valid") is False):
        status = EXPIRED
    if fields.text_if_any("type") == "file" or status not in (PENDING, EXPIRED):
        return None
    email, made = normalize_email(fields.text("email")), of_invitation(fields)
    return Invited(fields.number("id"), email, fields.text_if_any("role"), status, made)


def role(name: str) -> str | None:
    """Return a role in a kDrive; None for one that is not shown, or not documented."""
    return name if name in USE_ROLES[DRIVE] else None
