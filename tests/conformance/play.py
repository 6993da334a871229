"""accessplan at work on a sandbox, wired as its commands wire it: plan, apply, accept, do by hand, plan."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conformance.record import Record

from accessplan.apply import carry_out
from accessplan.have.api import Connection, Handler, open_api
from accessplan.have.backend import LiveBackend
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.plan import compare
from accessplan.rail import refusals
from accessplan.sandbox import Store, accept_all, open_store, perform, seed
from accessplan.want.load import load
from accessplan.want.read import read as read_yaml
from accessplan.want.resolve import resolve

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def organization(folder: Path) -> dict[str, Any]:
    """Read the organization file of a folder."""
    data = read_yaml(folder / "organization.yaml").data
    assert isinstance(data, dict)
    return data


@contextmanager
def sandbox(content: Mapping[str, Any]) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder, "sandbox.db"), clock=lambda: NOW) as store:
        seed(store, content, NOW)
        yield store


def play(record: Record, folder: Path, over: Callable[[Handler], Handler]) -> None:
    """Bring `organization.yaml` of a folder to what `access.yaml` wants.

    `over` puts something between accessplan and the sandbox.
    """
    document = load(folder / "access.yaml", NOW).document
    with (
        sandbox(organization(folder)) as store,
        open_api(Connection(handler=over(record.of(store, "accessplan")))) as api,
    ):
        for _ in ("plan and apply", "plan again"):
            live = read(Reader(api), document.organization.id)
            plan = compare(live.state, resolve(document, live.catalogue, live.state, NOW.date())[0])
            operations = () if refusals(live.state, plan) else route(plan.changes, live)
            list(carry_out(operations, LiveBackend(api, live.ids)))
            accept_all(store, NOW)
            for step in (step for operation in operations for step in operation.steps):
                perform(store, {"act": step.act, **step.values}, NOW)


def plain(handler: Handler) -> Handler:
    """Put nothing in between."""
    return handler


def narrow(handler: Handler) -> Handler:
    """Let the list of users load nothing but rights on services: the rest is to be asked for one by one."""

    def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        if re.search(r"/users\?.*with=teams", url):
            context = {"attribute": "with", "values": ["service_permissions"]}
            error = {"code": "validation_failed", "errors": [{"context": context}]}
            return 422, {}, json.dumps({"result": "error", "error": error}).encode()
        return handler(method, url, headers, body)

    return answer
