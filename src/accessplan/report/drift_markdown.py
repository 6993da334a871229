"""What drifted as Markdown, for an issue or a comment: the verdict is open, what is no drift is folded."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.drift import Drift, Snooze
from accessplan.plain import few
from accessplan.report.drift_report import DriftReport, counted, move, seen, wish
from accessplan.report.frame import markdown_identity, markdown_title
from accessplan.report.markdown_part import LONGEST, Part, laid_out
from accessplan.report.safe import code, markdown, visible, visible_address, visible_place


def render(report: DriftReport) -> str:
    """Render what drifted as Markdown of less than 60,000 characters."""
    head = "".join(_head(report))
    return head + laid_out(_parts(report), LONGEST - len(head))


def _head(report: DriftReport) -> Iterator[str]:
    yield markdown_title(report, "drift", "Drift in")
    yield f"**{markdown(report.verdict)}**\n\n"
    applied = f" · as applied on {report.day(report.applied_at)}" if report.applied_at else ""
    yield markdown_identity(report, f"on {report.today}", note=applied)
    if report.found.pending:
        yield f"Pending, and no drift: {', '.join(counted(report))}.\n\n"


def _parts(report: DriftReport) -> Iterator[Part]:
    for kind in report.by_kind:
        items = tuple(_item(each, report) for each in report.found.drifts if each.kind is kind)
        yield Part(kind.capitalize(), items, command="drift")
    yield Part("Snoozed", tuple(_snoozed(*each) for each in report.found.snoozed), folded=True, command="drift")
    unseen = tuple(f"- {markdown(each)}" for each in report.not_covered)
    yield Part("Not looked at", unseen, folded=True, command="drift")


def _item(drift: Drift, report: DriftReport) -> str:
    place = drift.revert.place
    parts = (
        markdown(wish(drift, report)),
        f"and with it {few(code(visible_address(each.address)) for each in drift.along)}" if drift.along else "",
        code(visible_place(place)) if place else "",
        seen(drift, report),
    )
    return f"- {code(visible_address(drift.address))} {markdown(move(drift))}<br>{' · '.join(filter(None, parts))}"


def _snoozed(drift: Drift, snooze: Snooze) -> str:
    said = f"until {snooze.until}, says {markdown(visible(snooze.by))}: {markdown(visible(snooze.reason))}"
    return f"- {code(visible_address(drift.address))} {markdown(move(drift))}<br>{said}"
