"""Who governs the organization stays able to."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.change import Change
from accessplan.model import Address, Entry, State, User, normalize_email, user_address
from accessplan.rail.situation import Refusal, Situation, refusal
from accessplan.services import LEGAL_REPRESENTATIVE, ROLES


def legal_representative_stays(situation: Situation) -> Iterator[Refusal]:
    """Keep at least one active legal representative: somebody who is only invited cannot act for the organization."""
    lose = _stepping_down(situation.plan.changes)
    if lose and not _standing(situation.result):
        number = len(_standing(situation.have))
        yield refusal(
            "legal-representative-stays",
            f"no active legal representative would be left: {len(lose)} of {number} {_lose(lose)} the role",
            lose,
            "invite or name the new one first, apply once they have accepted, then take the old one out",
            may_consent=False,
        )


def too_few_representatives(situation: Situation) -> Iterator[Refusal]:
    """Keep as many active legal representatives as the document asks for, where the plan takes one away.

    That none is left is for `legal_representative_stays` to say.
    """
    lose = _stepping_down(situation.open)
    asked = situation.policy.rails.representatives
    left = len(_standing(situation.result)) if lose else 0
    if 0 < left < asked:
        representatives = "representative" if left == 1 else "representatives"
        yield refusal(
            "too-few-representatives",
            f"{left} active legal {representatives} would be left, and the document asks for {asked}: "
            f"{len(lose)} {_lose(lose)} the role",
            lose,
            "name another one first, and apply this once they have accepted",
        )


def required_representative(situation: Situation) -> Iterator[Refusal]:
    """Keep those legal representatives whom the document requires, active or invited."""
    for email in situation.policy.rails.required:
        address = user_address(email)
        is_now, would_be = (_has_role(state, email) for state in (situation.have, situation.result))
        if is_now and not would_be and (lose := _changes_of(address, situation.open)):
            yield refusal(
                "required-representative",
                f"{address} would be no legal representative any more, and the document requires it",
                lose,
                "leave the role, or take the address out of policy.rails.legal_representatives.required",
            )


def own_role(situation: Situation) -> Iterator[Refusal]:
    """Keep the role of the token's own user: who takes it from themselves cannot carry out the rest, nor mend it."""
    email = normalize_email(situation.token_user)
    before, after = situation.have.user(email), situation.result.user(email)
    if before is None or (after is not None and ROLES.index(after.role) >= ROLES.index(before.role)):
        return
    becomes = f"weakened from {_said(before)} to {_said(after)}" if after else "removed"
    changes = _changes_of(before.address, situation.plan.changes)
    yield refusal(
        "own-role",
        f"the token is that of {before.address}, who would be {becomes}",
        changes,
        "use the token of somebody else who may do it",
        may_consent=False,
    )


def _stepping_down(changes: tuple[Change, ...]) -> list[Change]:
    """List the changes that take the role from an active legal representative."""
    return [each for each in changes if _stands(each.before) and not _stands(each.after)]


def _standing(state: State) -> list[Entry]:
    """List the active legal representatives."""
    return [entry for entry in state.entries.values() if _stands(entry)]


def _stands(entry: Entry | None) -> bool:
    return isinstance(entry, User) and entry.role == LEGAL_REPRESENTATIVE and not entry.invited


def _has_role(state: State, email: str) -> bool:
    user = state.user(email)
    return user is not None and user.role == LEGAL_REPRESENTATIVE


def _changes_of(who: Address, changes: tuple[Change, ...]) -> list[Change]:
    return [change for change in changes if change.address == who]


def _said(user: User) -> str:
    return user.role.replace("_", " ")


def _lose(changes: list[Change]) -> str:
    return "loses" if len(changes) == 1 else "lose"
