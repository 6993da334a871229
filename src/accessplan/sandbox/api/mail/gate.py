"""Which hosting and mailbox a request is about, and whether the caller may ask."""

import sqlite3

from accessplan.sandbox.context import Context, denied
from accessplan.sandbox.mail import accesses
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.services import SERVICE_IDS
from accessplan.sandbox.wire import ApiError, not_found

_REACHED = (
    "SELECT 1 FROM reach WHERE user_id = ? AND service_id = ? AND product_id IN (0, ?) AND may = 'technical' LIMIT 1"
)


def hosting(context: Context) -> sqlite3.Row:
    """Find the hosting of the path. Raises ApiError when there is none, or the caller does not manage it [faq 1478]."""
    hosting_id = context.path["service_mail"]
    row: sqlite3.Row | None = context.db.execute("SELECT * FROM mail_hostings WHERE id = ?", (hosting_id,)).fetchone()
    if row is None:
        raise not_found()
    if not manages(context, hosting_id):
        raise denied("Only an administrator, a legal representative or who has a right on the Mail Service may do that")
    return row


def manages(context: Context, hosting_id: int) -> bool:
    """Tell whether the caller manages a hosting."""
    asked = (context.caller["id"], SERVICE_IDS["email_hosting"], hosting_id)
    return context.caller["role_type"] in MANAGERS or context.db.execute(_REACHED, asked).fetchone() is not None


def mailbox(context: Context, family: str | None = None) -> sqlite3.Row:
    """Find the mailbox of the path. Raises ApiError, also when its hosting is not on this family of endpoints."""
    row = hosting(context)
    if family is not None and row["family"] != family:
        raise not_implemented()
    box = accesses.mailbox(context.db, row["id"], context.path["mailbox_name"])
    if box is None:
        raise not_found()
    return box


def not_implemented() -> ApiError:
    """An account is not on the family of endpoints that was asked; the documents say no more than the status."""
    return ApiError(501, "not_implemented", "Method not yet implemented")
