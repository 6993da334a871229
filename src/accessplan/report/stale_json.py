"""What is stale as JSON: a contract, of which minor versions add, and major versions may break."""

from __future__ import annotations

import json
from typing import Any

from accessplan.announcement import Announced
from accessplan.report.frame import json_exit, json_head
from accessplan.report.stale_report import StaleReport
from accessplan.stale import Stale

FORMAT_VERSION = "1.1"


def render(report: StaleReport) -> str:
    """Render what is stale as one JSON document; the same report gives the same bytes."""
    document = {
        **json_head(report, FORMAT_VERSION, within_days=report.within),
        "summary": {
            "findings": len(report.found),
            "entries": len({each.address for each in report.found}),
            "revocable": len(report.revocable),
            "by_severity": {str(severity): count for severity, count in report.by_severity.items()},
            "by_rule": report.by_rule,
        },
        "stale": [_stale(each, report) for each in report.found],
        "announced": [_announced(each, report) for _, each in sorted(report.announced.items())],
        "withdrawn": [
            {"address": str(address), "reason": reason}
            for address, reason in (report.announcing.over if report.announcing else {}).items()
        ],
        "not_covered": list(report.not_covered),
        "exit": json_exit(report.exit),
    }
    return json.dumps(document, indent=2) + "\n"


def _announced(each: Announced, report: StaleReport) -> dict[str, Any]:
    return {
        "address": str(each.address),
        "rules": list(each.rules),
        "owner": each.owner or None,
        "announced_on": each.day.isoformat(),
        "revocable_from": each.begins(report.life).isoformat(),
        "is_new": report.announcing is not None and each in report.announcing.new,
    }


def _stale(stale: Stale, report: StaleReport) -> dict[str, Any]:
    place, announced = stale.place, report.announcement(stale)
    return {
        "rule": stale.rule,
        "address": str(stale.address),
        "severity": str(stale.severity),
        "message": stale.message,
        "remedy": stale.remedy,
        "since": stale.since.isoformat() if stale.since else None,
        "age_days": report.age(stale),
        "owner": stale.owner or None,
        "place": {"file": place.file, "line": place.line} if place else None,
        "signals": {"used": list(stale.used), "missing": list(stale.missing)},
        "strong": stale.strong,
        "revocable": stale.address in report.revocable,
        "announced_on": announced.day.isoformat() if announced else None,
        "revocable_from": announced.begins(report.life).isoformat() if announced else None,
    }
