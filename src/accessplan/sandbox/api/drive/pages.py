"""Lists of kDrive: people chosen, put in order, and cut to pages or by a cursor [openapi kdrive]."""

import base64
import binascii
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from accessplan.sandbox.api.items import display_name
from accessplan.sandbox.body import LARGEST
from accessplan.sandbox.context import Context
from accessplan.sandbox.parameters import Parameter, Query, Several, flag, integer, number, words
from accessplan.sandbox.query import Order
from accessplan.sandbox.wire import ApiError, invalid, problem

MOST = 1000
IDS_AT_MOST = 100
DEFAULT = 10

_ORDERS: dict[str, Callable[[sqlite3.Row], str]] = {
    "display_name": lambda row: display_name(row).casefold(),
    "first_name": lambda row: str(row["first_name"]).casefold(),
    "last_name": lambda row: str(row["last_name"]).casefold(),
}


_USER_IDS = Several("user_ids", number, at_most=IDS_AT_MOST)
_SEARCH = Parameter("search", words)
FOUND = (_USER_IDS, _SEARCH, *Order(_ORDERS).parameters)

_PAGE = Parameter("page", number)
_PER_PAGE = Parameter("per_page", integer(highest=MOST))
_TOTAL = Parameter("total", flag)
PAGED = (_PAGE, _PER_PAGE, _TOTAL)

_LIMIT = Parameter("limit", integer(lowest=5, highest=MOST))
_CURSOR = Parameter("cursor", words)
BATCHED = (_LIMIT, _CURSOR)


class Cut(NamedTuple):
    """A part of a list, and what the envelope says of it."""

    rows: Sequence[sqlite3.Row]
    paging: Mapping[str, object]


def found(query: Query, rows: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    """Keep who fits `search` and `user_ids`, in the order asked for."""
    wanted, searched = _USER_IDS.of(query), (_SEARCH.of(query) or "").casefold()
    kept = [
        row
        for row in rows
        if (not wanted or row["id"] in wanted) and searched in f"{display_name(row)} {row['email']}".casefold()
    ]
    for name, way in reversed(Order(_ORDERS).of(query)):
        kept.sort(key=_ORDERS[name], reverse=way == "desc")
    return kept


def page(context: Context, rows: Sequence[sqlite3.Row]) -> Cut:
    """Cut a list to the page asked for: the first, of 10, unless the request says otherwise."""
    query = context.query
    asked, per_page = _PAGE.of(query), _PER_PAGE.of(query) or DEFAULT
    start = min((asked or 1) - 1, len(rows)) * per_page
    paging: dict[str, object] = {} if asked is None else {"page": asked, "items_per_page": per_page}
    if _TOTAL.of(query):
        paging |= {"total": len(rows), "pages": -(-len(rows) // per_page)}
    return Cut(rows[start : start + per_page], paging)


def batch(context: Context, rows: Sequence[sqlite3.Row]) -> Cut:
    """Cut a list to what follows the cursor: `limit` rows, 10 unless the request says otherwise."""
    limit, start = _LIMIT.of(context.query) or DEFAULT, _read(_CURSOR.of(context.query))
    has_more = start + limit < len(rows)
    cursor = base64.urlsafe_b64encode(str(start + limit).encode()).decode() if has_more else None
    paging = {"cursor": cursor, "has_more": has_more, "response_at": context.now}
    return Cut(rows[start : start + limit], paging)


def _read(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return min(integer(lowest=0)(base64.urlsafe_b64decode(cursor).decode(), "cursor"), LARGEST)
    except (binascii.Error, ValueError, ApiError) as error:
        raise invalid(problem("in", "cursor", "cursor is none that was given")) from error
