"""The screens of kDrive, kSuite and kChat: who uses them [faq 879] [faq 1886] [faq 2364] [faq 2365]."""

import sqlite3
from collections.abc import Mapping, Sequence

from accessplan.sandbox import people
from accessplan.sandbox.apps import drives, suites
from accessplan.sandbox.body import integer, maybe, one_of
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.grants import Subject
from accessplan.sandbox.manager.desk import NAME, NOTHING, Act, Desk, Step, person, values
from accessplan.sandbox.people import MANAGERS, ROLE_WORDS
from accessplan.sandbox.services import SERVICE_IDS


def _edit_drive_user(desk: Desk, act: Act) -> str:
    """Give somebody a role in a kDrive, or take them out."""
    drive, role = _drive(desk.db, act["product"]), act["role"]
    known = _in_drive(desk.db, drive, act["user"])
    place = drives.held(desk.db, drive["id"], known) if known else None
    if (place["role"] if place else None) == role and not (place and place["status"] == "locked"):
        return f"{NOTHING}{act['user']} is {role or 'not'} in the kDrive {drive['name']} already"
    who = known or people.subject(person(desk.db, act["user"]))
    _may_change(desk.db, drive, place, act)
    if place is None:
        if drives.is_full(desk.db, drive):
            raise Refused(f"the kDrive {drive['name']} has no place left")
        drives.give(desk.db, drive["id"], who, role, desk.now)
    elif role is None:
        drives.take(desk.db, drive["id"], who)
    else:
        drives.set_role(desk.db, drive["id"], who, role, desk.now)
        drives.set_status(desk.db, drive["id"], who, "active", desk.now)
    return f"{act['user']} is {role or 'not'} in the kDrive {drive['name']} now"


def _drive(db: sqlite3.Connection, product_id: int) -> sqlite3.Row:
    drive = drives.find(db, drives.id_of(product_id))
    if drive is None:
        raise Refused(f"there is no kDrive of the product {product_id}")
    if drive["maintenance"]:
        raise Refused(f"the kDrive {drive['name']} is in maintenance")
    return drive


def _in_drive(db: sqlite3.Connection, drive: sqlite3.Row, name: str) -> Subject | None:
    """Find a guest of the kDrive, or somebody of the organization."""
    guests = "SELECT kind, id FROM drive_people WHERE drive_id = ? AND kind = 'guest' AND address = ?"
    guest = db.execute(guests, (drive["id"], people.address(name))).fetchone()
    found = guest or people.find(db, name)
    return people.subject(found) if found else None


def _may_change(db: sqlite3.Connection, drive: sqlite3.Row, place: sqlite3.Row | None, act: Act) -> None:
    """Raise Refused when the kSuite gives the place, a guest would come in, or an administrator would lose the role."""
    role, known = act["role"], people.find(db, act["user"])
    if drive["ksuite"] and (place["role"] if place else role) != "external":
        raise Refused(f"the kDrive {drive['name']} is part of a kSuite: edit the access to that")
    if known is None and role is not None:
        raise Refused(f"{act['user']} is not in the organization: external is all they can be")
    governs = known is not None and known["role_type"] in MANAGERS
    if known and governs and role is not None and place and place["role"] == "admin":
        raise Refused(f"{act['user']} is {ROLE_WORDS[known['role_type']]}: lower that role first")


def _edit_ksuite_access(desk: Desk, act: Act) -> str:
    """Give somebody the kSuite with one role in all of it, or take it away."""
    who, role = people.subject(person(desk.db, act["user"])), act["role"]
    suite = suites.find(desk.db, _product(desk.db, act["product"], ["ksuite"]))
    if suite is None:
        raise Refused(f"there is no kSuite of the product {act['product']}")
    access = suites.held(desk.db, suite, who)
    has, wanted = {access["kchat_role"], access["kdrive_role"]} if access else {None}, {role}
    if has == wanted:
        return f"{NOTHING}{act['user']} has {_said(role, suite)} already"
    if access is None:
        _must_have_places(desk.db, suite, who)
        suites.join(desk.db, suite, who, role, role, desk.now)
    elif role is None:
        suites.leave(desk.db, suite, who)
    else:
        suites.set_roles(desk.db, suite, who, role, desk.now)
    return f"{act['user']} has {_said(role, suite)} now"


def _said(role: str | None, suite: sqlite3.Row) -> str:
    return f"the kSuite {suite['name']} as {role}" if role else f"no access to the kSuite {suite['name']}"


def _must_have_places(db: sqlite3.Connection, suite: sqlite3.Row, who: Subject) -> None:
    drive = suites.full_drive(db, who)
    if suites.is_full(db, suite):
        raise Refused(f"the kSuite {suite['name']} has no place left")
    if drive is not None:
        raise Refused(f"the kDrive {drive['name']} of the kSuite has no place left")


def _edit_kchat_role(desk: Desk, act: Act) -> str:
    """Give somebody a role in kChat, or take them out."""
    who, role = people.subject(person(desk.db, act["user"])), act["role"]
    product_id = _product(desk.db, act["product"], ["kchat", "ksuite"])
    if suites.kchat_role(desk.db, product_id, who) == role:
        return f"{NOTHING}{act['user']} is {role or 'not'} in kChat already"
    if role is not None:
        suites.set_kchat_role(desk.db, product_id, who, role)
    elif not suites.leave_kchat(desk.db, product_id, who):
        raise Refused(f"{act['user']} has kChat by the kSuite: edit the access to that")
    return f"{act['user']} is {role or 'not'} in kChat now"


def _product(db: sqlite3.Connection, product_id: int | None, services: Sequence[str]) -> int:
    """Find a product of one of these services; where none is named, the only one of the first that has any."""
    of_service = "SELECT id FROM products WHERE service_id = ? ORDER BY id"
    found = [[row["id"] for row in db.execute(of_service, (SERVICE_IDS[service],))] for service in services]
    if product_id is not None:
        if not any(product_id in ids for ids in found):
            raise Refused(f"there is no {services[0]} of the product {product_id}")
        return product_id
    ids = next(filter(None, found), [])
    if len(ids) != 1:
        raise Refused(f"there is no {services[0]}" if not ids else f"there are several: say which {services[0]}")
    return int(ids[0])


_ROLE = maybe(one_of(suites.ROLES))

STEPS: Mapping[str, Step] = {
    "edit_drive_user": Step(
        _edit_drive_user, values({"product": integer, "user": NAME, "role": maybe(one_of(drives.ROLES))})
    ),
    "edit_ksuite_access": Step(_edit_ksuite_access, values({"product": maybe(integer), "user": NAME, "role": _ROLE})),
    "edit_kchat_role": Step(_edit_kchat_role, values({"product": maybe(integer), "user": NAME, "role": _ROLE})),
}
