"""What the document protects stays as it is, or grows."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.change import Change, Effect
from accessplan.model import MAILBOX, Address, Delegation, Entry, owners
from accessplan.policy import Protected
from accessplan.rail.situation import Refusal, Situation, refusal


def protected_entry(situation: Situation) -> Iterator[Refusal]:
    """Keep what the document protects: no plan takes it away, alone or with what it hangs on, or weakens it.

    A protected mailbox keeps everybody who opens it.
    """
    if not situation.policy.rails.protected:
        return
    planned = {change.address: change for change in situation.plan.changes}
    unsettled = {change.address for change in situation.open}
    for protected in situation.policy.rails.protected:
        changes = dict.fromkeys(_against(protected, situation, planned))
        if against := [change for change in changes if change.address in unsettled]:
            yield _refuse(protected, against)


def _against(protected: Protected, situation: Situation, planned: dict[Address, Change]) -> Iterator[Change]:
    """Find the changes that take the entry away or weaken it."""
    for address in _entries_of(protected.address, situation):
        if address not in situation.result.entries:
            ways = (address, *sorted(owners(address)))
            yield from [planned[each] for each in ways if each in planned][:1]
        elif address == protected.address and address in planned and _weakens(planned[address]):
            yield planned[address]


def _entries_of(protected: Address, situation: Situation) -> Iterator[Address]:
    """List the live entries that are protected: the one, or all who open the mailbox."""
    if protected.kind == MAILBOX and not protected.part:
        yield from (each.address for each in situation.before.delegates(protected.name))
    elif protected in situation.have.entries:
        yield protected


def _weakens(change: Change) -> bool:
    """Tell whether a change takes any of it, even where it adds more."""
    stops_sending = _sends(change.before) and not _sends(change.after)
    return change.effect is Effect.WEAKEN or bool(change.rights_removed) or stops_sending


def _sends(entry: Entry | None) -> bool:
    return isinstance(entry, Delegation) and entry.sends is not False


def _refuse(protected: Protected, against: list[Change]) -> Refusal:
    goes = all(change.after is None for change in against)
    is_mailbox = protected.address.kind == MAILBOX and not protected.address.part
    fate = f"{len(against)} who open it would go" if is_mailbox else "it would go" if goes else "it would be weakened"
    return refusal(
        "protected-entry",
        f"{protected.address} is protected, and {fate}",
        against,
        f"leave it, or take it out of policy.rails.protect ({protected.place.file_and_line})",
    )
