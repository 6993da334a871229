"""What drifted as CSV, a line each, for spreadsheets: names in it are no formulas."""

from __future__ import annotations

from accessplan.drift import Drift, Snooze
from accessplan.report.drift_report import DriftReport, move, wish
from accessplan.report.safe import table

COLUMNS = (
    "address", "kind", "moved", "wanted", "revert", "first_seen", "age_days", "file", "line", "along", "snoozed_until",
    "snooze_reason", "snoozed_by",
)  # fmt: skip
"""Names of columns are a promise: new ones follow the last."""


def render(report: DriftReport) -> str:
    """Render what drifted under one line of names; what is snoozed follows."""
    found = (*((each, None) for each in report.found.drifts), *report.found.snoozed)
    return table(COLUMNS, (_row(drift, snooze, report) for drift, snooze in found))


def _row(drift: Drift, snooze: Snooze | None, report: DriftReport) -> dict[str, str]:
    place = drift.revert.place
    return {
        "address": str(drift.address),
        "kind": str(drift.kind),
        "moved": move(drift),
        "wanted": wish(drift, report),
        "revert": str(drift.revert.effect),
        "first_seen": report.first_seen(drift).isoformat(),
        "age_days": str(report.age(drift)),
        "file": place.file if place else "",
        "line": str(place.line) if place else "",
        "along": ", ".join(str(each.address) for each in drift.along),
        "snoozed_until": snooze.until.isoformat() if snooze else "",
        "snooze_reason": snooze.reason if snooze else "",
        "snoozed_by": snooze.by if snooze else "",
    }
