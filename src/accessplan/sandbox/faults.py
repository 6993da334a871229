"""Faults that tests ask for: the live system on a bad day."""

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from accessplan.sandbox.body import fields, integer, one_of, require, text
from accessplan.sandbox.wire import Answer, ApiError, Request, answer, invalid, problem

KINDS = ("error", "retry_after", "truncate", "drop_item", "lie")
TOO_MANY = "too_many_requests"

_FAULT = fields(
    required={"path": text(longest=1000), "times": integer},
    optional={"kind": one_of(KINDS), "method": text(), "status": integer, "code": text()},
)


def add(db: sqlite3.Connection, body: Mapping[str, Any]) -> None:
    """Keep a fault for the next `times` requests whose method and path (a regular expression) match."""
    require(body, _FAULT)
    try:
        re.compile(body["path"])
    except re.error as error:
        raise invalid(problem("regex", "path", f"path is no regular expression: {error}")) from error
    db.execute(
        "INSERT INTO faults (kind, method, path, status, code, times) VALUES (?, ?, ?, ?, ?, ?)",
        (
            body.get("kind", "error"),
            body.get("method"),
            body["path"],
            body.get("status", 500),
            body.get("code", "unexpected_error"),
            body["times"],
        ),
    )


def take(db: sqlite3.Connection, request: Request) -> sqlite3.Row | None:
    """Find the fault that befalls a request, and count it."""
    rows: list[sqlite3.Row] = db.execute("SELECT * FROM faults WHERE times > 0 ORDER BY id").fetchall()
    for row in rows:
        if row["method"] in (None, request.method) and re.search(row["path"], request.path):
            db.execute("UPDATE faults SET times = times - 1 WHERE id = ?", (row["id"],))
            return row
    return None


def refuse(fault: sqlite3.Row | None) -> Answer | None:
    """Answer instead of the endpoint."""
    if fault is None or fault["kind"] not in ("error", "retry_after"):
        return None
    if fault["kind"] == "retry_after":
        return too_many(1)
    return ApiError(fault["status"], fault["code"], "A fault that was asked for").answer()


def too_many(seconds: int) -> Answer:
    """Tell that the limit of requests is reached, and for how long."""
    error = {"code": TOO_MANY, "description": f"Too many requests, try again in {seconds} s", "context": {}}
    return answer(429, {"result": "error", "error": error}, **{"retry-after": str(seconds)})


def spoil(fault: sqlite3.Row | None, given: Answer) -> Answer:
    """Spoil the answer of the endpoint."""
    if fault is not None and fault["kind"] == "truncate":
        return Answer(given.status, given.headers, given.body[: len(given.body) // 2])
    if fault is not None and fault["kind"] == "drop_item":
        envelope = json.loads(given.body)
        if isinstance(envelope.get("data"), list):
            envelope["data"] = envelope["data"][:-1]
        return answer(given.status, envelope)
    return given
