"""Rights of people on products: with an invitation by request, of active users by hand, on kDrives by request."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.change import Change
from accessplan.have.manager import people as manager
from accessplan.have.manager.screens import NO_REQUEST
from accessplan.have.routes import drives
from accessplan.have.routes.ground import Ground
from accessplan.route import Operation


def held(email: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Set rights that do not go with an invitation: on kDrives by request, else by hand, all in one visit."""
    by_hand: dict[str, list[Change]] = {}
    for change in changes:
        if drives.is_managed_by_request(change, ground):
            yield drives.management(change, ground)
        else:
            by_hand.setdefault(_why_by_hand(change, ground), []).append(change)
    for why, theirs in by_hand.items():
        step = manager.edit_product_access(email, map(ground.access_after, theirs))
        yield Operation("edit-product-access", tuple(theirs), steps=(step,), why_manual=why)


def goes_with_invitation(change: Change, ground: Ground) -> bool:
    """Tell whether a right is set by the request that carries a person's invitation."""
    return not drives.is_managed_by_request(change, ground) and not _why_by_hand(change, ground)


def _why_by_hand(change: Change, ground: Ground) -> str:
    """Say why no request sets a right of a person; empty where it goes with their invitation."""
    email = change.address.name
    if ground.is_active(email):
        return NO_REQUEST
    if ground.is_added_by_hand(email):
        return ""
    if ground.is_partial(email):
        return manager.NOT_SHOWN
    known = ground.knows_service(change.address.key) and ground.knows_services_of(change.address.owner)
    return "" if known else manager.NO_NUMBER
