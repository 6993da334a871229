import json
import ssl
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import httpx
import pytest

from accessplan.errors import InputError, TokenRefused, Unreachable, UnreadableAnswer
from accessplan.have.api import Api, Connection, Handler, open_api, open_to_read

SENTINEL = "s3cret"

Embed = Callable[[Handler], Api]


def answers(*statuses: int, **headers: str) -> tuple[Handler, list[str]]:
    """Answer with one status after another; also list the requests as they come."""
    left = list(statuses)
    seen: list[str] = []

    def handler(method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append(f"{method} {url}")
        status = left.pop(0)
        error = {"result": "error", "error": {"code": "some_code", "description": "Why."}}
        envelope = {"result": "success", "data": {"id": 7}} if status == 200 else error
        return status, headers, json.dumps(envelope).encode()

    return handler, seen


def test_requests_carry_what_the_live_system_wants() -> None:
    """A request goes to the base address with the token, its parameters, and JSON as its body."""
    seen: list[tuple[str, str, str, str, bytes]] = []

    def handler(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append((method, url, headers["authorization"], headers.get("content-type", ""), body))
        return 200, {}, b'{"result":"success","data":true}'

    with open_api(Connection(handler=handler, token=f" {SENTINEL}\n")) as api:
        api.exchange("GET", "/1/products", {"account_id": 4242, "with": "users,fqdn"})
        assert api.send("DELETE", "/1/accounts/4242/teams/3") is True
        api.send("POST", "/1/accounts/4242/teams", {"name": "Web"})
    base, bearer, kind = "https://api.infomaniak.com", f"Bearer {SENTINEL}", "application/json"
    assert seen == [
        ("GET", f"{base}/1/products?account_id=4242&with=users%2Cfqdn", bearer, "", b""),
        ("DELETE", f"{base}/1/accounts/4242/teams/3", bearer, kind, b"{}"),
        ("POST", f"{base}/1/accounts/4242/teams", bearer, kind, b'{"name":"Web"}'),
    ]


def test_a_base_address_may_have_a_path() -> None:
    """A gateway's path stands before the paths of the API."""
    handler, seen = answers(200)
    with open_api(Connection(url="https://gateway.example/infomaniak/", handler=handler)) as api:
        api.exchange("GET", "/1/accounts/4242")
    assert seen == ["GET https://gateway.example/infomaniak/1/accounts/4242"]


@pytest.mark.parametrize(
    "url",
    ["http://api.infomaniak.com", "http://192.168.1.5:8000", "http://localhost.example", "ftp://api.infomaniak.com",
     "https://user:s3cret@api.infomaniak.com", "api.infomaniak.com", "", "https://", "https://a?b=c", "https://a:99999",
     "https://a:b", "https://a..b", "https://xn--", "https://\u202eabc"],
)  # fmt: skip
def test_an_address_that_gives_the_token_away_is_refused(url: str) -> None:
    """The token travels over https or stays on this machine; the refusal never repeats a password."""
    with pytest.raises(InputError) as caught, open_api(Connection(url=url, token=SENTINEL)):
        pass
    assert caught.value.remedy.startswith("Write ")
    assert SENTINEL not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_this_machine_needs_neither_https_nor_a_token(url: str) -> None:
    """A sandbox on this machine is reached over plain http, with a token or without."""
    with open_api(Connection(url=url)) as api:
        assert not api.embedded


@pytest.mark.parametrize("token", [None, "", "  ", "two words", "line\nbreak", "tökén", "nul\x00"])
def test_a_token_that_cannot_be_one_is_refused_before_any_request(token: str | None) -> None:
    """A missing or malformed token is said so before anything is sent, and not repeated."""
    with pytest.raises(TokenRefused) as caught, open_api(Connection(token=token)):
        pass
    assert "INFOMANIAK_TOKEN" in caught.value.remedy
    assert not token or not token.strip() or token not in str(caught.value)


def test_the_token_is_never_shown() -> None:
    """The token appears in no text of a connection, of a fault or of its traceback."""
    handler, _ = answers(401)
    connection = Connection(handler=handler, token=SENTINEL)
    with open_api(connection) as api:
        texts = [repr(connection), str(connection), repr(api), str(api)]
        with pytest.raises(TokenRefused) as caught:
            api.send("POST", "/1/accounts/4242/teams", {})
    texts += [str(caught.value), repr(caught.value), caught.value.remedy, *traceback.format_exception(caught.value)]
    assert not [text for text in texts if SENTINEL in text]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("status", [429, 503])
def test_what_was_not_carried_out_is_repeated(embed: Embed, method: str, status: int) -> None:
    """After 429 and 503 any request is sent again."""
    handler, seen = answers(status, 200)
    assert embed(handler).exchange(method, "/1/x").status == 200
    assert len(seen) == 2


@pytest.mark.parametrize("status", [500, 502, 504, 520])
def test_only_reads_are_repeated_after_server_errors(embed: Embed, status: int) -> None:
    """A read is repeated after a server error; a write is not, since it may have been carried out."""
    handler, seen = answers(status, status, 200, status)
    api = embed(handler)
    assert api.exchange("GET", "/1/x").status == 200
    assert api.exchange("POST", "/1/x").status == status
    assert len(seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_refusals_are_final(embed: Embed, status: int) -> None:
    """What the live system refuses is not asked again."""
    handler, seen = answers(status)
    assert embed(handler).exchange("GET", "/1/x").status == status
    assert len(seen) == 1


def test_a_request_is_sent_four_times_at_most(embed: Embed) -> None:
    """After four tries the last answer stands; the pauses in between were 1, 2 and 4 seconds."""
    handler, seen = answers(*[500] * 5)
    api = embed(handler)
    assert api.exchange("GET", "/1/x").status == 500
    assert (len(seen), api.requests_made, api.seconds_waited) == (4, 4, 7.0)


def test_the_wait_that_is_asked_for_is_kept(embed: Embed) -> None:
    """After 429 the next request waits as long as `Retry-After` says."""
    handler, _ = answers(429, 200, **{"Retry-After": "17"})
    api = embed(handler)
    api.exchange("GET", "/1/x")
    assert api.seconds_waited == 17.0


def test_without_retry_after_a_minute_is_waited(embed: Embed) -> None:
    """After a 429 that does not say how long, the next request waits a minute."""
    handler, _ = answers(429, 200)
    api = embed(handler)
    api.exchange("GET", "/1/x")
    assert api.seconds_waited == 60.0


def test_nobody_waits_for_hours(embed: Embed) -> None:
    """Where more than five minutes of patience are asked for, the run ends at once."""
    handler, seen = answers(429, 200, **{"Retry-After": "3600"})
    with pytest.raises(Unreachable, match="too many requests"):
        embed(handler).exchange("GET", "/1/x").data()
    assert len(seen) == 1


def test_embedded_nobody_waits_and_the_run_still_knows_how_long_it_would_take(embed: Embed) -> None:
    """The 61st and the 121st embedded request cost a simulated minute each."""
    handler, _ = answers(*[200] * 121)
    api = embed(handler)
    for _ in range(121):
        api.exchange("GET", "/1/x")
    assert (api.requests_made, api.seconds_waited) == (121, 120.0)


def test_whoever_watches_is_told_each_request() -> None:
    """The observer hears of every request that is sent, repeats included."""
    handler, _ = answers(500, 200)
    told: list[str] = []
    watch = Connection(handler=handler, on_request=lambda method, path: told.append(f"{method} {path}"))
    with open_api(watch) as api:
        api.exchange("GET", "/1/x", {"page": 1})
    assert told == ["GET /1/x", "GET /1/x"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_certificate_that_is_not_trusted_is_not_tried_again(embed: Embed, method: str) -> None:
    """A certificate that is not trusted ends the run at once, and the remedy names the proxy of the network."""

    def handler(*_: object) -> NoReturn:
        raise httpx.ConnectError("self-signed") from ssl.SSLCertVerificationError("self-signed")

    api = embed(handler)
    with pytest.raises(Unreachable, match=r"certificate of api\.infomaniak\.com is not trusted") as caught:
        api.exchange(method, "/1/x")
    assert "SSL_CERT_FILE" in caught.value.remedy
    assert api.requests_made == 1


@pytest.mark.parametrize(("method", "tries"), [("GET", 4), ("POST", 1), ("PATCH", 1), ("PUT", 1), ("DELETE", 1)])
@pytest.mark.parametrize("error", [httpx.ReadError, httpx.ReadTimeout, httpx.WriteError, httpx.RemoteProtocolError])
def test_only_reads_are_repeated_where_a_request_may_have_arrived(
    embed: Embed, method: str, tries: int, error: type[httpx.RequestError]
) -> None:
    """After a connection that broke a read is sent again; a write is not, and the remedy is to plan."""

    def handler(*_: object) -> NoReturn:
        raise error("broken")

    api = embed(handler)
    with pytest.raises((Unreachable, UnreadableAnswer), match=f"{method} /1/x") as caught:
        api.exchange(method, "/1/x")
    assert api.requests_made == tries
    assert ("accessplan plan" in caught.value.remedy) is (method != "GET")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
def test_whatever_never_arrived_is_repeated(embed: Embed, method: str, error: type[httpx.RequestError]) -> None:
    """Where no connection came about any request is sent again."""
    answer, _ = answers(200)
    errors = [error("nobody there")] * 3

    def handler(*request: Any) -> tuple[int, Mapping[str, str], bytes]:
        if errors:
            raise errors.pop()
        return answer(*request)

    api = embed(handler)
    assert api.exchange(method, "/1/x").status == 200
    assert api.requests_made == 4


def test_a_fault_of_the_embedded_live_system_is_ours(embed: Embed) -> None:
    """An error inside the handler is not taken for a fault of the network."""

    def handler(*_: object) -> tuple[int, dict[str, str], bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        embed(handler).exchange("GET", "/1/x")


# reading


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "HEAD"])
def test_what_only_reads_cannot_write(method: str) -> None:
    """A connection that only reads lets nothing but GET through, even where our own code would send something else."""
    handler, seen = answers(200, 200)
    with open_to_read(Connection(handler=handler)) as api:
        assert api.get("/1/x", {"page": 1}).status == 200
        with pytest.raises(AssertionError, match="through a connection that only reads"):
            api._exchange(method, "/1/x", body={})  # noqa: SLF001 - as low as it goes
        assert not hasattr(api, "send")
    assert seen == ["GET https://api.infomaniak.com/1/x?page=1"]


def test_what_writes_keeps_to_the_same_limit() -> None:
    """A connection that writes, opened beside one that reads, waits for its turn among the requests of both."""
    handler, seen = answers(*[200] * 61)
    with open_to_read(Connection(handler=handler)) as reading:
        for _ in range(60):
            reading.get("/1/x")
        with open_api(reading.connection, reading.limiter) as writing:
            writing.send("POST", "/1/x")
        assert (reading.requests_made, reading.seconds_waited) == (61, 60.0)
    assert seen[-1] == "POST https://api.infomaniak.com/1/x"
