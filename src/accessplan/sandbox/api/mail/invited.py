"""Mailbox accesses that an invitation to the organization carries [openapi core]."""

import sqlite3

from accessplan.sandbox.api import invitations
from accessplan.sandbox.body import boolean, fields, text
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.mail import accesses, flags
from accessplan.sandbox.wire import Answer, ApiError, exists, not_found

_NAME = {"mailbox_name": text(longest=255)}
_WHICH = fields(required=_NAME)
_ACCESS = fields(required={**_NAME, "mailbox_permissions": fields(required=dict.fromkeys(flags.INVITED, boolean))})


@endpoint(body=_ACCESS, loads=invitations.LOADABLE, status=201, refuses=[403, 409])
def create(context: Context) -> Answer:
    """Give an invited person access to a mailbox, once they accept."""
    context.managers_only()
    invitation = invitations.pending(context)
    box, who = _mailbox(context), ("invitation", invitation["id"])
    if accesses.held(context.db, box["mailbox_id"], who):
        raise exists("The invitation has access to this mailbox already")
    if accesses.quota_is_reached(context.db, box):
        raise ApiError(403, "mailboxes_quota_reached", "The quota of the mailboxes is reached")
    names = flags.chosen(context.body["mailbox_permissions"], flags.INVITED)
    accesses.give(context.db, box["mailbox_id"], who, names, context.now)
    return invitations.one(context, invitation["id"], status=201)


@endpoint(body=_ACCESS, loads=invitations.LOADABLE, refuses=[403])
def change(context: Context) -> Answer:
    """Set the flags of an access; those that the request cannot name stay."""
    context.managers_only()
    invitation = invitations.pending(context)
    access = _held(context, invitation)
    names = flags.chosen(context.body["mailbox_permissions"], flags.INVITED)
    accesses.change(context.db, access["access_id"], flags.changed(access, names, flags.INVITED))
    return invitations.one(context, invitation["id"])


@endpoint(body=_WHICH, loads=invitations.LOADABLE, refuses=[403])
def delete(context: Context) -> Answer:
    """Take an access off an invitation."""
    context.managers_only()
    invitation = invitations.pending(context)
    accesses.take(context.db, _held(context, invitation)["access_id"])
    return invitations.one(context, invitation["id"])


def _mailbox(context: Context) -> sqlite3.Row:
    box = accesses.mailbox(context.db, context.path["mail_id"], context.body["mailbox_name"])
    if box is None:
        raise not_found()
    return box


def _held(context: Context, invitation: sqlite3.Row) -> sqlite3.Row:
    access = accesses.held(context.db, _mailbox(context)["mailbox_id"], ("invitation", invitation["id"]))
    if access is None:
        raise not_found()
    return access
