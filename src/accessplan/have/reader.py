"""Reading lists and objects: pages that must add up, additional data that may not exist, reads side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

from accessplan.errors import UnreadableAnswer
from accessplan.have.answer import Answer, Row
from accessplan.have.api import Query, ReadOnlyApi

ROWS_PER_PAGE = 1000
"""How many are asked for: the documents give no maximum, and each answer says how many it gives [openapi core]."""

FEWER_ROWS_PER_PAGE = 100
"""How many are asked for where more are refused."""

READS_AT_ONCE = 8

_Result = TypeVar("_Result")


class Reader:
    """Reads and can do nothing else: what a plan is made with.

    Which additional data (`with=`) exists is not documented. A path that refuses some says which it has, and what it
    refused once is not asked for again. `moment` is when the last answer came, by the clock of the live system.
    """

    def __init__(self, api: ReadOnlyApi) -> None:
        self.moment: datetime | None = None
        self._api = api
        self._allowed: dict[str, frozenset[str]] = {}
        self._small_pages: set[str] = set()

    def get(self, path: str, want: Sequence[str] = ()) -> Row:
        """Read one object, with as much of the additional data in `want` as there is.

        Raises:
            LiveError: it was refused, not answered, or the answer cannot be read.
        """
        return self._ask(path, {}, want).row()

    def get_list(self, path: str) -> list[Row]:
        """Read a list that has no pages.

        Raises:
            LiveError: it was refused, not answered, or the answer cannot be read.
        """
        return self._ask(path, {}, ()).rows()

    def pages(self, path: str, query: Query | None = None, want: Sequence[str] = ()) -> list[Row]:
        """Read all pages of a list, each row with as much of the additional data in `want` as there is.

        Raises:
            LiveError: a page was refused, not answered or cannot be read, or the pages do not make up the whole list.
        """
        query = {**(query or {}), "page": 1, "per_page": ROWS_PER_PAGE}
        first = self._ask(path, query, want)
        rows, paging = first.rows(), first.paging()
        if paging is None:
            return rows
        query["per_page"] = paging.per_page
        calls = [partial(self._ask, path, {**query, "page": page}, want) for page in range(2, paging.pages + 1)]
        for answer in self.together(calls):
            rows += answer.rows()
        _check_complete(path, rows, paging.total)
        return rows

    def batches(self, path: str, query: Query, want: Sequence[str] = ()) -> list[Row]:
        """Read a list that goes on from a cursor to the next, each row with as much of the data in `want` as there is.

        Raises:
            LiveError: a part was refused, not answered or cannot be read, or the list does not go on.
        """
        rows, begun = list[Row](), set[str]()
        query = {**query, "limit": ROWS_PER_PAGE}
        while True:
            answer = self._ask(path, query, want)
            rows += answer.rows()
            cursor = answer.cursor()
            if cursor is None:
                _check_complete(path, rows, len(rows))
                return rows
            if cursor in begun:
                raise UnreadableAnswer(f"incomplete read of {path}: it begins anew at the same place", "Run again.")
            begun.add(cursor)
            query["cursor"] = cursor

    def refused(self, path: str, want: Sequence[str]) -> tuple[str, ...]:
        """List what of the additional data in `want` this path has refused."""
        allowed = self._allowed.get(_shape(path))
        return tuple(each for each in want if allowed is not None and each not in allowed)

    def together(self, calls: Sequence[Callable[[], _Result]]) -> list[_Result]:
        """Make calls that do not need one another: over the network at the same time; results in their order."""
        if self._api.embedded or not calls:
            return [call() for call in calls]
        with ThreadPoolExecutor(READS_AT_ONCE) as pool:
            return list(pool.map(lambda call: call(), calls))

    def _ask(self, path: str, query: Query, want: Sequence[str]) -> Answer:
        """Ask, and ask anew as long as a refusal teaches something."""
        adapted = self._adapt(path, query, want)
        while True:
            answer = self._api.get(path, adapted)
            self._learn(path, answer)
            self.moment = answer.moment or self.moment
            before, adapted = adapted, self._adapt(path, query, want)
            if adapted == before or answer.is_success:
                return answer

    def _learn(self, path: str, answer: Answer) -> None:
        """Learn from a 422, which names the attribute and its allowed values [re-notes] [tf-provider]."""
        shape = _shape(path)
        for attribute, values in answer.refused_attributes().items():
            if attribute == "with":
                self._allowed[shape] = self._allowed.get(shape, frozenset(values)) & frozenset(values)
            elif attribute == "per_page":
                self._small_pages.add(shape)

    def _adapt(self, path: str, query: Query, want: Sequence[str]) -> Query:
        """Leave out what the path is known to refuse."""
        refused = self.refused(path, want)
        adapted = dict(query)
        if asked := [each for each in want if each not in refused]:
            adapted["with"] = ",".join(asked)
        per_page = adapted.get("per_page")
        if isinstance(per_page, int) and _shape(path) in self._small_pages:
            adapted["per_page"] = min(per_page, FEWER_ROWS_PER_PAGE)
        return adapted


def _check_complete(path: str, rows: Sequence[Row], total: int) -> None:
    """Refuse a list that lost a row: it would look as if access had been revoked."""
    numbers = list(filter(None, map(_numbers, rows)))
    if len(rows) != total:
        fault = f"{total} rows were announced, {len(rows)} came"
    elif len(set(numbers)) != len(numbers):
        fault = "a row came twice, so another may be missing"
    else:
        return
    raise UnreadableAnswer(f"incomplete read of {path}: {fault}", "The organization may be changing: run again.")


def _numbers(row: Row) -> str:
    """Return what tells a row from the others: a pending user has an invitation's number in place of a user's."""
    numbers = [row.get(name) for name in ("service_id", "id", "user_id", "invitation_id")]
    return str(numbers) if any(numbers[1:]) else ""


def _shape(path: str) -> str:
    """Return a path without its numbers and names of mailboxes: what one invitation refuses, all refuse."""
    return re.sub(r"(?<=/mailboxes/)[^/]+|(?<=/)\d+(?=/|$)", "#", path)
