"""The live side of a run: a snapshot, or a live system."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from accessplan.apply import Backend
from accessplan.cli.options import Settings
from accessplan.cli.outputs import refuse_overwriting
from accessplan.errors import InputError
from accessplan.have.live import Live
from accessplan.have.snapshot import load
from accessplan.scope import Scope

LIVE_API = "https://api.infomaniak.com"
SANDBOX = "sandbox:"


@dataclass(frozen=True, slots=True)
class Source:
    """The live side as it was read. A snapshot has no backend, is read once and costs nothing.

    `open_backend` opens a connection that writes: that is for apply alone. `caller` gives the e-mail address of the
    token's owner, at one request where the read does not tell (`Live.caller`); empty where it is not shown.
    """

    name: str
    live: Live
    open_backend: Callable[[], AbstractContextManager[Backend]] | None = None
    read_again: Callable[[], Live] | None = None
    caller: Callable[[], str] = str
    cost: Callable[[], str] = str

    def to_write(self) -> Callable[[], AbstractContextManager[Backend]]:
        """Return what opens a connection that writes.

        Raises:
            InputError: it is a snapshot.
        """
        if self.open_backend is None:
            raise InputError(f"{self.name} is a snapshot, which cannot be changed", "Apply to the live one: --live.")
        return self.open_backend


@contextmanager
def open_source(where: str, account: int, scope: Scope, settings: Settings) -> Iterator[Source]:
    """Read the live side at a place.

    Raises:
        InputError: there is no such place, or it holds another organization.
        LiveError: it could not be read.
    """
    refuse_overwriting(settings.outputs, Path(where.removeprefix(SANDBOX)))
    if is_snapshot(where):
        live = _of(account, load(Path(where)))
        yield Source(where, live, caller=lambda: live.caller)
        return
    from accessplan.cli.connect import connect  # noqa: PLC0415 - httpx and the sandbox are most of the start-up time

    with connect(where, account, scope, settings) as source:
        yield source


def place_of_live(written: str, document: Path, settings: Settings) -> str:
    """Say where the live side is: at `--live`, or as `written` in a document and relative to it, or the real system.

    Raises:
        InputError: the document names a live system that the token must not be sent to unasked.
    """
    where = named_place(written, document, settings)
    if settings.live is None and where.startswith("http") and where.rstrip("/") != LIVE_API:
        # Whoever may propose a change to the document could else have the token sent anywhere.
        message = f"the document names a live system other than {LIVE_API}"
        raise InputError(message, f"To send it your token, say so: --live {where}")
    return where


def named_place(written: str, document: Path, settings: Settings) -> str:
    """Say where the live side is, for who does not ask it: no token goes there."""
    return settings.live if settings.live is not None else _from_here(written, document) or LIVE_API


def is_snapshot(where: str) -> bool:
    """Tell whether a place is a snapshot."""
    return where.endswith(".json") and not where.startswith((SANDBOX, "http"))


def _from_here(written: str, document: Path) -> str:
    """Turn a path that is relative to a document into one that is relative to the working directory."""
    folder = document if document.is_dir() else document.parent
    if written.startswith(SANDBOX):
        return f"{SANDBOX}{folder / written.removeprefix(SANDBOX)}"
    return str(folder / written) if written.endswith(".json") and not written.startswith("http") else written


def seen_from(document: Path, where: str) -> str:
    """Turn it back: say where a live side is, as a document would write it."""
    if where.startswith(SANDBOX):
        return f"{SANDBOX}{os.path.relpath(where.removeprefix(SANDBOX), document.parent)}"
    if where.startswith("http"):
        return "" if where == LIVE_API else where
    return os.path.relpath(where, document.parent)


def _of(account: int, live: Live) -> Live:
    if live.organization_id != account:
        message = f"the snapshot is of organization {live.organization_id}, not of {account}"
        raise InputError(message, "Take a snapshot of the document's organization.")
    return live
