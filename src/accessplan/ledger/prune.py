"""Take away the content of old rows, so that nothing is left of the people in them; the chain holds without it.

What still counts is kept, however old.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from sqlalchemy import Connection, bindparam, update

from accessplan.errors import InputError
from accessplan.ledger.chain import verify
from accessplan.ledger.counting import PRUNABLE, SUMMED, still_count, summed_up
from accessplan.ledger.database import connect, erase_traces, shown, take_turn
from accessplan.ledger.ledger import ANEW, SUMMED_UP, Row, Rows, moment_of, row_of, stood_for, summed
from accessplan.ledger.link import Link
from accessplan.ledger.pruned import PRUNED, describe, traces
from accessplan.ledger.tables import ROWS, append, bring_forward, links


@dataclass(frozen=True, slots=True)
class Loss:
    """The rows of one organization of one live system that lose their content, and how many of each kind.

    `instead` are the rows that stand for some of them, each with its kind.
    """

    organization: int
    live: str
    numbers: frozenset[int]
    kinds: Counter[str]
    instead: tuple[tuple[str, Mapping[str, object]], ...] = ()


def losses(rows: Sequence[Link], before: datetime) -> list[Loss]:
    """Find what pruning takes away, of all rows that there are: what was written before a moment and counts no more.

    Raises:
        InputError: a row is damaged.
    """
    found = (_loss(own, before) for own in _by_place(rows).values())
    return [loss for loss in found if loss.numbers]


def prune(where: Path | str, before: datetime, by: str, at: datetime) -> list[Loss]:
    """Take away what was written before a moment and counts no more, all of it or nothing, and write down who did.

    Raises:
        InputError: the chain is broken, or the ledger cannot be used.
    """
    with connect(where, write=True) as connection:
        bring_forward(connection, where)
        with connection.begin():
            take_turn(connection)
            rows = links(connection)
            if faults := verify(rows):
                message = f"the chain of the ledger {shown(where)} is broken at row {faults[0].number}"
                raise InputError(message, "See accessplan history verify. Nothing was pruned.")
            found = losses(rows, before)
            if found:
                _take_away(connection, [number for loss in found for number in loss.numbers])
                append(connection, _accounts(rows, found, before, by, at))
        erase_traces(connection)
    return found


def _loss(own: Sequence[Link], before: datetime) -> Loss:
    """Find the rows of an organization that lose their content.

    They are among the first that were all written before the moment: clocks go back, and a row must not go before those
    that it overrules. What stands for rows that were pruned earlier goes, however young, once other rows stand for it.
    """
    old = {link.number for link in takewhile(lambda link: moment_of(link.number, link.at) < before, own)}
    began = max((place for place, link in enumerate(own) if link.kind == ANEW), default=0)
    rows = [_told(link) for link in own[began:] if link.body and link.kind in PRUNABLE]
    earlier = [stood_for(*_told(link)) for link in own[began:] if link.body and _stands_for_others(link)]
    sightings = [each for each in rows if each[0] in SUMMED and each[1].number in old]
    gone = old - still_count(rows, before.date())
    out_of_date = {link.number for link in (own if sightings else own[:began]) if _stands_for_others(link)}
    lost = [
        link
        for link in own
        if link.body and ((link.kind in PRUNABLE and link.number in gone) or link.number in out_of_date)
    ]
    return Loss(
        own[0].organization,
        own[0].live,
        frozenset(link.number for link in lost),
        Counter(link.kind for link in lost),
        tuple(_stand_ins([*earlier, *sightings]) if sightings else ()),
    )


def _stands_for_others(link: Link) -> bool:
    return link.kind.startswith(SUMMED_UP)


def _stand_ins(rows: Rows) -> Iterator[tuple[str, Mapping[str, object]]]:
    at, contents = summed_up(rows)
    for kind, says in contents:
        yield summed(kind), {"at": _utc(at), "says": says}


def _told(link: Link) -> tuple[str, Row]:
    return link.kind, row_of(link.number, link.at, link.body)


def _take_away(connection: Connection, numbers: Sequence[int]) -> None:
    emptied = update(ROWS).where(ROWS.c.number == bindparam("which")).values(body="", salt="")
    connection.execute(emptied, [{"which": number} for number in numbers])


def _accounts(rows: Sequence[Link], found: Sequence[Loss], before: datetime, by: str, at: datetime) -> Iterator[Link]:
    """Give each organization the rows that stand for others, and the one that says what was taken away."""
    every = traces(rows)
    for loss in found:
        place = (loss.organization, loss.live)
        own = [trace for trace in every if (trace.link.organization, trace.link.live) == place]
        body = {"before": _utc(before), "kinds": dict(loss.kinds), "by": by, **describe(own, loss.numbers)}
        for kind, says in (*loss.instead, (PRUNED, body)):
            yield Link(0, _utc(at), loss.live, loss.organization, kind, json.dumps(says))


def _by_place(rows: Sequence[Link]) -> dict[tuple[int, str], list[Link]]:
    places: defaultdict[tuple[int, str], list[Link]] = defaultdict(list)
    for link in rows:
        places[link.organization, link.live].append(link)
    return places


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
