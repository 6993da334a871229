"""The screens of people [faq 1404] [faq 1440] [faq 1610] [faq 1633] [faq 1738]."""

from __future__ import annotations

from collections.abc import Iterable

from accessplan.have.manager.screens import ADMINISTRATORS, LEGAL_REPRESENTATIVES, USERS, Access, told, values_of
from accessplan.model import User
from accessplan.route import Step
from accessplan.services import LEGAL_REPRESENTATIVE

NO_EXTERNALS = "no request is documented that invites an external user"
NO_NAMING = "a request of an administrator cannot name a legal representative, and this token is one's"
NO_NUMBER = "a request needs the number of each service, and the live system did not tell that of one"
NOT_SHOWN = "the live system did not show all there is, and a request would take the rest away"


def invite_user(user: User, teams: Iterable[str], access: Iterable[Access]) -> Step:
    """Add a user in the wizard, with teams and product access."""
    teams, access = list(teams), list(access)
    head = f"Add {user.first_name} {user.last_name} <{user.email}>, role {user.role.replace('_', ' ').capitalize()}"
    notifications = _notifications(user)
    parts = [*(f"team {team}" for team in teams), *access]
    parts += ["tick the billing right"] if user.billing else []
    parts += _ticks(notifications)
    names = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name, "role": user.role}
    more = {"billing": user.billing is True, "notifications": notifications}
    values = {**names, "language": user.language, "teams": teams, "access": values_of(access), **more}
    who = LEGAL_REPRESENTATIVES if user.role == LEGAL_REPRESENTATIVE else ADMINISTRATORS
    return Step("invite_user", values, f"{USERS} › Add a user", who, *told(head, parts))


def cancel_invitation(email: str) -> Step:
    """Cancel an invitation that gives more than what could be read."""
    text = f"Note which teams and products the invitation of {email} gives, then cancel it"
    return Step("cancel_invitation", {"user": email}, f"{USERS} › ⋮", ADMINISTRATORS, text)


def edit_role(email: str, old: str, new: str) -> Step:
    """Give an active user another role."""
    who = LEGAL_REPRESENTATIVES if LEGAL_REPRESENTATIVE in (old, new) else ADMINISTRATORS
    text = f"Set the role of {email} to {new.replace('_', ' ')} (now {old.replace('_', ' ')}), Save"
    return Step("edit_role", {"user": email, "role": new}, f"{USERS} › ⋮ › Edit role", who, text)


def edit_billing(email: str, *, billing: bool) -> Step:
    """Give or take the right to manage the billing account."""
    text = f"{'Tick' if billing else 'Untick'} the billing right of {email}, Save"
    values = {"user": email, "billing": billing}
    return Step("edit_billing", values, f"{USERS} › the person › Role and permissions", ADMINISTRATORS, text)


def edit_notifications(before: User, after: User) -> Step:
    """Set what a person is told by mail."""
    known = _notifications(before)
    differing = {name: value for name, value in _notifications(after).items() if value != known.get(name)}
    path = f"{USERS} › the person › Administrative contact preferences"
    told_of = told(after.email, _ticks(differing), "Save")
    return Step("edit_notifications", {"user": after.email, **differing}, path, ADMINISTRATORS, *told_of)


def remove_user(email: str) -> Step:
    """Remove an active user; the Manager asks what becomes of their files and addresses."""
    text = f"Remove {email}: Continue, type your own login address, tick, Remove this user (cannot be undone)"
    return Step("remove_user", {"user": email}, f"{USERS} › ⋮ › Remove from Organization", ADMINISTRATORS, text)


def edit_product_access(email: str, access: Iterable[Access]) -> Step:
    """Set the rights of a user on products, or on all products of a service."""
    access = list(access)
    path, values = f"{USERS} › ⋮ › Edit product access", {"user": email, "access": values_of(access)}
    return Step("edit_product_access", values, path, ADMINISTRATORS, *told(email, access, "Save"))


def _notifications(user: User) -> dict[str, bool]:
    known = {"billing": user.notify_billing, "products": user.notify_products}
    return {name: value for name, value in known.items() if value is not None}


def _ticks(notifications: dict[str, bool]) -> list[str]:
    names = {"billing": "billing reminders", "products": "product events"}
    return [f"{'tick' if value else 'untick'} {names[name]}" for name, value in notifications.items()]
