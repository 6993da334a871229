"""Exchanges between a client and the sandbox, written down as they cross the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from accessplan.have.api import Handler
from accessplan.sandbox import EMBEDDED, Door, Store, call


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `by` is who asked: `accessplan`, or the tour, which makes faults on purpose too."""

    by: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes


@dataclass
class Record:
    """All exchanges so far."""

    exchanges: list[Exchange] = field(default_factory=list)

    def of(self, store: Store, by: str, door: Door = EMBEDDED) -> Handler:
        """Return the sandbox as a handler that writes down what it is asked, and what it answers."""
        return partial(self._call, store, by, door)

    def _call(
        self, store: Store, by: str, door: Door, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        status, answer_headers, answer = call(store, method, url, headers, body, door=door)
        if "/_sandbox/" not in url:
            self.exchanges.append(Exchange(by, method, url, headers, body, status, answer_headers, answer))
        return status, answer_headers, answer
