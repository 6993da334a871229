"""The sandbox as it describes itself, held to that over HTTP."""

import json
import os
import shutil

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.sandbox.served import served

from accessplan.sandbox import open_store
from accessplan.sandbox.body import text
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import Endpoint, endpoint
from accessplan.sandbox.openapi import PATH, document
from accessplan.sandbox.parameters import Query
from accessplan.sandbox.routes import ROUTES
from accessplan.sandbox.wire import ApiError, Request, read_json, success

EXAMPLES = int(os.environ.get("ACCESSPLAN_EXAMPLES", "4"))
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
DESCRIBED = json.loads(json.dumps(document()))

IDS: dict[str, list[int] | list[str]] = {
    "account": [4242],
    "team": [2001, 2002],
    "invitation": [3001, 3002, 3003],
    "user": [1001, 1002, 1003, 1004],
    "user_id": [1001, 1002, 1003, 1004],
    "drive_id": [500_301],
    "mail_id": [201],
    "service_mail": [201],
    "mailbox_name": ["director"],
}
"""What the paths may name in the organization of the tests, so that something is found."""

schema = schemathesis.openapi.from_dict(DESCRIBED)
schema.config.phases.coverage.enabled = False  # it asks a hundred times of each operation


@schema.hook
def map_path_parameters(_, path_parameters):
    """Name what is there, three times of four."""
    given = path_parameters or {}
    number = sum(map(ord, repr(given)))
    there = {name: ids[number % len(ids)] for name, ids in IDS.items() if name in given and number % 4}
    return {**given, **there}


@pytest.fixture(scope="module")
def server(seeded, tmp_path_factory):
    """The organization behind a socket, and a session with a token."""
    file = shutil.copy(seeded, tmp_path_factory.mktemp("served") / "sandbox.db")
    with open_store(file) as store, served(store) as client, requests.Session() as session:
        session.headers["Authorization"] = "Bearer any"
        session.trust_env = False
        yield {"base_url": str(client.base_url), "session": session}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_the_sandbox_is_as_it_says(case, server):
    """Whatever is asked, the answer has a described status, is JSON, and is in the described envelope."""
    case.call_and_validate(**server, checks=CHECKS)


@schema.include(method=["POST", "PATCH", "PUT", "DELETE"]).parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_a_body_is_as_it_says(case):
    """What the description of a body lets through has no problem for the sandbox, and what it does not has one."""
    written = case.operation.body
    check = next(each.body for method, path, each in ROUTES if (method, path) == (case.method, case.operation.path))
    assert bool(written) == (check is not None)
    if check is not None and isinstance(case.body, dict):
        body = read_json(Request(case.method, case.path, (), {}, json.dumps(case.body).encode()))
        assert (not list(check(body, ""))) == Draft202012Validator(check.schema).is_valid(body)


def test_every_route_is_described():
    """Each route says what it takes, has a summary and its own name, and stands in the document."""
    assert {type(each) for *_, each in ROUTES} == {Endpoint}
    operations = [
        (method.upper(), path, each) for path, methods in DESCRIBED["paths"].items() for method, each in methods.items()
    ]
    assert sorted((method, path) for method, path, _ in operations) == sorted(row[:2] for row in ROUTES)
    assert len({each["operationId"] for *_, each in operations}) == len(operations)
    assert [path for _, path, each in operations if not each["summary"]] == []


def test_what_is_described():
    """The document tells parameters, bodies, statuses, and what can be loaded."""
    users = DESCRIBED["paths"]["/2/accounts/{account}/users"]["get"]
    parameters = {each["name"]: each for each in users["parameters"]}
    assert parameters["filter[invitation_status]"]["schema"]["enum"] == ["pending", "accepted", "rejected", "cancelled"]
    assert parameters["filter[team_ids][]"]["schema"]["items"]["type"] == "integer"
    assert "service_permissions" in parameters["with"]["schema"]["items"]["enum"]
    teams = DESCRIBED["paths"]["/1/accounts/{account}/teams"]["post"]
    assert teams["requestBody"]["content"]["application/json"]["schema"]["required"] == ["name"]
    assert list(teams["responses"]) == ["201", "401", "403", "404", "409", "422", "429", "503"]


def test_served_and_embedded(server, api):
    """The document is the same in this process and over HTTP, without an envelope and without a token."""
    over_http = requests.get(server["base_url"] + PATH, timeout=10)
    assert over_http.headers["content-type"] == "application/json"
    assert over_http.json() == api("GET", PATH).envelope == DESCRIBED


def test_nothing_else_is_read(store):
    """An endpoint cannot read a parameter, or a body, that it does not say it takes."""
    with store.transaction() as db:
        caller = db.execute("SELECT * FROM users").fetchone()
        context = Context(db, caller, {}, Query((("a", "1"),)), {"b": 1}, 0)
        with pytest.raises(LookupError, match="does not say"):
            endpoint()(lambda asked: success(asked.query.text("a")))(context)
        with pytest.raises(LookupError, match="does not say"):
            endpoint()(lambda asked: success(asked.body))(context)
        with pytest.raises(ApiError, match="Validation failed"):
            endpoint(body=text())(lambda asked: success(asked.body))(context)
