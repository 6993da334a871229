"""Send the requests of a plan: names become the numbers that the live system knows them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from accessplan.errors import ItemsRefused, UnreadableAnswer
from accessplan.have.answer import REPORT, Row, plain
from accessplan.have.api import Api, ReadOnlyApi, open_api
from accessplan.have.fields import Fields, as_number
from accessplan.model import Address, normalize_email
from accessplan.route import Request, fill_body, fill_path

NOT_MENTIONED = "the answer does not mention them"


@contextmanager
def open_backend(api: ReadOnlyApi, ids: Mapping[Address, int]) -> Iterator[LiveBackend]:
    """Open, beside a connection that only reads, one that writes: for an apply, once its plan was judged."""
    with open_api(api.connection, api.limiter) as writing:
        yield LiveBackend(writing, ids)


class LiveBackend:
    """Writes to the live system; knows the numbers it read, and learns those of what it creates."""

    def __init__(self, api: Api, ids: Mapping[Address, int]) -> None:
        self._api = api
        self._ids = dict(ids)

    def send(self, request: Request) -> None:
        """Send one request.

        Raises:
            ItemsRefused: it was carried out for some of the people it serves one by one, at most.
            LiveError: it was refused or not answered.
        """
        path, body = fill_path(request, self._number), fill_body(request.body, self._number)
        data = self._api.send(request.method, path, body)
        if request.creates is not None:
            number = as_number(data.get("id")) if isinstance(data, dict) else None
            if number is None:
                raise UnreadableAnswer(f"the answer to creating {request.creates} does not give its number")
            self._ids[request.creates] = number
        if request.each:
            self._check_each(request, data)

    def _check_each(self, request: Request, data: object) -> None:
        """Look at the row of each person: 201 does not say that nobody was refused [openapi kdrive]."""
        if not (isinstance(data, list) and all(isinstance(row, dict) for row in data)):
            raise UnreadableAnswer(f"{request.method} {request.path} was not answered with a list of objects", REPORT)
        faults = {name: _fault(row) for row in data for name in _names(Fields(row, "a row of the answer"))}
        by_number = "user_ids" in (request.body or {})
        refused = dict[Address, str]()
        for address in request.each:
            names = [address.name, *([self._ids[address]] if by_number else [])]
            if fault := next((faults[name] for name in names if name in faults), NOT_MENTIONED):
                refused[address] = fault
        if refused:
            raise ItemsRefused(refused)

    def _number(self, address: Address) -> int:
        return self._ids[address]


def _fault(row: Row) -> str:
    """Return why a row refuses its person; empty where they are in, or invited."""
    if row.get("error"):
        return plain(row["error"])
    return "" if row.get("drive_user") or row.get("invitation") else "no reason given"


def _names(row: Fields) -> set[str | int]:
    """Return what a row calls its person by: e-mail address, user number, or both; outside or within its object."""
    user, invitation = row.inner("drive_user"), row.inner("invitation")
    numbers = row.number_if_any("user_id"), user.number_if_any("id"), invitation.number_if_any("user_id")
    emails = (normalize_email(each.text_if_any("email")) for each in (row, user, invitation))
    return {*filter(None, emails), *filter(None, numbers)}
