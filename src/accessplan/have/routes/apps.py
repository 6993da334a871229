"""Places in kSuite and kChat: with invitations into the organization by request, else by hand [openapi core]."""

from __future__ import annotations

from accessplan.change import Change
from accessplan.have.manager import apps as manager
from accessplan.have.manager.screens import NO_REQUEST
from accessplan.have.routes.ground import Ground
from accessplan.have.selected import only
from accessplan.model import Use, user_address
from accessplan.route import Operation, Request, RequestValue
from accessplan.select import every, service_of
from accessplan.services import KCHAT, KSUITE

INVITED = "/1/accounts/{account}/invitations/{invitation}"


def place(change: Change, ground: Ground) -> Operation:
    """Give, change or take one place."""
    email, target = change.address.name, change.address.key
    if ground.is_active(email):
        return _by_hand(change, ground, NO_REQUEST)
    if ground.is_added_by_hand(email):
        return _by_hand(change, ground, manager.WAIT) if change.after is not None else _promise(change)
    if only(service_of(target), ground.live.catalogue) != target or _may_be_of_a_suite(change, ground):
        return _by_hand(change, ground, manager.WHICH)
    is_gone = ground.is_sent_anew(email)
    if isinstance(change.after, Use):
        if change.before is not None and not is_gone and service_of(target) == KSUITE:
            return _by_hand(change, ground, manager.NO_KSUITE_ROLE)
        return _promise(change, _give(change.after, ground))
    if is_gone:
        return _promise(change)
    if service_of(target) == KCHAT:
        return _by_hand(change, ground, manager.NO_KCHAT_REMOVAL)
    if email in ground.live.opens_more:
        return _by_hand(change, ground, manager.TAKES_MORE)
    return _promise(change, _request("DELETE", "ksuite", email, {}, ground))


def _may_be_of_a_suite(change: Change, ground: Ground) -> bool:
    """Tell whether a request for kChat may mean that of a kSuite: one of several, which an invitation does not show."""
    has_suites = any(each.service == KSUITE for each in ground.live.catalogue.products)
    is_unknown = has_suites and only(KSUITE, ground.live.catalogue) is None
    return service_of(change.address.key) == KCHAT and is_unknown and change.address.name in ground.live.opens_more


def suite_of_drive(change: Change, ground: Ground) -> Operation:
    """Give the kSuite that a place in its kDrive comes with; where there are several, a person sees which it is."""
    email = change.address.name
    role = (change.after.role or "user") if isinstance(change.after, Use) else None
    target = only(KSUITE, ground.live.catalogue)
    number = ground.product_of(target) if target else None
    wait = ground.is_added_by_hand(email)
    step = manager.edit_ksuite_access(target or every(KSUITE), number, email, role, after_joining=wait)
    return Operation("edit-ksuite-access", (change,), steps=(step,), why_manual=manager.OF_SUITE)


def of_invitation(use: Use, ground: Ground) -> Request | None:
    """Return the request that gives an invited person a place again; None where there is none."""
    if use.role is None or use.implied or only(service_of(use.target), ground.live.catalogue) != use.target:
        return None
    return _give(use, ground)


def _give(use: Use, ground: Ground) -> Request:
    """Give kSuite, with one role for all that is in it, or kChat."""
    role = use.role or "user"
    if service_of(use.target) == KSUITE:
        access: dict[str, RequestValue] = {"kchat_role": role, "kdrive_role": role}
        return _request("POST", "ksuite", use.email, {"ksuite_access": access}, ground)
    return _request("PATCH", "kchat", use.email, {"role": role}, ground)


def _request(method: str, what: str, email: str, body: dict[str, RequestValue], ground: Ground) -> Request:
    return ground.request(method, f"{INVITED}/{what}", {"invitation": user_address(email)}, body)


def _promise(change: Change, *requests: Request) -> Operation:
    """Make the operation on an invitation; without requests, the place goes with the one that is cancelled."""
    return Operation(f"invitation-{service_of(change.address.key)}", (change,), requests)


def _by_hand(change: Change, ground: Ground, why: str) -> Operation:
    target, email = change.address.key, change.address.name
    role = (change.after.role or "user") if isinstance(change.after, Use) else None
    number, wait = ground.product_of(target), why == manager.WAIT
    if service_of(target) == KCHAT:
        step = manager.edit_kchat_role(target, number, email, role, after_joining=wait)
        return Operation("edit-kchat-role", (change,), steps=(step,), why_manual=why)
    step = manager.edit_ksuite_access(target, number, email, role, after_joining=wait)
    return Operation("edit-ksuite-access", (change,), steps=(step,), why_manual=why)
