"""Accesses to a mailbox: the new endpoints [openapi mail]."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.api.mail import gate, items
from accessplan.sandbox.body import boolean, fields, integer, listed, one_of
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.mail import accesses, flags
from accessplan.sandbox.query import Condition, Listing
from accessplan.sandbox.wire import Answer, ApiError, success

FAMILY = "webmail"
FLAGS = fields(optional=dict.fromkeys(flags.WEBMAIL, boolean))

_NAME = "first_name || ' ' || last_name"
_HOLDERS = Listing(
    rows="SELECT * FROM mailbox_holders",
    order="kind DESC, access_id",  # users, links, invitations
    orders={"user": _NAME, "last_used_at": "last_used_at"},
    searched=f"email || ' ' || {_NAME}",
)

_USERS = _HOLDERS._replace(orders={})

_NEW = fields(required={"user_id": integer}, optional={"permissions": FLAGS})
_CHANGED = fields(required={"permissions": listed(one_of(flags.WEBMAIL), at_least=1)})


def _on_users(loader: Loader) -> Loader:
    """Load something on the rows of users; others have none."""

    def read(db: sqlite3.Connection, rows: Rows) -> list[object]:
        return [value if row["kind"] == "user" else None for row, value in zip(rows, loader(db, rows), strict=True)]

    return read


_LOADABLE = {f"user_access.{name}": _on_users(loader) for name, loader in items.LOADABLE.items()}


@endpoint(listing=_HOLDERS, loads=_LOADABLE, refuses=[403, 501])
def list_accesses(context: Context) -> Answer:
    """List who may open a mailbox: users, then links and those invited."""
    page = context.page(_HOLDERS, [_of(gate.mailbox(context, FAMILY))])
    return page.answer(load(context, page.rows, map(_item, page.rows), _LOADABLE))


def _item(row: sqlite3.Row) -> dict[str, Any]:
    if row["kind"] == "user":
        return {"user_access": items.user_access(row), "invitation": None}
    return {"user_access": None, "invitation": items.invitation(row)}


@endpoint(listing=_USERS, refuses=[403, 501])
def list_users(context: Context) -> Answer:
    """List the users who may open a mailbox, in short."""
    box = gate.mailbox(context, FAMILY)
    page = context.page(_USERS, [_of(box), Condition("kind = ?", "user")])
    return page.answer([items.card(row) for row in page.rows])


@endpoint(body=_NEW, status=201, refuses=[403, 409, 501])
def create(context: Context) -> Answer:
    """Give a user access."""
    box = gate.mailbox(context, FAMILY)
    user_id = context.body["user_id"]
    if context.db.execute("SELECT 1 FROM users WHERE id = ?", (user_id,)).fetchone() is None:
        raise ApiError(422, "user_not_attached_to_account", "The user is not attached to the account")
    if accesses.held(context.db, box["mailbox_id"], ("user", user_id)):
        raise ApiError(409, "user_already_has_access_to_mailbox", "The user already has access to the mailbox")
    accesses.give(context.db, box["mailbox_id"], ("user", user_id), asked(context.body), context.now)
    return success(data=True, status=201)


def asked(body: Mapping[str, Any]) -> list[str]:
    """Read the flags of a new access: those of the Mail Service when the request names none."""
    return flags.chosen(body["permissions"], flags.WEBMAIL) if "permissions" in body else [*flags.DEFAULT]


@endpoint(body=_CHANGED, refuses=[403, 500, 501])
def change(context: Context) -> Answer:
    """Let a user have these flags, no others; no flag at all cannot be said."""
    access = _access(context)
    if access["is_primary"]:
        raise ApiError(500, "cannot_update_object", "It is the user's own mailbox")
    wanted = context.body["permissions"]
    accesses.change(context.db, access["access_id"], flags.changed(access, wanted, flags.WEBMAIL))
    return success(data=True)


@endpoint(refuses=[403, 500, 501])
def delete(context: Context) -> Answer:
    """Take a user's access away."""
    access = _access(context)
    if access["is_primary"]:
        raise ApiError(500, "cannot_delete_object", "It is the user's own mailbox")
    accesses.take(context.db, access["access_id"])
    return success(data=True)


def _access(context: Context) -> sqlite3.Row:
    box = gate.mailbox(context, FAMILY)
    access = accesses.held(context.db, box["mailbox_id"], ("user", context.path["user"]))
    if access is None:
        raise ApiError(404, "user_has_no_access_to_mailbox", "The user has no access to the mailbox")
    return access


def _of(box: sqlite3.Row) -> Condition:
    return Condition("mailbox_id = ?", box["mailbox_id"])
