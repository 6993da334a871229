"""Whom accessplan invited: it never invites anybody more than twice by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from accessplan.ledger.ledger import Ledger

_INVITED, _LEFT = "invited", "left"


def note_invited(ledger: Ledger, emails: Iterable[str], at: datetime) -> None:
    """Write down that invitations were sent."""
    for email in emails:
        ledger.add(_INVITED, {"email": email}, at)


def note_left(ledger: Ledger, emails: Iterable[str], at: datetime) -> None:
    """Write down that people leave: should they come again, it is from the start."""
    for email in emails:
        ledger.add(_LEFT, {"email": email}, at)


def times_invited(ledger: Ledger) -> Counter[str]:
    """Count the invitations sent to each person since they last left."""
    times: Counter[str] = Counter()
    for kind, row in ledger.rows(_INVITED, _LEFT):
        email = str(row.body.get("email"))
        times[email] = times[email] + 1 if kind == _INVITED else 0
    return times
