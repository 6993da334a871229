"""Mailbox delegations, by the family of requests that the organization has [openapi mail]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accessplan.change import Change
from accessplan.have.live import Mailbox
from accessplan.have.manager import mail as manager
from accessplan.have.routes.ground import Ground
from accessplan.model import Delegation, user_address
from accessplan.route import Operation, Request, RequestValue
from accessplan.services import EMAIL_HOSTING, INVITATION_PERMISSIONS, LEGACY_PERMISSIONS, MAILBOX_PERMISSIONS

WEBMAIL_PERMISSIONS = (*INVITATION_PERMISSIONS, "can_restore_emails", "can_manage_rules")
"""What the new family of requests sets [openapi mail]."""

OLD_PERMISSIONS = tuple(name for name in LEGACY_PERMISSIONS if name in MAILBOX_PERMISSIONS)
"""What the old family of requests sets; the chat, which no answer shows, is never named and stays as it is."""

ACCESSES = "/1/mail_hostings/{service_mail}/mailboxes/{mailbox_name}/accesses/webmail"
ACCESS = f"{ACCESSES}/users/{{user_id}}"
OLD_ACCESS = "/1/mail_hostings/{mail_hosting_id}/mailboxes/{mailbox_name}/users/{user_id}"
ON_INVITATION = "/1/accounts/{account}/invitations/{invitation}/mailbox/{mail_id}"


def mailbox(name: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Let people open one mailbox, change what they may do there, or take that away."""
    box = ground.live.mailboxes.get(name)
    for change in changes:
        email = change.address.key
        if box is None:
            yield _by_hand(change, ground, manager.NOT_READ)
        elif not ground.is_active(email):
            yield from _of_invited(change, box, ground)
        elif why := _why_by_hand(change, box):
            yield _by_hand(change, ground, why)
        else:
            yield _by_request(change, box, ground)


def of_invitation(delegation: Delegation, ground: Ground) -> Request | None:
    """Return the request that lets an invited person open a mailbox; None where there is none."""
    box = ground.live.mailboxes.get(delegation.mailbox)
    if box is None or _why_not_on_invitation(Change(delegation.address, None, delegation)):
        return None
    return _on_invitation("POST", delegation.address.key, box, ground, delegation)


def _by_request(change: Change, box: Mailbox, ground: Ground) -> Operation:
    user = user_address(change.address.key)
    path, hosting = (OLD_ACCESS, "mail_hosting_id") if box.legacy else (ACCESS, "service_mail")
    place: dict[str, int | str] = {hosting: box.hosting, "mailbox_name": box.name}
    one = {**place, "user_id": user}
    delete = ground.request("DELETE", path, one, {})
    name = "old-mailbox-access" if box.legacy else "mailbox-access"
    if not isinstance(change.after, Delegation):
        return Operation(name, (change,), (delete,))
    if box.legacy:
        flags = _flags(OLD_PERMISSIONS, change.after)
        return Operation(name, (change,), (ground.request("PATCH", path, one, {"permissions": flags}),))
    flags = _flags(WEBMAIL_PERMISSIONS, change.after)
    post = ground.request("POST", ACCESSES, place, {"user_id": user, "permissions": flags})
    names: list[RequestValue] = [permission for permission, held in flags.items() if held]
    if change.before is None:
        return Operation(name, (change,), (post,))
    if not names:
        return Operation("mailbox-access-anew", (change,), (delete, post))
    return Operation(name, (change,), (ground.request("PATCH", path, one, {"permissions": names}),))


