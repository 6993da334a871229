"""The mailboxes of a Mail Service, and its preferences [openapi mail]."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.api.mail import gate, items
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.mail import flags
from accessplan.sandbox.parameters import Parameter, choice, flag
from accessplan.sandbox.query import Condition, Filter, Listing, filters
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, success

_LISTING = Listing(
    rows="SELECT * FROM mailboxes_of_hostings",
    order="mailbox_id",
    orders={"mailIDN": "mailbox", "created_at": "mailbox_id"},
    searched="mailbox",
)

_UNIT = Parameter("unit", choice(("B", "MB", "kB")))

_ABSENT = ("has_alias", "has_anti_spam", "has_redirection", "has_responder", "is_using_imap", "is_using_pop3")
_FILTERS = {name: Filter("FALSE = ?", flag) for name in _ABSENT}
"""What no mailbox here has."""


def _holders(db: sqlite3.Connection, rows: Rows, *, users: bool) -> list[list[sqlite3.Row]]:
    """The users of each mailbox, or those who are none: invited, or with a link."""
    asked = json.dumps([row["mailbox_id"] for row in rows])
    found: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for holder in db.execute(
        "SELECT * FROM mailbox_holders WHERE mailbox_id IN (SELECT value FROM json_each(?)) AND (kind = 'user') = ?"
        " ORDER BY access_id",
        (asked, users),
    ):
        found[holder["mailbox_id"]].append(holder)
    return [found[row["mailbox_id"]] for row in rows]


def _users(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    return [[items.mailbox_user(user) for user in own] for own in _holders(db, rows, users=True)]


def _count_invitations(db: sqlite3.Connection, rows: Rows) -> list[int]:
    return [len(invited) for invited in _holders(db, rows, users=False)]


_LOADABLE: Mapping[str, Loader] = {
    "mailbox_id": lambda _, rows: [row["mailbox_id"] for row in rows],
    "users": _users,
    "count_invitations": _count_invitations,
}


@endpoint(listing=_LISTING, filters=_FILTERS, loads=_LOADABLE, refuses=[403])
def list_mailboxes(context: Context) -> Answer:
    """List the mailboxes."""
    conditions = [Condition("hosting_id = ?", gate.hosting(context)["id"]), *filters(context.query, _FILTERS)]
    page = context.page(_LISTING, conditions)
    return page.answer(_items(context, page.rows))


@endpoint(query=[_UNIT], loads=_LOADABLE, refuses=[403])
def display(context: Context) -> Answer:
    """Show a mailbox."""
    box = gate.mailbox(context)
    _UNIT.of(context.query)
    return success(_items(context, [box])[0])


@endpoint(refuses=[403])
def preferences(context: Context) -> Answer:
    """Show the preferences of a Mail Service: among them the flags of a new access."""
    gate.hosting(context)
    seeded_at = setting(context.db, "seeded_at")
    return success(
        {
            "default_permissions": {name: name in flags.DEFAULT for name in flags.WEBMAIL},
            "spam_filter_enabled": True,
            "promotion_filter_enabled": False,
            "external_mail_flag_enabled": False,
            "authorized_senders": [],
            "blocked_senders": [],
            "created_at": seeded_at,
            "updated_at": seeded_at,
        }
    )


def _items(context: Context, rows: Rows) -> list[dict[str, Any]]:
    users = _users(context.db, rows)
    primary = {row["mailbox_id"] for row in context.db.execute("SELECT mailbox_id FROM holders WHERE is_primary")}
    found = (
        {
            "mailbox_name": row["mailbox_name"],
            "mailbox": row["mailbox"],
            "mailbox_idn": row["mailbox"],
            "note": None,
            "type": None,
            "is_limited": False,
            "is_free_mail": False,
            "is_used_for_account": row["mailbox_id"] in primary,
            "users": own,
            "private": {},
        }
        for row, own in zip(rows, users, strict=True)
    )
    return load(context, rows, found, _LOADABLE)
