"""The live side as events: what came, changed and went since it was last looked at, and what each apply left wanted.

::

    sighted  {"apply": whether an apply ended with it,
              "counts": {"live", "managed", "matching"},
              "appeared": [[kind, name, part, key, {…what the entry says}]], "changed": [the same],
              "gone": [[kind, name, part, key]], "open": [[kind, name, part, key]],
              "coverage": {"mailboxes", "targets", "partial", "guests", "blind"}}
    wanted   {"wanted": [[kind, name, part, key, {…}]], "gone": [[kind, name, part, key]], "dropped": [the same]}

Each row says what differs from those before, lists that are empty left out. `open` are the entries that moved for no
known reason; all others are known as they are from then on. `coverage` is what the read shows, where that differs from
the row before. `wanted` is what an apply left wanted, `gone` what it left wanted to be gone, `dropped` what it did not
speak of any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from accessplan.ledger.entries import addresses_of, coverage_of, described, entries_of, listed
from accessplan.ledger.ledger import Ledger, Row, damaged, reading
from accessplan.model import Address, Entry, filled, has_moved
from accessplan.past import Counts, Coverage, Last, Past, Reading
from accessplan.plain import attributes, entry_of, in_full, live_entry_of

SIGHTED, WANTED = "sighted", "wanted"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a read gave: entries, completed by what people say, and what it shows.

    `open` are the entries that moved for no known reason. `wanted` is what an apply that ended with this left wanted
    (None: to be gone), and None where it was no apply.
    """

    live: Mapping[Address, Entry]
    coverage: Coverage
    counts: Counts
    open: frozenset[Address] = frozenset()
    wanted: Mapping[Address, Entry | None] | None = None


def note_sighting(ledger: Ledger, sighting: Sighting, at: datetime) -> None:
    """Write down what differs from what was seen before, and from what was wanted.

    Raises:
        InputError: a row is damaged.
    """
    known = _known(ledger)
    rows = [(SIGHTED, dict(_sighted(known, sighting)))]
    if sighting.wanted is not None:
        rows.append((WANTED, dict(_wanted(known.wanted, sighting.wanted))))
    ledger.add_all(rows, at)


def past(ledger: Ledger, shown: Coverage) -> Past:
    """Return what is known from before a read that shows so much.

    Raises:
        InputError: a row is damaged.
    """
    known = _known(ledger)
    return Past(
        known.at,
        shown,
        known.applied_at,
        known.seen,
        known.moved,
        frozenset(known.untold),
        known.wanted,
        known.reads,
    )


def live_at(ledger: Ledger, moment: datetime) -> Mapping[Address, Entry] | None:
    """Return the entries that were live at a moment, as last seen by then; None where nothing was seen by then.

    Raises:
        InputError: a row is damaged.
    """
    known = _known(ledger, moment)
    if known.at is None:
        return None
    return dict(_live(known))


def counts_over_time(ledger: Ledger) -> list[tuple[datetime, Counts]]:
    """List how much was live, and how much of that managed and as wanted, each time that it was looked at.

    Raises:
        InputError: a row is damaged.
    """
    return [(row.at, _counts(row)) for _, row in ledger.rows(SIGHTED)]


@dataclass(slots=True)
class _Known:
    """What rows say, as it comes together; see `Past`."""

    at: datetime | None = None
    applied_at: datetime | None = None
    seen: dict[Address, Last] = field(default_factory=dict)
    moved: dict[Address, Entry | None] = field(default_factory=dict)
    untold: set[Address] = field(default_factory=set)
    wanted: dict[Address, Last] = field(default_factory=dict)
    reads: dict[Coverage, datetime] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)


def _known(ledger: Ledger, until: datetime | None = None) -> _Known:
    known = _Known()
    for kind, row in ledger.rows(SIGHTED, WANTED):
        if until is not None and row.at > until:
            continue
        with reading(row):
            if kind == SIGHTED:
                _see(known, row)
            else:
                _want(known, row)
    return known


