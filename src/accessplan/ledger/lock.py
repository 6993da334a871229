"""The lock: one run at a time changes an organization. It goes with the process that holds it, however that ends."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from accessplan.errors import Locked
from accessplan.ledger.database import is_url, postgresql, unusable

_SECONDS = 1.0
"""How long to look for the name of who has just taken the lock, and may not have written it yet."""

_HOLDER = text(
    "SELECT activity.application_name, activity.backend_start FROM pg_locks"
    " JOIN pg_stat_activity AS activity ON activity.pid = pg_locks.pid"
    " WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
    " AND CAST(classid AS bigint) = :high AND CAST(objid AS bigint) = :low"
    " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""Who holds an advisory lock: PostgreSQL shows its key in two halves."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: `who` as user@host, the number of the process, the command, and since when."""

    who: str
    process: int
    command: str
    since: datetime | None = None


@contextmanager
def hold(where: Path | str, organization: int, live: str, me: Holder) -> Iterator[None]:
    """Hold the lock of an organization of one live system, as long as the block runs.

    Raises:
        Locked: another run holds it; the message says who, since when, and for which command.
        InputError: there can be no lock, where the ledger is to be.
    """
    key = hashlib.sha256(f"{organization}\n{live}".encode(errors="surrogateescape"))
    if is_url(where):
        with _held_by_server(where, int.from_bytes(key.digest()[:8], signed=True), me):
            yield
    else:
        path = Path(where)
        with _held_by_file(path, path.with_name(f"{path.name}.{organization}-{key.hexdigest()[:8]}.lock"), me):
            yield


# a file


@contextmanager
def _held_by_file(ledger: Path, path: Path, me: Holder) -> Iterator[None]:
    """Lock a file beside the ledger. It stays there: what one removes, another may have opened already."""
    lock = FileLock(path, blocking=False, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        path.write_text(json.dumps(asdict(me) | {"since": datetime.now(UTC).isoformat()}) + "\n", encoding="utf-8")
    except Timeout as error:
        raise _locked(_written(path)) from error
    except OSError as error:
        lock.release()
        raise unusable(ledger, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.write_bytes(b"")  # nobody holds it: what a dead process wrote stays, and is written over
        lock.release()


def _written(path: Path) -> Holder | None:
    """Read who holds a lock."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with suppress(OSError, ValueError, TypeError, KeyError):
            written = json.loads(path.read_text(encoding="utf-8"))
            since = datetime.fromisoformat(written["since"])
            return Holder(str(written["who"]), int(written["process"]), str(written["command"]), since)
        time.sleep(_SECONDS / 20)
    return None


# PostgreSQL


@contextmanager
def _held_by_server(where: Path | str, key: int, me: Holder) -> Iterator[None]:
    """Take an advisory lock of a session: the server ends it with the connection."""
    engine = postgresql(where, f"accessplan {me.command} {me.process} {me.who}")
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise unusable(where, error) from None
    try:
        _take(where, connection.execution_options(isolation_level="AUTOCOMMIT"), key)
        yield
    finally:
        with suppress(DBAPIError):  # a server that has gone holds no lock
            connection.close()


def _take(where: Path | str, connection: Connection, key: int) -> None:
    try:
        connection.execute(text("SET idle_session_timeout = 0"))  # the connection is idle as long as the run lasts
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
            return
        halves = {"high": key >> 32 & 0xFFFF_FFFF, "low": key & 0xFFFF_FFFF}
        row = connection.execute(_HOLDER, halves).first()
    except DBAPIError as error:
        raise unusable(where, error) from None
    raise _locked(_named(row.application_name, row.backend_start) if row else None)


def _named(application: str | None, since: datetime | None) -> Holder | None:
    match (application or "").split(" "):
        case ["accessplan", command, process, who] if process.isdecimal() and since:
            return Holder(who, int(process), command, since)
        case _:
            return None


def _locked(holder: Holder | None) -> Locked:
    if holder is None or holder.since is None:
        return Locked("another run holds the lock", "Run this again when it has ended. Nothing was changed.")
    return Locked(
        f"another run holds the lock: {holder.who} since {_moment(holder.since)} ({holder.command})",
        f"Run this again when process {holder.process} there has ended. Nothing was changed.",
    )


def _moment(since: datetime) -> str:
    """Write when a run began as the clock here shows it; a run of another day with its date."""
    at, now = since.astimezone(), datetime.now(UTC).astimezone()
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
