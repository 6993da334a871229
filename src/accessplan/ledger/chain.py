"""The chain: the hash of each row covers the row and the hash before it, so that no row is changed unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accessplan.ledger.link import BEGINNING, Link, digest, seal
from accessplan.ledger.pruned import Claims, Trace, claims, traces


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain; `number` is the row where it shows, 0 where it is at no row."""

    number: int
    message: str


def head(links: Sequence[Link]) -> str:
    """Return the last hash: who keeps it elsewhere can tell later whether rows were cut off at the end."""
    return links[-1].hash if links else BEGINNING


def verify(links: Sequence[Link], known: str = "") -> tuple[Fault, ...]:
    """Find the rows, in the order of their numbers, that break the chain; a row without content may have been pruned.

    `known` is a hash that was once the head. Without it, rows that were cut off at the end are not missed, nor is a
    chain that was made anew as a whole.
    """
    faults = []
    told, before = claims(links), 0
    for trace in traces(links):
        if message := _what_is_wrong(trace, before, told):
            faults.append(Fault(trace.link.number, message))
        before = trace.link.number
    if known and known not in {BEGINNING, *(link.hash for link in links)}:
        faults.append(Fault(0, f"no row has the hash {known}: rows were cut off at the end, or all was written anew"))
    return tuple(faults)


def _what_is_wrong(trace: Trace, before: int, told: Claims) -> str:
    number = trace.link.number
    if not _holds(trace, told):
        return _how_it_broke(trace.link, before)
    if not trace.link.body and number not in told.pruned:
        return f"row {number} has no content, and no later row says that it was pruned"
    return f"row {number} pruned rows that are not as it left them" if number in told.wrong else ""


def _holds(trace: Trace, told: Claims) -> bool:
    previous, link = trace
    if not link.body and not link.body_hash and link.number in told.pruned:
        return True  # its hash covers what is gone; the row that tells of it covers what is left
    is_as_written = not link.body or not link.body_hash or link.body_hash == digest(link.salt, link.body)
    return is_as_written and link.hash == seal(previous, link)


def _how_it_broke(link: Link, before: int) -> str:
    if not link.hash:
        return f"row {link.number} has no hash"
    if link.number > before + 1:
        missing = f"row {before + 1} is" if link.number == before + 2 else f"rows {before + 1} to {link.number - 1} are"
        return f"{missing} missing before row {link.number}"
    if before == 0:
        return f"row {link.number} was changed, or is not the first that was written"
    return f"row {link.number} was changed, or does not follow row {before} as it was"
