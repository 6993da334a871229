"""What may befall a request on its way: by the sandbox's own faults, and on the wire to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx
from hypothesis import strategies as st

from accessplan.sandbox import Store, call

Answer = tuple[int, Mapping[str, str], bytes]
Send = Callable[[], Answer]
Fault = Callable[[Store, Send], Answer]


def _asked(store: Store, send: Send, **fault: object) -> Answer:
    """Let the sandbox itself go wrong."""
    body = json.dumps({"path": ".", "times": 1, **fault}).encode()
    status, _, said = call(store, "POST", "/_sandbox/faults", {}, body)
    assert status == httpx.codes.OK, said
    return send()


def _before(_: Store, __: Send, *, error: type[httpx.RequestError]) -> Answer:
    """Let the request get lost."""
    raise error("lost on the way there")


def _after(_: Store, send: Send, *, error: type[httpx.RequestError]) -> Answer:
    """Let the answer get lost."""
    send()
    raise error("lost on the way back")


FAULTS: Mapping[str, Fault] = {
    "refused": partial(_asked, status=422, code="validation_failed"),
    "not found": partial(_asked, status=404, code="object_not_found"),
    "token refused": partial(_asked, status=401, code="not_authorized"),
    "token may not": partial(_asked, status=403, code="forbidden"),
    "server error": partial(_asked, status=500),
    "out of service": partial(_asked, status=503),
    "too many requests": partial(_asked, kind="retry_after"),
    "cut off": partial(_asked, kind="truncate"),
    "no connection": partial(_before, error=httpx.ConnectError),
    "timeout, not carried out": partial(_before, error=httpx.ReadTimeout),
    "timeout, carried out": partial(_after, error=httpx.ReadTimeout),
    "connection broke": partial(_after, error=httpx.RemoteProtocolError),
}
"""Each kind of fault by its name."""


@dataclass(frozen=True)
class Weather:
    """Which requests go wrong, counted from 1 with each that is repeated: some by themselves, or all from one on."""

    single: Mapping[int, str] = field(default_factory=dict)
    from_then_on: tuple[int, str] | None = None

    def at(self, number: int) -> str:
        """Return what befalls a request; empty where nothing does."""
        if self.from_then_on and number >= self.from_then_on[0]:
            return self.from_then_on[1]
        return self.single.get(number, "")


FAIR = Weather()
"""Nothing goes wrong."""


@st.composite
def weathers(draw: st.DrawFn) -> Weather:
    """A bad day: few requests of an apply go wrong, or after a while all of them do."""
    kinds, numbers = st.sampled_from([*FAULTS]), st.integers(1, 10)
    single = draw(st.dictionaries(numbers, kinds, min_size=1, max_size=4))
    return Weather(single, draw(st.one_of(st.none(), st.none(), st.tuples(numbers, kinds))))
