"""Let people into a kDrive, change what they are there, and take them out [openapi kdrive] [faq 2364] [faq 2365]."""

from accessplan.sandbox import grants
from accessplan.sandbox.api.drive import gate
from accessplan.sandbox.apps import drives, suites
from accessplan.sandbox.body import boolean, fields, listed, one_of, text
from accessplan.sandbox.context import Context, denied
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.grants import Grant
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.services import SERVICE_IDS
from accessplan.sandbox.wire import Answer, ApiError, success

_CHANGED = fields(optional={"role": one_of(["admin", "user"]), "name": text()})
_MANAGER = fields(required={"roles": listed(one_of(["statistic", "technical"]))})
_DELETED = fields(optional={"notify": boolean})


@endpoint(body=_CHANGED, refuses=[400, 403])
def change(context: Context) -> Answer:
    """Give somebody another role; an administrator's cannot be lowered, and a guest stays external."""
    drive = gate.drive(context)
    row = gate.user(context, drive)
    role = context.body.get("role", row["role"])
    governs = "SELECT 1 FROM users WHERE id = ? AND role_type IN (?, ?)"
    is_lowered = row["role"] == "admin" and role != "admin"
    if role != row["role"] and row["kind"] == "guest":
        raise _no_role("Who is not in the organization is external")
    if is_lowered and row["kind"] == "user" and context.db.execute(governs, (row["id"], *MANAGERS)).fetchone():
        raise _no_role("The role of an administrator of the organization cannot be lowered")
    drives.set_role(context.db, drive["id"], (row["kind"], row["id"]), role, context.now)
    return success(data=True)


def _no_role(description: str) -> ApiError:
    return ApiError(400, "can_not_update_role_error", description)


@endpoint(body=_MANAGER, refuses=[400, 403])
def change_manager(context: Context) -> Answer:
    """Let these be somebody's rights to manage the product, none others."""
    drive = gate.drive(context)
    row = gate.user(context, drive)
    if row["kind"] != "user":
        raise denied("Only people of the organization manage its products")
    grant = Grant(SERVICE_IDS["drive"], drive["product_id"], context.body["roles"])
    grants.put(context.db, ("user", row["id"]), grant)
    return success(data=True)


@endpoint(refuses=[400, 403])
def lock(context: Context) -> Answer:
    """Lock somebody out."""
    return _set_status(context, "locked")


@endpoint(refuses=[400, 403])
def unlock(context: Context) -> Answer:
    """Let somebody in again who was locked out."""
    return _set_status(context, "active")


def _set_status(context: Context, status: str) -> Answer:
    drive = gate.drive(context)
    row = gate.user(context, drive)
    drives.set_status(context.db, drive["id"], (row["kind"], row["id"]), status, context.now)
    return success(data=True)


@endpoint(body=_DELETED, refuses=[400, 403])
def delete(context: Context) -> Answer:
    """Take somebody out; what the kSuite gives goes with the kSuite alone."""
    drive = gate.drive(context)
    context.body.get("notify")  # nobody is written to
    row = gate.user(context, drive)
    suite, who = suites.find(context.db), (row["kind"], row["id"])
    if drive["ksuite"] and suite and suites.held(context.db, suite, who):
        raise denied("The place in this kDrive is part of the kSuite")
    drives.take(context.db, drive["id"], who)
    return success(data=True)
