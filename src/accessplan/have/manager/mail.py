"""The screen of a mailbox: who may open it, and what they may do there [faq 593] [faq 1478] [faq 1811]."""

from __future__ import annotations

from accessplan.have.manager.screens import ADMINISTRATORS
from accessplan.model import Delegation
from accessplan.route import Step
from accessplan.services import in_usual_order

MAIL_MANAGERS = f"{ADMINISTRATORS}, or whoever manages the Mail Service"
MAIL = "Mail Service"

NO_SENDING = "no documented request gives or takes the permission to send"
NO_PERMISSION = "no documented request sets one of these permissions here"
NO_ADDING = "where the old requests are still in use, none adds a user to a mailbox"
NOT_READ = "the live system did not show who may open this mailbox"
NOT_YET = "a mailbox is opened to users, and they must have accepted their invitation first"

LABELS = {
    "can_manage_filters": "filters",
    "can_manage_security": "blocked and approved senders",
    "can_manage_aliases": "aliases",
    "can_manage_redirections": "forwarding",
    "can_manage_signatures": "signatures",
    "can_manage_auto_reply": "auto-replies",
    "can_change_password": "configure a device",
    "can_configure_mail_folders": "IMAP folders",
    "can_access_logs": "history of actions",
    "can_restore_emails": "restorations",
    "can_manage_rules": "sorting rules",
}
"""Permissions as the help pages label their icons (infomaniak.md 1.9)."""

_PASSWORD = "the Manager may ask for your password"  # noqa: S105 - a sentence


def edit(service: str, wanted: Delegation, *, joins: bool) -> Step:
    """Let a user open a mailbox, or change what they may do there."""
    deed = f"Add, above the user table › existing user › {wanted.email}" if joins else f"The row of {wanted.email}"
    return _edit(service, wanted, f"{deed}: {_permitted(wanted)}, Save ({_PASSWORD})")


def edit_later(service: str, wanted: Delegation) -> Step:
    """Let somebody open a mailbox once they have accepted their invitation."""
    then = f"Add, above the user table › existing user: {_permitted(wanted)}, Save ({_PASSWORD})"
    text = f"Wait until {wanted.email} has accepted the invitation; then plan again, or {then}"
    return _edit(service, wanted, text)


def remove(service: str, mailbox: str, email: str) -> Step:
    """Take access to a mailbox away."""
    values = {"mailbox": mailbox, "user": email}
    text = f"The row of {email}: remove, confirm ({_PASSWORD})"
    return Step("remove_mailbox_access", values, _path(service, mailbox), MAIL_MANAGERS, text)


def _edit(service: str, wanted: Delegation, text: str) -> Step:
    values = {
        "mailbox": wanted.mailbox,
        "user": wanted.email,
        "permissions": list(in_usual_order(wanted.permissions)),
        "sends": _sends(wanted),
    }
    return Step("edit_mailbox_access", values, _path(service, wanted.mailbox), MAIL_MANAGERS, text)


def _permitted(wanted: Delegation) -> str:
    labels = [LABELS.get(name, name) for name in in_usual_order(wanted.permissions)]
    icons = f"switch on {', '.join(labels)}, and all others off" if labels else "switch every permission off"
    return f"{icons}; Send emails {'on' if _sends(wanted) else 'off'}"


def _sends(wanted: Delegation) -> bool:
    """Whether somebody is to send: usual, so also where nothing else is said."""
    return wanted.sends is not False


def _path(service: str, mailbox: str) -> str:
    return f"{MAIL} › {service} › {mailbox}"
