"""The store: one SQLite file that holds one organization."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Self

from accessplan.sandbox.errors import StoreError
from accessplan.sandbox.tables import EMPTIED, FIRST_IDS, TABLES, VERSION

_BUSY_SECONDS = 30.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    """An open database. Threads may share it, and several processes may open the same file."""

    path: Path
    clock: Callable[[], datetime]
    _db: sqlite3.Connection
    _lock: RLock

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[sqlite3.Connection]:
        """Give the database to one reader or writer; after an error, or with `keep` false, nothing it wrote stands."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT" if keep else "ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(path: Path, *, clock: Callable[[], datetime] = _now) -> Store:
    """Open the store, made if it is missing. `clock` tells requests what time it is.

    Raises StoreError when the file cannot be opened or is no store.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be opened: {error}") from error
    store = Store(path, clock, db, RLock())
    try:
        _prepare(store, db)
    except sqlite3.OperationalError as error:
        store.close()
        raise StoreError(f"{path} cannot be used: {error}") from error
    except (sqlite3.Error, StoreError) as error:
        store.close()
        raise StoreError(f"{path} is no store of this sandbox: {error}; delete it, or choose another file") from error
    return store


def _prepare(store: Store, db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")  # it may be lost with the machine: the file it was seeded from is not
    with store.transaction():
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in TABLES.split(";\n"):
                db.execute(statement)
        elif version != VERSION:
            raise StoreError(f"it is of version {version}, this is {VERSION}")
        db.execute(f"PRAGMA user_version = {VERSION}")  # who may not write is told now: each request leaves a trace


def empty(db: sqlite3.Connection) -> None:
    """Delete everything; ids start again."""
    for table in EMPTIED:
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM sqlite_sequence")
    for table, first in FIRST_IDS.items():
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, first - 1))


def setting(db: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401  settings are JSON
    """Read a setting; one that was never written is None."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row["value"])


def keep_setting(db: sqlite3.Connection, name: str, value: object) -> None:
    """Write a setting."""
    db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))


def seeded_digest(store: Store) -> str | None:
    """The digest of the organization file that the store was filled from, when whoever filled it gave one."""
    with store.transaction() as db:
        digest: str | None = setting(db, "digest")
    return digest


def is_seeded(store: Store) -> bool:
    """Tell whether the store holds an organization."""
    with store.transaction() as db:
        return setting(db, "organization") is not None
