"""Users of a mailbox: the old endpoints [openapi mail]. They cannot add a user."""

import sqlite3

from accessplan.sandbox.api.mail import gate, items
from accessplan.sandbox.body import boolean, fields
from accessplan.sandbox.context import Context, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.mail import accesses, flags
from accessplan.sandbox.wire import Answer, ApiError, not_found, success

_FAMILY = "legacy"
_CHANGED = fields(required={"permissions": fields(optional=dict.fromkeys(flags.LEGACY, boolean))})


_LOADABLE = {"permissions": lambda _, rows: [flags.mapped(row) for row in rows]}


@endpoint(loads=_LOADABLE, refuses=[403, 501])
def list_users(context: Context) -> Answer:
    """List the users of a mailbox, and those invited to it."""
    holders = _holders(context)
    users = [row for row in holders if row["kind"] == "user"]
    return success(
        {
            "users": load(context, users, map(items.mailbox_user, users), _LOADABLE),
            "invitations": [items.old_invitation(row, context.now) for row in holders if row["kind"] != "user"],
        }
    )


@endpoint(refuses=[403, 501])
def list_invitations(context: Context) -> Answer:
    """List those invited to a mailbox."""
    return success([items.old_invitation(row, context.now) for row in _holders(context) if row["kind"] != "user"])


@endpoint(body=_CHANGED, refuses=[403, 500, 501])
def change(context: Context) -> Answer:
    """Set the flags that are given; the others stay."""
    access = _access(context)
    if access["is_primary"]:
        raise ApiError(500, "cannot_update_object", "It is the user's own mailbox")
    given = context.body["permissions"]
    written = [name for name in flags.LEGACY if name in given]
    wanted = flags.chosen(given, written)
    accesses.change(context.db, access["access_id"], flags.changed(access, wanted, written))
    return success(data=True)


@endpoint(refuses=[403, 500, 501])
def delete(context: Context) -> Answer:
    """Take a user's access away."""
    access = _access(context)
    if access["is_primary"]:
        raise ApiError(500, "cannot_delete_object", "It is the user's own mailbox")
    accesses.take(context.db, access["access_id"])
    return success(data=True)


def _holders(context: Context) -> list[sqlite3.Row]:
    box = gate.mailbox(context, _FAMILY)
    return context.db.execute(
        "SELECT * FROM mailbox_holders WHERE mailbox_id = ? ORDER BY kind DESC, access_id", (box["mailbox_id"],)
    ).fetchall()


def _access(context: Context) -> sqlite3.Row:
    box = gate.mailbox(context, _FAMILY)
    access = accesses.held(context.db, box["mailbox_id"], ("user", context.path["user"]))
    if access is None:
        raise not_found()
    return access
