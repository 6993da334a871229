"""Places in kDrives: of active users by their number, of invited people with their invitation [openapi kdrive]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accessplan.change import Change
from accessplan.have.manager.apps import AFTER_ROLE, BY_SUITE, NOT_READ, TO_EXTERNAL
from accessplan.have.routes import apps, guests
from accessplan.have.routes.ground import Ground
from accessplan.have.routes.places import USER, Place, admit, by_hand, cancel
from accessplan.have.selected import only
from accessplan.model import USE, Address, Grant, Use, user_address
from accessplan.route import Operation, Request, RequestValue
from accessplan.select import service_of
from accessplan.services import DRIVE, EXTERNAL, KCHAT, in_usual_order

MANAGER = f"{USER}/manager"

MANAGED = frozenset({"technical", "statistic"})
"""The rights to manage a kDrive that a request can set [openapi kdrive]."""

USERS_AT_ONCE = 100
"""How many users one request takes [openapi kdrive]."""


def product(target: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Give, change or take places in one product; those who come into a kDrive with the same role come together.

    With a kSuite that is given goes what it brings.
    """
    if service_of(target) != DRIVE:
        yield from _in_app(target, changes, ground)
        return
    new = dict[str, list[Place]]()
    for change in changes:
        place = Place(change, ground)
        is_new = place.is_active and change.before is None and not place.is_locked
        if is_new and place.drive is not None and not place.is_of_suite:
            new.setdefault(place.role, []).append(place)
        else:
            yield from _one(place)
    for role, places in new.items():
        for start in range(0, len(places), USERS_AT_ONCE):
            yield _add(role, places[start : start + USERS_AT_ONCE])


def _in_app(target: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Give, change or take places in a kSuite or kChat; the others among the changes are of what it brings."""
    for change in changes:
        if change.address.key == target:
            operation = apps.place(change, ground)
            brought = (each for each in changes if each is not change and each.address.name == change.address.name)
            yield replace(operation, changes=(*operation.changes, *brought))


def _one(place: Place) -> Iterator[Operation]:
    """Give, change or take one place in a kDrive."""
    before = place.change.before
    if place.drive is None:
        yield by_hand(place, NOT_READ)
    elif place.is_of_suite and before is None and not place.is_locked:
        yield apps.suite_of_drive(place.change, place.ground)
    elif place.role == EXTERNAL and isinstance(before, Use) and before.implied:
        yield by_hand(place, BY_SUITE)
    else:
        yield from [_active(place)] if place.is_active else guests.carry(place)


def suite_that_brings(change: Change, ground: Ground) -> str:
    """Return the kSuite that is given along and brings a new place in a kDrive or kChat; empty where none does."""
    email, target = change.address.name, change.address.key
    suite = ground.new_suite_of(email)
    if suite is None or change.before is not None or change.address in ground.live.state.locked:
        return ""
    if service_of(target) != KCHAT:
        return suite.target if Place(change, ground).is_of_suite else ""
    is_like = isinstance(change.after, Use) and change.after.role == suite.role
    is_brought = is_like and ground.is_invited_by_request(email) and only(KCHAT, ground.live.catalogue) == target
    return suite.target if is_brought else ""


def of_invitation(use: Use, ground: Ground) -> Request | None:
    """Return the request that gives an invited person a place again; None where there is none, or it is still there."""
    if service_of(use.target) != DRIVE:
        return apps.of_invitation(use, ground)
    place = Place(Change(use.address, None, use), ground)
    if place.drive is None or place.is_of_suite or place.invitation is not None or use.role in (None, EXTERNAL):
        return None
    return guests.promise(place)


def is_managed_by_request(change: Change, ground: Ground) -> bool:
    """Tell whether rights on a kDrive are set by request: those of an active user who has a place, or is given one.

    One that a kSuite brings is given by hand, so after all requests.
    """
    subject = change.address.owner
    is_users = subject == user_address(subject.name) and ground.is_active(subject.name)
    if not is_users or change.address.key not in ground.live.drives:
        return False
    address = _use_of(change)
    there = ground.live.state.entries.get(address)
    is_in = isinstance(there, Use) and not there.pending
    if is_in or address in ground.live.state.locked:
        return True
    return there is None and address in ground.after and not Place(_given(address, ground), ground).is_of_suite


def management(change: Change, ground: Ground) -> Operation:
    """Set the management rights of an active user on a kDrive: a full set, once they have their place."""
    email, target = change.address.name, change.address.key
    rights = change.after.rights if isinstance(change.after, Grant) else frozenset[str]()
    roles: list[RequestValue] = [*in_usual_order(rights & MANAGED)]
    names: dict[str, int | str | Address] = {"drive_id": ground.live.drives[target], "user_id": user_address(email)}
    if (use := _use_of(change)) not in ground.live.state.entries and use in ground.after:
        change = replace(change, depends_on=(*change.depends_on, use))
    return Operation("manage-drive", (change,), (ground.request("PATCH", MANAGER, names, {"roles": roles}),))


def _given(use: Address, ground: Ground) -> Change:
    return Change(use, None, ground.after[use])


def _use_of(change: Change) -> Address:
    return Address(*change.address.owner[:2], USE, change.address.key)


def _add(role: str, places: list[Place]) -> Operation:
    """Let active users in. An invitation that expired would stand in the way."""
    late = [cancel(each) for each in places if each.invitation is not None]
    return Operation("add-drive-users", tuple(each.change for each in places), (*late, admit(role, places)))


def _active(place: Place) -> Operation:
    """Carry out a change of one active user."""
    change, carried = place.change, (place.change,)
    if place.is_pending:
        return guests.invited_by_mail(place)
    if place.is_lowered_with_role:
        return by_hand(place, AFTER_ROLE)
    if change.after is None:
        return Operation("lock-drive-user", carried, (place.request("POST", f"{USER}/lock", {}),))
    role = place.request("PUT", USER, {"role": place.role})
    if place.role == EXTERNAL and (place.is_locked_within or not place.is_locked):
        return by_hand(place, TO_EXTERNAL)
    if place.is_locked:
        unlock = place.request("POST", f"{USER}/unlock", {})
        # The role comes first: let in with the one they had, they might have more than ever before or after.
        return Operation("unlock-drive-user", carried, (role, unlock) if place.role != EXTERNAL else (unlock,))
    return Operation("change-drive-role", carried, (role,))
