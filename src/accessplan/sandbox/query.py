"""The parameters of a request, and lists cut to pages."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accessplan.sandbox.body import LARGEST
from accessplan.sandbox.wire import Answer, invalid, problem, success

DEFAULT_PER_PAGE = 15


@dataclass(frozen=True)
class Query:
    """The parameters as they came."""

    pairs: tuple[tuple[str, str], ...]

    def text(self, name: str) -> str | None:
        """The last value of a parameter."""
        return next((value for key, value in reversed(self.pairs) if key == name), None)

    def texts(self, name: str) -> list[str]:
        """The values of a list parameter: `name[]` or `name[0]` repeated, or `name` once."""
        return [value for key, value in self.pairs if key == name or re.fullmatch(re.escape(name) + r"\[[0-9]*\]", key)]

    def integer(self, name: str, lowest: int = 1) -> int | None:
        """A number, or none."""
        value = self.text(name)
        return None if value is None else number(value, name, lowest)

    def choice(self, name: str, values: Collection[str]) -> str | None:
        """One of the allowed values, or none."""
        value = self.text(name)
        return None if value is None else chosen(value, name, values)

    def loaded(self, allowed: Collection[str]) -> list[str]:
        """What `with=` asks to load besides."""
        asked = [name.strip() for value in self.texts("with") for name in value.split(",") if name.strip()]
        return [chosen(name, "with", allowed) for name in dict.fromkeys(asked)]


def number(value: str, attribute: str, lowest: int = 1) -> int:
    """Read a number."""
    if not re.fullmatch(r"-?[0-9]{1,19}", value):
        raise invalid(problem("integer", attribute, f"{attribute} must be an integer"))
    if not lowest <= int(value) <= LARGEST:
        raise invalid(problem("min", attribute, f"{attribute} must be at least {lowest}"))
    return int(value)


def chosen(value: str, attribute: str, values: Collection[str]) -> str:
    """Read one of the allowed values."""
    if value not in values:
        raise invalid(problem("in", attribute, f"{attribute} does not allow {value!r}", list(values)))
    return value


def flag(value: str, attribute: str) -> bool:
    """Read true or false."""
    return chosen(value, attribute, ("true", "false", "1", "0")) in ("true", "1")


class Condition(NamedTuple):
    """A condition in SQL with the value of its one question mark."""

    sql: str
    value: object


class Filter(NamedTuple):
    """How a filter is read, and what it asks of a row."""

    sql: str
    read: Callable[[str, str], object] = lambda value, _: value
    many: bool = False


def filters(query: Query, known: Mapping[str, Filter]) -> Iterable[Condition]:
    """Read `filter[name]=value`; an unknown name is a fault."""
    for key, _ in query.pairs:
        if found := re.match(r"filter\[([^]]*)\]", key):
            chosen(found[1], "filter", known)
    for name, rule in known.items():
        attribute = f"filter[{name}]"
        values = [rule.read(value, attribute) for value in query.texts(attribute)]
        if values:
            yield Condition(rule.sql, json.dumps(values) if rule.many else values[-1])


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

    def page(self, db: sqlite3.Connection, query: Query, conditions: Iterable[Condition], per_page_max: int) -> Page:
        """Read the page asked for; without `page`, everything."""
        conditions = [*conditions, *self._search(query)]
        values = [condition.value for condition in conditions]
        where = " AND ".join(["TRUE", *(condition.sql for condition in conditions)])
        order = self._order(query)
        page, per_page = query.integer("page"), min(query.integer("per_page") or DEFAULT_PER_PAGE, per_page_max)
        if page is None:
            limit, skip = query.integer("limit") or -1, query.integer("skip", 0) or 0
        else:
            limit, skip = per_page, (page - 1) * per_page
        # the texts of a listing are our own; what the request says is bound
        (total,) = db.execute(f"SELECT count(*) FROM ({self.rows}) AS item WHERE {where}", values).fetchone()
        rows = db.execute(
            f"SELECT * FROM ({self.rows}) AS item WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, limit, min(skip, total)),
        ).fetchall()
        pages = -(-total // per_page)
        paging = {"total": total, "page": page, "pages": pages, "items_per_page": per_page} if page else {}
        return Page(rows, total, paging, count_only=query.choice("return", ("total",)) is not None)

    def _search(self, query: Query) -> Iterable[Condition]:
        wanted = query.text("search")
        if self.searched and wanted:
            yield Condition(f"instr(lower({self.searched}), lower(?)) > 0", wanted)

    def _order(self, query: Query) -> str:
        """The order asked for: `order_by=name`, with `order=desc` or `order_for[name]=desc`."""
        way = query.choice("order", ("asc", "desc")) or "asc"
        asked = [
            (chosen(name, "order_by", self.orders), query.choice(f"order_for[{name}]", ("asc", "desc")) or way)
            for value in query.texts("order_by")
            for name in value.split(",")
        ]
        return ", ".join([*(f"{self.orders[name]} {way}" for name, way in asked), self.order])
