"""What an endpoint knows of the request it answers."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accessplan.sandbox.body import Check, require
from accessplan.sandbox.parameters import Query
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.query import Condition, Listing, Page
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import ApiError


@dataclass(frozen=True)
class Context:
    """One request, its path and body read, and who makes it."""

    db: sqlite3.Connection
    caller: sqlite3.Row
    path: Mapping[str, Any]
    query: Query
    sent: Mapping[str, Any]
    now: int
    check: Check | None = None

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """The body, once it passes the check of the endpoint. Raises ApiError."""
        if self.check is None:
            raise LookupError("the endpoint reads a body and does not say that it takes one")
        require(self.sent, self.check)
        return self.sent

    def managers_only(self) -> None:
        """Refuse anybody but administrators and legal representatives."""
        if self.caller["role_type"] not in MANAGERS:
            raise denied("Only an administrator or a legal representative may do that")

    def page(self, listing: Listing, conditions: Iterable[Condition] = ()) -> Page:
        """Read the page of a list that is asked for."""
        return listing.page(self.db, self.query, conditions, setting(self.db, "per_page_max"))


Rows = Sequence[sqlite3.Row]
Loader = Callable[[sqlite3.Connection, Rows], Iterable[object]]
"""Reads one loadable property for several rows at once, in their order."""


def denied(description: str) -> ApiError:
    """One may not do that."""
    return ApiError(403, "access_denied", description)


def load(
    context: Context, rows: Rows, items: Iterable[dict[str, Any]], loaders: Mapping[str, Loader]
) -> list[dict[str, Any]]:
    """Add to each item what `with=` asks for, each property in one go for all.

    `outer.inner` is a property of what is loaded, or was there, as `outer`; where that is null there is none.
    """
    loaded = list(items)
    asked = [part for name in context.query.loaded(loaders) for part in (name.partition(".")[0], name)]
    for name in dict.fromkeys(part for part in asked if part in loaders):
        outer, _, inner = name.rpartition(".")
        for item, value in zip(loaded, loaders[name](context.db, rows), strict=True):
            place = item[outer] if outer else item
            if place is not None:
                place[inner] = value
    return loaded
