"""Where a ledger is: a SQLite file, or PostgreSQL by its URL; and how to speak to each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from accessplan.errors import InputError

POSTGRESQL = "postgresql+psycopg"

_SECONDS = 30
"""How long to wait for another writer, who is done in milliseconds, and for a server to answer."""

_APPENDING = 0x6163_6365_7373_706C
"""The advisory lock that a transaction takes which adds rows: "accesspl", as a number."""


def is_url(where: Path | str) -> bool:
    """Tell whether a ledger is a database by URL, other than a file."""
    return "://" in str(where) and not isinstance(where, Path)


def shown(where: Path | str) -> str:
    """Say where a ledger is, without the password; a query can hold one too, and is left out."""
    return read_url(str(where)).set(query={}).render_as_string(hide_password=True) if is_url(where) else str(where)


def read_url(text_of_it: str) -> URL:
    """Read the URL of a database.

    Raises:
        InputError: it is none, or not one of PostgreSQL.
    """
    remedy = f"Write a path, or {POSTGRESQL}://USER@HOST/DATABASE; in a password, @ is written %40 and / %2F."
    try:
        url = make_url(text_of_it)
    except (ArgumentError, ValueError):
        raise InputError("the URL of the ledger cannot be read", remedy) from None  # its message may hold the password
    if url.drivername not in ("postgresql", POSTGRESQL):
        raise InputError(f"no ledger can be kept by {url.drivername}", remedy)
    if "@" in (url.host or "") or "@" in (url.database or ""):
        raise InputError("the URL of the ledger cannot be read: there is an @ too many", remedy)
    return url.set(drivername=POSTGRESQL)


@contextmanager
def connect(where: Path | str, *, write: bool) -> Iterator[Connection]:
    """Connect to where a ledger is. Who only reads cannot write, and waits for nobody.

    Raises:
        InputError: it cannot be used.
    """
    try:
        engine = postgresql(where) if is_url(where) else _sqlite(Path(where), write=write)
        with engine.connect() as connection:
            yield connection.execution_options(postgresql_readonly=not write) if is_url(where) else connection
    except (DBAPIError, OSError) as error:
        raise unusable(where, error) from (None if is_url(where) else error)


def unusable(where: Path | str, error: DBAPIError | OSError) -> InputError:
    """Make the fault of a ledger that cannot be used; no password is in it."""
    reason = str(error.orig if isinstance(error, DBAPIError) else error.strerror or error)
    if is_url(where) and (password := read_url(str(where)).password):
        reason = reason.replace(str(password), "***")
    reason = " ".join(reason.split())
    return InputError(f"the ledger {shown(where)} cannot be used: {reason}", "Choose another place with --ledger.")


def take_turn(connection: Connection) -> None:
    """Within a transaction, wait until nobody else adds rows; SQLite's transactions began so."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPENDING})


def erase_traces(connection: Connection) -> None:
    """Outside of a transaction, write a SQLite file anew, without what was in it before; a server does so by itself."""
    if connection.dialect.name == "sqlite":
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")


def postgresql(where: Path | str, name: str = "accessplan") -> Engine:
    """Return what connects to PostgreSQL, under a name that others see.

    Raises:
        InputError: the URL cannot be read, or the driver is not installed.
    """
    arguments = {"application_name": name, "connect_timeout": _SECONDS}
    try:
        return create_engine(read_url(str(where)), poolclass=NullPool, connect_args=arguments, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is not installed", "pip install 'accessplan[postgres]'") from error


def _sqlite(path: Path, *, write: bool) -> Engine:
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": _SECONDS, "isolation_level": None}  # None: the driver begins no transaction of its own
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, connect_args=arguments)
    how = "BEGIN IMMEDIATE" if write else "BEGIN"

    def begin(connection: Connection) -> None:
        if "isolation_level" not in connection.get_execution_options():  # it is set to do without a transaction
            connection.exec_driver_sql(how)

    def prepare(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA secure_delete = ON" if write else "PRAGMA query_only = ON")

    event.listen(engine, "begin", begin)
    event.listen(engine, "connect", prepare)
    return engine
