"""What only the sandbox has: `/_sandbox/...`, for tests and for the people around the organization."""

from collections.abc import Callable, Mapping
from typing import Any

from accessplan.sandbox import acceptance, faults, manager, openapi, wire
from accessplan.sandbox.body import fields, require, text
from accessplan.sandbox.dump import show
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.store import Store
from accessplan.sandbox.wire import Answer, ApiError, Request, read_json, success

Body = Mapping[str, Any]


def answer(request: Request, store: Store) -> Answer:
    """Answer one of the sandbox's own requests."""
    if (request.method, request.path) == ("GET", openapi.PATH):
        return wire.answer(200, openapi.document())
    act = _ROUTES.get((request.method, request.path))
    if act is None:
        raise ApiError(404, "method_not_found", "Method not found")
    try:
        return success(act(store, {} if request.method == "GET" else read_json(request)))
    except Refused as refused:
        raise ApiError(409, "refused", str(refused)) from refused


def _accept(store: Store, body: Body) -> object:
    if body.get("all") is True:
        return acceptance.accept_all(store, store.clock())
    require(body, fields(required={"email": text(longest=255)}))
    return acceptance.accept(store, body["email"], store.clock())


def _reject(store: Store, body: Body) -> object:
    require(body, fields(required={"email": text(longest=255)}))
    return acceptance.reject(store, body["email"], store.clock())


def _perform(store: Store, body: Body) -> object:
    return manager.perform(store, body, store.clock())


def _organization(store: Store, _: Body) -> object:
    return show(store)


def _add_fault(store: Store, body: Body) -> object:
    with store.transaction() as db:
        faults.add(db, body)
    return True


def _clear_faults(store: Store, _: Body) -> object:
    with store.transaction() as db:
        db.execute("DELETE FROM faults")
    return True


def _requests(store: Store, _: Body) -> object:
    with store.transaction() as db:
        requests = [dict(row) for row in db.execute("SELECT method, path, query FROM requests ORDER BY id")]
    return {"count": len(requests), "requests": requests}


def _clear_requests(store: Store, _: Body) -> object:
    with store.transaction() as db:
        db.execute("DELETE FROM requests")
    return True


_ROUTES: Mapping[tuple[str, str], Callable[[Store, Body], object]] = {
    ("POST", "/_sandbox/accept"): _accept,
    ("POST", "/_sandbox/reject"): _reject,
    ("POST", "/_sandbox/perform"): _perform,
    ("GET", "/_sandbox/organization"): _organization,
    ("POST", "/_sandbox/faults"): _add_fault,
    ("DELETE", "/_sandbox/faults"): _clear_faults,
    ("GET", "/_sandbox/requests"): _requests,
    ("DELETE", "/_sandbox/requests"): _clear_requests,
}
