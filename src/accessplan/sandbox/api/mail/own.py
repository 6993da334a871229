"""The accesses of one person, over all mailboxes [openapi mail]."""

from accessplan.sandbox.api.mail import gate, items
from accessplan.sandbox.api.mail.webmail import FAMILY
from accessplan.sandbox.context import Context, denied, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.query import Condition, Listing
from accessplan.sandbox.wire import Answer, not_found

_ACCESSES = Listing(
    rows=f"SELECT * FROM mailbox_holders WHERE kind = 'user' AND family = '{FAMILY}'",  # noqa: S608  our own text
    order="access_id",
    orders={},
)


@endpoint(listing=_ACCESSES, loads=items.LOADABLE, refuses=[501])
def of_caller(context: Context) -> Answer:
    """List the caller's own accesses."""
    return _list(context, context.caller["id"])


@endpoint(listing=_ACCESSES, loads=items.LOADABLE, refuses=[403, 501])
def of_user(context: Context) -> Answer:
    """List the accesses of a user."""
    user_id = context.path["user"]
    if context.caller["role_type"] not in MANAGERS and context.caller["id"] != user_id:
        raise denied("Only an administrator or a legal representative may do that")
    if context.db.execute("SELECT 1 FROM users WHERE id = ?", (user_id,)).fetchone() is None:
        raise not_found()
    return _list(context, user_id)


def _list(context: Context, user_id: int) -> Answer:
    """List accesses on the hostings of this family; the account is on it when one of them is, or there is none."""
    families = {row["family"] for row in context.db.execute("SELECT family FROM mail_hostings")}
    if families and FAMILY not in families:
        raise gate.not_implemented()
    page = context.page(_ACCESSES, [Condition("id = ?", user_id)])
    return page.answer(load(context, page.rows, map(items.user_access, page.rows), items.LOADABLE))
