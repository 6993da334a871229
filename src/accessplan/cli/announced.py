"""What a document wants of the live side, and what it wants no more since it was announced as stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from accessplan.announcement import Announced, may_matter, proposed, reasons, revoked, unwanted
from accessplan.finding import Finding
from accessplan.have.live import Live
from accessplan.have.moments import days, signals
from accessplan.judgement import Circumstances, judge
from accessplan.model import Address, owners
from accessplan.plan import Plan, Want, compare
from accessplan.rail.amounts import empty_section, shrunken_live, too_many_removals
from accessplan.stale import Look, Stale
from accessplan.want.document import Document
from accessplan.want.resolve import resolve

AMOUNTS = frozenset(rail.__name__.replace("_", "-") for rail in (empty_section, shrunken_live, too_many_removals))
"""The rails that hold against how much one plan takes away, and against no entry by itself."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a document wants on a day: as it is `written`, and without what is not wanted any more (`want`)."""

    written: Want
    want: Want
    findings: tuple[Finding, ...]


def resolved(document: Document, live: Live, today: date, announced: Mapping[Address, Announced]) -> Resolved:
    """Resolve a document on a day; what was announced, and is due or gone, is not wanted any more.

    With errors among the findings the answer is incomplete.
    """
    want, findings = resolve(document, live.catalogue, live.state, today)
    as_written = Resolved(want, want, tuple(findings))
    if not may_matter(announced.values(), live.state, want.policy.life, today):
        return as_written
    chosen = unwanted(announced, look(document, live, want, today))
    if not chosen:
        return as_written
    left, findings = resolve(document, live.catalogue, live.state, today, reasons(chosen.values()))
    places = {address: ended.place for address, ended in left.ended.items()}
    return Resolved(want, left, (*findings, *revoked(chosen.values(), live.state, places)))


def look(document: Document, live: Live, want: Want, today: date) -> Look:
    """Say what rules on stale grants look at: both sides, a day, and the days that the live side tells of."""
    zone = ZoneInfo(document.organization.timezone)
    return Look(
        have=live.state,
        want=want,
        signals=signals(live.moments, zone),
        records=want.records,
        expiries=days(live.expiries, zone),
        life=want.policy.life,
        today=today,
    )


def to_announce(
    found: Iterable[Stale], looked: Look, document: Document, live: Live, plan: Plan
) -> tuple[Announced, ...]:
    """Choose what calls for a revocation, and what a plan would revoke by it: no more than the document manages.

    What the plan revokes today is not announced, nor what rails would not let go whatever else is planned: once the
    grace has passed it would block every plan.
    """
    going = _removed(plan)
    new = [each for each in proposed(looked, found) if not going & {each.address, *owners(each.address)}]
    want, _ = resolve(document, live.catalogue, live.state, looked.today, reasons(new))
    without = compare(live.state, want)
    judgement = judge(live.state, want, without, document.policy, Circumstances(looked.today, token_user=live.caller))
    kept = {address for address, codes in judgement.blocked.items() if not set(codes) <= AMOUNTS}
    could_go = _removed(without) - kept
    return tuple(each for each in new if each.address in could_go)


def _removed(plan: Plan) -> frozenset[Address]:
    return frozenset(change.address for change in plan.changes if change.after is None)
