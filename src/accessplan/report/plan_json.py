"""A plan as JSON: a contract, described by `schemas/plan.schema.json`.

Minor versions of the format add, major versions may break. Names are Terraform's where the meaning is the same.
"""

from __future__ import annotations

import json
from typing import Any

from accessplan import __version__
from accessplan.change import Change, Effect
from accessplan.finding import Finding
from accessplan.plain import attributes
from accessplan.report.report import KINDS, Report, count
from accessplan.route import Operation, Step

FORMAT_VERSION = "1.1"

_ACTIONS = {Effect.INVITE: "create", Effect.GRANT: "create", Effect.CANCEL: "delete", Effect.REVOKE: "delete"}


def render(report: Report) -> str:
    """Render a plan as one JSON document; the same plan gives the same bytes."""
    return json.dumps(_document(report), indent=2) + "\n"


def _document(report: Report) -> dict[str, Any]:
    by_hand = report.addresses_by_hand
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "accessplan", "version": __version__},
        "plan_id": report.plan.id,
        "organization": {"id": report.organization_id, "name": report.organization_name},
        "inputs": {"document": report.document, "live": report.live, "today": report.today.isoformat()},
        "summary": _summary(report),
        "resource_changes": [_change(change, by_hand=change.address in by_hand) for change in report.plan.changes],
        "operations": [_operation(operation, report) for operation in report.operations],
        "held_back": [_entry(change) for change in report.plan.held_back],
        "unchecked": [_entry(change) | {"reason": reason} for change, reason in report.unchecked],
        "waiting": [_entry(change) | {"reason": reason} for change, reason in report.plan.waiting],
        "attested": [{"address": str(each.address), "by": each.by, "on": each.on.isoformat()} for each in report.said],
        "findings": [_finding(each) for each in report.findings],
        "rails": [_finding(each) for each in report.refusals],
        "not_covered": [*report.plan.blind, *report.not_covered],
        "exit": {"code": int(report.exit), "name": report.exit.name.lower()},
    }


def _summary(report: Report) -> dict[str, Any]:
    counts = count(report.plan.changes)
    by_kind = {
        kind: {str(effect): counts[kind, effect] for effect in Effect if (kind, effect) in counts} for kind in KINDS
    }
    return {
        "changes": len(report.plan.changes),
        "by_kind": {kind: effects for kind, effects in by_kind.items() if effects},
        "requests": report.requests,
        "manual_steps": report.steps,
        "matching": report.plan.matching,
        "unmanaged": report.plan.unmanaged,
        "held_back": len(report.plan.held_back),
    }


def _entry(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "address": str(change.address),
        "effect": str(change.effect),
        "change": {
            "actions": ["delete", "create"] if change.is_renewal else [_ACTIONS.get(change.effect, "update")],
            "before": attributes(change.before),
            "after": attributes(change.after),
        },
    }


def _change(change: Change, *, by_hand: bool) -> dict[str, Any]:
    return _entry(change) | {
        "rights": {"added": list(change.rights_added), "removed": list(change.rights_removed)},
        "cause": _place(change),
        "depends_on": [str(address) for address in change.depends_on],
        "route": "manual" if by_hand else "api",
        "attest": change.attest or None,
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


def _place(change: Change) -> dict[str, Any] | None:
    return {"file": change.place.file, "line": change.place.line} if change.place else None


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "level": str(finding.level),
        "message": finding.message,
        "place": {"file": place.file, "line": place.line, "column": place.column} if place else None,
        "address": finding.address or None,
        "hint": finding.hint or None,
    }
