"""What is stale as JSON: a contract, of which minor versions add, and major versions may break."""

from __future__ import annotations

import json
from typing import Any

from accessplan import __version__
from accessplan.report.stale_report import StaleReport
from accessplan.stale import Stale

FORMAT_VERSION = "1.0"


def render(report: StaleReport) -> str:
    """Render what is stale as one JSON document; the same report gives the same bytes."""
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "accessplan", "version": __version__},
        "organization": {"id": report.organization_id, "name": report.organization_name},
        "inputs": {
            "document": report.document,
            "commit": report.commit or None,
            "live": report.live,
            "today": report.today.isoformat(),
            "within_days": report.within,
        },
        "summary": {
            "findings": len(report.found),
            "entries": len({each.address for each in report.found}),
            "revocable": len(report.revocable),
            "by_severity": {str(severity): count for severity, count in report.by_severity.items()},
            "by_rule": report.by_rule,
        },
        "stale": [_stale(each, report) for each in report.found],
        "not_covered": list(report.not_covered),
        "exit": int(report.exit),
    }
    return json.dumps(document, indent=2) + "\n"


def _stale(stale: Stale, report: StaleReport) -> dict[str, Any]:
    place = stale.place
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
    }
