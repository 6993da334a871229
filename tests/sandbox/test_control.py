"""The sandbox's own requests: people around it, faults, and the count of requests."""

import json

import pytest

TEAMS = "teams?page=1"


@pytest.fixture
def fault(api):
    """Ask for a fault."""

    def ask(path=".", times=1, **how):
        return api("POST", "/_sandbox/faults", {"path": path, "times": times, **how})

    return ask


def test_accept(api, people):
    """A request makes an invited person accept, or all of them."""
    api("POST", "/_sandbox/accept", {"email": "lee@agency.example"})
    assert people()["lee@agency.example"]["state_in_account"] == "valid"
    assert api("POST", "/_sandbox/accept", {"all": True}).data == []


def test_reject(api, people):
    """A request makes an invited person reject."""
    api("POST", "/_sandbox/reject", {"email": "lee@agency.example"})
    assert "lee@agency.example" not in people()
    reply = api("POST", "/_sandbox/reject", {"email": "lee@agency.example"})
    assert (reply.status, reply.error) == (409, "refused")


def test_perform(api):
    """A request does a manual step; a refusal says why."""
    step = {"act": "remove_user", "user": "ana@example.ch"}
    assert api("POST", "/_sandbox/perform", step).data == "removed ana@example.ch from the organization"
    reply = api("POST", "/_sandbox/perform", {**step, "user": "claire@example.ch"})
    assert (reply.status, reply.error) == (409, "refused")


def test_organization(api):
    """A request shows the organization."""
    assert api("GET", "/_sandbox/organization").data["organization"]["id"] == 4242


def test_requests_are_counted(api):
    """Requests of the API are counted, the sandbox's own are not."""
    api("GET", "teams?with=user_count")
    api("POST", "teams", {})
    noted = api("GET", "/_sandbox/requests").data
    assert noted == {
        "count": 2,
        "requests": [
            {"method": "GET", "path": "/1/accounts/4242/teams", "query": "with=user_count"},
            {"method": "POST", "path": "/1/accounts/4242/teams", "query": ""},
        ],
    }
    api("DELETE", "/_sandbox/requests")
    assert api("GET", "/_sandbox/requests").data["count"] == 0


def test_error(api, fault):
    """A fault befalls so many requests of its method and path, and no others."""
    fault("/teams$", times=2, method="GET", status=500, code="unexpected_error")
    assert api("POST", "teams", {"name": "A"}).status == 201
    assert [api("GET", "teams").status for _ in range(3)] == [500, 500, 200]


def test_retry_after(api, fault):
    """A fault can ask to come back later."""
    fault(kind="retry_after")
    reply = api("GET", "teams")
    assert (reply.status, reply.headers["retry-after"]) == (429, "1")


def test_truncate(api, fault):
    """A fault can cut an answer off."""
    fault(kind="truncate")
    reply = api("GET", "teams")
    assert reply.status == 200
    with pytest.raises(json.JSONDecodeError):
        reply.envelope  # noqa: B018  reading it is the test


def test_drop_item(api, fault):
    """A fault can lose an item that the total still counts."""
    fault(kind="drop_item")
    envelope = api("GET", TEAMS).envelope
    assert (len(envelope["data"]), envelope["total"]) == (1, 2)


def test_lie(api, fault):
    """A fault can make a write look done that was not."""
    fault(kind="lie", method="POST")
    assert api("POST", "teams", {"name": "A"}).status == 201
    assert len(api("GET", "teams").data) == 2


def test_faults_can_be_cleared(api, fault):
    """Faults that were not met can be taken back."""
    fault(times=5)
    api("DELETE", "/_sandbox/faults")
    assert api("GET", "teams").status == 200


@pytest.mark.parametrize(
    ("how", "attribute"), [({"path": "("}, "path"), ({"kind": "fire"}, "kind"), ({"times": 0}, "times")]
)
def test_bad_fault(fault, how, attribute):
    """A fault that cannot be is refused."""
    assert list(fault(**how).problems) == [attribute]
