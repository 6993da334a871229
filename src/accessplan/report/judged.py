"""What a plan says of its changes beside what they are: why they are there, what is dangerous, what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from accessplan.cause import Cause, Kind
from accessplan.change import Change
from accessplan.expect import Outcome, Verdict
from accessplan.finding import Finding, error
from accessplan.model import Address
from accessplan.plain import few
from accessplan.report.changes import SECTIONS, notes, place_of, what
from accessplan.report.console import number
from accessplan.report.reach import Shown, through
from accessplan.report.report import Report, in_order_of_reading
from accessplan.report.safe import spelled_out, visible, visible_address

NEW, DOCUMENT, MERGED = "from this change", "document", "merged before"
ORIGINS = (NEW, DOCUMENT, MERGED, *(str(kind) for kind in Kind if kind is not Kind.CONFIG))
"""Where changes come from, in the order of reading; each change has one of them."""

FEW = 3
"""How many changes stand under a rail that refuses them; the rest is counted."""

_WHY = {Kind.TIME: "a date passed", Kind.DRIFT: "drift"}


class Section(NamedTuple):
    """Changes that are read together; `group` is empty where no base is named."""

    group: str
    title: str
    changes: list[Change]


def origin(cause: Cause | None) -> str:
    """Return one of `ORIGINS`."""
    if cause is None or (cause.kind is Kind.CONFIG and cause.is_new is None):
        return DOCUMENT
    if cause.kind is Kind.CONFIG and not cause.is_new:
        return MERGED
    return NEW if cause.is_new else str(cause.kind)


def origins(report: Report) -> Mapping[Address, str]:
    """Say of each change where it comes from."""
    causes = report.judgement.causes
    return {change.address: origin(causes.get(change.address)) for change in report.plan.changes}


def sections(report: Report) -> Iterator[Section]:
    """Yield the changes, what is taken away first; with a base, those that come from this change before the others."""
    groups = {"": report.plan.changes}
    if report.base and report.plan.changes:
        from_where = origins(report)
        groups = {
            "From this change": tuple(each for each in report.plan.changes if from_where[each.address] == NEW),
            "Not from this change": tuple(each for each in report.plan.changes if from_where[each.address] != NEW),
        }
    for group, changes in groups.items():
        for title, effects in SECTIONS:
            yield Section(group, title, in_order_of_reading(each for each in changes if each.effect in effects))


def tally(report: Report) -> str:
    """Count what is not from the change under review: `4 drift, 1 date`."""
    counts = Counter(origins(report).values())
    parts = [
        f"{counts[Kind.DRIFT]} drift" if counts[Kind.DRIFT] else "",
        number(counts[Kind.TIME], "date", "dates") if counts[Kind.TIME] else "",
        number(counts[Kind.RENAME], "rename", "renames") if counts[Kind.RENAME] else "",
        f"{counts[MERGED]} {MERGED}" if counts[MERGED] else "",
        f"{counts[DOCUMENT]} not told apart" if counts[DOCUMENT] else "",
    ]
    return ", ".join(filter(None, parts))


def high_risk(report: Report) -> list[Change]:
    """List the changes of high risk."""
    return in_order_of_reading(each for each in report.plan.changes if each.address in report.judgement.risks)


def failed_tests(report: Report) -> list[Outcome]:
    """List the access tests that block the plan."""
    return [each for each in report.judgement.tests if each.verdict is Verdict.FAILED]


def against(report: Report) -> Iterator[tuple[Finding, list[Change]]]:
    """Yield what blocks the plan, each with the changes it is about, beside one that the finding names itself."""
    changes = {change.address: change for change in report.plan.changes}
    for refusal in report.judgement.refusals:
        named = refusal.finding.address
        about = [changes[each] for each in refusal.changes if each in changes and str(each) != named]
        yield refusal.finding, about
    for outcome in failed_tests(report):
        test = outcome.test
        said = error("access-test", f"{visible(test.name)}: {outcome.message}", test.place)
        yield said, []


def about(change: Change, report: Report, shown: Shown, escape: Callable[[str], str] = str) -> str:
    """Say what a change is; that it is a rename; and that nothing is lost by it, where another path remains."""
    parts = [escape(what(change)), *map(escape, _renamed(change, report)), *_still_reached(change, report, shown)]
    return " · ".join(filter(None, parts))


def why(change: Change, report: Report) -> str:
    """Say why a change is there, its place in the document first."""
    cause = report.judgement.causes.get(change.address)
    merged = "merged before, not carried out yet" if origin(cause) == MERGED else ""
    usual = _WHY.get(cause.kind, merged) if cause and not cause.is_new else ""
    reason = spelled_out(cause.reason) if cause else ""
    return " · ".join(filter(None, (place_of(change), reason or usual)))


def remarks(report: Report) -> Callable[[Change], str]:
    """Return what says why a change is there (its place first), and what a reader must know of it."""
    judgement, by_hand = report.judgement, report.addresses_by_hand
    blocked = judgement.blocked

    def of(change: Change) -> str:
        address = change.address
        said = [
            why(change, report),
            "high risk" if address in judgement.risks else "",
            "blocked" if address in blocked else "",
            f"consented until {judgement.consented[address].until}" if address in judgement.consented else "",
        ]
        return " · ".join([*filter(None, said), *notes(change, by_hand=address in by_hand)])

    return of


def _renamed(change: Change, report: Report) -> Iterator[str]:
    cause = report.judgement.causes.get(change.address)
    if cause and cause.of is not None and cause.kind is Kind.RENAME:
        yield f"renamed {'to' if change.after is None else 'from'} {visible_address(cause.of)}"


def _still_reached(change: Change, report: Report, shown: Shown) -> Iterator[str]:
    kept = report.judgement.kept.get(change.address, ())
    if kept:
        yield f"still reached through {few(dict.fromkeys(through(each.path, shown) for each in kept))}"
