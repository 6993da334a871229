"""A plan in a few sentences and a table of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from accessplan.change import Effect
from accessplan.expect import Verdict
from accessplan.report.console import number
from accessplan.report.judged import ORIGINS, failed_tests, high_risk, origins
from accessplan.report.report import KINDS, Report, kind_of


def judged(report: Report) -> str:
    """Say whether the plan is blocked and how much of it needs a careful look; empty where there is neither."""
    rails = len({refusal.finding.code for refusal in report.judgement.refusals})
    tests, risky = len(failed_tests(report)), len(high_risk(report))
    by = [number(rails, "rail", "rails")] if rails else []
    by += [number(tests, "access test", "access tests")] if tests else []
    look = number(risky, "high-risk change", "high-risk changes")
    if by:
        since = ", since a date passed; not by this change" if report.judgement.not_by_this_change else ""
        return f"Blocked by {' and '.join(by)}{since}{f'; {look}' if risky else ''}."
    return f"Needs a careful look: {look}." if risky else ""


def verdict(report: Report) -> tuple[str, str]:
    """Return what there is to do, and what there is to say of it."""
    plan = report.plan
    if not plan.changes:
        passed = sum(each.verdict is Verdict.PASSED for each in report.judgement.tests)
        parts = [number(plan.matching, "entry matches", "entries match")]
        parts += [f"{len(report.said)} on somebody's word"] if report.said else []
        parts += [number(len(plan.waiting), "waits", "wait") + " for a decision"] if plan.waiting else []
        parts += [number(len(plan.held_back), "removal held back", "removals held back")] if plan.held_back else []
        parts += [f"{plan.unmanaged} not managed"] if plan.unmanaged else []
        parts += [f"{len(plan.unchecked)} cannot be checked"] if plan.unchecked else []
        parts += [number(passed, "access test passes", "access tests pass")] if passed else []
        return "No changes.", f"{', '.join(parts)}."
    effects = [change.effect for change in plan.changes]
    parts = [f"{n} to {effect}" for effect in Effect if (n := effects.count(effect))]
    carried = [number(report.requests, "request", "requests")] if report.requests else []
    carried += [number(report.steps, "step by hand", "steps by hand")] if report.steps else []
    return f"Plan {plan.id[:12]}:", f"{', '.join(parts)}; in {' and '.join(carried)}."


Table = tuple[list[str], list[list[str]]]
"""The heads of the columns, and the rows; the first column has no head."""


def count_table(report: Report, bar: str = "") -> Table:
    """Return the changes by kind and effect, and by kind and origin, side by side, with a bar between them."""
    (effects, counts), (causes, more) = effect_table(report), origin_table(report)
    if not causes[1:]:
        return effects, counts
    between = [bar] if bar else []
    rows = [[*one, *between, *other[1:]] for one, other in zip(counts, more, strict=True)]
    return [*effects, *between, *causes[1:]], rows


def effect_table(report: Report) -> Table:
    """Return the changes by kind and effect."""
    pairs = [(kind_of(change), str(change.effect)) for change in report.plan.changes]
    return _table(pairs, Effect, with_sums=bool(_origins(report)))


def origin_table(report: Report) -> Table:
    """Return the changes by kind and origin; no columns where there is nothing to tell apart."""
    from_where = origins(report)
    pairs = [(kind_of(change), from_where[change.address]) for change in report.plan.changes]
    return _table(pairs, _origins(report), with_sums=True)


def _origins(report: Report) -> list[str]:
    found = set(origins(report).values())
    return [each for each in ORIGINS if each in found] if report.base or len(found) > 1 else []


def _table(pairs: Sequence[tuple[str, str]], columns: Iterable[str], *, with_sums: bool) -> Table:
    counts, kinds, sums = Counter(pairs), {kind for kind, _ in pairs}, Counter(column for _, column in pairs)
    heads = [str(each) for each in columns if sums[str(each)]]
    rows = [[kind, *(str(counts[kind, head]) for head in heads)] for kind in KINDS if kind in kinds]
    return ["", *heads], [*rows, *([["total", *(str(sums[head]) for head in heads)]] if with_sums else [])]
