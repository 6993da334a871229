"""Entries, addresses and coverage in the bodies of rows: as plain data, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from accessplan.model import Address, BlindSpot
from accessplan.past import Coverage
from accessplan.plain import address_of

_FLAGS = ("single_products", "by_word")


def listed(entries: Iterable[tuple[Address, Mapping[str, object]]]) -> list[list[object]]:
    """Write entries, each as its address and what it says."""
    return [[*address, dict(says)] for address, says in entries]


def entries_of(body: Mapping[str, object], name: str) -> Iterator[tuple[Address, dict[str, object]]]:
    """Read a list of entries in a body, each as its address and what it says; without it there are none.

    Raises:
        TypeError, ValueError: it is no such list.
    """
    for row in _rows(body.get(name, []), name):
        kind, owner, part, key, says = row  # no pattern: of tens of thousands it would take three times as long
        if not (type(kind) is type(owner) is type(part) is type(key) is str and type(says) is dict):
            raise ValueError(f"`{name}` lists what is no entry")
        yield Address(kind, owner, part, key), says


def addresses_of(body: Mapping[str, object], name: str) -> Iterator[Address]:
    """Read a list of addresses in a body; without it there are none.

    Raises:
        TypeError, ValueError: it is no such list.
    """
    return map(address_of, _rows(body.get(name, []), name))


def described(coverage: Coverage) -> dict[str, object]:
    """Write a coverage; of a blind spot only what it says."""
    return {
        "mailboxes": sorted(coverage.mailboxes),
        "targets": sorted(coverage.targets),
        "partial": [list(address) for address in sorted(coverage.partial)],
        "guests": sorted(coverage.guests),
        "blind": [{name: value for name, value in asdict(spot).items() if value} for spot in coverage.blind],
    }


def coverage_of(said: object) -> Coverage:
    """Read a coverage.

    Raises:
        TypeError, ValueError: it is none.
    """
    if not isinstance(said, dict):
        raise TypeError("`coverage` says nothing")
    texts = {name: frozenset(map(str, _rows(said.get(name), name))) for name in ("mailboxes", "targets", "guests")}
    spots = tuple(map(_blind_spot, _rows(said.get("blind"), "blind")))
    return Coverage(**texts, partial=frozenset(addresses_of(said, "partial")), blind=spots)


def _blind_spot(said: object) -> BlindSpot:
    if not isinstance(said, dict):
        raise TypeError("`blind` lists what is no blind spot")
    texts = {each.name: str(said.get(each.name, "")) for each in fields(BlindSpot) if each.name not in _FLAGS}
    return BlindSpot(**texts, **{name: said.get(name) is True for name in _FLAGS})  # type: ignore[arg-type]


def _rows(rows: object, name: str) -> list[Any]:
    if not isinstance(rows, list):
        raise TypeError(f"`{name}` is no list")
    return rows
