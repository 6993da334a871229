"""The tables of a ledger, their version, and the way forward from earlier ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)

from accessplan.errors import InputError
from accessplan.ledger.database import shown, take_turn
from accessplan.ledger.link import BEGINNING, Link, chained

VERSION = 3
"""Of the tables: 2 has the chain; in 3 it covers a digest of each body, so that a body can be taken away."""

UNCHAINED, WITHOUT_DIGESTS = 1, 2

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
    Column("salt", String(32), nullable=False, server_default=""),
    Column("body_hash", String(64), nullable=False, server_default=""),
)

_ADDED_BY = {"hash": UNCHAINED + 1, "salt": WITHOUT_DIGESTS + 1, "body_hash": WITHOUT_DIGESTS + 1}
"""With which version a column came that the first had not."""


def version_of(connection: Connection, where: Path | str) -> int:
    """Return the version of the tables; 0 where there are none.

    Raises:
        InputError: they were made by a newer accessplan, or their version is not theirs.
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
        elif version < VERSION:
            _add_columns(connection, version)
            if version == UNCHAINED:
                _chain(connection)
            connection.execute(update(VERSIONS).values(version=VERSION))


def links(connection: Connection, version: int = VERSION) -> list[Link]:
    """List all rows as they are stored, in their order, within a transaction."""
    if version == 0:
        return []
    columns = [
        column if _ADDED_BY.get(column.name, 0) <= version else literal("").label(column.name) for column in ROWS.c
    ]
    return [Link._make(map(_plain, row)) for row in connection.execute(select(*columns).order_by(ROWS.c.number))]


def append(connection: Connection, new: Iterable[Link]) -> None:
    """Add rows, within a transaction whose turn it is: each gets the next number, and is chained to the one before."""
    newest = select(func.max(ROWS.c.number)).scalar_subquery()
    last = connection.execute(select(ROWS.c.number, ROWS.c.hash).where(ROWS.c.number == newest)).first()
    before, previous = last or (0, BEGINNING)
    rows = []
    for number, link in enumerate(new, before + 1):
        rows.append(chained(previous, link._replace(number=number)))
        previous = rows[-1].hash
    connection.execute(insert(ROWS), [row._asdict() for row in rows])


def _plain(value: object) -> Any:  # noqa: ANN401 - a column's own
    """Return a value of a row; SQLite holds bytes where somebody puts them, and they match no hash of a text."""
    return value if isinstance(value, str | int) else repr(value)


def _version(connection: Connection, where: Path | str) -> int:
    tables = inspect(connection)
    version = 0
    if tables.has_table(VERSIONS.name):
        version = int(connection.execute(select(VERSIONS.c.version)).scalar() or 0)
    if version > VERSION:
        raise InputError(f"the ledger {shown(where)} was made by a newer accessplan", "Upgrade accessplan.")
    if version < VERSION and not _fits(connection, version):
        message = f"the ledger {shown(where)} is damaged: version {version} is not that of its tables"
        raise InputError(message, "Restore the ledger from a copy.")
    return version


def _fits(connection: Connection, version: int) -> bool:
    """Tell whether the tables are of an earlier version: without one there are no rows, and no columns of a later."""
    tables = inspect(connection)
    if not tables.has_table(ROWS.name):
        return version == 0
    if version == 0:
        return connection.execute(select(ROWS.c.number).limit(1)).first() is None
    there = {column["name"] for column in tables.get_columns(ROWS.name)}
    return not any(name in there for name, since in _ADDED_BY.items() if since > version)


def _add_columns(connection: Connection, version: int) -> None:
    for name, since in _ADDED_BY.items():
        if since > version:
            column = ROWS.c[name]
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE {ROWS.name} ADD COLUMN {name} {kind} DEFAULT '' NOT NULL"))


def _chain(connection: Connection) -> None:
    previous = BEGINNING
    for link in links(connection):
        sealed = chained(previous, link)
        previous = sealed.hash
        values = {"hash": sealed.hash, "salt": sealed.salt, "body_hash": sealed.body_hash}
        connection.execute(update(ROWS).where(ROWS.c.number == link.number).values(values))
