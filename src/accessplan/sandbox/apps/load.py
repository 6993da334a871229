"""kDrives, kSuites and kChats: from the organization file into the store."""

from collections.abc import Mapping
from typing import Any

from accessplan.sandbox import grants, people
from accessplan.sandbox.apps import drives, invites, suites
from accessplan.sandbox.apps.invites import DriveInvitation
from accessplan.sandbox.body import LARGEST
from accessplan.sandbox.errors import SeedError
from accessplan.sandbox.grants import Grant, Subject
from accessplan.sandbox.known import Known, place
from accessplan.sandbox.services import SERVICE_IDS

Entry = Mapping[str, Any]


def read_product(known: Known, product_id: int, service_id: int) -> None:
    """Read a product that is a kDrive or a kSuite: there is one, whether the file says more of it or not."""
    if service_id == SERVICE_IDS["drive"]:
        if drives.id_of(product_id) > LARGEST:
            raise SeedError(f"the product id {product_id} is too large for a drive")
        drives.add(known.db, product_id)
    elif service_id == SERVICE_IDS["ksuite"]:
        known.db.execute("INSERT INTO ksuites VALUES (?, NULL)", (product_id,))


def read_drive(known: Known, entry: Entry) -> None:
    """Read who is in a kDrive, and who is invited to it."""
    known.must_be(entry["product"], "drive")
    if entry.get("ksuite") and suites.find(known.db) is None:
        raise SeedError("there is no kSuite that it could be part of")
    drive_id = drives.id_of(entry["product"])
    known.db.execute(
        "UPDATE drives SET users_quota = ?, maintenance = ?, ksuite = ? WHERE id = ?",
        (entry.get("quota"), entry.get("maintenance", False), entry.get("ksuite", False), drive_id),
    )
    for user in entry.get("users", ()):
        with place("users", user):
            _read_user(known, drive_id, entry["product"], user)
    for invitation in entry.get("invitations", ()):
        with place("invitations", invitation):
            _read_invitation(known, drive_id, invitation)


def _read_user(known: Known, drive_id: int, product_id: int, entry: Entry) -> None:
    person, email, now = people.find(known.db, entry["email"]), entry["email"], known.seconds(known.now)
    if person is None and (entry["role"] != "external" or "manager" in entry):
        raise SeedError(f"{email} is neither a user nor invited")
    who = people.subject(person) if person else drives.guest(known.db, people.address(email), email)
    if drives.held(known.db, drive_id, who):
        raise SeedError(f"{email} is in this drive already")
    connected = known.seconds(entry["last_connection"]) if "last_connection" in entry else None
    status = entry.get("status", "active")
    drives.give(known.db, drive_id, who, entry["role"], now, status=status, last_connection_at=connected)
    grants.add(known.db, who, [Grant(SERVICE_IDS["drive"], product_id, entry.get("manager", ()))])


def _read_invitation(known: Known, drive_id: int, entry: Entry) -> None:
    status, email = entry.get("status", "pending"), entry["email"]
    if status == "pending" and invites.is_in(known.db, drive_id, email):
        raise SeedError(f"{email} is in this drive already")
    if status == "pending" and invites.is_invited(known.db, drive_id, email):
        raise SeedError(f"{email} is invited to this drive already")
    invitation = DriveInvitation(
        drive_id=drive_id,
        email=email,
        role=entry["role"],
        created_at=known.seconds(known.now),
        expired_at=known.seconds(entry["expires"]) if "expires" in entry else None,
        status=status,
    )
    invites.add(known.db, invitation)


def read_suite(known: Known, entry: Entry) -> None:
    """Read who has a kSuite; they are in its kDrives too, as these say or with the same role."""
    known.must_be(entry["product"], "ksuite")
    known.db.execute("UPDATE ksuites SET users_quota = ? WHERE product_id = ?", (entry.get("quota"), entry["product"]))
    suite = suites.find(known.db, entry["product"])
    for user in entry.get("users", ()):
        who = _person(known, user["email"])
        if suite is None or suites.held(known.db, suite, who):
            raise SeedError(f"{user['email']} has this kSuite already")
        kchat_role, now = user.get("kchat_role", user["role"]), known.seconds(known.now)
        suites.join(known.db, suite, who, kchat_role, user["role"], now, user.get("mailbox_name"))


def read_kchat(known: Known, entry: Entry) -> None:
    """Read who is in a kChat, beside those who are by the kSuite."""
    known.must_be(entry["product"], "kchat", "ksuite")
    for user in entry.get("users", ()):
        who = _person(known, user["email"])
        if suites.kchat_role(known.db, entry["product"], who):
            raise SeedError(f"{user['email']} is in this kChat already")
        suites.set_kchat_role(known.db, entry["product"], who, user["role"])


def _person(known: Known, email: str) -> Subject:
    found = people.find(known.db, email)
    if found is None:
        raise SeedError(f"{email} is neither a user nor invited")
    return people.subject(found)
