"""Links that open a mailbox to whoever has them [openapi mail]."""

from accessplan.sandbox.api.mail import gate, items, webmail
from accessplan.sandbox.body import boolean, email, fields, one_of, text
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.mail import flags
from accessplan.sandbox.people import INVITATION_SECONDS
from accessplan.sandbox.services import LANGUAGE_IDS
from accessplan.sandbox.wire import Answer, ApiError, not_found, success

_ANY = text(shortest=0)
_NEW = fields(
    optional={
        "firstname": _ANY,
        "lastname": _ANY,
        "force_email": boolean,
        "permissions": webmail.FLAGS,
        "signature_template_id": _ANY,
    }
)
_SENT = fields(required={"email": email}, optional={"language": one_of(LANGUAGE_IDS)})
_BETWEEN_SECONDS = 60


@endpoint(body=_NEW, refuses=[403, 501])
def create(context: Context) -> Answer:
    """Make a link; it is sent by a request of its own."""
    box, body = gate.mailbox(context, webmail.FAMILY), context.body
    cursor = context.db.execute(
        "INSERT INTO mailbox_links (mailbox_id, first_name, last_name, sent_to, flags, created_at, expired_at)"
        " VALUES (?, ?, ?, '', ?, ?, ?)",
        (
            box["mailbox_id"],
            body.get("firstname", ""),
            body.get("lastname", ""),
            flags.stored(webmail.asked(body)),
            context.now,
            context.now + INVITATION_SECONDS,
        ),
    )
    row = context.db.execute(
        "SELECT * FROM mailbox_holders WHERE kind = 'link' AND id = ?", (cursor.lastrowid,)
    ).fetchone()
    return success(items.invitation(row))


@endpoint(body=_SENT, refuses=[403, 501])
def send(context: Context) -> Answer:
    """Send a link by e-mail, once a minute at most."""
    box = gate.mailbox(context, webmail.FAMILY)
    rows = context.db.execute(
        "SELECT mailbox_links.*, 'link' AS kind FROM mailbox_links WHERE mailbox_id = ?", (box["mailbox_id"],)
    )
    link = next((row for row in rows if items.key(row) == context.path["key"]), None)
    if link is None:
        raise not_found()
    if link["sent_at"] is not None and context.now < link["sent_at"] + _BETWEEN_SECONDS:
        raise ApiError(
            429, "invitation_sending_rate_limit_reached", "The invitation was already sent in the last minute"
        )
    context.db.execute(
        "UPDATE mailbox_links SET sent_to = ?, sent_at = ? WHERE id = ?",
        (context.body["email"], context.now, link["id"]),
    )
    return success(data=True)
