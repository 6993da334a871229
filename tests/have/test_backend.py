from collections.abc import Callable

import pytest

from accessplan.errors import UnreadableAnswer
from accessplan.have.api import Api, Handler
from accessplan.have.backend import LiveBackend
from accessplan.model import team_address
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
