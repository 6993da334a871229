"""The tables of a ledger, their version, and the way forward from earlier ones."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)

from accessplan.errors import InputError
from accessplan.ledger.chain import BEGINNING, Link, seal
from accessplan.ledger.database import shown, take_turn

VERSION = 2
"""Of the tables: 2 has the chain."""

UNCHAINED = 1

_METADATA = MetaData()
VERSIONS = Table("versions", _METADATA, Column("version", Integer, primary_key=True, autoincrement=False))
ROWS = Table(
    "rows",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("live", Text, nullable=False),
    Column("organization", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False, server_default=""),
)


def version_of(connection: Connection, where: Path | str) -> int:
    """Return the version of the tables; 0 where there are none.

    Raises:
        InputError: they were made by a newer accessplan.
    """
    with connection.begin():
        return _version(connection, where)


def bring_forward(connection: Connection, where: Path | str) -> None:
    """Make the tables, or make those of an earlier version what they are today: all of it, or nothing.

    Raises:
        InputError: they were made by a newer accessplan.
    """
    with connection.begin():
        take_turn(connection)
        version = _version(connection, where)
        if version == 0:
            _METADATA.create_all(connection)
            connection.execute(insert(VERSIONS), {"version": VERSION})
        if version == UNCHAINED:
            _chain(connection)
            connection.execute(update(VERSIONS).values(version=VERSION))


def links(connection: Connection, version: int) -> list[Link]:
    """List all rows as they are stored, in their order, within a transaction."""
    if version == 0:
        return []
    sealed = ROWS.c.hash if version > UNCHAINED else literal("").label("hash")
    columns = [column for column in ROWS.c if column.name != "hash"]
    return [Link._make(row) for row in connection.execute(select(*columns, sealed).order_by(ROWS.c.number))]


def _version(connection: Connection, where: Path | str) -> int:
    if not inspect(connection).has_table(VERSIONS.name):
        return 0
    version = connection.execute(select(VERSIONS.c.version)).scalar() or 0
    if version > VERSION:
        raise InputError(f"the ledger {shown(where)} was made by a newer accessplan", "Upgrade accessplan.")
    return int(version)


def _chain(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE rows ADD COLUMN hash VARCHAR(64) DEFAULT '' NOT NULL"))
    previous = BEGINNING
    for link in links(connection, UNCHAINED):
        previous = seal(previous, link)
        connection.execute(update(ROWS).where(ROWS.c.number == link.number).values(hash=previous))
