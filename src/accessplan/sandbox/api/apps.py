"""The applications that an invitation opens: a list of rows, each of a `type`. The document does not type them."""

import sqlite3
from collections.abc import Callable
from itertools import chain
from typing import Any

from accessplan.sandbox.api.drive import apps as drive
from accessplan.sandbox.api.mail import apps as mail
from accessplan.sandbox.context import Rows

_LOADERS: tuple[Callable[[sqlite3.Connection, Rows], list[list[dict[str, Any]]]], ...] = (
    mail.mailboxes,
    *drive.LOADERS,
)


def app_accesses(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    """Read what several people are invited to."""
    parts = [loader(db, rows) for loader in _LOADERS]
    return [[*chain(*of_one)] for of_one in zip(*parts, strict=True)]
