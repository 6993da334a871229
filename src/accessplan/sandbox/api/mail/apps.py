"""Mailboxes among the applications that an invitation opens."""

import json
import sqlite3
from collections import defaultdict
from typing import Any

from accessplan.sandbox.context import Rows
from accessplan.sandbox.mail import flags


def mailboxes(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    """Read the mailboxes of several pending invitations."""
    asked = json.dumps([row["id"] for row in rows if row["kind"] == "invitation"])
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for access in db.execute(
        "SELECT * FROM mailbox_holders WHERE kind = 'invitation' AND id IN (SELECT value FROM json_each(?))"
        " ORDER BY access_id",
        (asked,),
    ):
        found[access["id"]].append(
            {
                "type": "mailbox",
                "mail_id": access["hosting_id"],
                "mailbox_name": access["mailbox_name"],
                "permissions": flags.named(access),
            }
        )
    return [found[row["id"]] if row["kind"] == "invitation" else [] for row in rows]
