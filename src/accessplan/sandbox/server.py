"""The sandbox behind a real socket."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from accessplan.sandbox import people
from accessplan.sandbox.door import Door, RateLimit
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.front import date, handle
from accessplan.sandbox.store import Store
from accessplan.sandbox.wire import Request

_THREADS = 8


def serve(
    store: Store,
    *,
    host: str = "127.0.0.1",
    port: int,
    rate_limit: int | None = None,
    as_user: str | None = None,
    on_ready: Callable[[int], None] = lambda _: None,
) -> None:
    """Answer over HTTP until interrupted; any bearer token is taken as that of the token_user, or of `as_user`.

    Port 0 picks a free one; `on_ready` is told which. Raises Refused when `as_user` is no user, OSError when the port
    is taken.
    """
    from waitress.server import create_server  # noqa: PLC0415  only this needs it

    if as_user is not None:
        with store.transaction() as db:
            if people.find_user(db, as_user) is None:
                raise Refused(f"{as_user} is no user of the organization")
    door = Door(token_required=True, as_user=as_user, limit=None if rate_limit is None else RateLimit(rate_limit))
    server = create_server(application(store, door), host=host, port=port, threads=_THREADS, ident="sandbox")
    on_ready(int(server.effective_port))  # type: ignore[union-attr]  # one address, so one server, which has it
    try:
        server.run()
    finally:
        server.close()


def application(store: Store, door: Door) -> Callable[[Mapping[str, Any], Callable[..., object]], Iterable[bytes]]:
    """The sandbox as a WSGI application."""

    def answer(environ: Mapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        given = handle(_request(environ), store, door=door)
        headers = [("date", date(store)), *given.headers.items(), ("content-length", str(len(given.body)))]
        start_response(f"{given.status} {_phrase(given.status)}", headers)
        return [given.body]

    return answer


def _request(environ: Mapping[str, Any]) -> Request:
    headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),  # WSGI gives bytes in a text
        query=tuple(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
        headers=headers,
        body=environ["wsgi.input"].read(),
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
