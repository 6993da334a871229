import json

import pytest

from accessplan.errors import Exit, LiveError, RequestRefused, TokenRefused, Unreachable, UnreadableAnswer
from accessplan.have.answer import Answer, Paging


def answer(body: object, status: int = 200, method: str = "GET") -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(method, "/1/accounts/4242/teams", status, {}, raw)


def refusal(code: str, description: str = "Why not.", errors: object = ()) -> dict[str, object]:
    return {"result": "error", "error": {"code": code, "description": description, "errors": errors}}


def fault(answered: Answer) -> LiveError:
    """Return the fault that reading an answer gives."""
    with pytest.raises(LiveError) as caught:
        answered.data()
    assert caught.value.exit is Exit.LIVE
    return caught.value


def test_data_is_returned_and_unknown_fields_are_let_be() -> None:
    """A success gives its data, whatever else the envelope holds."""
    envelope = {"result": "success", "data": [{"id": 1}], "response_at": 5, "uri": "x"}
    assert answer(envelope).rows() == [{"id": 1}]
    assert answer(envelope).paging() is None
    assert answer({"result": "success", "data": {"id": 1}}, 201).row() == {"id": 1}
    assert answer({"result": "success"}).data() is None


@pytest.mark.parametrize(
    "body",
    [b"", b'{"result":"succ', b"pong", b"[1]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b"1" * 5000,
     {"result": "error"}, {"result": "maybe", "data": []}, {"data": []}, {}],
)  # fmt: skip
def test_what_is_no_success_cannot_be_read(body: object) -> None:
    """An answer that is cut off, no JSON, no envelope, or no success is unreadable."""
    assert isinstance(fault(answer(body)), UnreadableAnswer)


@pytest.mark.parametrize("data", [None, {"id": 1}, "text", 5, [1], [{"id": 1}, None]])
def test_a_list_holds_objects(data: object) -> None:
    """Data that is no list of objects is refused where a list is expected."""
    with pytest.raises(UnreadableAnswer, match="list of objects"):
        answer({"result": "success", "data": data}).rows()


@pytest.mark.parametrize("data", [None, [{"id": 1}], "text", True])
def test_an_object_is_an_object(data: object) -> None:
    """Data that is no object is refused where one is expected."""
    with pytest.raises(UnreadableAnswer, match="object"):
        answer({"result": "success", "data": data}).row()


def test_a_web_page_is_no_answer() -> None:
    """A sign-in page of the network is said to be one."""
    page = b"\n<!DOCTYPE html><title>Hotel Wi-Fi</title>"
    for status in (200, 404):
        error = fault(answer(page, status))
        assert isinstance(error, UnreadableAnswer)
        assert "web page" in str(error)
        assert "Hotel" not in str(error)
        assert "proxy" in error.remedy


def test_an_answer_put_off_is_not_taken_for_done() -> None:
    """A request that was put in a queue is unreadable, and the next plan tells."""
    error = fault(answer({"result": "asynchronous", "data": "uuid"}, 202, "POST"))
    assert isinstance(error, UnreadableAnswer)
    assert "accessplan plan" in error.remedy


@pytest.mark.parametrize(
    ("method", "status", "kind"),
    [
        ("GET", 301, UnreadableAnswer),
        ("GET", 401, TokenRefused),
        ("POST", 401, TokenRefused),
        ("GET", 403, TokenRefused),
        ("POST", 403, RequestRefused),
        ("GET", 404, RequestRefused),
        ("DELETE", 404, RequestRefused),
        ("POST", 400, RequestRefused),
        ("POST", 409, RequestRefused),
        ("POST", 422, RequestRefused),
        ("GET", 429, Unreachable),
        ("POST", 429, Unreachable),
        ("GET", 500, Unreachable),
        ("POST", 500, RequestRefused),
        ("GET", 501, RequestRefused),
        ("GET", 503, Unreachable),
    ],
)
def test_each_status_has_its_fault(method: str, status: int, kind: type[LiveError]) -> None:
    """A status means one kind of fault, with what to do; a write that is refused lets the others go on."""
    error = fault(answer(refusal("a_code"), status, method))
    assert type(error) is kind
    assert error.remedy or status in (400, 422, 500, 501)
    if isinstance(error, RequestRefused):
        assert (error.status, error.code) == (status, "a_code")
        assert str(error) == f"{method} /1/accounts/4242/teams was refused ({status} a_code: Why not.)"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_error_without_a_reason_is_no_refusal(method: str) -> None:
    """A page of a gateway with a server error means that the live system cannot be reached."""
    for body in (b"<html>Bad gateway</html>", b"", {"result": "error"}):
        assert isinstance(fault(answer(body, 502, method)), Unreachable)


def test_a_401_without_a_reason_is_about_the_token() -> None:
    """A 401 is about the token even where its body says nothing."""
    assert isinstance(fault(answer(b"", 401)), TokenRefused)


def test_a_validation_error_names_attributes_and_allowed_values() -> None:
    """What is wrong with each attribute, and which values it takes, stands in the text."""
    errors = [
        {"code": "rule_in", "description": "no", "context": {"attribute": "locale", "values": ["de_DE", 5]}},
        {"code": "validation_rule_required", "context": {"attribute": "email"}},
        {"code": "validation_rule_x"},
        "nonsense",
    ]
    refused = answer(refusal("validation_failed", "Check.", errors), 422, "POST")
    assert str(fault(refused)) == (
        "POST /1/accounts/4242/teams was refused (422 validation_failed: Check.; locale: no, allowed: de_DE, 5;"
        " email: validation_rule_required; validation_rule_x)"
    )
    assert refused.refused_attributes() == {"locale": ("de_DE", "5"), "email": ()}
    assert answer({"result": "success"}).refused_attributes() == {}


@pytest.mark.parametrize("error", [None, [], "x", {}, {"errors": "x"}, {"errors": [{"context": []}]}])
def test_a_refusal_may_say_nothing(error: object) -> None:
    """A refusal without the documented error is still a refusal."""
    assert isinstance(fault(answer({"result": "error", "error": error}, 422)), RequestRefused)


def test_texts_of_the_live_system_are_cut_and_made_safe() -> None:
    """A description is repeated in one line without control characters, and not beyond 300 characters."""
    text = str(fault(answer(refusal("c", "\x1b[31mred\r\n\u202e" + "x" * 1000), 404)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n" not in text
    assert len(text) < 400
    assert "…" in text


def test_half_characters_are_replaced() -> None:
    """A text that no file can hold becomes one that it can; whole characters stay."""
    raw = b'{"result":"success","data":{"name":"\\ud83d\\ude00 \\uD83D"}}'
    assert answer(raw).row() == {"name": "\U0001f600 ?"}
    assert isinstance(fault(answer(b'{"result":"success","data":"\xed\xa0\x80"}')), UnreadableAnswer)


def test_paging_is_believed_where_it_is_whole() -> None:
    """Paging fields are numbers, all there or all absent, and do not announce a library."""
    envelope = {"result": "success", "data": [], "total": 3, "page": 1, "pages": 2, "items_per_page": 2}
    assert answer(envelope).paging() == Paging(total=3, pages=2, per_page=2)
    for wrong in ({"pages": None}, {"total": "3"}, {"items_per_page": 2.5}, {"pages": 10**9}):
        with pytest.raises(UnreadableAnswer):
            answer(envelope | wrong).paging()
