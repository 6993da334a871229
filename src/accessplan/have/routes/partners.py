"""Partners: everything is by hand, and nothing but the kind of a partnership can be read back (infomaniak.md 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accessplan.change import Change
from accessplan.have.manager import partners as manager
from accessplan.have.routes.ground import Ground
from accessplan.model import Partner, partner_address
from accessplan.route import Operation
from accessplan.services import FULL


def partner(name: str, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Add, change or stop a partner; products go with the access."""
    address = partner_address(name)
    before, after = ground.live.state.entries.get(address), ground.after.get(address)
    if not isinstance(after, Partner):
        yield Operation("stop-partner", tuple(changes), steps=(manager.stop(name),), why_manual=manager.NO_PARTNERS)
    elif not isinstance(before, Partner):
        step = manager.add(after, ground.access(address))
        yield Operation("add-partner", tuple(changes), steps=(step,), why_manual=manager.NO_PARTNERS)
    else:
        yield from _edit(before, after, changes, ground)


def _edit(before: Partner, after: Partner, changes: list[Change], ground: Ground) -> Iterator[Operation]:
    """Change what they reach, then who pays, on a screen of its own; with limited access nobody chooses who does."""
    own = [change for change in changes if not change.address.part]
    wallet = (manager.edit_wallet(after),) if before.wallet != after.wallet and after.access == FULL else ()
    if before.access != after.access or len(changes) > len(own):
        access = manager.edit(replace(after, wallet=before.wallet), ground.access(after.address))
        yield Operation("edit-partner", tuple(changes), steps=(access, *wallet), why_manual=manager.NO_PARTNERS)
    else:
        yield Operation("edit-partner-wallet", tuple(own), steps=wallet, why_manual=manager.NO_PARTNERS)
