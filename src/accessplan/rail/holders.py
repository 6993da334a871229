"""Nothing is left to nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from accessplan.change import Change
from accessplan.model import (
    DELEGATE,
    MAILBOX,
    TEAM,
    USE,
    Address,
    Delegation,
    Entry,
    Membership,
    State,
    Use,
    owners,
)
from accessplan.rail.situation import Refusal, Situation, refusal
from accessplan.select import service_of
from accessplan.services import KSUITE

Thing = tuple[str, str]
"""A mailbox, a team, or a product that people use: its kind and its name."""

_SENTENCES = {
    MAILBOX: ("nobody would open {} any more: {} now", "does", "do"),
    TEAM: ("nobody would be in {} any more: {} now", "is", "are"),
    USE: ("nobody would have a place in {} any more: {} now", "has", "have"),
}


def last_holder(situation: Situation) -> Iterator[Refusal]:
    """Keep somebody who opens each mailbox, is in each team that stays, and has a place in each product.

    That is asked only where somebody active holds it today. Who is invited is no holder: nobody knows when, or whether,
    they accept, and until then nobody would see the mail. One's own mailbox is held by its owner.
    """
    losing = _losing(situation)
    left = _holders(situation.result, losing) if losing else {}
    for thing, lost in sorted(losing.items()):
        stay = left.get(thing, [])
        is_deleted = thing[0] == TEAM and Address(*thing) not in situation.result.entries
        changes = list(_open_causes(lost, situation))
        if changes and not is_deleted and not any(_is_active(each, situation.result) for each in stay):
            message = _message(thing, len(lost), len(stay), _unseen(lost, situation.have))
            yield refusal("last-holder", message, changes, "let somebody else in first, and apply this once they are")


def _losing(situation: Situation) -> Mapping[Thing, list[Entry]]:
    """List what active people hold and would lose."""
    have = situation.have
    gone = {address: have.entries[address] for address in have.entries.keys() - situation.result.entries.keys()}
    held = _holders(replace(have, entries=dict(sorted(gone.items()))), None)
    active = {thing: [each for each in entries if _is_active(each, have)] for thing, entries in held.items()}
    return {thing: entries for thing, entries in active.items() if entries}


def _holders(state: State, things: Container[Thing] | None) -> Mapping[Thing, list[Entry]]:
    """List who holds these things, or any where none are given."""
    found: defaultdict[Thing, list[Entry]] = defaultdict(list)
    for entry in state.entries.values():
        match entry:
            case Delegation(mailbox=name):
                thing = MAILBOX, name
            case Membership(team=name):
                thing = TEAM, name
            case Use(target=name):
                thing = USE, name
            case _:
                continue
        if things is None or thing in things:
            found[thing].append(entry)
    return found


def _is_active(entry: Entry, state: State) -> bool:
    """Tell whether somebody who has accepted holds it."""
    if not isinstance(entry, Delegation | Membership | Use) or (isinstance(entry, Use) and entry.pending):
        return False
    user = state.user(entry.email)
    return user is not None and not user.invited


def _open_causes(lost: list[Entry], situation: Situation) -> Iterator[Change]:
    """Find what takes these entries away, as far as nobody has consented to it."""
    planned = {change.address for change in situation.plan.changes}
    unsettled = {change.address: change for change in situation.open}
    causes = (next((each for each in _ways(entry, situation) if each in planned), None) for entry in lost)
    yield from (unsettled[address] for address in dict.fromkeys(causes) if address in unsettled)


def _ways(entry: Entry, situation: Situation) -> Iterator[Address]:
    """List by which changes an entry may go: its own, or that of what it hangs on or comes with."""
    yield entry.address
    yield from sorted(owners(entry.address))
    if isinstance(entry, Use) and entry.implied:
        uses = (change.entry for change in situation.plan.changes)
        suites = (use for use in uses if isinstance(use, Use) and service_of(use.target) == KSUITE)
        yield from (use.address for use in suites if use.email == entry.email)


def _unseen(lost: list[Entry], have: State) -> str:
    """Say why others might hold it unseen, whoever they are; empty where all are shown."""
    spots = (replace(spot, person="") for spot in have.blind if spot.part in (DELEGATE, USE))
    return next((spot.reason for spot in spots if spot.hides(lost[0].address)), "")


def _message(thing: Thing, lost: int, invited: int, unseen: str) -> str:
    kind, name = thing
    sentence, one, several = _SENTENCES[kind]
    called = name if kind == USE else str(Address(kind, name))
    text = sentence.format(called, f"{lost} {one if lost == 1 else several}")
    if invited:
        text += f", and {invited} invited {'has' if invited == 1 else 'have'} not accepted yet"
    return f"{text}; others may do so unseen: {unseen.rstrip('.')}" if unseen else text
