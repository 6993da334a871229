"""Open the connection to the live side: the real API, a served sandbox, or the embedded one."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from accessplan.check import Check
from accessplan.cli.options import Settings
from accessplan.cli.progress import working
from accessplan.cli.sandboxes import open_sandbox, organization_file
from accessplan.cli.source import SANDBOX, Source, is_snapshot
from accessplan.errors import InputError, TokenRefused
from accessplan.have.api import Connection, ReadOnlyApi, open_to_read
from accessplan.have.backend import open_backend
from accessplan.have.caller import ask_caller
from accessplan.have.doctor import examine
from accessplan.have.live import Live
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.report.console import number
from accessplan.report.safe import visible
from accessplan.sandbox import call
from accessplan.scope import Scope

TOKEN_SECONDS = 60
"""How long a token command may take: it may ask a person for a password."""


@contextmanager
def connect(where: str, account: int, scope: Scope, settings: Settings) -> Iterator[Source]:
    """Open the connection that a URL or `sandbox:FILE` names, and read; it stays open, to read again.

    Raises:
        InputError: there is no such place, or the token command failed.
        LiveError: it could not be read; TokenRefused where there is no token.
    """
    with _connection(where, settings) as connection, open_to_read(connection) as api:
        reader, origin = Reader(api), origin_of(where)

        def read_live() -> Live:
            before = api.requests_made
            with working(lambda: f"Reading {visible(where)}: {api.requests_made - before} requests", settings):
                return replace(read(reader, account, scope), origin=origin)

        live = read_live()
        yield Source(
            name=where,
            live=live,
            open_backend=partial(open_backend, api, live.ids),
            read_again=read_live,
            caller=lambda: live.caller or ask_caller(reader),
            cost=partial(_cost, api, where),
        )


def origin_of(where: str) -> str:
    """Name a live system, the same from wherever it is asked for."""
    if where.startswith(SANDBOX):
        return f"{SANDBOX}{organization_file(where).resolve()}"
    return where.rstrip("/")


def examined(where: str, account: int, settings: Settings) -> tuple[list[Check], str]:
    """Examine a live system; returns what was found, and what it cost.

    Raises:
        InputError: there is no such place, or it is a snapshot.
        TokenRefused: there is no token.
    """
    if is_snapshot(where):
        raise InputError(f"{where} is a snapshot, of which there is nothing to examine", "Name the live one: --live.")
    with _connection(where, settings) as connection, open_to_read(connection) as api:
        return examine(Reader(api), account, settings.now), _cost(api, where)


@contextmanager
def _connection(where: str, settings: Settings) -> Iterator[Connection]:
    """Say how to reach a live system; the embedded sandbox needs no token and no port."""
    if where.startswith(("https://", "http://")):
        yield Connection(url=where, token=token(settings))
    elif where.startswith(SANDBOX):
        with open_sandbox(organization_file(where), settings) as store:
            yield Connection(handler=partial(call, store))
    else:
        message = f"{where} is neither a URL, nor sandbox:FILE, nor a snapshot"
        raise InputError(message, "Write https://…, sandbox:organization.yaml or snapshot.json.")


def _cost(api: ReadOnlyApi, where: str) -> str:
    """Say how many requests a run took, and how long the real API makes one wait for so many."""
    requests = f"{number(api.requests_made, 'request', 'requests')} to {where}"
    if api.embedded and api.seconds_waited:
        return f"{requests}; at 60 a minute they would take {api.seconds_waited:.0f} s"
    return requests


def token(settings: Settings) -> str:
    """Return the token from `--token-command` or INFOMANIAK_TOKEN; it is never shown.

    Raises:
        TokenRefused: there is none.
    """
    if settings.token_command is not None:
        return _from_command(settings.token_command)
    value = os.environ.get("INFOMANIAK_TOKEN", "").strip()
    if not value:
        raise TokenRefused("there is no token", "Set INFOMANIAK_TOKEN, or use --token-command.")
    return value


def _from_command(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, and no shell reads it
            shlex.split(command), stdout=subprocess.PIPE, text=True, timeout=TOKEN_SECONDS, check=False
        )
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        raise InputError("the token command could not be run", "Run it by hand to see why.") from error
    value = done.stdout.strip()
    if done.returncode or not value:
        # What the command printed may hold the token, so it is not repeated.
        raise InputError(f"the token command gave no token (exit {done.returncode})", "Run it by hand to see why.")
    return value
