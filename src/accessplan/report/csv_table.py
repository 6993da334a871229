"""The changes of a plan as CSV, a line each, for spreadsheets: names in it are no formulas."""

from __future__ import annotations

from collections.abc import Mapping

from accessplan.change import Change
from accessplan.model import MAILBOX, TEAM, Delegation, Entry, Grant, Membership, Use
from accessplan.report.changes import what
from accessplan.report.report import Report, kind_of
from accessplan.report.safe import table

COLUMNS = (
    "address", "kind", "effect", "subject", "object", "what", "rights_added", "rights_removed", "cause",
    "from_this_change", "file", "line", "risk", "route", "blocked_by",
)  # fmt: skip
"""Names of columns are a promise: new ones follow the last."""


def render(report: Report) -> str:
    """Render the changes of a plan, in the order of execution, under one line of names."""
    blocked, by_hand = report.judgement.blocked, report.addresses_by_hand
    return table(
        COLUMNS,
        (
            _row(change, report, blocked.get(change.address, ()), by_hand=change.address in by_hand)
            for change in report.plan.changes
        ),
    )


def _row(change: Change, report: Report, blocked: tuple[str, ...], *, by_hand: bool) -> Mapping[str, str]:
    subject, thing = _parties(change.entry)
    cause = report.judgement.causes.get(change.address)
    return {
        "address": str(change.address),
        "kind": kind_of(change),
        "effect": str(change.effect),
        "subject": subject,
        "object": thing,
        "what": what(change),
        "rights_added": ", ".join(change.rights_added),
        "rights_removed": ", ".join(change.rights_removed),
        "cause": str(cause.kind) if cause else "",
        "from_this_change": {None: "", True: "yes", False: "no"}[cause.is_new if cause else None],
        "file": change.place.file if change.place else "",
        "line": str(change.place.line) if change.place else "",
        "risk": ", ".join(risk.rule for risk in report.judgement.risks.get(change.address, ())),
        "route": "manual" if by_hand else "api",
        "blocked_by": ", ".join(dict.fromkeys(blocked)),
    }


def _parties(entry: Entry) -> tuple[str, str]:
    """Say whom an entry is about, and what they get by it; the second is empty where it is the organization."""
    match entry:
        case Membership():
            return entry.email, f"{TEAM}/{entry.team}"
        case Grant():
            return entry.subject.name, entry.target
        case Use():
            return entry.email, entry.target
        case Delegation():
            return entry.email, f"{MAILBOX}/{entry.mailbox}"
        case _:
            return entry.address.name, ""
