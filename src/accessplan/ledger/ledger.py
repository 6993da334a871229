"""The ledger's rows: who says what, about which organization, and when. Rows are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, create_engine, insert, select
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
    Column("organization", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
)


class Row(NamedTuple):
    """One row; `at` is in UTC, `body` plain data."""

    at: datetime
    body: Mapping[str, object]


class Ledger:
    """The rows of one organization."""

    def __init__(self, connection: Connection | None, organization: int) -> None:
        self._connection = connection
        self._organization = organization

    def add(self, kind: str, body: Mapping[str, object], at: datetime) -> None:
        """Add a row; it is kept once this returns."""
        if self._connection is None:
            raise AssertionError("the ledger was opened to be read")
        values = {"at": at.astimezone(UTC).isoformat(), "organization": self._organization, "kind": kind}
        with self._connection.begin():
            self._connection.execute(insert(_ROWS), {**values, "body": json.dumps(body, ensure_ascii=False)})

    def rows(self, *kinds: str) -> list[tuple[str, Row]]:
        """List the rows of these kinds, the oldest first, each with its kind."""
        if self._connection is None:
            return []
        chosen = (_ROWS.c.organization == self._organization) & _ROWS.c.kind.in_(kinds)
        with self._connection.begin():
            found = self._connection.execute(select(_ROWS).where(chosen).order_by(_ROWS.c.number)).all()
        return [(row.kind, Row(datetime.fromisoformat(row.at), json.loads(row.body))) for row in found]


@contextmanager
def open_ledger(path: Path, organization: int, *, write: bool = False) -> Iterator[Ledger]:
    """Open the ledger of an organization, a SQLite file. To be read only, there need be none: it is empty then.

    Raises:
        InputError: the file cannot be opened, is no ledger, or was made by a newer accessplan.
    """
    if not write and not path.exists():
        yield Ledger(None, organization)
        return
    try:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with engine.connect() as connection:
            _check_version(connection, path)
            yield Ledger(connection, organization)
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
