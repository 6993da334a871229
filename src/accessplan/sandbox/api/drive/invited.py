"""kDrive, kSuite and kChat that an invitation to the organization carries [openapi core]."""

import sqlite3

from accessplan.sandbox.api import invitations
from accessplan.sandbox.apps import drives, suites
from accessplan.sandbox.body import boolean, fields, integer, maybe, one_of, text
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.grants import Subject
from accessplan.sandbox.mail.flags import INVITED
from accessplan.sandbox.wire import Answer, ApiError, exists, not_found

_ROLE = one_of(suites.ROLES)
_DRIVE = fields(required={"drive_id": integer, "role": _ROLE})
_CHANGED = fields(optional={"role": _ROLE, "right": one_of(["manage", "none", "read", "write"])})
_KCHAT = fields(required={"role": _ROLE})
_KSUITE = fields(
    required={"ksuite_access": fields(required={"kchat_role": _ROLE, "kdrive_role": _ROLE})},
    optional={
        "mailbox_name": text(),
        "mailbox_permissions": fields(optional=dict.fromkeys(INVITED, boolean)),
        "mailbox_signature_model_id": maybe(text()),
    },
)


@endpoint(body=_DRIVE, loads=invitations.LOADABLE, status=201, refuses=[403, 409])
def add_drive(context: Context) -> Answer:
    """Promise an invited person a place in a kDrive."""
    who = _invited(context)
    drive = _drive(context, context.body["drive_id"])
    _not_of_suite(drive)
    if drives.held(context.db, drive["id"], who):
        raise exists("The invitation has access to this drive already")
    if drives.is_full(context.db, drive):
        raise ApiError(403, "drive_user_quota_reached", "The quota of the drive is reached")
    drives.give(context.db, drive["id"], who, context.body["role"], context.now)
    return invitations.one(context, who[1], status=201)


@endpoint(body=_CHANGED, loads=invitations.LOADABLE, refuses=[403])
def change_drive(context: Context) -> Answer:
    """Change the role in a kDrive; the right is one on its files, of which there are none here."""
    who = _invited(context)
    drive = _drive(context, context.path["drive_id"])
    place = drives.held(context.db, drive["id"], who)
    if place is None:
        raise not_found()
    drives.set_role(context.db, drive["id"], who, context.body.get("role", place["role"]), context.now)
    return invitations.one(context, who[1])


@endpoint(loads=invitations.LOADABLE, refuses=[403])
def delete_drive(context: Context) -> Answer:
    """Take a place in a kDrive off an invitation."""
    who = _invited(context)
    drive = _drive(context, context.path["drive_id"])
    _not_of_suite(drive)
    if drives.held(context.db, drive["id"], who) is None:
        raise not_found()
    drives.take(context.db, drive["id"], who)
    return invitations.one(context, who[1])


@endpoint(body=_KSUITE, loads=invitations.LOADABLE, status=201, refuses=[403, 409])
def add_suite(context: Context) -> Answer:
    """Promise an invited person the kSuite of the organization."""
    who = _invited(context)
    suite = _suite(context)
    if suites.held(context.db, suite, who):
        raise exists("The invitation has the kSuite already")
    if suites.is_full(context.db, suite):
        raise ApiError(403, "ksuite_quota_reached", "The quota of the kSuite is reached")
    if suites.full_drive(context.db, who):
        raise ApiError(403, "ksuite_drive_quota_reached", "The quota of the kSuite's drive is reached")
    if context.body.get("mailbox_signature_model_id") is not None:
        raise ApiError(422, "signature_mailbox_id", "There is no such mailbox signature")
    roles, name = context.body["ksuite_access"], context.body.get("mailbox_name")
    suites.join(context.db, suite, who, roles["kchat_role"], roles["kdrive_role"], context.now, name)
    return invitations.one(context, who[1], status=201)


@endpoint(loads=invitations.LOADABLE, refuses=[403])
def delete_suite(context: Context) -> Answer:
    """Take the kSuite off an invitation."""
    who = _invited(context)
    suite = _suite(context)
    if suites.held(context.db, suite, who) is None:
        raise not_found()
    suites.leave(context.db, suite, who)
    return invitations.one(context, who[1])


@endpoint(body=_KCHAT, loads=invitations.LOADABLE, refuses=[403])
def set_kchat(context: Context) -> Answer:
    """Set the role in kChat."""
    who = _invited(context)
    product_id = suites.kchat(context.db, who)
    if product_id is None:
        raise not_found()
    suites.set_kchat_role(context.db, product_id, who, context.body["role"])
    return invitations.one(context, who[1])


def _invited(context: Context) -> Subject:
    context.managers_only()
    return "invitation", invitations.pending(context)["id"]


def _drive(context: Context, drive_id: int) -> sqlite3.Row:
    drive = drives.find(context.db, drive_id)
    if drive is None:
        raise not_found()
    return drive


def _not_of_suite(drive: sqlite3.Row) -> None:
    if drive["ksuite"]:
        raise ApiError(403, "product_is_part_of_ksuite", "The drive is part of a kSuite")


def _suite(context: Context) -> sqlite3.Row:
    suite = suites.find(context.db)
    if suite is None:
        raise ApiError(404, "ksuite_not_found_for_account", "The account has no kSuite")
    return suite
