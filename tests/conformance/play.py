"""accessplan at work on a sandbox, through its own commands, while what crosses the wire is written down."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.conformance.record import Record
from tests.worlds.world import World

from accessplan.have.api import Handler
from accessplan.sandbox import Store, open_store, seed
from accessplan.want.read import read as read_yaml

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Over = Callable[[Handler], Handler]
"""Puts something between accessplan and the sandbox."""


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


@contextmanager
def recorded(record: Record, over: Over) -> Iterator[None]:
    """Have the embedded sandbox of every command answer through `over`, and written down."""

    def answer(
        store: Store, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        return over(record.of(store, "accessplan"))(method, url, headers, body)

    with patch("accessplan.cli.connect.call", answer):
        yield


def play(record: Record, world: World, over: Over) -> None:
    """Bring the organization of a folder to what its documents want, one after the other, and look at all there is."""
    with recorded(record, over):
        world.run("export")
        world.run("doctor", code=(0, 2))
        for document in ("before.yaml", "access.yaml"):
            if (world.folder / document).exists():
                world.carry_out(document)
                world.run("plan", document)


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
