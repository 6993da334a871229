from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from accessplan.have.api import Api, Connection, Handler, open_api
from accessplan.have.limits import SimulatedClock

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def embed() -> Iterator[Callable[[Handler], Api]]:
    """Open a connection that a function of the test answers, on a simulated clock."""
    with ExitStack() as stack:
        yield lambda handler: stack.enter_context(open_api(Connection(handler=handler, chance=lambda: 0.5)))


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], str]]:
    """Start an HTTP server on this machine; a function of the test writes what goes over the wire."""
    servers: list[ThreadingHTTPServer] = []

    def start(behave: Behaviour) -> str:
        class OneAnswer(BaseHTTPRequestHandler):
            do_GET = do_POST = behave  # noqa: N815 - the names that http.server looks for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), OneAnswer)
        servers.append(server)
        Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def dial() -> Iterator[Callable[[str], Api]]:
    """Open a connection over the network, on a simulated clock and with little patience."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(
            open_api(Connection(url=url, clock=SimulatedClock(), connect_seconds=1, read_seconds=0.2))
        )
