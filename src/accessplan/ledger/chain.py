"""The chain: the hash of each row covers the row and the hash before it, so that no row is changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

BEGINNING = "0" * 64
"""What stands for the hash before the first row."""


class Link(NamedTuple):
    """One row as it is stored; `body` is JSON to the letter, `hash` is empty where there is no chain yet."""

    number: int
    at: str
    live: str
    organization: int
    kind: str
    body: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain; `number` is the row where it shows, 0 where it is at no row."""

    number: int
    message: str


def seal(previous: str, link: Link) -> str:
    """Return the hash of a row: SHA-256 over the hash before it and what the row says."""
    content = (previous, *link[:-1])
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def head(links: Sequence[Link]) -> str:
    """Return the last hash: who keeps it elsewhere can tell later whether rows were cut off at the end."""
    return links[-1].hash if links else BEGINNING


def verify(links: Sequence[Link], known: str = "") -> tuple[Fault, ...]:
    """Find the rows, in the order of their numbers, that break the chain.

    `known` is a hash that was once the head. Without it, rows that were cut off at the end are not missed, nor is a
    chain that was made anew as a whole.
    """
    faults = []
    previous, before = BEGINNING, 0
    for link in links:
        if link.hash != seal(previous, link):
            faults.append(Fault(link.number, _what_is_wrong(link, before)))
        previous, before = link.hash, link.number
    if known and known not in {BEGINNING, *(link.hash for link in links)}:
        faults.append(Fault(0, f"no row has the hash {known}: rows were cut off at the end, or all was written anew"))
    return tuple(faults)


def _what_is_wrong(link: Link, before: int) -> str:
    if not link.hash:
        return f"row {link.number} has no hash"
    if link.number > before + 1:
        missing = f"row {before + 1} is" if link.number == before + 2 else f"rows {before + 1} to {link.number - 1} are"
        return f"{missing} missing before row {link.number}"
    if before == 0:
        return f"row {link.number} was changed, or is not the first that was written"
    return f"row {link.number} was changed, or does not follow row {before} as it was"
