"""Parts of answers about mailboxes."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.api import items
from accessplan.sandbox.context import Loader
from accessplan.sandbox.mail import flags


def card(row: sqlite3.Row) -> dict[str, Any]:
    """A user, in short; these documents have no null for who has no picture."""
    return items.card(row) | {"avatar": ""}


def user_access(row: sqlite3.Row) -> dict[str, Any]:
    """A UserAccess without what `with=` adds."""
    return {
        "id": row["access_id"],
        "user": card(row),
        "status": "new" if row["last_used_at"] is None else "healthy",
        "is_primary": bool(row["is_primary"]),
        "created_at": row["created_at"],
        "last_used_at": row["last_used_at"],
        "permissions_binary": flags.binary(row),
        "permissions": flags.named(row),
        "has_valid_password": True,
    }


def _mailbox(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "mailbox_id": row["mailbox_id"],
        "mailbox_name": row["mailbox_name"],
        "mailbox_email": row["mailbox"],
        "mailbox_idn": row["mailbox"],
        "service_mail_id": row["hosting_id"],
        "is_free": False,
        "is_limited": False,
    }


def _access_rights(row: sqlite3.Row) -> dict[str, bool]:
    return {"can_delete": not row["is_primary"], "can_ask_reset_password": True}


LOADABLE: Mapping[str, Loader] = {
    "mailbox": lambda _, rows: [_mailbox(row) for row in rows],
    "access_rights": lambda _, rows: [_access_rights(row) for row in rows],
}
"""What one may load on a UserAccess."""


def invitation(row: sqlite3.Row) -> dict[str, Any]:
    """Somebody invited, or a link; its secrets are plainly none."""
    return {
        "short_url": f"https://mail.example/invitation/{key(row)}",
        "key": key(row),
        "sent_to": row["email"],
        "expired_at": row["expired_at"],
        "signature_template_id": "",
        "permissions": flags.mapped(row),
    }


def old_invitation(row: sqlite3.Row, now: int) -> dict[str, Any]:
    """The same, as the old endpoints write it."""
    name = {"mailbox_name": row["mailbox_name"], "mailbox": row["mailbox"], "mailbox_idn": row["mailbox"]}
    return {**invitation(row), "is_valid": row["expired_at"] > now, "is_used": False, "mailbox": name}


def key(row: sqlite3.Row) -> str:
    """What stands for the secret of an invitation or link."""
    return f"fake-key-of-{row['kind']}-{row['id']}"


def mailbox_user(row: sqlite3.Row) -> dict[str, Any]:
    """A user of a mailbox, as the old endpoints write it."""
    return {
        "id": row["id"],
        "email": row["email"],
        "name": items.display_name(row),
        "is_deleted": False,
        "is_unified": True,
        "avatar": "",
        "has_double_auth": bool(row["two_factor"]),
        "last_login_at": row["last_login_at"],
        "last_access_at": row["last_used_at"],
    }
