"""The lock on the command line: who we are, and which runs hold it."""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from accessplan.cli.memory import make_room
from accessplan.cli.options import Settings
from accessplan.cli.source import is_snapshot

_JOBS = (
    ("GITHUB_ACTOR", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"),
    ("GITLAB_USER_LOGIN", "CI_PROJECT_PATH", "CI_PIPELINE_ID"),
)
"""What CI systems call who started a job, where, and the job."""


@contextmanager
def holding(command: str, organization: int, origin: str, settings: Settings) -> Iterator[Settings]:
    """Hold the lock of an organization of one live system; the settings within say so, and take it no second time.

    Raises:
        Locked: another run holds it.
        InputError: the ledger, beside which it lies, cannot be used.
    """
    if settings.locked:
        yield settings
        return
    from accessplan.ledger import Holder, hold  # noqa: PLC0415 - SQLAlchemy is slow to import

    make_room(settings)
    with hold(settings.ledger, organization, origin, Holder(me(), os.getpid(), command)):
        yield replace(settings, locked=True)


@contextmanager
def holding_place(command: str, organization: int, where: str, settings: Settings) -> Iterator[Settings]:
    """Hold it before the live system at a place is read; a command without a name, and a snapshot, need none."""
    if not command or is_snapshot(where):
        yield settings
        return
    from accessplan.cli.connect import origin_of  # noqa: PLC0415 - httpx, which the live system is read with anyway

    with holding(command, organization, origin_of(where), settings) as within:
        yield within


def me() -> str:
    """Name who runs this, and where, in one word; in a CI job who started it, and which job it is."""
    for user, place, job in _JOBS:
        if os.environ.get(user) and os.environ.get(job):
            return _one_word(f"{os.environ[user]}@{os.environ.get(place, '')}#{os.environ[job]}")
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "somebody"  # a container without a list of users
    return _one_word(f"{name}@{platform.node() or 'here'}")


def _one_word(text: str) -> str:
    return "_".join(text.split())
