"""What drifted as JSON: a contract, of which minor versions add, and major versions may break."""

from __future__ import annotations

import json
from typing import Any

from accessplan.change import Change
from accessplan.drift import Drift, Kind, Pending
from accessplan.plain import attributes
from accessplan.report.drift_report import DriftReport
from accessplan.report.frame import json_exit, json_head

FORMAT_VERSION = "1.0"


def render(report: DriftReport) -> str:
    """Render what drifted as one JSON document; the same report gives the same bytes."""
    found = report.found
    document = {
        **json_head(report, FORMAT_VERSION, applied_at=report.applied_at.isoformat() if report.applied_at else None),
        "summary": {
            "drift": len(found.drifts),
            "by_kind": {str(kind): count for kind, count in report.by_kind.items()},
            "snoozed": len(found.snoozed),
            "pending": len(found.pending),
            "explained": found.explained,
            "unmanaged_as_before": found.known,
            **found.counts._asdict(),
            "managed_percent": found.counts.percent,
        },
        "drift": [_drift(each, report) for each in found.drifts],
        "snoozed": [
            {
                **_drift(drift, report),
                "until": snooze.until.isoformat(),
                "reason": snooze.reason,
                "by": snooze.by,
            }
            for drift, snooze in found.snoozed
        ],
        "pending": [_pending(each) for each in found.pending],
        "not_covered": list(report.not_covered),
        "recorded": report.recorded,
        "exit": json_exit(report.exit),
    }
    return json.dumps(document, indent=2) + "\n"


def _drift(drift: Drift, report: DriftReport) -> dict[str, Any]:
    place, differs = drift.revert.place, drift.kind is Kind.DIFFERS
    is_managed = drift.kind is not Kind.UNMANAGED
    return {
        "address": str(drift.address),
        "kind": str(drift.kind),
        "was": None if differs else attributes(drift.was),
        "live": attributes(drift.live),
        "wanted": attributes(drift.revert.after) if is_managed else None,
        "moved": None if differs else str(drift.moved.effect),
        "revert": str(drift.revert.effect),
        "by_hand": drift.address in report.by_hand,
        "first_seen": report.first_seen(drift).isoformat(),
        "age_days": report.age(drift),
        "along": [_move(each) for each in drift.along],
        "place": {"file": place.file, "line": place.line} if place else None,
        "remedies": report.remedies(drift),
    }


def _move(change: Change) -> dict[str, Any]:
    return {"address": str(change.address), "was": attributes(change.before), "live": attributes(change.after)}


def _pending(pending: Pending) -> dict[str, Any]:
    return {
        "address": str(pending.change.address),
        "effect": str(pending.change.effect),
        "why": str(pending.why),
        "since": pending.since.isoformat() if pending.since else None,
        "reason": pending.reason or None,
    }
