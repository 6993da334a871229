"""Over a real socket: what httpx makes of bad networks, and what we make of that."""

import gzip
import json
import socket
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from threading import Barrier

import pytest

from accessplan.errors import LiveError, RequestRefused, Unreachable, UnreadableAnswer
from accessplan.have.api import Api
from accessplan.have.reader import Reader

Behaviour = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Behaviour], str]
Dial = Callable[[str], Api]

GOOD = json.dumps({"result": "success", "data": {"id": 1}}).encode()


def reply(request: BaseHTTPRequestHandler, status: int = 200, body: bytes = GOOD, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def test_a_good_answer_comes_through(serve: Serve, dial: Dial) -> None:
    """A plain answer over a real connection is read."""
    api = dial(serve(reply))
    assert Reader(api).get("/1/x") == {"id": 1}
    assert api.send("POST", "/1/x", {"name": "Web"}) == {"id": 1}


def test_a_compressed_answer_comes_through(serve: Serve, dial: Dial) -> None:
    """An answer may be compressed."""
    url = serve(lambda request: reply(request, body=gzip.compress(GOOD), Content_Encoding="gzip"))
    assert Reader(dial(url)).get("/1/x") == {"id": 1}


def test_nobody_listens(dial: Dial) -> None:
    """Where nobody listens, reads and writes are tried four times and the address is in doubt."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        api = dial(f"http://127.0.0.1:{free.getsockname()[1]}")
        for call in (partial(Reader(api).get, "/1/x"), partial(api.send, "POST", "/1/x")):
            with pytest.raises(Unreachable, match="could not be reached") as caught:
                call()
            assert "organization.live" in caught.value.remedy
    assert api.requests_made == 8


def test_a_slow_answer_is_given_up(serve: Serve, dial: Dial) -> None:
    """A read that is not answered in time is tried four times; a write once, and plan tells what came of it."""
    api = dial(serve(lambda _: time.sleep(0.5)))
    with pytest.raises(Unreachable, match=r"GET /1/x had no answer within 0\.2 seconds"):
        Reader(api).get("/1/x")
    assert api.requests_made == 4
    with pytest.raises(Unreachable, match="POST /1/x") as caught:
        api.send("POST", "/1/x")
    assert "accessplan plan" in caught.value.remedy
    assert api.requests_made == 5


def test_a_cut_off_answer_is_not_half_believed(serve: Serve, dial: Dial) -> None:
    """An answer that ends before its announced length is unreadable."""
    api = dial(serve(lambda request: reply(request, Content_Length="9999")))
    for call in (partial(Reader(api).get, "/1/x"), partial(api.send, "POST", "/1/x")):
        with pytest.raises(UnreadableAnswer, match="broke off"):
            call()


@pytest.mark.parametrize(
    "raw", [b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx"]
)
def test_what_is_no_http_is_not_believed(serve: Serve, dial: Dial, raw: bytes) -> None:
    """An answer that is none, not HTTP or not what its headers say is unreadable."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(raw)
        request.close_connection = True

    with pytest.raises(LiveError):
        Reader(dial(serve(behave))).get("/1/x")


def test_tls_where_there_is_none(serve: Serve, dial: Dial) -> None:
    """An https address where plain http is spoken cannot be reached."""
    url = serve(reply).replace("http://", "https://")
    with pytest.raises(Unreachable, match="could not be reached"):
        Reader(dial(url)).get("/1/x")


def test_a_server_error_that_passes_is_not_noticed(serve: Serve, dial: Dial) -> None:
    """A read outlives a server error and a 429."""
    statuses = [500, 429]
    api = dial(serve(lambda request: reply(request, statuses.pop(0) if statuses else 200)))
    assert Reader(api).get("/1/x") == {"id": 1}
    assert api.requests_made == 3


def test_redirections_are_not_followed(serve: Serve, dial: Dial) -> None:
    """A redirection is a fault: the token goes nowhere else."""
    asked: list[str] = []

    def behave(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        reply(request, 302, b"", Location="/elsewhere")

    with pytest.raises(UnreadableAnswer, match="redirection"):
        Reader(dial(serve(behave))).get("/1/x")
    assert asked == ["/1/x"]


def test_independent_reads_go_at_the_same_time(serve: Serve, dial: Dial) -> None:
    """Reads that do not need one another are on their way together, and come back in order."""
    together = Barrier(3, timeout=5)

    def behave(request: BaseHTTPRequestHandler) -> None:
        together.wait()
        reply(request, body=json.dumps({"result": "success", "data": {"path": request.path}}).encode())

    reader = Reader(dial(serve(behave)))
    rows = reader.together([partial(reader.get, path) for path in ("/a", "/b", "/c")])
    assert [row["path"] for row in rows] == ["/a", "/b", "/c"]


def test_a_fault_in_one_of_several_reads_is_that_fault(serve: Serve, dial: Dial) -> None:
    """Of reads made together the first that fails says why."""
    refusal = b'{"result":"error","error":{"code":"object_not_found"}}'
    url = serve(lambda request: reply(request, 404, refusal) if request.path == "/b" else reply(request))
    reader = Reader(dial(url))
    with pytest.raises(RequestRefused, match="object_not_found"):
        reader.together([partial(reader.get, "/a"), partial(reader.get, "/b")])
