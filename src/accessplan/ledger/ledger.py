"""The ledger's rows: who says what, about which organization, and when. Rows are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, Column, Connection, Integer, MetaData, String, Table, Text, create_engine, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from accessplan.errors import InputError

VERSION = 1
"""Of the tables."""

_METADATA = MetaData()
_VERSIONS = Table("versions", _METADATA, Column("version", Integer, primary_key=True))
_ROWS = Table(
    "rows",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("live", Text, nullable=False),
    Column("organization", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
)


class Row(NamedTuple):
    """One row; `at` is in UTC, `body` plain data."""

    at: datetime
    body: Mapping[str, object]
    number: int = 0


ANEW = "filled anew"
"""The kind of the row after which an organization is another: a sandbox was filled anew."""


class Ledger:
    """The rows of one organization, of one live system: what is true of a sandbox is not of the real one."""

    def __init__(self, connection: Connection | None, organization: int, live: str) -> None:
        self._connection = connection
        self._organization = organization
        self._live = live

    def add(self, kind: str, body: Mapping[str, object], at: datetime) -> None:
        """Add a row; it is kept once this returns."""
        if self._connection is None:
            raise AssertionError("the ledger was opened to be read")
        where = {"live": self._live, "organization": self._organization}
        values = {"at": at.astimezone(UTC).isoformat(), "kind": kind, "body": json.dumps(body, ensure_ascii=False)}
        with self._connection.begin():
            self._connection.execute(insert(_ROWS), where | values)

    def rows(self, *kinds: str) -> list[tuple[str, Row]]:
        """List the rows of these kinds, the oldest first, each with its kind; of those before `ANEW` none.

        Raises:
            InputError: a row is damaged.
        """
        if self._connection is None:
            return []
        ours = (_ROWS.c.organization == self._organization) & (_ROWS.c.live == self._live)
        chosen = select(_ROWS).where(ours & _ROWS.c.kind.in_((*kinds, ANEW))).order_by(_ROWS.c.number)
        with self._connection.begin():
            found = self._connection.execute(chosen).all()
        rows: list[tuple[str, Row]] = []
        for each in found:
            if each.kind == ANEW:
                rows.clear()
            else:
                rows.append((each.kind, _row(each.number, each.at, each.body)))
        return rows


def damaged(number: object, fault: Exception) -> InputError:
    """Make the fault of a row that is none."""
    return InputError(f"row {number} of the ledger is damaged: {fault}", "Restore the ledger from a copy.")


def _row(number: int, at: str, body: str) -> Row:
    try:
        moment, content = datetime.fromisoformat(at), json.loads(body)
    except ValueError as error:
        raise damaged(number, error) from error
    if not isinstance(content, dict):
        raise damaged(number, TypeError("it is no JSON object"))
    return Row(moment, content, number)


@contextmanager
def open_ledger(path: Path, organization: int, live: str = "", *, write: bool = False) -> Iterator[Ledger]:
    """Open the ledger of an organization, a SQLite file. To be read only, there need be none: it is empty then.

    `live` names the live system that holds the organization.

    Raises:
        InputError: the file cannot be opened, is no ledger, or was made by a newer accessplan.
    """
    if not write and not path.exists():
        yield Ledger(None, organization, live)
        return
    try:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
        with engine.connect() as connection:
            _check_version(connection, path)
            yield Ledger(connection, organization, live)
    except (DBAPIError, OSError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error.strerror
        raise InputError(
            f"the ledger {path} cannot be used: {reason}", "Choose another place with --ledger."
        ) from error


def _check_version(connection: Connection, path: Path) -> None:
    with connection.begin():
        _METADATA.create_all(connection)
        version = connection.execute(select(_VERSIONS.c.version)).scalar()
        if version is None:
            connection.execute(insert(_VERSIONS), {"version": VERSION})
    if version not in (None, VERSION):
        raise InputError(f"the ledger {path} was made by a newer accessplan", "Upgrade accessplan.")
