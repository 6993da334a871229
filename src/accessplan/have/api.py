"""The HTTP client of the live system, and the only file that knows httpx.

Whatever reads holds a `ReadOnlyApi`, that can send nothing but GET; an `Api`, that writes, is opened beside it once a
plan may be carried out.

A request is sent up to four times, with growing pauses:

====================================  ========  ========
what happened                         reads     writes
====================================  ========  ========
no connection came about              repeated  repeated
429 or 503: not carried out           repeated  repeated
503 of a kDrive in maintenance        no        no
another server error, a time-out or   repeated  no
a connection that broke: the request
may have been carried out
a refusal, a certificate not trusted  no        no
====================================  ========  ========
"""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address

import httpx

from accessplan import __version__
from accessplan.errors import InputError, LiveError, TokenRefused, Unreachable, UnreadableAnswer
from accessplan.have.answer import IN_MAINTENANCE, RUN_PLAN, TRY_LATER, Answer, plain
from accessplan.have.limits import (
    LONGEST_WAIT,
    MINUTE,
    REQUESTS_PER_MINUTE,
    TRIES,
    Clock,
    Limiter,
    RealClock,
    SimulatedClock,
    asked_patience,
    back_off,
)

BASE_URL = "https://api.infomaniak.com"

_ASKS_FOR_PATIENCE = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

Handler = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]
"""Answers method, address, headers and body with status, headers and body: an embedded live system."""

Query = Mapping[str, str | int | tuple[str, ...]]
"""Parameters of a request; several values of one go out under its name again and again."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a live system: over the network, or by a `handler` in this process.

    A handler is asked one request at a time, on a simulated clock unless another is given. `chance` gives the jitter
    of the pauses, from 0 to 1; `on_request` is told method and path of whatever is sent, from any thread.
    """

    url: str = BASE_URL
    token: str | None = field(default=None, repr=False)
    handler: Handler | None = field(default=None, repr=False)
    requests_per_minute: int = REQUESTS_PER_MINUTE
    clock: Clock | None = None
    chance: Callable[[], float] = random.random
    on_request: Callable[[str, str], None] = lambda _method, _path: None
    connect_seconds: float = 10.0
    read_seconds: float = 30.0


@contextmanager
def open_to_read(connection: Connection) -> Iterator[ReadOnlyApi]:
    """Open a connection that lets nothing but GET through, and close it afterwards.

    Raises:
        InputError: the address is none, or the token would travel unprotected.
        TokenRefused: there is no token, or it holds what no token holds.
    """
    with _open(connection) as client:
        client.event_hooks = {"request": [_refuse_to_write]}
        yield ReadOnlyApi(client, connection)


@contextmanager
def open_api(connection: Connection, limiter: Limiter | None = None) -> Iterator[Api]:
    """Open a connection that reads and writes; with the `limiter` of another both keep to one limit.

    Raises:
        InputError: the address is none, or the token would travel unprotected.
        TokenRefused: there is no token, or it holds what no token holds.
    """
    with _open(connection) as client:
        yield Api(client, connection, limiter)


@contextmanager
def _open(connection: Connection) -> Iterator[httpx.Client]:
    local = _check_address(connection)
    headers = {"accept": "application/json", "user-agent": f"accessplan/{__version__}"}
    if connection.token is not None:
        headers["authorization"] = f"Bearer {_check_token(connection.token)}"
    elif not local:
        raise TokenRefused("there is no token", "Set INFOMANIAK_TOKEN to one, with the scope `accounts`.")
    with httpx.Client(
        base_url=connection.url,
        headers=headers,
        timeout=httpx.Timeout(connection.read_seconds, connect=connection.connect_seconds),
        transport=_embed(connection.handler) if connection.handler else None,
        trust_env=not local,  # a proxy has no business between this machine and itself
    ) as client:
        yield client


def _refuse_to_write(request: httpx.Request) -> None:
    """Stop a request on its last step before the network: no fault of ours shall make a plan write."""
    if request.method != "GET":
        raise AssertionError(f"{request.method} through a connection that only reads")


