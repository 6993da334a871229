"""Reasons to refuse a plan. A rail is a function; its name, with hyphens, is its code."""

from __future__ import annotations

from collections.abc import Callable

from accessplan.finding import Finding, error
from accessplan.model import State, User
from accessplan.plan import Plan
from accessplan.services import LEGAL_REPRESENTATIVE

Rail = Callable[[State, Plan], Finding | None]


def legal_representative_stays(have: State, plan: Plan) -> Finding | None:
    """Keep at least one active legal representative: somebody who is only invited cannot act for the organization."""
    now = {user.email for user in have.entries.values() if isinstance(user, User) and _represents(user)}
    changed = {change.address.name: change for change in plan.changes if isinstance(change.entry, User)}
    lost = {email for email in now if email in changed}
    named = {email for email, change in changed.items() if change.before and change.after and _represents(change.after)}
    if not lost or now - lost or {email for email in named if _is_active(have, email)}:
        return None
    first = changed[min(lost)]
    return error(
        "legal-representative-stays",
        f"no active legal representative would be left: {len(lost)} of {len(now)} lose the role",
        first.place,
        address=str(first.address),
        hint="invite or name the new one first, apply once they have accepted, then take the old one out",
    )


RAILS: tuple[Rail, ...] = (legal_representative_stays,)


def refusals(have: State, plan: Plan) -> tuple[Finding, ...]:
    """List the reasons to refuse a plan; none is a go."""
    return tuple(finding for rail in RAILS if (finding := rail(have, plan)) is not None)


def _represents(user: object) -> bool:
    return isinstance(user, User) and user.role == LEGAL_REPRESENTATIVE and not user.invited


def _is_active(have: State, email: str) -> bool:
    user = have.user(email)
    return user is not None and not user.invited
