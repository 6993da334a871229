"""People: invitations by request, active users by hand [openapi core]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from accessplan.change import Change
from accessplan.have.manager import people as manager
from accessplan.have.manager.screens import NO_REQUEST
from accessplan.have.routes import drives, mailboxes, teams
from accessplan.have.routes.ground import Ground
from accessplan.have.shapes import ROLES
from accessplan.model import (
    MEMBER,
    Delegation,
    Grant,
    Membership,
    Use,
    User,
    team_address,
    user_address,
)
from accessplan.route import Operation, Request, RequestValue, Step
from accessplan.services import EXTERNAL

ROLE_TYPES = {role: role_type for role_type, role in ROLES.items()}
"""Base roles as an invitation takes them; external users have none."""

LOCALES = {"de": "de_DE", "en": "en_GB", "es": "es_ES", "fr": "fr_FR", "it": "it_IT"}
"""Languages of an invitation [openapi core]."""

INVITATIONS = "/1/accounts/{account}/invitations"
INVITATION = "/1/accounts/{account}/invitations/{invitation}"


def invited(email: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Invite, change an invitation, or cancel it."""
    before, after = ground.live.state.user(email), ground.user_after(email)
    carried = tuple(changes)
    if after is None:
        yield Operation("cancel-invitation", carried, (_cancel(email, ground),))
    elif ground.is_added_by_hand(email):
        yield from _add_by_hand(after, carried, ground)
    elif before is None:
        yield Operation("invite", carried, tuple(_invite(after, ground)))
    elif not ground.is_renewed(email):
        yield Operation("change-invitation", carried, (_change(email, changes, ground),))
    elif not ground.is_sent_anew(email):
        step = manager.cancel_invitation(email)
        yield Operation("invite-again", carried, steps=(step,), why_manual=manager.NOT_SHOWN)
    else:
        requests = (_cancel(email, ground), *_invite(after, ground), *_open_again(email, ground))
        yield Operation("invite-again", carried, requests)


