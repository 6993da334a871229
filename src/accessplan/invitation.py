"""Which invitations wait for somebody's decision: nobody is invited again and again by a machine."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from accessplan.change import needs_renewal
from accessplan.model import Address, State, User
from accessplan.plan import Want

BY_ITSELF = 2
"""How often somebody is invited without being asked: once, and once more when that expired."""

FOR_NAMES = 3
"""How often an invitation is sent in all before a name that differs is no reason any more to send it anew."""


def hold(want: Want, have: State, sent: Mapping[str, int], again: Container[str]) -> Want:
    """Let invitations wait that were rejected, or sent often enough; `again` are people to be invited all the same.

    `sent` counts the invitations that accessplan sent to each person.
    """
    waits: dict[Address, str] = {}
    for address, entry in want.state.entries.items():
        if not isinstance(entry, User) or entry.email in again:
            continue
        if reason := _why_wait(entry, have, sent.get(entry.email, 0)):
            waits[address] = f"{reason}; to send one all the same: --invite-again {entry.email}"
    return replace(want, waits=waits) if waits else want


def _why_wait(wanted: User, have: State, sent: int) -> str:
    live = have.user(wanted.email)
    if live is None:
        if wanted.email in have.rejected:
            return "they rejected the invitation"
        return f"they were invited {sent} times without joining" if sent >= BY_ITSELF else ""
    if not needs_renewal(live, wanted):
        return ""
    if not live.expired:
        return f"it names them differently, and was sent {sent} times" if sent >= FOR_NAMES else ""
    if sent == 0:
        return "the invitation expired, and the ledger does not show that accessplan sent it"
    return f"the invitation expired, the {sent}. that was sent" if sent >= BY_ITSELF else ""
