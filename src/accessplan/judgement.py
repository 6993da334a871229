"""What is said of a plan: why each change is there, what it means to whom, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from accessplan.access import Access, Difference, Kept, differences, result, still_reached
from accessplan.cause import Base, Cause, Kind, causes
from accessplan.change import Change
from accessplan.expect import Outcome, Verdict, evaluate
from accessplan.model import Address, State
from accessplan.past import NO_PAST, Past
from accessplan.plan import MODE_KINDS, Plan, Want
from accessplan.policy import AccessTest, Consent, Policy
from accessplan.rail import Refusal, Situation, refusals
from accessplan.risk import Risk, risks


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a plan, by the addresses of its changes.

    `kept` says of what is taken away that nothing is lost, since other paths give all of it. `consented` are changes
    that a rail would refuse, and the consent to them. `not_by_this_change` tells of a plan that is blocked that the
    document at the base is blocked by the same, since a date passed.
    """

    causes: Mapping[Address, Cause] = field(default_factory=dict)
    risks: Mapping[Address, tuple[Risk, ...]] = field(default_factory=dict)
    people: tuple[Difference, ...] = ()
    kept: Mapping[Address, tuple[Kept, ...]] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    consented: Mapping[Address, Consent] = field(default_factory=dict)
    tests: tuple[Outcome, ...] = ()
    not_by_this_change: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether the plan may not be carried out."""
        return bool(self.refusals) or any(each.verdict is Verdict.FAILED for each in self.tests)

    @property
    def blocked(self) -> dict[Address, tuple[str, ...]]:
        """The changes that rails refuse, each with their codes."""
        found: dict[Address, tuple[str, ...]] = {}
        for refusal in self.refusals:
            for address in refusal.changes:
                found[address] = (*found.get(address, ()), refusal.finding.code)
        return found


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What counts beside the two sides; see `rail.Situation`, `cause.Base` and `Past`."""

    today: date
    services: frozenset[str] = frozenset()
    token_user: str = ""
    last_seen: Mapping[str, int] | None = None
    base: Base | None = None
    past: Past = NO_PAST


def judge(have: State, want: Want, plan: Plan, policy: Policy, around: Circumstances) -> Judgement:
    """Judge a plan."""
    before, after = Access(have), Access(result(have, plan))
    people = differences(before, after, plan)
    situation = Situation(
        plan=plan,
        open=plan.changes,
        before=before,
        after=after,
        policy=policy,
        today=around.today,
        emptied=_emptied(want),
        token_user=around.token_user,
        last_seen=around.last_seen,
    )
    refused, consented = _settled(situation)
    why = causes(plan, have, want.ended, around.base, around.past)
    tests = evaluate(policy.tests, after, around.today)
    kept = {change.address: still_reached(change, before, after) for change in plan.changes}
    return Judgement(
        causes=why,
        risks=risks(plan, before, after, people, around.services),
        people=people,
        kept={address: paths for address, paths in kept.items() if paths},
        refusals=refused,
        consented=consented,
        tests=tests,
        not_by_this_change=around.base is not None and _is_by_dates(refused, tests, why, around.base, situation),
    )


def _is_by_dates(
    refused: Sequence[Refusal],
    tests: Iterable[Outcome],
    why: Mapping[Address, Cause],
    base: Base,
    situation: Situation,
) -> bool:
    """Tell whether all that blocks a plan blocks the base's too, and did not on the day that it was committed.

    A rail must be about nothing else than what a date brought about.
    """
    failed = [each for each in tests if each.verdict is Verdict.FAILED]
    by_dates = {address for address, cause in why.items() if cause.kind is Kind.TIME and cause.is_new is False}
    is_blocked = bool(refused or failed)
    if (
        base.day is None
        or not is_blocked
        or not all(each.changes and by_dates.issuperset(each.changes) for each in refused)
    ):
        return False
    now = replace(
        situation,
        plan=base.now,
        open=base.now.changes,
        after=Access(result(situation.have, base.now)),
        policy=base.policy,
    )
    then = evaluate(base.policy.tests, Access(result(situation.have, base.then)), base.day)
    was_fine = {_failure(each)[0] for each in then if each.verdict is not Verdict.FAILED}
    fails = [_failure(each) for each in evaluate(base.policy.tests, now.after, situation.today)]
    rails = {each.finding.code for each in _settled(now)[0]}
    return all(each.finding.code in rails for each in refused) and all(
        _failure(each) in fails and _failure(each)[0] in was_fine for each in failed
    )


def _failure(outcome: Outcome) -> tuple[AccessTest, Verdict, tuple[Address, ...]]:
    """Return what tells how a test came out, wherever it is written."""
    return replace(outcome.test, place=None), outcome.verdict, outcome.people


def _settled(situation: Situation) -> tuple[tuple[Refusal, ...], dict[Address, Consent]]:
    """Return why a plan is refused although people consented, and the consents that lift something."""
    refused = refusals(situation)
    given = _given(situation.plan.changes, situation.policy.consents, situation.today) if refused else {}
    if not given:
        return refused, {}
    lifted = {address for each in refused if each.may_consent for address in each.changes} & given.keys()
    unsettled = tuple(change for change in situation.plan.changes if change.address not in lifted)
    return refusals(replace(situation, open=unsettled)), {address: given[address] for address in sorted(lifted)}


def _given(changes: Iterable[Change], consents: Iterable[Consent], today: date) -> dict[Address, Consent]:
    by_change = {(each.effect, each.address): each for each in consents if each.until >= today}
    found = ((change.address, by_change.get((str(change.effect), change.address))) for change in changes)
    return {address: consent for address, consent in found if consent is not None}


def _emptied(want: Want) -> frozenset[str]:
    """Tell which kinds the document manages in full, and wants nobody or nothing of."""
    kinds = {address.kind for address in want.state.entries if not address.part}
    listed = {address.kind for address in want.lists if not address.part and not address.name}
    return frozenset(MODE_KINDS[kind] for kind in listed - kinds)
