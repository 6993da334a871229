"""Our client against the sandbox, which was written apart from it from the same documents."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.errors import RequestRefused
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import Grant, Membership, Team, User, team_address, user_address
from accessplan.sandbox import Store, call, open_store, seed

NOW = datetime(2026, 11, 21, tzinfo=UTC)

ORGANIZATION: dict[str, Any] = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "tags": ["production"]},
        {"id": 102, "service": "hosting", "name": "www"},
    ],
    "users": [
        {"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"},
        {"email": "ana@example.ch", "first_name": "Ana", "last_name": "Keller", "role": "normal",
         "grants": [{"product": 101, "rights": ["technical"]},
                    {"service": "hosting", "rights": ["technical", "statistic"], "apply_to_all": True}]},
        *({"email": f"user{number}@example.ch", "first_name": "U", "last_name": str(number), "role": "normal"}
          for number in range(120)),
    ],
    "invitations": [{"email": "late@agency.example", "first_name": "Lee", "last_name": "Late", "role": "normal"}],
    "teams": [{"name": "Web", "leader": "claire@example.ch", "services": ["hosting"],
               "members": ["ana@example.ch"]}],
}  # fmt: skip


def told_nothing(email: str, role: str) -> User:
    """Describe somebody who is told of nothing by mail."""
    return User(email, role, notify_billing=False, notify_products=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "organization.db") as store:
        seed(store, ORGANIZATION, NOW)
        yield store


@pytest.fixture
def api(store: Store) -> Iterator[Api]:
    with open_api(Connection(handler=partial(call, store))) as api:
        yield api


def test_the_sandbox_is_read_as_its_file_says(api: Api) -> None:
    """What stands in the organization file is what is read, over pages that the sandbox cuts to a hundred rows."""
    live = read(Reader(api), 4242)
    ana, web = user_address("ana@example.ch"), team_address("Web")
    assert live.organization_name == "Example SA"
    assert live.state.user("claire@example.ch") == told_nothing("claire@example.ch", "legal_representative")
    assert live.state.user("ana@example.ch") == replace(told_nothing("ana@example.ch", "collaborator"), billing=False)
    late = live.state.user("late@agency.example")
    assert late
    assert late.invited
    assert [each for each in live.state.entries.values() if not isinstance(each, User)] == [
        Team("Web", "claire@example.ch"),
        Membership("Web", "ana@example.ch"),
        Grant(ana, "hosting/*", frozenset({"technical", "statistic"})),
        Grant(ana, "domain/example.ch", frozenset({"technical"})),
        Grant(web, "hosting/*", frozenset({"technical", "statistic"})),
    ]
    assert len(live.state.entries) == 123 + 5
    assert api.requests_made == 6


def test_what_is_written_is_read_back(api: Api) -> None:
    """A team and an invitation made by requests stand in the next read, under the numbers that the answers gave."""
    team = api.send("POST", "/1/accounts/4242/teams", {"name": "Ops"})
    assert isinstance(team, dict)
    lee = {"email": "Lee@example.ch", "first_name": "Lee", "last_name": "Low", "locale": "fr_FR", "role_type": "admin"}
    invitation = api.send("POST", "/1/accounts/4242/invitations", {**lee, "teams": [team["id"]]})
    assert isinstance(invitation, dict)
    live = read(Reader(api), 4242)
    assert live.state.team("Ops") == Team("Ops")
    assert live.state.user("lee@example.ch") == told_nothing("lee@example.ch", "administrator")
    assert Membership("Ops", "lee@example.ch") in live.state.entries.values()
    assert live.ids[team_address("Ops")] == team["id"]
    assert live.ids[user_address("lee@example.ch")] == invitation["id"]


def test_an_api_that_shows_less_gives_the_same_state(api: Api, store: Store) -> None:
    """Where the list of users knows only rights on services, teams, products and invitations tell the rest."""

    def less(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        if "4242/users?" in url and "with=teams" in url:
            context = {"attribute": "with", "values": ["service_permissions"]}
            error = {"code": "validation_failed", "errors": [{"context": context}]}
            return 422, {}, json.dumps({"result": "error", "error": error}).encode()
        return call(store, method, url, headers, body)

    api.send("POST", "/1/accounts/4242/teams", {"name": "Ops"})
    with open_api(Connection(handler=less)) as limited:
        live, whole = read(Reader(limited), 4242), read(Reader(api), 4242)
    assert live.state == whole.state
    assert live.ids == whole.ids
    assert limited.requests_made == 6 + 1 + 1 + 2


def test_a_refusal_of_the_sandbox_says_what_is_wrong(api: Api) -> None:
    """A write that breaks the documented rules is refused with the attributes that are wrong."""
    with pytest.raises(RequestRefused, match="locale") as caught:
        api.send("POST", "/1/accounts/4242/invitations", {"email": "lee@example.ch", "locale": "xx"})
    assert (caught.value.status, caught.value.code) == (422, "validation_failed")
    with pytest.raises(RequestRefused) as caught:
        read(Reader(api), 4243)
    assert caught.value.status == 404
