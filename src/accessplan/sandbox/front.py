"""From a request to an answer."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from accessplan.sandbox import control, faults, people, routes
from accessplan.sandbox.context import Context
from accessplan.sandbox.door import EMBEDDED, Door
from accessplan.sandbox.parameters import Query
from accessplan.sandbox.store import Store, setting
from accessplan.sandbox.wire import Answer, ApiError, Request, not_found, read_json


def call(
    store: Store, method: str, url: str, headers: Mapping[str, str], body: bytes, *, door: Door = EMBEDDED
) -> tuple[int, dict[str, str], bytes]:
    """Answer a request given as plain data; `url` may be absolute."""
    parts = urlsplit(url.encode(errors="replace").decode())
    request = Request(
        method=method.upper(),
        path=unquote(parts.path),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in headers.items()},
        body=body,
    )
    answer = handle(request, store, door=door)
    return answer.status, {"date": date(store), **answer.headers}, answer.body


def date(store: Store) -> str:
    """Tell the time by the sandbox's clock, as the header of an answer does."""
    return format_datetime(store.clock().astimezone(UTC), usegmt=True)


def handle(request: Request, store: Store, *, door: Door = EMBEDDED) -> Answer:
    """Answer a request in one transaction; what is wrong with it is an answer too."""
    try:
        if request.path.startswith("/_sandbox/"):
            return control.answer(request, store)
        request = _overridden(request)
        seconds = door.limit.wait() if door.limit else 0
        with store.transaction() as db:
            _note(db, request)
            fault = None if seconds else faults.take(db, request)
        if seconds:
            return faults.too_many(seconds)
        refused = faults.refuse(fault)
        if refused is not None:
            return refused
        lying = fault is not None and fault["kind"] == "lie"
        with store.transaction(keep=not lying) as db:
            return faults.spoil(fault, _endpoint(request, db, store, door))
    except ApiError as error:
        return error.answer()


def _overridden(request: Request) -> Request:
    """Read a DELETE that was sent as POST, for clients that cannot give DELETE a body [portal]."""
    method = request.headers.get("x-http-method-override") or Query(request.query).text("_method")
    return replace(request, method=method.upper()) if method and request.method == "POST" else request


def _note(db: sqlite3.Connection, request: Request) -> None:
    row = (request.method, request.path, urlencode(request.query))
    db.execute("INSERT INTO requests (method, path, query) VALUES (?, ?, ?)", row)


def _endpoint(request: Request, db: sqlite3.Connection, store: Store, door: Door) -> Answer:
    endpoint, path = routes.find(request.method, request.path)
    organization = setting(db, "organization")
    if organization is None:
        raise ApiError(503, "sandbox_not_seeded", "The sandbox holds no organization: seed it first")
    caller = _caller(request, db, door)
    if path.get("account", organization["id"]) != organization["id"]:
        raise not_found()
    body = {} if request.method == "GET" else read_json(request)
    now = int(store.clock().timestamp())
    return endpoint(Context(db, caller, path, Query(request.query), body, now))


def _caller(request: Request, db: sqlite3.Connection, door: Door) -> sqlite3.Row:
    """The user whose token it is; a token dies with its user."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    has_token = kind.lower() == "bearer" and token.strip()
    email = door.as_user or setting(db, "token_user")
    user = people.find_user(db, email) if email else None
    if user is None or (door.token_required and not has_token):
        raise ApiError(401, "not_authorized", "A bearer token of a user of the organization is needed")
    return user
