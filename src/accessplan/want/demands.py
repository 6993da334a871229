"""What a document demands of itself: what must be written of users and partners, and when they must end."""

from __future__ import annotations

import re

from accessplan.model import PARTNER
from accessplan.policy import later
from accessplan.want.document import Demands, Document, WantedPartner, WantedUser
from accessplan.want.notes import Notes
from accessplan.want.roles import role_of
from accessplan.want.tree import Node

EXAMPLES = {
    "owner": "claire@example.ch",
    "reason": "Shop relaunch",
    "until": "2027-03-31",
    "since": "2026-02-01",
    "ticket": "OPS-112",
    "reviewed": "2026-08-01",
}
"""The fields that may be demanded, and how one is written."""

_IN_PERIOD = ("since", "until")
_DAYS = re.compile(r"([1-9][0-9]{0,3})d")


def read_demands(root: Node) -> Demands:
    """Read `policy.metadata` and `policy.lifetime`."""
    metadata, lifetime = root.find("policy", "metadata"), root.find("policy", "lifetime")
    fields = {kind: _read_fields(node) for kind, node in (metadata.items() if metadata else ())}
    days = {kind: _DAYS.fullmatch(lifetime.text(kind)) for kind, _ in lifetime.items()} if lifetime else {}
    return Demands(fields, {kind: int(match[1]) for kind, match in days.items() if match})


def check_demands(document: Document, notes: Notes) -> None:
    """See that users and partners carry what is demanded of them."""
    demands = document.demands
    if not demands.fields and not demands.days:
        return
    for user in document.users.items:
        role = role_of(document.roles, user.role)
        _check(user, role.base if role else "", demands, notes)
    for partner in document.partners.items:
        _check(partner, PARTNER, demands, notes)


def _read_fields(node: Node) -> tuple[str, ...]:
    written = [each.value for each in node.elements()]
    return tuple(field for field in EXAMPLES if field in written)


def _check(entry: WantedUser | WantedPartner, kind: str, demands: Demands, notes: Notes) -> None:
    fields = demands.fields.get(kind, ())
    if lacking := [field for field in fields if not _has(entry, field)]:
        message = f"every {kind} must have {_joined(lacking)} (policy.metadata)"
        hint = f"as in {', '.join(f'{field}: {EXAMPLES[field]}' for field in lacking)}"
        notes.error("metadata-missing", message, entry.place, entry.address, hint)
    if kind in demands.days and (entry.period.until or "until" not in fields):
        _check_end(entry, kind, demands.days[kind], notes)


def _check_end(entry: WantedUser | WantedPartner, kind: str, days: int, notes: Notes) -> None:
    since, until = entry.period.since, entry.period.until
    first = since or notes.today
    last = later(first, days)
    if until is not None and until <= last:
        return
    begin = "since" if since else "today"
    message = f"every {kind} must end {days} days after {begin} at the latest, on {last} (policy.lifetime)"
    hint = f"write until: {last}, or an earlier day"
    notes.error("lifetime-exceeded", message, entry.place, entry.address, hint)


def _has(entry: WantedUser | WantedPartner, field: str) -> bool:
    return bool(getattr(entry.period if field in _IN_PERIOD else entry.record, field))


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
