"""Open the connection to the live side: the real API, a served sandbox, or the embedded one."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from accessplan.cli.options import Settings
from accessplan.cli.sandboxes import SCHEME, open_sandbox, organization_file
from accessplan.errors import InputError, TokenRefused
from accessplan.have.api import Api, Connection, open_api
from accessplan.sandbox import call

TOKEN_SECONDS = 60
"""How long a token command may take: it may ask a person for a password."""


def from_here(where: str, base: Path) -> str:
    """Turn `sandbox:FILE`, with FILE relative to `base`, into one that is relative to the working directory."""
    return f"{SCHEME}{base / where.removeprefix(SCHEME)}" if where.startswith(SCHEME) else where


def seen_from(where: str, base: Path) -> str:
    """Turn it back: `sandbox:FILE` with FILE relative to `base`, as a document there has to write it."""
    return f"{SCHEME}{os.path.relpath(organization_file(where), base)}" if where.startswith(SCHEME) else where


@contextmanager
def connect(where: str, settings: Settings) -> Iterator[Api]:
    """Open the connection that a URL or `sandbox:FILE` names; the embedded sandbox needs no token and no port.

    Raises:
        InputError: there is no such place, or the token command failed.
        TokenRefused: there is no token.
    """
    if where.startswith(SCHEME):
        file = organization_file(where)
        with open_sandbox(file, settings) as store, open_api(Connection(handler=partial(call, store))) as api:
            yield api
    elif where.startswith(("https://", "http://")):
        with open_api(Connection(url=where, token=token(settings))) as api:
            yield api
    else:
        message = f"{where} is neither a URL, nor sandbox:FILE, nor a snapshot"
        raise InputError(message, "Write https://…, sandbox:organization.yaml or snapshot.json.")


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
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InputError("the token command could not be run", "Run it by hand to see why.") from error
    value = done.stdout.strip()
    if done.returncode or not value:
        # What the command printed may hold the token, so it is not repeated.
        raise InputError(f"the token command gave no token (exit {done.returncode})", "Run it by hand to see why.")
    return value
