"""The ledger's rows: who says what, about which organization, and when. Rows are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from accessplan.errors import InputError
from accessplan.ledger.database import connect, is_url, take_turn, unusable
from accessplan.ledger.link import Link
from accessplan.ledger.tables import ROWS, append, bring_forward, links, version_of


class Row(NamedTuple):
    """One row; `at` is in UTC, `body` plain data."""

    at: datetime
    body: Mapping[str, object]
    number: int = 0


Rows = Sequence[tuple[str, Row]]
"""Rows in their order, each with its kind."""

NewRow = tuple[str, Mapping[str, object]]
"""A row that is to be added: its kind, and its body as plain data."""

ANEW = "filled anew"
"""The kind of the row after which an organization is another: a sandbox was filled anew."""

SUMMED_UP = "summed up: "
"""What the kind of a row begins with that stands for pruned rows of the kind named after it."""


class Ledger:
    """The rows of one organization, of one live system: what is true of a sandbox is not of the real one."""

    def __init__(
        self,
        connection: Connection | None,
        organization: int,
        live: str,
        where: Path | str = "",
        *,
        write: bool = False,
    ) -> None:
        self._connection = connection
        self._where = where
        self._organization = organization
        self._live = live
        self._write = write

    def add(self, kind: str, body: Mapping[str, object], at: datetime) -> None:
        """Add a row, chained to the last one; it is kept once this returns.

        Raises:
            InputError: the ledger cannot be used.
        """
        self.add_all([(kind, body)], at)

    def add_all(self, rows: Iterable[NewRow], at: datetime) -> None:
        """Add rows of these kinds and bodies, each chained to the one before: all of them, or none.

        Raises:
            InputError: the ledger cannot be used.
        """
        if self._connection is None or not self._write:
            raise AssertionError("the ledger was opened to be read")
        moment = at.astimezone(UTC).isoformat()
        new = [Link(0, moment, self._live, self._organization, kind, json.dumps(body)) for kind, body in rows]
        if not new:
            return
        try:
            with self._connection.begin():
                take_turn(self._connection)
                append(self._connection, new)
        except DBAPIError as error:
            raise unusable(self._where, error) from None  # its text may hold the password

    def rows(self, *kinds: str) -> list[tuple[str, Row]]:
        """List the rows of these kinds, the oldest first, each with its kind; of those before `ANEW`, or pruned, none.

        What stands for pruned rows of these kinds comes first.

        Raises:
            InputError: a row is damaged.
        """
        if self._connection is None:
            return []
        ours = (ROWS.c.organization == self._organization) & (ROWS.c.live == self._live)
        columns = (ROWS.c.number, ROWS.c.at, ROWS.c.kind, ROWS.c.body)
        asked = ours & ROWS.c.kind.in_((*kinds, *map(summed, kinds), ANEW))
        chosen = select(*columns).where(asked).order_by(ROWS.c.number)
        with self._connection.begin():
            found = self._connection.execute(chosen).all()
        rows: list[tuple[str, Row]] = []
        summed_up: list[tuple[str, Row]] = []
        for each in found:
            if each.kind == ANEW:
                rows.clear()
                summed_up.clear()
            elif each.body and each.kind.startswith(SUMMED_UP):
                summed_up.append(stood_for(each.kind, row_of(each.number, each.at, each.body)))
            elif each.body:
                rows.append((each.kind, row_of(each.number, each.at, each.body)))
        return [*summed_up, *rows]


@contextmanager
def reading(row: Row) -> Iterator[None]:
    """Read the body of a row.

    Raises:
        InputError: the row is damaged: it does not say what rows of its kind do.
    """
    try:
        yield
    except (TypeError, ValueError, KeyError) as error:
        raise damaged(row.number, error) from error


def damaged(number: object, fault: Exception) -> InputError:
    """Make the fault of a row that is none."""
    return InputError(f"row {number} of the ledger is damaged: {fault}", "Restore the ledger from a copy.")


def row_of(number: int, at: str, body: str) -> Row:
    """Read a row as it is stored.

    Raises:
        InputError: it is damaged.
    """
    moment = moment_of(number, at)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise damaged(number, error) from error
    if not isinstance(content, dict):
        raise damaged(number, TypeError("it is no JSON object"))
    return Row(moment, content, number)


def summed(kind: str) -> str:
    """Return the kind of the rows that stand for those of a kind that were pruned."""
    return f"{SUMMED_UP}{kind}"


def stood_for(kind: str, row: Row) -> tuple[str, Row]:
    """Read the row, with its kind, that a row stands for.

    Raises:
        InputError: it is damaged.
    """
    match row.body:
        case {"at": str(at), "says": dict(says)}:
            return kind.removeprefix(SUMMED_UP), Row(moment_of(row.number, at), says, row.number)
        case _:
            raise damaged(row.number, ValueError("it stands for nothing"))


def moment_of(number: int, at: str) -> datetime:
    """Read when a row was written.

    Raises:
        InputError: it is damaged.
    """
    try:
        moment = datetime.fromisoformat(at)
    except (TypeError, ValueError) as error:
        raise damaged(number, error) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
        yield Ledger(connection if there else None, organization, live, where=where, write=write)


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
