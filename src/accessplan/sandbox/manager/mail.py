"""The screens of a Mail Service: who may open which mailbox [faq 593] [faq 1478] [faq 1811]."""

import sqlite3
from collections.abc import Mapping

from accessplan.sandbox import people
from accessplan.sandbox.body import boolean, listed, one_of
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.mail import accesses, flags
from accessplan.sandbox.manager.desk import NAME, NOTHING, Act, Desk, Step, person, values


def _edit_mailbox_access(desk: Desk, act: Act) -> str:
    """Let somebody open a mailbox with these flags, no others."""
    box, who = _mailbox(desk.db, act["mailbox"]), people.subject(person(desk.db, act["user"]))
    access, wanted = accesses.held(desk.db, box["mailbox_id"], who), flags.stored(act["permissions"])
    said = f"{', '.join(act['permissions']) or 'no permissions'}, {'may' if act['sends'] else 'may not'} send"
    if access is None:
        accesses.give(desk.db, box["mailbox_id"], who, act["permissions"], desk.now, sends=act["sends"])
        return f"{act['user']} has access to {box['mailbox']} now: {said}"
    if (access["flags"], bool(access["sends"])) == (wanted, act["sends"]):
        return f"{NOTHING}{act['user']} has access to {box['mailbox']} already: {said}"
    _keep_primary(access)
    accesses.change(desk.db, access["access_id"], act["permissions"], sends=act["sends"])
    return f"{act['user']} has other access to {box['mailbox']} now: {said}"


def _remove_mailbox_access(desk: Desk, act: Act) -> str:
    """Let somebody open a mailbox no more."""
    box, who = _mailbox(desk.db, act["mailbox"]), people.subject(person(desk.db, act["user"]))
    access = accesses.held(desk.db, box["mailbox_id"], who)
    if access is None:
        return f"{NOTHING}{act['user']} has no access to {box['mailbox']}"
    _keep_primary(access)
    accesses.take(desk.db, access["access_id"])
    return f"{act['user']} has no access to {box['mailbox']} any more"


def _mailbox(db: sqlite3.Connection, address: str) -> sqlite3.Row:
    box = accesses.mailbox_of(db, address)
    if box is None:
        raise Refused(f"there is no mailbox {address}")
    return box


def _keep_primary(access: sqlite3.Row) -> None:
    if access["is_primary"]:
        raise Refused(f"{access['mailbox']} is the own mailbox of {access['email']}")


_ACCESS = {"mailbox": NAME, "user": NAME}

STEPS: Mapping[str, Step] = {
    "edit_mailbox_access": Step(
        _edit_mailbox_access,
        values({**_ACCESS, "permissions": listed(one_of(flags.EVERY)), "sends": boolean}),
    ),
    "remove_mailbox_access": Step(_remove_mailbox_access, values(_ACCESS)),
}
