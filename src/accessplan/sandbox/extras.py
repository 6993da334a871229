"""Mail hostings, drives and partners: kept as the organization file writes them."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from accessplan.sandbox import dates
from accessplan.sandbox.people import address
from accessplan.sandbox.store import keep_setting, setting

KEYS = ("mail_hostings", "drives", "partners")

_DATES = frozenset({"last_used", "last_connection", "since"})


def dated(written: object, now: datetime) -> object:
    """Copy a part of the file with its dates made absolute. Raises ValueError for what is no date."""
    if isinstance(written, Mapping):
        return {
            key: dates.written(dates.seconds(value, now)) if key in _DATES else dated(value, now)
            for key, value in written.items()
        }
    if isinstance(written, Sequence) and not isinstance(written, str):
        return [dated(item, now) for item in written]
    return written


def forget(db: sqlite3.Connection, email: str) -> None:
    """Take a person out of every mailbox and drive."""
    gone = address(email)
    mail_hostings, drives = setting(db, "mail_hostings"), setting(db, "drives")
    for mailbox in (mailbox for hosting in mail_hostings for mailbox in hosting.get("mailboxes", ())):
        mailbox["accesses"] = [access for access in mailbox.get("accesses", ()) if address(access["user"]) != gone]
    for drive in drives:
        drive["users"] = [user for user in drive.get("users", ()) if address(user["email"]) != gone]
    keep_setting(db, "mail_hostings", mail_hostings)
    keep_setting(db, "drives", drives)
