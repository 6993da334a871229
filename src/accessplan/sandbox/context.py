"""What an endpoint knows of the request it answers."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.query import Condition, Listing, Page, Query
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, ApiError


@dataclass(frozen=True)
class Context:
    """One request, its path and body read, and who makes it."""

    db: sqlite3.Connection
    caller: sqlite3.Row
    path: Mapping[str, int]
    query: Query
    body: Mapping[str, Any]
    now: int

    def managers_only(self) -> None:
        """Refuse anybody but administrators and legal representatives."""
        if self.caller["role_type"] not in MANAGERS:
            raise denied("Only an administrator or a legal representative may do that")

    def page(self, listing: Listing, conditions: Iterable[Condition] = ()) -> Page:
        """Read the page of a list that is asked for."""
        return listing.page(self.db, self.query, conditions, setting(self.db, "per_page_max"))


Endpoint = Callable[[Context], Answer]

Rows = Sequence[sqlite3.Row]
Loader = Callable[[sqlite3.Connection, Rows], Iterable[object]]
"""Reads one loadable property for several rows at once, in their order."""


def denied(description: str) -> ApiError:
    """One may not do that."""
    return ApiError(403, "access_denied", description)


def load(
    context: Context, rows: Rows, items: Iterable[dict[str, Any]], loaders: Mapping[str, Loader]
) -> list[dict[str, Any]]:
    """Add to each item what `with=` asks for, each property in one go for all."""
    loaded = list(items)
    for name in context.query.loaded(loaders):
        for item, value in zip(loaded, loaders[name](context.db, rows), strict=True):
            item[name] = value
    return loaded
