"""Who gets in, and what any request must be."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessplan.sandbox import Door, RateLimit, call, open_store, perform
from accessplan.sandbox.routes import ROUTES

SERVED = Door(token_required=True)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic eA=="}, {"authorization": "Bearer "}])
def test_token(api, headers):
    """Served, the sandbox asks for a bearer token."""
    reply = api("GET", "/2/profile", headers=headers, door=SERVED)
    assert (reply.status, reply.error) == (401, "not_authorized")


def test_any_token(api):
    """Any bearer token is that of the token_user."""
    assert api("GET", "/2/profile", headers={"Authorization": "bearer x"}, door=SERVED).data["id"] == 1001


def test_token_dies_with_its_user(api, store, now, do):
    """When the token_user is removed, their token is no longer authorized."""
    do("edit_role", user="max@example.ch", role="legal_representative")
    perform(store, {"act": "remove_user", "user": "claire@example.ch", "by": "max@example.ch"}, now)
    assert api("GET", "/2/profile").error == "not_authorized"


@pytest.mark.parametrize("email", ["ana@example.ch", "guest@agency.example"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "teams"),
        ("PATCH", "teams/2001"),
        ("DELETE", "teams/2001"),
        ("POST", "teams/2001/users"),
        ("DELETE", "teams/2001/users"),
        ("POST", "invitations"),
        ("PATCH", "invitations/3001"),
        ("DELETE", "invitations/3001"),
    ],
)
def test_managers_only(api, as_user, email, method, path):
    """Only administrators and legal representatives write teams and invitations."""
    reply = api(method, path, {}, door=as_user(email))
    assert (reply.status, reply.error) == (403, "access_denied")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/1/nothing", "method_not_found"),
        ("PUT", "/1/accounts/4242/teams", "method_not_found"),
        ("GET", "/1/accounts/4242/teams/x", "method_not_found"),
        ("GET", "/1/accounts/4242/teams/" + "9" * 30, "method_not_found"),
        ("GET", "/1/accounts/4242/teams/2999", "object_not_found"),
        ("GET", "/1/accounts/1/teams", "object_not_found"),
        ("GET", "/1/products?account_id=1", "object_not_found"),
        ("GET", "/1/accounts/4242/invitations/1", "object_not_found"),
        ("GET", "/_sandbox/nothing", "method_not_found"),
    ],
)
def test_not_found(api, method, path, code):
    """Unknown paths and objects, and other accounts, are not found."""
    reply = api(method, path)
    assert (reply.status, reply.error) == (404, code)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000, b'{"name": ' + b"9" * 5000 + b"}"])
def test_body_must_be_json(api, body):
    """A body must be a JSON object."""
    assert (api("POST", "teams", body).status, api("POST", "teams", body).error) == (422, "validation_failed")


def test_not_seeded(tmp_path):
    """A sandbox without an organization says so."""
    with open_store(tmp_path / "empty.db") as store:
        status, _, body = call(store, "GET", "/1/accounts", {}, b"")
    assert (status, json.loads(body)["error"]["code"]) == (503, "sandbox_not_seeded")


def test_rate_limit():
    """So many requests pass in any 60 seconds; the next is told how long to wait."""
    seconds = iter([0.0, 10.0, 20.0, 59.5, 60.0, 60.5])
    limit = RateLimit(2, clock=lambda: next(seconds))
    assert [limit.wait() for _ in range(6)] == [0, 0, 40, 1, 0, 10]


def test_too_many(api):
    """Above the limit the answer is 429 with Retry-After."""
    door = Door(limit=RateLimit(1))
    assert api("GET", "/1/accounts", door=door).status == 200
    reply = api("GET", "/1/accounts", door=door)
    assert (reply.status, reply.error, reply.headers["retry-after"]) == (429, "too_many_requests", "60")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["name", "owned_by_id", "permissions", "user_ids", "email", "teams", "role_type", "team_ids", "act", "user", "kind"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from([*((method, path) for method, path, _ in ROUTES), ("POST", "/_sandbox/perform")]),
    body=st.dictionaries(FIELDS, VALUES, max_size=4),
    query=st.lists(st.tuples(st.sampled_from(["page", "with", "order_by", "filter[user_ids][]"]), st.text(max_size=5))),
)
def test_never_raises(api, route, body, query):
    """Whatever a request holds, there is an answer, and it is no fault of the sandbox."""
    method, path = route
    for name, value in (("{account}", 4242), ("{team}", 2001), ("{invitation}", 3001), ("{user}", 1002)):
        path = path.replace(name, str(value))
    asked = "&".join(f"{key}={value}" for key, value in query)
    assert api(method, f"{path}?{asked}", body).status < 500