class ReadOnlyApi:
    """An open connection: keeps to the limit, repeats what may be repeated, and translates the faults of httpx."""

    def __init__(self, client: httpx.Client, connection: Connection, limiter: Limiter | None = None) -> None:
        self.connection = connection
        self.embedded = connection.handler is not None
        clock = connection.clock or (SimulatedClock() if self.embedded else RealClock())
        self.limiter = limiter or Limiter(clock, connection.requests_per_minute)
        self._client = client

    @property
    def requests_made(self) -> int:
        """How many requests were sent, repeats included."""
        return self.limiter.requests_made

    @property
    def seconds_waited(self) -> float:
        """How long requests were held back; simulated where the clock is."""
        return self.limiter.seconds_waited

    def get(self, path: str, query: Query | None = None) -> Answer:
        """Ask, and return the answer, whatever it says.

        Raises:
            Unreachable: no answer came.
            UnreadableAnswer: the answer broke off.
        """
        return self._exchange("GET", path, query)

    def _exchange(self, method: str, path: str, query: Query | None = None, body: object = None) -> Answer:
        repeats = 0
        while True:
            pause = back_off(repeats, self.connection.chance())
            try:
                answer = self._send(method, path, query, body)
            except httpx.RequestError as error:
                if not _may_repeat_after(error, method) or repeats + 1 == TRIES:
                    raise _translate(error, f"{method} {path}", self.connection) from error
            else:
                pause = _patience(answer, pause)
                if not _may_repeat(answer) or repeats + 1 == TRIES or pause > LONGEST_WAIT:
                    return answer
                if answer.status in _ASKS_FOR_PATIENCE:
                    self.limiter.hold_back(pause)  # of everybody: what one is refused, the others are too
                    pause = 0.0
            self.limiter.pause(pause)
            repeats += 1

    def _send(self, method: str, path: str, query: Query | None, body: object) -> Answer:
        self.limiter.wait_turn()
        self.connection.on_request(method, path)
        response = self._client.request(method, path, params=query, json=body)
        return Answer(method, path, response.status_code, response.headers, response.content)


class Api(ReadOnlyApi):
    """An open connection that also writes."""

    def send(self, method: str, path: str, body: object = None) -> object:
        """Send a write and return the data of the answer; the body is JSON, `{}` where there is none [portal].

        Raises:
            LiveError: it was refused, or whether it was carried out is not known.
        """
        return self.exchange(method, path, body={} if body is None else body).data()

    def exchange(self, method: str, path: str, query: Query | None = None, body: object = None) -> Answer:
        """Send one request and return the answer, whatever it says.

        Raises:
            Unreachable: no answer came.
            UnreadableAnswer: the answer broke off.
        """
        return self._exchange(method, path, query, body)


def _check_address(connection: Connection) -> bool:
    """Refuse an address that would give the token away; tell whether it is on this machine, or embedded."""
    url = _parse(connection.url)
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query:
        raise InputError("the address of the live system cannot be used", f"Write one like {BASE_URL}.")
    local = connection.handler is not None or _is_this_machine(url.host)
    if url.scheme == "http" and not local:
        raise InputError(f"http://{url.host} would send the token unprotected", "Write https:// instead of http://.")
    return local


def _parse(text: str) -> httpx.URL:
    """Parse an address; one that the network cannot take either becomes an empty one."""
    try:
        url = httpx.URL(text)
        url.host.encode("idna")
    except (httpx.InvalidURL, ValueError):
        return httpx.URL()
    return url if (url.port or 0) < 1 << 16 else httpx.URL()


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_token(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise TokenRefused(
            "the token is empty or holds characters that no token has",
            "Check INFOMANIAK_TOKEN, or what --token-command prints.",
        )
    return token


def _embed(handler: Handler) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        status, headers, body = handler(request.method, str(request.url), dict(request.headers), request.content)
        return httpx.Response(status, headers=dict(headers), content=body)

    return httpx.MockTransport(answer)


def _may_repeat(answer: Answer) -> bool:
    if answer.status in _ASKS_FOR_PATIENCE:
        return answer.code != IN_MAINTENANCE
    is_server_error = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return answer.method == "GET" and is_server_error and answer.status != HTTPStatus.NOT_IMPLEMENTED


def _patience(answer: Answer, pause: float) -> float:
    asked = asked_patience(answer.headers)
    if asked is not None:
        return asked
    return MINUTE if answer.status == HTTPStatus.TOO_MANY_REQUESTS else pause


def _may_repeat_after(error: httpx.RequestError, method: str) -> bool:
    if _is_about_trust(error):
        return False
    return method == "GET" or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _is_about_trust(error: BaseException | None) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError) or (error is not None and _is_about_trust(error.__cause__))


def _translate(error: httpx.RequestError, request: str, connection: Connection) -> LiveError:
    host = httpx.URL(connection.url).host
    remedy = TRY_LATER if request.startswith("GET ") else RUN_PLAN
    if _is_about_trust(error):
        message = f"the certificate of {host} is not trusted: {plain(error)}"
        return Unreachable(message, "Where a proxy of your network opens connections, point SSL_CERT_FILE to its CA.")
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            message = f"{host} could not be reached: {plain(error)}"
            return Unreachable(message, "Check the network, the proxy, and `organization.live` in the document.")
        case httpx.TimeoutException():
            return Unreachable(f"{request} had no answer within {connection.read_seconds:g} seconds", remedy)
        case httpx.RemoteProtocolError() | httpx.DecodingError():
            return UnreadableAnswer(f"the answer to {request} broke off or was no HTTP: {plain(error)}", remedy)
        case _:
            return Unreachable(f"the connection broke during {request}: {plain(error)}", remedy)
