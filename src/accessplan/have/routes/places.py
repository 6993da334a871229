"""One place in a kDrive: whose it is, how they have it today, and the requests that are about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accessplan.change import Change
from accessplan.have.manager import apps as manager
from accessplan.have.routes.ground import Ground
from accessplan.model import Use, user_address
from accessplan.route import Operation, Request, RequestValue
from accessplan.services import EXTERNAL, GOVERNING_ROLES, LANGUAGES

USERS = "/2/drive/{drive_id}/users"
USER = "/2/drive/{drive_id}/users/{user_id}"
INVITATION = "/2/drive/{drive_id}/users/invitation/{invitation_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """A change to somebody's place in a kDrive, on its ground."""

    change: Change
    ground: Ground

    @property
    def email(self) -> str:
        """Whose place it is."""
        return self.change.address.name

    @property
    def target(self) -> str:
        """The label of the kDrive."""
        return self.change.address.key

    @property
    def role(self) -> str:
        """The role they are to have."""
        return (isinstance(self.change.after, Use) and self.change.after.role) or "user"

    @property
    def drive(self) -> int | None:
        """The number of the kDrive; None where it was not read."""
        return self.ground.live.drives.get(self.target)

    @property
    def invitation(self) -> int | None:
        """The number of their invitation into the kDrive, pending or expired."""
        return self.ground.live.ids.get(self.change.address)

    @property
    def is_of_suite(self) -> bool:
        """Whether the place comes with a kSuite; an external user's does not."""
        return self.target in self.ground.live.catalogue.of_suite and self.role != EXTERNAL

    @property
    def is_pending(self) -> bool:
        """Whether they are invited into the kDrive itself, and can still accept."""
        return self.invitation is not None and self.change.before is not None

    @property
    def is_active(self) -> bool:
        """Whether they are in the organization today."""
        return self.ground.is_active(self.email)

    @property
    def is_locked(self) -> bool:
        """Whether they are locked out of the kDrive."""
        return self.change.address in self.ground.live.state.locked

    @property
    def is_locked_within(self) -> bool:
        """Whether they are locked out, and would not be external if they were let in again."""
        locked = self.ground.live.state.locked.get(self.change.address)
        return locked is not None and locked.role != EXTERNAL

    @property
    def is_lowered_with_role(self) -> bool:
        """Whether who governs the organization no more is to have less here: that goes afterwards [faq 2365]."""
        before, after = self.ground.live.state.user(self.email), self.ground.user_after(self.email)
        if before is None or after is None or before.role not in GOVERNING_ROLES or after.role in GOVERNING_ROLES:
            return False
        held = self.change.before.role if isinstance(self.change.before, Use) else None
        return held in ("admin", None) and (self.change.after is None or self.role != "admin")

    def request(self, method: str, path: str, body: dict[str, RequestValue]) -> Request:
        """Make a request about it; `{user_id}` and `{invitation}` in its path are theirs."""
        person = user_address(self.email)
        known = {"drive_id": self.drive, "invitation_id": self.invitation, "user_id": person, "invitation": person}
        names = {name: each for name, each in known.items() if each is not None and f"{{{name}}}" in path}
        return self.ground.request(method, path, names, body)


def cancel(place: Place) -> Request:
    """Cancel an invitation into a kDrive."""
    return place.request("DELETE", INVITATION, {})


def admit(role: str, places: Sequence[Place]) -> Request:
    """Let active users into a kDrive; the answer has a row for each."""
    people = tuple(user_address(each.email) for each in places)
    return replace(places[0].request("POST", USERS, {"role": role, "user_ids": [*people]}), each=people)


def invite(place: Place) -> Request:
    """Invite somebody into a kDrive by mail, as an external user."""
    body: dict[str, RequestValue] = {"role": EXTERNAL, "emails": [place.email]}
    user = place.ground.user_after(place.email)
    if user and user.language in LANGUAGES:
        body["lang"] = user.language
    return replace(place.request("POST", USERS, body), each=(user_address(place.email),))


def by_hand(place: Place, why: str, *, after_joining: bool = False) -> Operation:
    """Leave a place to a person."""
    role = place.role if place.change.after is not None else None
    number = place.ground.product_of(place.target)
    user = place.ground.user_after(place.email) if why == manager.AFTER_ROLE else None
    step = manager.edit_drive_user(
        *(place.target, number, place.email, role),
        after_joining=after_joining,
        after_role=user.role if user else "",
        is_locked=place.is_locked,
    )
    change = place.change
    if user:
        change = replace(change, depends_on=(*change.depends_on, user.address))
    return Operation("edit-drive-user", (change,), steps=(step,), why_manual=why)
