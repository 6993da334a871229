"""The check of conformance finds what does not fit."""

import json
from dataclasses import replace

import pytest
from tests.conformance.check import Met, faults
from tests.conformance.documents import FOLDER
from tests.conformance.record import Exchange

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published OpenAPI documents are not here")

URL = "https://api.example/1/accounts/4242/teams"
JSON = {"content-type": "application/json"}
TEAM = {
    "id": 7, "name": "Web", "color_id": 1, "owned_by_id": None, "created_by_id": 1, "is_sso": False,
    "created_at": 0, "updated_at": 0, "permissions": [],
}  # fmt: skip


def answer(data, **more):
    return json.dumps({"result": "success", "data": data, **more}).encode()


CREATED = Exchange("accessplan", "POST", URL, JSON, b'{"name": "Web"}', 201, JSON, answer(TEAM))
LISTED = Exchange("accessplan", "GET", f"{URL}?page=1", {}, b"", 200, JSON, answer([TEAM], page=1))


@pytest.mark.parametrize("exchange", [CREATED, LISTED])
def test_what_fits_has_no_fault(exchange):
    """An exchange as the documents describe it has no fault, and needs no oddity."""
    met: Met = set()
    assert (list(faults(exchange, met)), met) == ([], set())


@pytest.mark.parametrize(
    ("exchange", "fault"),
    [
        (replace(CREATED, method="PUT"), "PUT /1/accounts/4242/teams is not documented"),
        (replace(LISTED, url=URL.replace("4242", "mine")), "path.account is not integer"),
        (replace(LISTED, url=f"{URL}?pages=1"), "query.pages is not documented"),
        (replace(LISTED, url=f"{URL}?page=one"), "query.page is not integer"),
        (replace(LISTED, url=f"{URL}?per_page=0"), "query.per_page breaks minimum 1"),
        (replace(LISTED, url=f"{URL}?order_by=name,colour"), 'query.order_by[] is "colour", which is not documented'),
        (replace(LISTED, url=f"{URL}?order_for[name]=up"), 'query.order_for.name is "up", which is not documented'),
        (replace(LISTED, url=f"{URL}?filter[team_ids][]=0"), "query.filter.team_ids[] breaks minimum 1"),
        (replace(LISTED, url=f"{URL}?filter[teams]=7"), "query.filter.teams is not documented"),
        (replace(LISTED, body=b"{}"), "the body is not sent as JSON"),
        (replace(CREATED, body=b"{}"), "body.name is missing"),
        (replace(CREATED, body=b'{"name": ""}'), "body.name breaks minLength 1"),
        (replace(CREATED, body=b'{"name": "Web", "color": 1}'), "body.color is not documented"),
        (replace(CREATED, status=202), "202 is not documented"),
        (replace(CREATED, answer_headers={}), "the answer is not sent as JSON"),
        (replace(CREATED, answer=answer([TEAM])), "answer.data is not object"),
        (replace(CREATED, answer=answer(TEAM | {"owned_by": {}})), "answer.data.owned_by.email is missing"),
        (replace(CREATED, answer=answer(TEAM | {"colour": 1})), "answer.data.colour is not documented"),
        (replace(LISTED, answer=answer([TEAM | {"name": None}])), "answer.data[].name is not string"),
        (replace(LISTED, answer=answer([], count=0)), "answer.count is not documented"),
        (replace(LISTED, url=f"{URL}?return=total"), "answer.data is not integer"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_does_not_fit_is_named(exchange, fault):
    """Whatever differs from the documents is a fault that says where and what."""
    assert fault in " | ".join(faults(exchange, set()))


def test_an_oddity_is_looked_into():
    """What stands where an oddity is known must be what the oddity says, and nothing else."""
    url = "https://api.example/2/accounts/4242/users"
    met: Met = set()
    users = replace(LISTED, url=url, answer=answer([{"user_id": 1, "teams": [{"id": "7"}]}]))
    found = " | ".join(faults(users, met))
    assert {what for _, what in met} == {"answer.data is not object", "answer.data[].teams is not string"}
    assert "answer.data[].teams[].id is not integer" in found
    assert "answer.data[].email is missing" in found
