"""A change as JSON: what it does, why it is there, what is dangerous about it, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from accessplan.access import Kept
from accessplan.cause import Kind
from accessplan.change import Change, Effect
from accessplan.model import Address, User, owners
from accessplan.plain import attributes
from accessplan.report.report import Report

_ACTIONS = {Effect.INVITE: "create", Effect.GRANT: "create", Effect.CANCEL: "delete", Effect.REVOKE: "delete"}


def entry_json(change: Change) -> dict[str, Any]:
    """Return what a change does."""
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


def changes_json(report: Report) -> Iterator[dict[str, Any]]:
    """Yield the changes of a plan in the order of execution."""
    by_hand, judgement = report.addresses_by_hand, report.judgement
    blocked = judgement.blocked
    leavers = {each.address for each in report.plan.changes if isinstance(each.before, User) and each.after is None}
    for change in report.plan.changes:
        address = change.address
        risks = judgement.risks.get(address, ())
        yield entry_json(change) | {
            "action_reason": _reason(change, report, leavers),
            "rights": {"added": list(change.rights_added), "removed": list(change.rights_removed)},
            "cause": _cause(change, report),
            "risk": {
                "level": "high" if risks else "normal",
                "rules": [{"rule": risk.rule, "message": risk.message} for risk in risks],
            },
            "blocked_by": list(dict.fromkeys(blocked.get(address, ()))),
            "kept": [kept_json(each) for each in judgement.kept.get(address, ())],
            "depends_on": [str(each) for each in change.depends_on],
            "route": "manual" if address in by_hand else "api",
            "attest": change.attest or None,
        }


def kept_json(kept: Kept) -> dict[str, Any]:
    """Return who still reaches what, with which rights, through which entries."""
    said = {"who": str(kept.path.who), "what": kept.what, "rights": sorted(kept.rights)}
    return said | {"through": addresses(kept.path.through)}


def addresses(each: Iterable[Address]) -> list[str]:
    """Return addresses as they are printed."""
    return [str(address) for address in each]


def _cause(change: Change, report: Report) -> dict[str, Any]:
    cause, place = report.judgement.causes.get(change.address), change.place
    return {
        "kind": str(cause.kind) if cause else str(Kind.CONFIG),
        "is_new": cause.is_new if cause else None,
        "of": str(cause.of) if cause and cause.of is not None else None,
        "reason": (cause.reason if cause else "") or None,
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _reason(change: Change, report: Report, leavers: set[Address]) -> str | None:
    """Say more of an action than its name does; None where there is no more to say."""
    cause = report.judgement.causes.get(change.address)
    if change.is_renewal:
        expired = isinstance(change.before, User) and change.before.expired
        return "replace_because_expired" if expired else "replace_because_other_names"
    if cause and cause.kind is Kind.RENAME:
        return f"{'delete' if change.after is None else 'create'}_because_renamed"
    if change.after is not None:
        return None
    if owners(change.address) & leavers:
        return "delete_because_owner_leaves"
    if cause and cause.reason:
        return "delete_because_stale"
    return "delete_because_ended" if change.urgent else "delete_because_not_in_document"
