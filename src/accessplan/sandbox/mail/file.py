"""Mail Services of the organization file: read into the store, and written back."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox import people
from accessplan.sandbox.dates import written
from accessplan.sandbox.errors import SeedError
from accessplan.sandbox.known import Known, place
from accessplan.sandbox.mail import accesses, flags

Entry = Mapping[str, Any]


def read_hosting(known: Known, entry: Entry) -> None:
    """Read a hosting with its mailboxes; who may open them is read once everybody is known."""
    known.db.execute(
        "INSERT INTO mail_hostings VALUES (?, ?, ?, ?, ?)",
        (
            entry["id"],
            entry["domain"],
            entry.get("family", "webmail"),
            entry.get("shows_send", False),
            entry.get("quota", {}).get("mailboxes"),
        ),
    )
    for mailbox in entry.get("mailboxes", ()):
        if accesses.mailbox(known.db, entry["id"], mailbox["name"]):
            raise SeedError(f"there is a mailbox {mailbox['name']} already")
        row = (entry["id"], mailbox["name"])
        known.db.execute("INSERT INTO mailboxes (hosting_id, mailbox_name) VALUES (?, ?)", row)


def read_accesses(known: Known, entry: Entry) -> None:
    """Read who may open the mailboxes of a hosting: users, or those invited."""
    for mailbox in entry.get("mailboxes", ()):
        with place(f"mailbox {mailbox['name']}"):
            for access in mailbox.get("accesses", ()):
                _read_access(known, entry["id"], mailbox["name"], access)


def _read_access(known: Known, hosting_id: int, name: str, access: Entry) -> None:
    mailbox, who = accesses.mailbox(known.db, hosting_id, name), people.find(known.db, access["user"])
    if mailbox is None or who is None:
        raise SeedError(f"{access['user']} is neither a user nor invited")
    if accesses.held(known.db, mailbox["mailbox_id"], people.subject(who)):
        raise SeedError(f"{access['user']} has access already")
    accesses.give(
        known.db,
        mailbox["mailbox_id"],
        people.subject(who),
        access.get("permissions", ()),
        known.seconds(known.now),
        sends=access.get("send", True),
        is_primary=access.get("primary", False),
        last_used_at=known.seconds(access["last_used"]) if "last_used" in access else None,
    )


def write(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Write the hostings down; what is as usual is left out."""
    hostings = {row["id"]: _hosting(row) for row in db.execute("SELECT * FROM mail_hostings ORDER BY id")}
    mailboxes = {}
    for row in db.execute("SELECT * FROM mailboxes ORDER BY hosting_id, id"):
        mailboxes[row["id"]] = mailbox = {"name": row["mailbox_name"]}
        hostings[row["hosting_id"]].setdefault("mailboxes", []).append(mailbox)
    for row in db.execute("SELECT * FROM mailbox_holders WHERE kind != 'link' ORDER BY access_id"):
        mailboxes[row["mailbox_id"]].setdefault("accesses", []).append(_access(row))
    return [*hostings.values()]


def _hosting(row: sqlite3.Row) -> dict[str, Any]:
    unusual = {
        "family": row["family"] if row["family"] != "webmail" else None,
        "shows_send": bool(row["shows_send"]) or None,
        "quota": None if row["quota"] is None else {"mailboxes": row["quota"]},
    }
    return {"id": row["id"], "domain": row["domain"]} | _said(unusual)


def _access(row: sqlite3.Row) -> dict[str, Any]:
    unusual = {
        "permissions": flags.read(row) or None,
        "send": None if row["sends"] else False,
        "primary": bool(row["is_primary"]) or None,
        "last_used": None if row["last_used_at"] is None else written(row["last_used_at"]),
    }
    return {"user": row["email"]} | _said(unusual)


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}
