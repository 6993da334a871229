"""The screens of kDrive, kSuite and kChat [faq 879] [faq 1886] [faq 2364] [faq 2365]."""

from __future__ import annotations

from accessplan.have.manager.screens import ADMINISTRATORS, USERS
from accessplan.route import Step

DRIVE_USERS = "ksuite.infomaniak.com/kdrive › {} › ⋮ › Manage users"
KCHAT_MEMBERS = "kChat › {} › Members"

DRIVE_ADMINISTRATORS = "an admin of the kDrive"
KCHAT_ADMINISTRATORS = "a kChat administrator"

NOT_READ = "the kDrive could not be read, so its number is not known"
NOT_A_MEMBER = "they are in the kDrive without being in the organization: the number that a request needs is not known"
OF_SUITE = "the kDrive is part of a kSuite, which gives the places in it: they need the kSuite"
BY_SUITE = "the place comes with the kSuite: they can be external in the kDrive only without that"
TO_EXTERNAL = "no request makes an external user of somebody who is in the kDrive"
AFTER_ROLE = "who governs the organization keeps their role in a kDrive: the role in the organization goes first"
WAIT = "they are invited by hand, and a request for this needs the number of their invitation"
NO_KSUITE_ROLE = "no request changes a role in kSuite, and one that takes it away may take a mailbox along"
TAKES_MORE = "the invitation opens more than is known, and a request for this may take a mailbox along"
NO_KCHAT_REMOVAL = "no request takes kChat off an invitation"
WHICH = "a request cannot say which one, and there are several"


def edit_drive_user(
    target: str,
    product: int | None,
    email: str,
    role: str | None,
    *,
    after_joining: bool = False,
    after_role: str = "",
    is_locked: bool = False,
) -> Step:
    """Let somebody into a kDrive, give them another role there, or take them out; asks about the files then.

    `after_role` is the role in the organization that they must have before.
    """
    if role is None:
        text = f"Find {email}, remove the user; keep or hand over the files when asked, unless they may go"
    elif is_locked:
        text = f"Find {email}, set the role to {role}, Save, and only then unlock the user"
    else:
        text = f"Find {email} (if not there: Invite a user), set the role to {role}, Save"
    if after_role:
        text = f"Once {email} is {after_role.replace('_', ' ')} in the organization, not before: {text}"
    values = {"product": product, "user": email, "role": role}
    path = DRIVE_USERS.format(_name(target))
    return Step("edit_drive_user", values, path, DRIVE_ADMINISTRATORS, _later(text, email, wait=after_joining))


def edit_ksuite_access(
    target: str, product: int | None, email: str, role: str | None, *, after_joining: bool = False
) -> Step:
    """Give somebody kSuite, another role there, or take it away."""
    if role is None:
        text = f"Open the profile of {email}, take away the access to kSuite {_name(target)}, confirm"
    else:
        text = (
            f"Open the profile of {email}, give access to kSuite {_name(target)} with the role {role}, Save"
            " (or: kSuite › Users › ⋮ › Add a user)"
        )
    values = {"product": product, "user": email, "role": role}
    path = f"{USERS} › the person"
    return Step("edit_ksuite_access", values, path, ADMINISTRATORS, _later(text, email, wait=after_joining))


def edit_kchat_role(
    target: str, product: int | None, email: str, role: str | None, *, after_joining: bool = False
) -> Step:
    """Give somebody kChat, another role there, or take it away."""
    match role:
        case None:
            text = f"Find {email}, remove them from kChat"
        case "admin":
            text = f"Find {email} (if not there: Invite members), make them an administrator"
        case _:
            text = f"Find {email} (if not there: Invite members), make them a member, not an administrator"
    values = {"product": product, "user": email, "role": role}
    path = KCHAT_MEMBERS.format(_name(target))
    return Step("edit_kchat_role", values, path, KCHAT_ADMINISTRATORS, _later(text, email, wait=after_joining))


def _name(target: str) -> str:
    return target.partition("/")[2]


def _later(text: str, email: str, *, wait: bool) -> str:
    return f"Wait until {email} has accepted the invitation; then plan again, or do it: {text}" if wait else text
