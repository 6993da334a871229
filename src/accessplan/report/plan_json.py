"""A plan as JSON: a contract, described by `schemas/plan.schema.json` and `docs/plan-json.md`.

Minor versions of the format add, major versions may break. Names are Terraform's where the meaning is the same.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from accessplan.cause import Kind
from accessplan.change import Effect
from accessplan.report.change_json import changes_json, entry_json
from accessplan.report.frame import json_exit, json_version
from accessplan.report.judged_json import finding_json, judged_json, rails_json
from accessplan.report.report import KINDS, Report, count
from accessplan.route import Operation, Step
from accessplan.saved import LIFETIME

FORMAT_VERSION = "1.2"


def render(report: Report) -> str:
    """Render a plan as one JSON document; the same plan gives the same bytes."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return a plan as plain data; no moment is in it but when it was made, where the report says so."""
    plan = report.plan
    return {
        **head(report),
        **({"masked": True} if report.masked else {}),
        "organization": {"id": report.organization_id, "name": report.organization_name},
        "inputs": {
            "document": report.document,
            "live": report.live,
            "today": report.today.isoformat(),
            **({"at": report.at.isoformat()} if report.at else {}),
            "commit": report.commit or None,
            "base": report.base or None,
        },
        "summary": _summary(report),
        "resource_changes": list(changes_json(report)),
        "operations": [_operation(operation, report) for operation in report.operations],
        "held_back": [entry_json(change) for change in plan.held_back],
        "unchecked": [entry_json(change) | {"reason": reason} for change, reason in report.unchecked],
        "waiting": [entry_json(change) | {"reason": reason} for change, reason in plan.waiting],
        "attested": [{"address": str(each.address), "by": each.by, "on": each.on.isoformat()} for each in report.said],
        "findings": [finding_json(each) for each in report.findings],
        "rails": rails_json(report),
        **judged_json(report),
        "not_covered": [*plan.blind, *report.not_covered],
        "exit": json_exit(report.exit),
    }


def head(report: Report) -> dict[str, Any]:
    """Return what a plan is known by."""
    return {
        **json_version(FORMAT_VERSION),
        "plan_id": report.plan.id,
        "created_at": _moment(report.made_at),
        "expires_at": _moment(report.made_at and report.made_at + LIFETIME),
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _summary(report: Report) -> dict[str, Any]:
    changes, judgement = report.plan.changes, report.judgement
    counts = count(changes)
    by_kind = {
        kind: {str(effect): counts[kind, effect] for effect in Effect if (kind, effect) in counts} for kind in KINDS
    }
    by_cause = Counter(cause.kind for change in changes if (cause := judgement.causes.get(change.address)))
    risky = sum(change.address in judgement.risks for change in changes)
    return {
        "changes": len(changes),
        "by_kind": {kind: effects for kind, effects in by_kind.items() if effects},
        "by_cause": {str(kind): by_cause[kind] for kind in Kind if by_cause[kind]},
        "by_risk": {"high": risky, "normal": len(changes) - risky},
        "requests": report.requests,
        "manual_steps": report.steps,
        "matching": report.plan.matching,
        "unmanaged": report.plan.unmanaged,
        "held_back": len(report.plan.held_back),
    }


def _operation(operation: Operation, report: Report) -> dict[str, Any]:
    """Several changes may share a request or a step, so these stand apart from the changes and name them."""
    return {
        "name": operation.name,
        "changes": [change.id for change in operation.changes],
        "route": "manual" if operation.is_manual else "api",
        "requests": [
            {"method": each.method, "path": report.path(each), "body": report.body(each)} for each in operation.requests
        ],
        "steps": [_step(step) for step in operation.steps],
        "why_manual": operation.why_manual or None,
    }


def _step(step: Step) -> dict[str, Any]:
    done = {"act": step.act, "values": dict(step.values)}
    return done | {"path": step.path, "who": step.who, "text": step.text, "lines": list(step.lines)}
