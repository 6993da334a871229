"""Whose token it is: told by the read where one person alone can be it, else asked for."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from accessplan.have.api import Connection, open_api
from accessplan.have.caller import ask_caller
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.sandbox import Store, call, open_store, seed

CLAIRE = {"email": "Claire@example.ch", "first_name": "C", "last_name": "F", "role": "owner"}
DANA = CLAIRE | {"email": "dana@example.ch"}
ANA = CLAIRE | {"email": "ana@example.ch", "role": "normal"}
INVITED = {"email": "new@example.ch", "first_name": "N", "last_name": "O", "role": "owner"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "sandbox.db")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("users", "invitations", "told"),
    [([CLAIRE, ANA], [], CLAIRE), ([CLAIRE, ANA], [INVITED], CLAIRE), ([CLAIRE, DANA, ANA], [], None)],
)
def test_whose_token_it_is(
    store: Store, users: list[object], invitations: list[object], told: dict[str, str] | None
) -> None:
    """One active user with the role of the token's owner is the owner; of two, either may be, and the profile tells."""
    seed(
        store,
        {
            "organization": {"id": 4242, "name": "Example SA"},
            "token_user": CLAIRE["email"],
            "users": users,
            "invitations": invitations,
        },
        datetime(2026, 11, 21, 12, tzinfo=UTC),
    )
    with open_api(Connection(handler=partial(call, store))) as api:
        reader = Reader(api)
        assert read(reader, 4242).caller == (told["email"].lower() if told else "")
        assert ask_caller(reader) == "claire@example.ch"


@pytest.mark.parametrize(
    ("status", "profile", "email"),
    [
        (200, {"email": " ANA@example.ch"}, "ana@example.ch"),
        (200, {"email": None, "login": "Ana@example.ch"}, "ana@example.ch"),
        (200, {"display_name": "Ana"}, ""),
        (403, {}, ""),
    ],
)
def test_a_profile_that_does_not_say(status: int, profile: Mapping[str, object], email: str) -> None:
    """Where the profile is refused or shows no address nobody knows whose token it is, and that stops nothing."""
    body = {"result": "success", "data": profile} if status == 200 else {"result": "error", "error": {"code": "no"}}
    with open_api(Connection(handler=lambda *_: (status, {}, json.dumps(body).encode()))) as api:
        assert ask_caller(Reader(api)) == email