def _see(known: _Known, row: Row) -> None:
    """Go on from what is known to what a `sighted` row says."""
    if "coverage" in row.body:
        known.coverage = coverage_of(row.body["coverage"])
    for name in ("appeared", "changed"):
        for address, says in entries_of(row.body, name):
            _note(known, address, partial(_entry, live_entry_of, row.number, address, says), row.at)
    for address in addresses_of(row.body, "gone"):
        _note(known, address, None, row.at)
    still = set(addresses_of(row.body, "open"))
    known.moved = {address: was for address, was in known.moved.items() if address in still}
    known.reads[known.coverage] = known.at = row.at
    if row.body.get("apply") is True:
        known.untold &= still
        known.applied_at = row.at
    else:
        known.untold.clear()


def _note(known: _Known, address: Address, now: Reading | None, at: datetime) -> None:
    before = known.seen.get(address)
    was = before.entry if before else None
    if before is None or (was is None) != (now is None):
        moved, known.seen[address] = True, Last(now, at)
    else:
        moved = has_moved(was, now() if now else None)
        known.seen[address] = Last(now, at if moved else before.since)
    if moved:
        known.moved.setdefault(address, was)
        known.untold.add(address)


def _want(known: _Known, row: Row) -> None:
    """Go on to what a `wanted` row says."""
    for address, says in entries_of(row.body, "wanted"):
        known.wanted[address] = Last(partial(_entry, entry_of, row.number, address, says), row.at)
    for address in addresses_of(row.body, "gone"):
        known.wanted[address] = Last(None, row.at)
    for address in addresses_of(row.body, "dropped"):
        known.wanted.pop(address, None)


def _entry(read: _Reader, number: int, address: Address, says: Mapping[str, object]) -> Entry:
    """Make an entry of what the row of a number says.

    Raises:
        InputError: the row is damaged.
    """
    try:
        return read(address, says)
    except ValueError as error:
        raise damaged(number, error) from error


_Reader = Callable[[Address, Mapping[str, object]], Entry]


def _sighted(known: _Known, sighting: Sighting) -> Iterator[tuple[str, object]]:
    """Say what a sighting adds to what is known."""
    before = dict(_live(known))
    now = {address: filled(entry, before.get(address, entry)) for address, entry in sorted(sighting.live.items())}
    said = {address: in_full(entry) for address, entry in now.items()}
    yield "apply", sighting.wanted is not None
    yield "counts", sighting.counts._asdict()
    lists = {
        "appeared": listed((each, says) for each, says in said.items() if each not in before),
        "changed": listed(
            (each, says) for each, says in said.items() if each in before and says != in_full(before[each])
        ),
        "gone": [list(each) for each in sorted(before) if sighting.coverage.lacks(each, now)],
        "open": [list(each) for each in sorted(sighting.open)],
    }
    yield from ((name, rows) for name, rows in lists.items() if rows)
    if known.at is None or sighting.coverage != known.coverage:
        yield "coverage", described(sighting.coverage)


def _wanted(known: Mapping[Address, Last], wanted: Mapping[Address, Entry | None]) -> Iterator[tuple[str, object]]:
    """Say what an apply left wanted otherwise than the one before."""
    said = {address: attributes(entry) for address, entry in sorted(wanted.items())}
    before = {address: attributes(asked.entry) for address, asked in known.items()}
    new = {address: says for address, says in said.items() if address not in before or before[address] != says}
    lists = {
        "wanted": listed((address, says) for address, says in new.items() if says is not None),
        "gone": [list(address) for address, says in new.items() if says is None],
        "dropped": [list(address) for address in sorted(before.keys() - said.keys())],
    }
    yield from ((name, rows) for name, rows in lists.items() if rows)


def _live(known: _Known) -> Iterator[tuple[Address, Entry]]:
    for address, seen in known.seen.items():
        if (entry := seen.entry) is not None:
            yield address, entry


def _counts(row: Row) -> Counts:
    match row.body.get("counts"):
        case {"live": int(live), "managed": int(managed), "matching": int(matching)}:
            return Counts(live, managed, matching)
        case _:
            raise damaged(row.number, ValueError("it has no counts"))
