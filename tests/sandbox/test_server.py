"""The sandbox behind a real socket."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.sandbox.served import served

from accessplan.sandbox import Refused, serve


def test_served(store, api):
    """Over a socket the same organization answers, asks for a token, and shares the store with this process."""
    with served(store) as client:
        assert client.get("/2/profile").json()["data"]["email"] == "claire@example.ch"
        assert client.get("/2/profile", headers={"Authorization": ""}).status_code == 401
        made = client.post("/1/accounts/4242/teams", json={"name": "Caf\u00e9"})
        assert (made.status_code, made.json()["data"]["name"]) == (201, "Caf\u00e9")
        path = f"/1/accounts/4242/teams/{made.json()['data']['id']}/users"
        client.post(path, json={"user_ids": [1002]})
        assert client.request("DELETE", path, json={"user_ids": [1002]}).json()["data"] is True
        assert (
            client.get("/1/accounts/4242/teams", params={"search": "caf\u00e9"}).json()["data"][0]["name"]
            == "Caf\u00e9"
        )
        with ThreadPoolExecutor(8) as pool:
            assert set(
                pool.map(lambda n: client.post(path, json={"user_ids": [n]}).status_code, [1001, 1002] * 10)
            ) == {201}
    assert [each["id"] for each in api("GET", path.removeprefix("/1/accounts/4242/")).data] == [1001, 1002]


def test_rate_limit(store):
    """Over a socket, requests above the limit are told when to come back; the sandbox's own are not counted."""
    with served(store, "2") as client:
        assert [client.get("/2/profile").status_code for _ in range(3)] == [200, 200, 429]
        assert int(client.get("/2/profile").headers["Retry-After"]) in range(1, 61)
        assert client.get("/_sandbox/requests").json()["data"]["count"] == 4


def test_as_nobody(store):
    """Nobody can be served who is no user."""
    with pytest.raises(Refused, match=r"who@x\.ch is no user"):
        serve(store, port=0, as_user="who@x.ch")
