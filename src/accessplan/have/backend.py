"""Send the requests of a plan: names become the numbers that the live system knows them by."""

from __future__ import annotations

from collections.abc import Mapping

from accessplan.errors import UnreadableAnswer
from accessplan.have.api import Api
from accessplan.have.fields import as_number
from accessplan.model import Address
from accessplan.route import Request, fill_body, fill_path


class LiveBackend:
    """Writes to the live system; knows the numbers it read, and learns those of what it creates."""

    def __init__(self, api: Api, ids: Mapping[Address, int]) -> None:
        self._api = api
        self._ids = dict(ids)

    def send(self, request: Request) -> None:
        """Send one request.

        Raises:
            LiveError: it was refused or not answered.
        """
        path, body = fill_path(request, self._number), fill_body(request.body, self._number)
        data = self._api.send(request.method, path, body)
        if request.creates is not None:
            number = as_number(data.get("id")) if isinstance(data, dict) else None
            if number is None:
                raise UnreadableAnswer(f"the answer to creating {request.creates} does not give its number")
            self._ids[request.creates] = number

    def _number(self, address: Address) -> int:
        return self._ids[address]
