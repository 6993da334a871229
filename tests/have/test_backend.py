import json
from collections.abc import Callable

import pytest

from accessplan.errors import ItemsRefused, UnreadableAnswer
from accessplan.have.api import Api, Handler
from accessplan.have.backend import LiveBackend
from accessplan.model import team_address, user_address
from accessplan.route import Request

WEB = team_address("Web")
CREATE = Request("POST", "/1/accounts/{account}/teams", {"account": 4242}, {"name": "Web"}, creates=WEB)
DELETE = Request("DELETE", "/1/accounts/{account}/teams/{team}", {"account": 4242, "team": WEB}, {})


@pytest.mark.parametrize("number", [b"31", b'"31"'])
def test_the_number_of_what_is_created_is_learnt(embed: Callable[[Handler], Api], number: bytes) -> None:
    """What was just created is found by the number that the answer gives, be it written as text."""
    sent: list[str] = []

    def answer(_method: str, url: str, *_: object) -> tuple[int, dict[str, str], bytes]:
        sent.append(url.partition("4242")[2])
        return 200, {}, b'{"result":"success","data":{"id":%s}}' % number

    backend = LiveBackend(embed(answer), {})
    backend.send(CREATE)
    backend.send(DELETE)
    assert sent == ["/teams", "/teams/31"]


@pytest.mark.parametrize("data", [b"true", b"[]", b"{}", b'{"id":true}', b'{"id":"x"}', b'{"id":null}'])
def test_an_answer_without_a_number_is_unreadable(embed: Callable[[Handler], Api], data: bytes) -> None:
    """What was created cannot be used where the answer does not give its number."""
    backend = LiveBackend(embed(lambda *_: (201, {}, b'{"result":"success","data":%s}' % data)), {})
    with pytest.raises(UnreadableAnswer, match="does not give its number"):
        backend.send(CREATE)


ANA, BOB = user_address("ana@example.ch"), user_address("bob@example.ch")
BY_NUMBER = Request("POST", "/2/drive/7/users", {}, {"role": "user", "user_ids": [ANA, BOB]}, each=(ANA, BOB))
BY_MAIL = Request("POST", "/2/drive/7/users", {}, {"role": "external", "emails": [ANA.name]}, each=(ANA,))
IN = {"drive_user": {"id": 2, "email": "Ana@example.ch"}}
INVITED = {"invitation": {"id": 9, "user_id": 3, "email": "b@other.example"}}


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([IN, INVITED], {}),
        ([IN, {"error": "drive_user_quota_reached", "user_id": 3}], {BOB: "drive_user_quota_reached"}),
        ([IN, {"error": "no\nplace", "email": "BOB@example.ch"}], {BOB: "no place"}),
        ([IN, {"user_id": "3"}], {BOB: "no reason given"}),
        ([IN], {BOB: "the answer does not mention them"}),
        ([], {ANA: "the answer does not mention them", BOB: "the answer does not mention them"}),
    ],
)
def test_each_person_of_a_request_has_a_row(
    embed: Callable[[Handler], Api], rows: list[object], refused: dict[object, str]
) -> None:
    """An answer of 201 may refuse some of the people: their rows say why, by user number or e-mail address."""
    body = json.dumps({"result": "success", "data": rows}).encode()
    backend = LiveBackend(embed(lambda *_: (201, {}, body)), {ANA: 2, BOB: 3})
    if not refused:
        backend.send(BY_NUMBER)
        return
    with pytest.raises(ItemsRefused) as caught:
        backend.send(BY_NUMBER)
    assert caught.value.items == refused


def test_who_is_invited_by_mail_is_found_by_mail(embed: Callable[[Handler], Api]) -> None:
    """The number that is known of an invited person is that of their invitation: no row is taken for theirs by it."""
    body = b'{"result":"success","data":[{"drive_user":{"id":3001,"email":"other@example.ch"}}]}'
    backend = LiveBackend(embed(lambda *_: (201, {}, body)), {ANA: 3001})
    with pytest.raises(ItemsRefused, match=r"ana@example\.ch: the answer does not mention them"):
        backend.send(BY_MAIL)


@pytest.mark.parametrize("data", [b"true", b"{}", b"[1]"])
def test_people_without_rows_are_unreadable(embed: Callable[[Handler], Api], data: bytes) -> None:
    """Where the answer is no list of rows nobody knows who was refused."""
    backend = LiveBackend(embed(lambda *_: (201, {}, b'{"result":"success","data":%s}' % data)), {ANA: 2, BOB: 3})
    with pytest.raises(UnreadableAnswer, match="not answered with a list of objects"):
        backend.send(BY_NUMBER)
