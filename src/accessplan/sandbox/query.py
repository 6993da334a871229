"""Lists: filtered, searched, put in order and cut to pages."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from accessplan.sandbox.parameters import (
    AnyParameter,
    Parameter,
    Query,
    Reader,
    Several,
    choice,
    chosen,
    integer,
    number,
    words,
)
from accessplan.sandbox.wire import Answer, success

DEFAULT_PER_PAGE = 15

_PAGE = Parameter("page", number)
_PER_PAGE = Parameter("per_page", number)
_LIMIT = Parameter("limit", number)
_SKIP = Parameter("skip", integer(lowest=0))
_RETURN = Parameter("return", choice(("total",)))
_SEARCH = Parameter("search", words)


class Condition(NamedTuple):
    """A condition in SQL with the value of its one question mark."""

    sql: str
    value: object


class Filter(NamedTuple):
    """How a filter is read, and what it asks of a row."""

    sql: str
    read: Reader[object] = words
    many: bool = False


def filter_parameters(known: Mapping[str, Filter]) -> list[AnyParameter]:
    """The parameters `filter[name]` of these filters."""
    return [
        Several(f"filter[{name}]", rule.read) if rule.many else Parameter(f"filter[{name}]", rule.read)
        for name, rule in known.items()
    ]


def filters(query: Query, known: Mapping[str, Filter]) -> Iterable[Condition]:
    """Read `filter[name]=value`; an unknown name is a fault."""
    for key, _ in query.pairs:
        if found := re.match(r"filter\[([^]]*)\]", key):
            chosen(found[1], "filter", known)
    for name, rule in known.items():
        values = Several(f"filter[{name}]", rule.read).of(query)
        if values:
            yield Condition(rule.sql, json.dumps(values) if rule.many else values[-1])


class Order(NamedTuple):
    """The order one may ask for: `order_by=name,name`, with `order=desc`, or `order_for[name]=desc` for one of them."""

    names: Collection[str]

    @property
    def parameters(self) -> list[AnyParameter]:
        """What is read of a request."""
        return [self._by, self._way("order"), *(self._way(f"order_for[{name}]") for name in self.names)]

    @property
    def _by(self) -> Several[str]:
        return Several("order_by", choice(self.names), commas=True)

    def _way(self, name: str) -> Parameter[str]:
        return Parameter(name, choice(("asc", "desc")))

    def of(self, query: Query) -> list[tuple[str, str]]:
        """Read the names asked for, each with `asc` or `desc`. Raises ApiError."""
        way = self._way("order").of(query) or "asc"
        return [(name, self._way(f"order_for[{name}]").of(query) or way) for name in self._by.of(query)]


class Page(NamedTuple):
    """Rows of a list, and how many there are in all."""

    rows: Sequence[sqlite3.Row]
    total: int
    paging: Mapping[str, int]
    count_only: bool

    def answer(self, items: Sequence[object]) -> Answer:
        """Answer with the items made of the rows."""
        return success(self.total if self.count_only else items, paging=self.paging)


class Listing(NamedTuple):
    """A list one may page through, in SQL: rows, usual order, orders one may ask for, and what `search` looks at."""

    rows: str
    order: str
    orders: Mapping[str, str]
    searched: str | None = None

    @property
    def parameters(self) -> list[AnyParameter]:
        """What is read of a request."""
        search = [_SEARCH] if self.searched else []
        return [_PAGE, _PER_PAGE, _LIMIT, _SKIP, _RETURN, *search, *Order(self.orders).parameters]

    def page(self, db: sqlite3.Connection, query: Query, conditions: Iterable[Condition], per_page_max: int) -> Page:
        """Read the page asked for; without `page`, everything."""
        conditions = [*conditions, *self._search(query)]
        values = [condition.value for condition in conditions]
        where = " AND ".join(["TRUE", *(condition.sql for condition in conditions)])
        order = ", ".join([*(f"{self.orders[name]} {way}" for name, way in Order(self.orders).of(query)), self.order])
        page, per_page = _PAGE.of(query), min(_PER_PAGE.of(query) or DEFAULT_PER_PAGE, per_page_max)
        limit, skip = _LIMIT.of(query) or -1, _SKIP.of(query) or 0
        if page is not None:
            limit, skip = per_page, (page - 1) * per_page
        # the texts of a listing are our own; what the request says is bound
        (total,) = db.execute(f"SELECT count(*) FROM ({self.rows}) AS item WHERE {where}", values).fetchone()
        rows = db.execute(
            f"SELECT * FROM ({self.rows}) AS item WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, limit, min(skip, total)),
        ).fetchall()
        pages = -(-total // per_page)
        paging = {"total": total, "page": page, "pages": pages, "items_per_page": per_page} if page else {}
        return Page(rows, total, paging, count_only=_RETURN.of(query) is not None)

    def _search(self, query: Query) -> Iterable[Condition]:
        wanted = _SEARCH.of(query) if self.searched else None
        if wanted:
            yield Condition(f"instr(lower({self.searched}), lower(?)) > 0", wanted)
