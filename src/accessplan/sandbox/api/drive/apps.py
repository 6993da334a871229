"""kDrive, kSuite and kChat among the applications that an invitation opens."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from accessplan.sandbox.context import Rows

Found = list[list[dict[str, Any]]]

_OF_INVITATIONS = (
    "kind = 'invitation' AND subject_id IN (SELECT id FROM invitations WHERE status = 'pending')"
    " AND subject_id IN (SELECT value FROM json_each(?))"
)

# a place that comes by the kSuite is not named besides
_DRIVES = (
    "SELECT subject_id, 'drive' AS type, drive_id, role FROM drive_users JOIN drives ON drives.id = drive_id"
    f" WHERE {_OF_INVITATIONS} AND NOT (ksuite AND (kind, subject_id) IN (SELECT kind, subject_id FROM ksuite_members))"
    " ORDER BY subject_id, drive_id"
)
_SUITES = (
    "SELECT subject_id, 'ksuite' AS type, kchat_role, kdrive_role, mailbox_name FROM ksuite_members"
    f" WHERE {_OF_INVITATIONS} ORDER BY subject_id, product_id"
)
_KCHATS = (
    f"SELECT subject_id, 'kchat' AS type, role FROM kchat_members WHERE {_OF_INVITATIONS}"
    " ORDER BY subject_id, product_id"
)


def _loader(sql: str) -> Callable[[sqlite3.Connection, Rows], Found]:
    def load(db: sqlite3.Connection, rows: Rows) -> Found:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in db.execute(sql, (json.dumps([row["id"] for row in rows if row["kind"] == "invitation"]),)):
            found[row["subject_id"]].append({key: row[key] for key in row.keys() if key != "subject_id"})  # noqa: SIM118  a row is no mapping
        return [found[row["id"]] if row["kind"] == "invitation" else [] for row in rows]

    return load


LOADERS = (_loader(_DRIVES), _loader(_SUITES), _loader(_KCHATS))