def _of_invited(change: Change, box: Mailbox, ground: Ground) -> Iterator[Operation]:
    """Change what an invitation opens. What a new one takes the place of goes with the old one.

    What is to be taken away and can be goes at once, though the rest waits for a person.
    """
    email, name = change.address.key, "invitation-mailbox"
    is_new = ground.is_added_by_hand(email) or ground.is_sent_anew(email)
    if not isinstance(change.after, Delegation):
        delete = _on_invitation("DELETE", email, box, ground)
        yield Operation(name, (change,), () if is_new else (delete,))
        return
    from_nothing = replace(change, before=None) if is_new else change
    if why := _why_not_on_invitation(from_nothing) or (manager.NOT_YET if ground.is_added_by_hand(email) else ""):
        if not is_new and isinstance(change.before, Delegation):
            left = replace(change.after, permissions=change.after.permissions & change.before.permissions)
            if (change.before.permissions - left.permissions) & {*INVITATION_PERMISSIONS}:
                yield Operation(name, (change,), (_on_invitation("PATCH", email, box, ground, left),))
        yield _by_hand(change, ground, why)
        return
    method = "POST" if is_new or change.before is None else "PATCH"
    yield Operation(name, (change,), (_on_invitation(method, email, box, ground, change.after),))


def _on_invitation(method: str, email: str, box: Mailbox, ground: Ground, wanted: Delegation | None = None) -> Request:
    body: dict[str, RequestValue] = {"mailbox_name": box.name}
    if wanted is not None:
        body["mailbox_permissions"] = _flags(INVITATION_PERMISSIONS, wanted)
    return ground.request(method, ON_INVITATION, {"invitation": user_address(email), "mail_id": box.hosting}, body)


def _by_hand(change: Change, ground: Ground, why: str) -> Operation:
    name, email = change.address.name, change.address.key
    service = _service(name, ground)
    if not isinstance(change.after, Delegation):
        step = manager.remove(service, name, email)
        return Operation("remove-mailbox-access", (change,), steps=(step,), why_manual=why)
    if ground.is_active(email):
        step = manager.edit(service, change.after, joins=change.before is None)
    else:
        step = manager.edit_later(service, change.after)
    return Operation("edit-mailbox-access", (change,), steps=(step,), why_manual=why)


def _why_by_hand(change: Change, box: Mailbox) -> str:
    """Say why no request changes the access of an active user; empty where one does."""
    if change.after is None:
        return ""
    if _changes_sending(change) or _would_give_sending_back(change, box):
        return manager.NO_SENDING
    if box.legacy and change.before is None:
        return manager.NO_ADDING
    return "" if _touched(change) <= {*_family(box)} else manager.NO_PERMISSION


def _why_not_on_invitation(change: Change) -> str:
    """Say why an invitation cannot carry an access."""
    if _changes_sending(change):
        return manager.NO_SENDING
    return "" if _touched(change) <= {*INVITATION_PERMISSIONS} else manager.NO_PERMISSION


def _changes_sending(change: Change) -> bool:
    """Tell whether somebody may send no more, or again; who is new may, without a word."""
    before, after = (each.sends if isinstance(each, Delegation) else None for each in (change.before, change.after))
    return (before is False) != (after is False)


def _would_give_sending_back(change: Change, box: Mailbox) -> bool:
    """Tell whether taking every permission, by deleting and giving anew, would let somebody send who must not."""
    if box.legacy or not (isinstance(change.after, Delegation) and change.before):
        return False
    return change.after.sends is False and not change.after.permissions & {*WEBMAIL_PERMISSIONS}


def _touched(change: Change) -> frozenset[str]:
    return frozenset({*change.rights_added, *change.rights_removed})


def _family(box: Mailbox) -> tuple[str, ...]:
    return OLD_PERMISSIONS if box.legacy else WEBMAIL_PERMISSIONS


def _flags(names: tuple[str, ...], wanted: Delegation) -> dict[str, RequestValue]:
    return {name: name in wanted.permissions for name in names}


def _service(name: str, ground: Ground) -> str:
    """Return what the Manager calls the Mail Service of a mailbox."""
    box = ground.live.mailboxes.get(name)
    known = (each for each in ground.live.catalogue.products if each.service == EMAIL_HOSTING)
    domain = name.rpartition("@")[2]
    return next((each.name for each in known if box and each.id == box.hosting), domain)
