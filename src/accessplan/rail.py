"""Reasons to refuse a plan. A rail is a function; its name, with hyphens, is its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from accessplan.access import Access
from accessplan.change import Change
from accessplan.finding import Finding, error
from accessplan.model import Address, State, User
from accessplan.plan import Plan
from accessplan.policy import Policy
from accessplan.services import LEGAL_REPRESENTATIVE


@dataclass(frozen=True, slots=True)
class Situation:
    """What rails look at.

    `plan` has all changes, `open` those of them to which nobody has consented. `emptied` are the kinds (of
    `policy.mode`) of which the document gives an empty section. `token_user` is the e-mail address of the token's
    owner, empty where it is not known. `last_seen` says how many entries of each kind the last run saw live.
    """

    plan: Plan
    open: tuple[Change, ...]
    before: Access
    after: Access
    policy: Policy
    today: date
    emptied: frozenset[str] = frozenset()
    token_user: str = ""
    last_seen: Mapping[str, int] | None = None

    @property
    def have(self) -> State:
        """The live side."""
        return self.before.state


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan is refused: the finding, the changes it is about, and whether a dated consent to them lifts it."""

    finding: Finding
    changes: tuple[Address, ...]
    may_consent: bool = True


Rail = Callable[[Situation], Iterator[Refusal]]


def legal_representative_stays(situation: Situation) -> Iterator[Refusal]:
    """Keep at least one active legal representative: somebody who is only invited cannot act for the organization."""
    have, plan = situation.have, situation.plan
    now = {user.email for user in have.entries.values() if isinstance(user, User) and _represents(user)}
    changed = {change.address.name: change for change in plan.changes if isinstance(change.entry, User)}
    lost = {email for email in now if email in changed}
    named = {email for email, change in changed.items() if change.before and change.after and _represents(change.after)}
    if not lost or now - lost or {email for email in named if _is_active(have, email)}:
        return
    first = changed[min(lost)]
    finding = error(
        "legal-representative-stays",
        f"no active legal representative would be left: {len(lost)} of {len(now)} lose the role",
        first.place,
        address=str(first.address),
        hint="invite or name the new one first, apply once they have accepted, then take the old one out",
    )
    yield Refusal(finding, tuple(changed[email].address for email in sorted(lost)), may_consent=False)


RAILS: tuple[Rail, ...] = (legal_representative_stays,)


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """List the reasons to refuse a plan; none is a go."""
    return tuple(refusal for rail in RAILS for refusal in rail(situation))


def _represents(user: object) -> bool:
    return isinstance(user, User) and user.role == LEGAL_REPRESENTATIVE and not user.invited


def _is_active(have: State, email: str) -> bool:
    user = have.user(email)
    return user is not None and not user.invited
