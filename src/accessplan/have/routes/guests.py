"""Places in kDrives of people who are not in the organization yet: with their invitation into it, or by mail.

An invitation into the organization promises the roles admin and user [openapi core]; external users are invited into
the kDrive itself [openapi kdrive].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accessplan.have.manager.apps import NO_KSUITE_ROLE, NOT_A_MEMBER, WAIT
from accessplan.have.routes.apps import suite_of_drive
from accessplan.have.routes.places import INVITATION, Place, admit, by_hand, cancel, invite
from accessplan.model import Use
from accessplan.route import Operation, Request
from accessplan.services import EXTERNAL

PROMISES = "/1/accounts/{account}/invitations/{invitation}/drive"
PROMISE = f"{PROMISES}/{{drive_id}}"


def carry(place: Place) -> Iterator[Operation]:
    """Carry out a change of one person who is not in the organization.

    A place that comes with a kSuite takes that, and no invitation into the kDrive beside it.
    """
    yield _carry(place)
    is_brought = place.ground.new_suite_of(place.email) is not None
    if place.is_pending and place.change.after is not None and place.is_of_suite and not is_brought:
        yield suite_of_drive(place.change, place.ground)


def _carry(place: Place) -> Operation:
    if place.is_pending:
        return invited_by_mail(place)
    if place.change.before is None:
        return _give(place)
    if isinstance(place.change.before, Use) and place.change.before.implied:
        return replace(suite_of_drive(place.change, place.ground), why_manual=NO_KSUITE_ROLE)
    if _is_in_already(place):
        return by_hand(place, NOT_A_MEMBER)
    if _is_gone(place):
        return _give(place) if place.change.after is not None else _promised(place)
    if place.change.after is None:
        return _promised(place, place.request("DELETE", PROMISE, {}))
    if place.role == EXTERNAL:
        return Operation("invite-to-drive", (place.change,), (place.request("DELETE", PROMISE, {}), invite(place)))
    return _promised(place, place.request("PATCH", PROMISE, {"role": place.role}))


def invited_by_mail(place: Place) -> Operation:
    """Change or cancel a pending invitation into the kDrive itself; it takes the roles admin and user alone."""
    carried = (place.change,)
    if place.change.after is None:
        return Operation("change-drive-invitation", carried, (cancel(place),))
    if place.role == EXTERNAL:
        again = admit(EXTERNAL, [place]) if place.is_active else invite(place)
        return Operation("change-drive-invitation", carried, (cancel(place), again))
    if place.is_active:
        return Operation("change-drive-invitation", carried, (place.request("PUT", INVITATION, {"role": place.role}),))
    if place.is_of_suite:
        return Operation("change-drive-invitation", carried, (cancel(place),))
    if place.ground.is_added_by_hand(place.email):
        return by_hand(place, WAIT, after_joining=True)
    return _promised(place, cancel(place), promise(place))


def promise(place: Place) -> Request:
    """Promise a place, with the invitation into the organization."""
    return place.request("POST", PROMISES, {"drive_id": place.drive, "role": place.role})


def _give(place: Place) -> Operation:
    """Give a place to who has none. An invitation that expired would stand in the way of another."""
    if place.role == EXTERNAL:
        late = (cancel(place),) if place.invitation is not None else ()
        return Operation("invite-to-drive", (place.change,), (*late, invite(place)))
    if place.ground.is_added_by_hand(place.email):
        return by_hand(place, WAIT, after_joining=True)
    return _promised(place, promise(place))


def _promised(place: Place, *requests: Request) -> Operation:
    """Make the operation on the promise of a place; without requests, it goes with the invitation that is cancelled."""
    return Operation("invitation-drive", (place.change,), requests)


def _is_in_already(place: Place) -> bool:
    """Tell whether somebody is in the kDrive who is not in the organization: no invitation promises what they have."""
    before = place.change.before
    role = before.role if isinstance(before, Use) else None
    return place.ground.live.state.user(place.email) is None or role == EXTERNAL


def _is_gone(place: Place) -> bool:
    """Tell whether the invitation is cancelled before, and a new one sent that promises nothing yet."""
    return place.ground.is_sent_anew(place.email) or place.ground.is_added_by_hand(place.email)
