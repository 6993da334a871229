"""Which kDrive a request is about, and whether the caller may ask."""

import sqlite3

from accessplan.sandbox.apps import drives
from accessplan.sandbox.context import Context, denied
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.wire import ApiError


def drive(context: Context) -> sqlite3.Row:
    """Find the kDrive of the path.

    Raises ApiError when there is none, when the caller neither governs the organization nor administers the kDrive,
    and while it is in maintenance.
    """
    row = drives.find(context.db, context.path["drive_id"])
    if row is None or not _may(context, row["id"]):
        raise denied("Only an administrator, a legal representative or an admin of the kDrive may do that")
    if row["maintenance"]:
        raise ApiError(503, "drive_is_in_maintenance_error", "Drive is in maintenance")
    return row


def _may(context: Context, drive_id: int) -> bool:
    place = drives.held(context.db, drive_id, ("user", context.caller["id"]))
    is_admin = place is not None and place["role"] == "admin" and place["status"] == "active"
    return is_admin or context.caller["role_type"] in MANAGERS


def user(context: Context, drive: sqlite3.Row) -> sqlite3.Row:
    """Find who of the kDrive the path names, active or locked. Raises ApiError when they are not in it."""
    row = drives.by_id(context.db, drive["id"], context.path["user_id"])
    if row is None:
        raise ApiError(400, "user_not_associated_with_drive", "User not associated with drive")
    return row
