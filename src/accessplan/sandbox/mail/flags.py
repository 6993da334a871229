"""What one may do in a mailbox: a flag each. Which can be read and written depends on the endpoint [openapi mail]."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any

SEND = "can_send_emails"
"""Kept apart from the others: the Manager sets it, and no documented body has it [faq 593] [kmail-app]."""

WEBMAIL = (
    "can_manage_filters",
    "can_manage_security",
    "can_manage_aliases",
    "can_manage_redirections",
    "can_manage_signatures",
    "can_manage_auto_reply",
    "can_change_password",
    "can_configure_mail_folders",
    "can_restore_emails",
    "can_manage_rules",
    "can_access_logs",
)
"""Those of webmail accesses; in their order the bits of `permissions_binary`, as we chose. All answers show these."""

_COMMON = tuple(name for name in WEBMAIL if name not in ("can_restore_emails", "can_manage_rules", "can_access_logs"))
LEGACY = (*_COMMON, "can_manage_chat")
"""Those the old endpoints write."""

INVITED = (*_COMMON, "can_access_logs")
"""Those that stand on an invitation to the organization [openapi core]."""

EVERY = (*WEBMAIL, "can_manage_chat")

DEFAULT = ("can_manage_filters", "can_manage_signatures", "can_manage_auto_reply")
"""What a new access has when its request names no flags."""


def stored(names: Iterable[str]) -> str:
    """Flags as the store keeps them."""
    given = set(names)
    return json.dumps([name for name in EVERY if name in given])


def read(row: sqlite3.Row) -> list[str]:
    """Read every flag of an access."""
    names: list[str] = json.loads(row["flags"])
    return names


def named(row: sqlite3.Row) -> list[str]:
    """Read the flags of an access that answers show; with sending only where the hosting shows it."""
    given = read(row)
    names = [name for name in WEBMAIL if name in given]
    return [*names, SEND] if row["shows_send"] and row["sends"] else names


def mapped(row: sqlite3.Row) -> dict[str, bool]:
    """Read the same as a map."""
    names = named(row)
    return {name: name in names for name in (*WEBMAIL, *([SEND] if row["shows_send"] else []))}


def binary(row: sqlite3.Row) -> int:
    """Read the same as a number."""
    names = named(row)
    return sum(1 << bit for bit, name in enumerate(WEBMAIL) if name in names)


def chosen(body: Mapping[str, Any], allowed: Iterable[str]) -> list[str]:
    """Read the flags that a map sets, of those it may."""
    return [name for name in allowed if body.get(name) is True]


def changed(row: sqlite3.Row, names: Collection[str], written: Collection[str]) -> list[str]:
    """Let these be the flags of an access among those that were written; the others stay."""
    return [name for name in read(row) if name not in written] + [*names]