def joined(email: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Put an invited person into teams that lose rights before.

    Their other teams are in the invitation by then: a request that names all of them must not come later.
    """
    theirs = {each for each in ground.changed if (each.part, each.key) == (MEMBER, email)} | {user_address(email)}
    needed = (theirs & ground.changed) - ground.late
    carried = [teams.late(change, ground) for change in changes]
    carried = [replace(each, depends_on=tuple(sorted({*each.depends_on, *needed}))) for each in carried]
    joining = (change.address.name for change in changes)
    body: dict[str, RequestValue] = {"team_ids": [*map(team_address, sorted({*ground.teams_at_once(email), *joining}))]}
    request = ground.request("PATCH", INVITATION, {"invitation": user_address(email)}, body)
    yield Operation("change-invitation", tuple(carried), (request,))


def with_irretrievable(ground: Ground) -> Ground:
    """Note whose invitation opens what no request would open again, once it is cancelled for another."""
    replaced = (
        address.name
        for address in ground.changed
        if address == user_address(address.name)
        and (ground.is_renewed(address.name) or ground.is_added_by_hand(address.name))
    )
    opened = (each for email in replaced for each in ground.guests.get(email, ()))
    return replace(ground, irretrievable=frozenset(each.email for each in opened if _is_irretrievable(each, ground)))


def _is_irretrievable(opened: Use | Delegation, ground: Ground) -> bool:
    """Tell whether something is lost with an invitation: what changes has a request, and some has an invitation apart.

    External users of a kDrive are in it without an invitation into the organization.
    """
    if opened.address in ground.changed or ground.live.state.entries.get(opened.address) is None:
        return False
    if isinstance(opened, Delegation):
        return ground.is_added_by_hand(opened.email) or mailboxes.of_invitation(opened, ground) is None
    if opened.implied or opened.pending or opened.role == EXTERNAL:
        return False
    return ground.is_added_by_hand(opened.email) or drives.of_invitation(opened, ground) is None


def active(email: str, changes: list[Change], _: Ground) -> Iterator[Operation]:
    """Change or remove an active user: no request is documented."""
    for change in changes:
        match change.before, change.after:
            case User() as before, User() as after:
                edits = _edit(before, after)
            case _:
                edits = {"remove-user": (manager.remove_user(email),)}
        for name, steps in edits.items():
            yield Operation(name, (change,), steps=steps, why_manual=NO_REQUEST)


def _edit(before: User, after: User) -> dict[str, tuple[Step, ...]]:
    """List the visits by row. The role goes before the billing right, which who governs has by role [faq 1440]."""
    edits: dict[str, tuple[Step, ...]] = {}
    billing: tuple[Step, ...] = ()
    if before.billing != after.billing:
        edits["edit-billing"] = billing = (manager.edit_billing(after.email, billing=after.billing is True),)
    if before.role != after.role:
        edits = {"edit-role": (manager.edit_role(after.email, before.role, after.role), *billing)}
    if (before.notify_billing, before.notify_products) != (after.notify_billing, after.notify_products):
        edits["edit-notifications"] = (manager.edit_notifications(before, after),)
    return edits


def _add_by_hand(after: User, carried: tuple[Change, ...], ground: Ground) -> Iterator[Operation]:
    email = after.email
    is_external = after.role == EXTERNAL
    name, why = (
        ("invite-external", manager.NO_EXTERNALS) if is_external else ("invite-representative", manager.NO_NAMING)
    )
    step = manager.invite_user(after, ground.teams_at_once(email), ground.access(after.address))
    if ground.may_lose(email):
        steps = (manager.cancel_invitation(email), step)
        yield Operation(name, carried, steps=steps, why_manual=manager.NOT_SHOWN)
        return
    if ground.live.state.user(email) is not None:
        own = tuple(change for change in carried if isinstance(change.entry, User))
        yield Operation(name, own, (_cancel(email, ground),))
    yield Operation(name, carried, steps=(step,), why_manual=why)


def _cancel(email: str, ground: Ground) -> Request:
    return ground.request("DELETE", INVITATION, {"invitation": user_address(email)}, {})


def _invite(user: User, ground: Ground) -> Iterator[Request]:
    """Invite; where the document leaves the language open, a new invitation is in that of the one before."""
    address, before = user.address, ground.live.state.user(user.email)
    language = user.language or (before.language if before else "")
    body: dict[str, RequestValue] = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "locale": LOCALES.get(language, LOCALES["en"]),
        "role_type": ROLE_TYPES[user.role],
    }
    told = {"billing": user.notify_billing, "products": user.notify_products}
    if notifications := {name: value for name, value in told.items() if value is not None}:
        body["notifications"] = {**notifications}
    if user.billing is not None:
        body["permissions"] = {"billing": user.billing}
    if names := ground.teams_at_once(user.email):
        body["teams"] = [*map(team_address, names)]
    yield ground.request("POST", INVITATIONS, {}, body, creates=address)
    if permissions := ground.permissions(address):
        yield ground.request("PATCH", INVITATION, {"invitation": address}, {"permissions": permissions})


def _open_again(email: str, ground: Ground) -> Iterator[Request]:
    """Give a new invitation the products and mailboxes of the old one; what changes goes by its own request."""
    for entry in ground.guests.get(email, ()):
        if entry.address not in ground.changed:
            invitation_request = mailboxes.of_invitation if isinstance(entry, Delegation) else drives.of_invitation
            if (request := invitation_request(entry, ground)) is not None:  # type: ignore[arg-type]
                yield request


def _change(email: str, changes: Sequence[Change], ground: Ground) -> Request:
    """Send the full sets: whether the API replaces or merges them is not documented, and both then end the same.

    Taking away by merging would not work; reading back tells. What was not shown is in no set, so where that may be
    the change comes by another way.
    """
    address = user_address(email)
    body: dict[str, RequestValue] = {}
    for change in changes:
        match change.before, change.entry:
            case User() as before, User() as after:
                body |= _differing(before, after)
            case _, Membership():
                body["team_ids"] = [*map(team_address, ground.teams_at_once(email))]
            case _, Grant():
                body["permissions"] = ground.permissions(address)
    return ground.request("PATCH", INVITATION, {"invitation": address}, body)


def _differing(before: User, after: User) -> dict[str, RequestValue]:
    named: dict[str, tuple[RequestValue, RequestValue]] = {
        "role_type": (ROLE_TYPES.get(before.role), ROLE_TYPES.get(after.role)),
        "has_billing": (before.billing, after.billing),
        "has_billing_mailing": (before.notify_billing, after.notify_billing),
        "has_mailing": (before.notify_products, after.notify_products),
    }
    return {name: new for name, (old, new) in named.items() if new != old}
