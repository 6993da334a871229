"""How many entries of each kind were live at the end of the last apply: a read that shows far fewer is suspect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accessplan.ledger.ledger import Ledger, damaged

_SEEN = "seen"


def note_seen(ledger: Ledger, counts: Mapping[str, int], at: datetime) -> None:
    """Write down how many entries of each kind of `policy.mode` were live."""
    ledger.add(_SEEN, {"counts": dict(counts)}, at)


def last_seen(ledger: Ledger) -> dict[str, int] | None:
    """Return the last of these counts by kind; None where there are none yet.

    Raises:
        InputError: a row is damaged.
    """
    rows = ledger.rows(_SEEN)
    if not rows:
        return None
    _, row = rows[-1]
    counts = row.body.get("counts")
    if not isinstance(counts, dict) or not all(type(each) is int for each in counts.values()):
        raise damaged(row.number, ValueError("it has no counts"))
    return counts
