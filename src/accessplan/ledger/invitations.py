"""Whom accessplan invited: it never invites anybody more than twice by itself."""

from __future__ import annotations

from collections import Counter, defaultdict

from accessplan.ledger.ledger import Ledger, NewRow, Rows

INVITED, LEFT = "invited", "left"


def invited(email: str) -> NewRow:
    """Say that an invitation was sent."""
    return INVITED, {"email": email}


def left(email: str) -> NewRow:
    """Say that somebody leaves: should they come again, it is from the start."""
    return LEFT, {"email": email}


def times_invited(ledger: Ledger) -> Counter[str]:
    """Count the invitations sent to each person since they last left."""
    times: Counter[str] = Counter()
    for kind, row in ledger.rows(INVITED, LEFT):
        email = str(row.body.get("email"))
        times[email] = times[email] + 1 if kind == INVITED else 0
    return times


def counted(rows: Rows) -> set[int]:
    """Return the numbers of the rows whose invitations count: those since each person last left."""
    found: dict[str, set[int]] = defaultdict(set)
    for kind, row in rows:
        if kind == INVITED:
            found[str(row.body.get("email"))].add(row.number)
        elif kind == LEFT:
            found.pop(str(row.body.get("email")), None)
    return set().union(*found.values())
