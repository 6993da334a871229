"""What is stale as CSV, a line each, for spreadsheets: names in it are no formulas."""

from __future__ import annotations

from accessplan.report.safe import table
from accessplan.report.stale_report import StaleReport
from accessplan.stale import Stale

COLUMNS = (
    "severity", "rule", "address", "message", "since", "age_days", "owner", "file", "line", "remedy", "signals_used",
    "signals_missing", "revocable", "announced_on", "revocable_from",
)  # fmt: skip
"""Names of columns are a promise: new ones follow the last."""


def render(report: StaleReport) -> str:
    """Render what is stale under one line of names, the weightiest first."""
    return table(COLUMNS, (_row(each, report) for each in report.found))


def _row(stale: Stale, report: StaleReport) -> dict[str, str]:
    age, announced = report.age(stale), report.announcement(stale)
    return {
        "severity": str(stale.severity),
        "rule": stale.rule,
        "address": str(stale.address),
        "message": stale.message,
        "since": stale.since.isoformat() if stale.since else "",
        "age_days": "" if age is None else str(age),
        "owner": stale.owner,
        "file": stale.place.file if stale.place else "",
        "line": str(stale.place.line) if stale.place else "",
        "remedy": stale.remedy,
        "signals_used": ", ".join(stale.used),
        "signals_missing": "; ".join(stale.missing),
        "revocable": "yes" if stale.address in report.revocable else "no",
        "announced_on": announced.day.isoformat() if announced else "",
        "revocable_from": announced.begins(report.life).isoformat() if announced else "",
    }
