"""The ledger's rows: who says what, about which organization, and when. Rows are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from accessplan.errors import InputError
from accessplan.ledger.chain import BEGINNING, Link, seal
from accessplan.ledger.database import connect, is_url, take_turn
from accessplan.ledger.tables import ROWS, bring_forward, links, version_of


class Row(NamedTuple):
    """One row; `at` is in UTC, `body` plain data."""

    at: datetime
    body: Mapping[str, object]
    number: int = 0


ANEW = "filled anew"
"""The kind of the row after which an organization is another: a sandbox was filled anew."""


class Ledger:
    """The rows of one organization, of one live system: what is true of a sandbox is not of the real one."""

    def __init__(self, connection: Connection | None, organization: int, live: str, *, write: bool = False) -> None:
        self._connection = connection
        self._organization = organization
        self._live = live
        self._write = write

    def add(self, kind: str, body: Mapping[str, object], at: datetime) -> None:
        """Add a row, chained to the last one; it is kept once this returns."""
        if self._connection is None or not self._write:
            raise AssertionError("the ledger was opened to be read")
        moment, content = at.astimezone(UTC).isoformat(), json.dumps(body)
        with self._connection.begin():
            take_turn(self._connection)
            number, previous = _last(self._connection)
            link = Link(number + 1, moment, self._live, self._organization, kind, content)
            sealed = link._replace(hash=seal(previous, link))
            self._connection.execute(insert(ROWS), sealed._asdict())

    def rows(self, *kinds: str) -> list[tuple[str, Row]]:
        """List the rows of these kinds, the oldest first, each with its kind; of those before `ANEW` none.

        Raises:
            InputError: a row is damaged.
        """
        if self._connection is None:
            return []
        ours = (ROWS.c.organization == self._organization) & (ROWS.c.live == self._live)
        columns = (ROWS.c.number, ROWS.c.at, ROWS.c.kind, ROWS.c.body)
        chosen = select(*columns).where(ours & ROWS.c.kind.in_((*kinds, ANEW))).order_by(ROWS.c.number)
        with self._connection.begin():
            found = self._connection.execute(chosen).all()
        rows: list[tuple[str, Row]] = []
        for each in found:
            if each.kind == ANEW:
                rows.clear()
            else:
                rows.append((each.kind, row_of(each.number, each.at, each.body)))
        return rows


def damaged(number: object, fault: Exception) -> InputError:
    """Make the fault of a row that is none."""
    return InputError(f"row {number} of the ledger is damaged: {fault}", "Restore the ledger from a copy.")


def row_of(number: int, at: str, body: str) -> Row:
    """Read a row as it is stored.

    Raises:
        InputError: it is damaged.
    """
    try:
        moment, content = datetime.fromisoformat(at), json.loads(body)
    except ValueError as error:
        raise damaged(number, error) from error
    if not isinstance(content, dict):
        raise damaged(number, TypeError("it is no JSON object"))
    return Row(moment, content, number)


@contextmanager
def open_ledger(where: Path | str, organization: int, live: str = "", *, write: bool = False) -> Iterator[Ledger]:
    """Open the ledger of an organization: a SQLite file, or a URL of PostgreSQL.

    To be read only, there need be none: it is empty then. `live` names the live system that holds the organization.

    Raises:
        InputError: it cannot be opened, is no ledger, or was made by a newer accessplan.
    """
    if not write and not _may_be_there(where):
        yield Ledger(None, organization, live)
        return
    with connect(where, write=write) as connection:
        if write:
            bring_forward(connection, where)
        there = write or version_of(connection, where) > 0
        yield Ledger(connection if there else None, organization, live, write=write)


def all_links(where: Path | str) -> list[Link]:
    """List all rows of a ledger as they are stored, of all its organizations: what the chain goes through.

    Raises:
        InputError: it cannot be opened, is no ledger, or was made by a newer accessplan.
    """
    if not _may_be_there(where):
        return []
    with connect(where, write=False) as connection:
        version = version_of(connection, where)
        with connection.begin():
            return links(connection, version)


def _may_be_there(where: Path | str) -> bool:
    return is_url(where) or Path(where).exists()


def _last(connection: Connection) -> tuple[int, str]:
    newest = select(ROWS.c.number, ROWS.c.hash).where(
        ROWS.c.number == select(func.max(ROWS.c.number)).scalar_subquery()
    )
    row = connection.execute(newest).first()
    return (row.number, row.hash) if row else (0, BEGINNING)
