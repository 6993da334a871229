"""A plan in two sentences and a table of counts."""

from __future__ import annotations

from accessplan.change import Effect
from accessplan.report.console import number
from accessplan.report.report import KINDS, Report, count


def verdict(report: Report) -> tuple[str, str]:
    """Return the verdict, and what there is to say of it."""
    plan = report.plan
    if not plan.changes:
        parts = [number(plan.matching, "entry matches", "entries match")]
        parts += [f"{len(report.said)} on somebody's word"] if report.said else []
        parts += [number(len(plan.waiting), "waits", "wait") + " for a decision"] if plan.waiting else []
        parts += [number(len(plan.held_back), "removal held back", "removals held back")] if plan.held_back else []
        parts += [f"{plan.unmanaged} not managed"] if plan.unmanaged else []
        parts += [f"{len(plan.unchecked)} cannot be checked"] if plan.unchecked else []
        return "No changes.", f"{', '.join(parts)}."
    effects = [change.effect for change in plan.changes]
    parts = [f"{n} to {effect}" for effect in Effect if (n := effects.count(effect))]
    carried = [number(report.requests, "request", "requests")] if report.requests else []
    carried += [number(report.steps, "step by hand", "steps by hand")] if report.steps else []
    return f"Plan {plan.id[:12]}:", f"{', '.join(parts)}; in {' and '.join(carried)}."


def count_table(report: Report) -> tuple[list[str], list[list[str]]]:
    """Return the heads of the columns and the rows of changes by kind and effect; the first column has no head."""
    counts = count(report.plan.changes)
    effects = [effect for effect in Effect if any((kind, effect) in counts for kind in KINDS)]
    rows = [[kind, *(str(counts.get((kind, effect), 0)) for effect in effects)] for kind in KINDS]
    return ["", *map(str, effects)], [row for row in rows if set(row[1:]) != {"0"}]
