"""Which saved plans were carried out: each is, once."""

from __future__ import annotations

from datetime import UTC, datetime

from accessplan.ledger.ledger import Ledger

_APPLIED = "plan applied"


def note_applied(ledger: Ledger, plan: str, made_at: datetime, at: datetime) -> None:
    """Write down that a plan, known by its id and the moment it was made, was carried out."""
    ledger.add(_APPLIED, {"plan": plan, "made_at": _moment(made_at)}, at)


def applied_at(ledger: Ledger, plan: str, made_at: datetime) -> datetime | None:
    """Tell when a plan was carried out; None where it was not.

    Raises:
        InputError: a row is damaged.
    """
    known = {"plan": plan, "made_at": _moment(made_at)}
    return next((row.at for _, row in ledger.rows(_APPLIED) if known.items() <= row.body.items()), None)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
