import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

from accessplan.errors import RequestRefused, UnreadableAnswer
from accessplan.have.api import Api, Handler
from accessplan.have.reader import Reader

Embed = Callable[[Handler], Api]
Answered = tuple[int, dict[str, str], bytes]


def send(status: int, envelope: Mapping[str, object]) -> Answered:
    return status, {}, json.dumps(envelope).encode()


def refuse(attribute: str, *values: str) -> Answered:
    problem = {"code": "validation_rule_in", "context": {"attribute": attribute, "values": values}}
    return send(422, {"result": "error", "error": {"code": "validation_failed", "errors": [problem]}})


class ListOf:
    """Plays a list of numbered rows: cut to `most` rows a page, more than `refused` refused, `with` limited."""

    def __init__(self, count: int, *, most: int = 1000, refused: int = 10**6, allowed: tuple[str, ...] = ()) -> None:
        self.rows: list[dict[str, object]] = [{"id": number} for number in range(count)]
        self.most, self.refused, self.allowed = most, refused, allowed
        self.asked: list[dict[str, str]] = []

    def __call__(self, _method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> Answered:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(query)
        if not set(filter(None, query.get("with", "").split(","))) <= set(self.allowed):
            return refuse("with", *self.allowed)
        if int(query["per_page"]) > self.refused:
            return refuse("per_page")
        page, size, total = int(query["page"]), min(int(query["per_page"]), self.most), len(self.rows)
        some = self.rows[(page - 1) * size : page * size]
        paging = {"total": total, "page": page, "pages": -(-total // size), "items_per_page": size}
        return send(200, {"result": "success", "data": some, **paging})


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_a_short_list_takes_one_request(embed: Embed, count: int) -> None:
    """A list that fits on a page of a thousand is read by one request."""
    rows = ListOf(count)
    assert Reader(embed(rows)).pages("/1/x", {"account_id": 7}) == rows.rows
    assert rows.asked == [{"account_id": "7", "page": "1", "per_page": "1000"}]


def test_the_answer_says_how_long_its_pages_are(embed: Embed) -> None:
    """Where the server cuts pages shorter, the other pages are asked for in its length, once each."""
    rows = ListOf(450, most=100)
    assert Reader(embed(rows)).pages("/1/x") == rows.rows
    assert [(each["page"], each["per_page"]) for each in rows.asked] == [
        ("1", "1000"), ("2", "100"), ("3", "100"), ("4", "100"), ("5", "100"),
    ]  # fmt: skip


def test_a_list_without_paging_is_whole(embed: Embed) -> None:
    """An answer without paging fields is the whole list, and may say a thing twice."""
    reader = Reader(embed(lambda *_: send(200, {"result": "success", "data": [{"id": 1}, {"id": 1}]})))
    assert reader.pages("/1/x") == [{"id": 1}, {"id": 1}]
    assert reader.get_list("/1/x") == [{"id": 1}, {"id": 1}]


def test_a_page_length_that_is_refused_is_learned(embed: Embed) -> None:
    """Where a thousand rows a page are refused, a hundred are asked for, and from then on at once."""
    rows = ListOf(150, refused=100)
    reader = Reader(embed(rows))
    assert reader.pages("/1/x") == rows.rows
    assert reader.pages("/1/x") == rows.rows
    assert [each["per_page"] for each in rows.asked] == ["1000", "100", "100", "100", "100"]


def test_a_lost_row_is_noticed(embed: Embed) -> None:
    """A page that lost a row makes the whole read incomplete."""

    def losing(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        status, sent, raw = ListOf(250, most=100)(method, url, headers, body)
        envelope = json.loads(raw)
        if envelope["page"] == 2:
            del envelope["data"][5]
        return status, sent, json.dumps(envelope).encode()

    with pytest.raises(UnreadableAnswer, match="incomplete read of /1/x: 250 rows were announced, 249 came"):
        Reader(embed(losing)).pages("/1/x")


def test_a_row_that_comes_twice_is_noticed(embed: Embed) -> None:
    """A list that gives one row twice may have lost another."""

    def always_the_first_page(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        return ListOf(200, most=100)(method, url.replace("page=2", "page=1"), headers, body)

    with pytest.raises(UnreadableAnswer, match="came twice"):
        Reader(embed(always_the_first_page)).pages("/1/x")


@pytest.mark.parametrize(
    "rows",
    [
        [{"user_id": 1, "invitation_id": None}, {"user_id": None, "invitation_id": 1}],
        [{"service_id": 1, "id": 9}, {"service_id": 14, "id": 9}],
        [{"service_id": 1}, {"service_id": 1}],
        [{"name": "a"}, {"name": "a"}],
    ],
)
def test_rows_differ_by_all_their_numbers(embed: Embed, rows: list[dict[str, object]]) -> None:
    """A user and an invitation, or products of two services, may have the same number."""
    paging = {"total": 2, "page": 1, "pages": 1, "items_per_page": 1000}
    reader = Reader(embed(lambda *_: send(200, {"result": "success", "data": rows, **paging})))
    assert reader.pages("/1/x") == rows


def test_additional_data_is_asked_for_in_one_parameter(embed: Embed) -> None:
    """All additional data is asked for at once, on each page."""
    rows = ListOf(2, most=1, allowed=("teams", "users"))
    reader = Reader(embed(rows))
    assert len(reader.pages("/1/x", want=("teams", "users"))) == 2
    assert [each["with"] for each in rows.asked] == ["teams,users", "teams,users"]
    assert reader.refused("/1/x", ("teams", "users")) == ()


def test_additional_data_that_is_refused_is_learned(embed: Embed) -> None:
    """After a 422 what is allowed is asked for, then and later, and the rest is known as refused."""
    rows = ListOf(2, allowed=("teams", "security"))
    reader = Reader(embed(rows))
    for _ in range(2):
        assert len(reader.pages("/1/x", want=("teams", "permissions"))) == 2
    assert [each.get("with") for each in rows.asked] == ["teams,permissions", "teams", "teams"]
    assert reader.refused("/1/x", ("teams", "permissions")) == ("permissions",)
    assert reader.refused("/1/y", ("teams", "permissions")) == ()


def test_what_one_object_refuses_all_of_its_kind_refuse(embed: Embed) -> None:
    """What is learned of one invitation holds for the others."""
    asked: list[str] = []

    def handler(_method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> Answered:
        asked.append(url.removeprefix("https://api.infomaniak.com"))
        return refuse("with", "teams") if "permissions" in url else send(200, {"result": "success", "data": {}})

    reader = Reader(embed(handler))
    for number in (7, 8):
        reader.get(f"/1/accounts/4242/invitations/{number}", want=("teams", "permissions"))
    assert asked == [
        "/1/accounts/4242/invitations/7?with=teams%2Cpermissions",
        "/1/accounts/4242/invitations/7?with=teams",
        "/1/accounts/4242/invitations/8?with=teams",
    ]


def test_a_refusal_without_allowed_values_means_none(embed: Embed) -> None:
    """Where the refusal does not say what is allowed, no additional data is asked for."""
    rows = ListOf(1)
    assert Reader(embed(rows)).pages("/1/x", want=("teams",)) == [{"id": 0}]
    assert [each.get("with") for each in rows.asked] == ["teams", None]


def test_both_lessons_can_be_learned_of_one_path(embed: Embed) -> None:
    """A path may refuse additional data and the length of pages, one after the other."""
    rows = ListOf(150, refused=100, allowed=("teams",))
    assert len(Reader(embed(rows)).pages("/1/x", want=("teams", "nope"))) == 150
    assert len(rows.asked) == 4


@pytest.mark.parametrize("attribute", ["with", "per_page", "account_id"])
def test_a_path_that_refuses_whatever_is_asked_is_not_asked_forever(embed: Embed, attribute: str) -> None:
    """A refusal that teaches nothing new is passed on."""
    asked: list[str] = []

    def handler(_method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> Answered:
        asked.append(url)
        return refuse(attribute, "teams")

    with pytest.raises(RequestRefused, match="validation_failed"):
        Reader(embed(handler)).pages("/1/x", want=("teams",))
    assert len(asked) <= 2


def test_a_reader_cannot_write() -> None:
    """What a plan is made with has no way to change anything."""
    assert not [name for name in dir(Reader) if name in ("send", "post", "patch", "put", "delete", "exchange")]


def test_reads_made_together_are_made_in_order_when_embedded(embed: Embed) -> None:
    """Embedded reads go one after the other."""
    order: list[int] = []
    reader = Reader(embed(lambda *_: send(200, {"result": "success"})))
    assert reader.together([lambda: order.append(1), lambda: order.append(2)]) == [None, None]
    assert order == [1, 2]
    assert reader.together([]) == []
