"""A stand-in for the few requests of GitHub's API that the jobs make, on a real socket; tokens may what jobs may."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

REPOSITORY = "example/access"
BOT = "github-actions[bot]"
NUMBERS = {"repository_id": 1}
"""Of this repository; a fork has another."""


@dataclass
class Hub:
    """What GitHub remembers: comments and issues as rows, artifacts with their bytes, runs of workflows."""

    url: str = ""
    comments: list[Any] = field(default_factory=list)
    issues: list[Any] = field(default_factory=list)
    artifacts: list[Any] = field(default_factory=list)
    runs: list[Any] = field(default_factory=list)
    files: dict[Any, Any] = field(default_factory=dict)
    tokens: dict[Any, Any] = field(default_factory=dict)
    made: list[Any] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def token(self, permissions):
        """Hand out a token for a job with these permissions."""
        token = f"ghs-{next(self.numbers)}"
        self.tokens[token] = dict(permissions)
        return token

    def writes(self):
        """List the requests that wrote something since they were last asked for, by method and what was written."""
        made, self.made = self.made, []
        return [(method, kind) for method, kind in made if method != "GET"]

    def say(self, login, text, number=7):
        """Have somebody write a comment on a pull request."""
        row = {"id": next(self.numbers), "issue": number, "user": {"login": login}, "body": text}
        self.comments.append(row)
        return row

    def open_issues(self):
        return [row for row in self.issues if row["state"] == "open"]

    def keep(self, name, files, run):
        """Keep an artifact of a run."""
        number = next(self.numbers)
        row = {"id": number, "name": name, "expired": False, "created_at": f"2026-11-22T00:00:{number:04}Z"}
        self.artifacts.append(row | {"workflow_run": {"id": run["id"], **run["from"], **NUMBERS}})
        self.files[number] = files


# what it answers


def list_comments(hub, _, number):
    return [row for row in hub.comments if row["issue"] == int(number)]


def add_comment(hub, body, number):
    return hub.say(BOT, body["body"], int(number))


def edit_comment(hub, body, number):
    (row,) = (row for row in hub.comments if row["id"] == int(number))
    row["body"] = body["body"]
    return row


def list_issues(hub, query):
    assert query["state"] == "open"
    return hub.open_issues()


def open_issue(hub, body):
    row = {"number": next(hub.numbers), "user": {"login": BOT}, "state": "open", **body}
    hub.issues.append(row)
    return row


def edit_issue(hub, body, number):
    (row,) = (row for row in hub.issues if row["number"] == int(number))
    row.update(body)
    return row


def list_artifacts(hub, query):
    return {"artifacts": [row for row in hub.artifacts if row["name"] == query["name"]]}


def list_runs(hub, query, workflow):
    wanted = {"path": workflow, "head_branch": query["branch"], "conclusion": query["status"]}
    return {"workflow_runs": [row for row in reversed(hub.runs) if wanted.items() <= row.items()]}


ROUTES: list[tuple[str, str, Callable[..., Any], set[str]]] = [
    ("GET", r"/issues/(\d+)/comments", list_comments, {"pull-requests", "issues"}),
    ("POST", r"/issues/(\d+)/comments", add_comment, {"pull-requests", "issues"}),
    ("PATCH", r"/issues/comments/(\d+)", edit_comment, {"pull-requests", "issues"}),
    ("GET", r"/issues", list_issues, {"issues"}),
    ("POST", r"/issues", open_issue, {"issues"}),
    ("PATCH", r"/issues/(\d+)", edit_issue, {"issues"}),
    ("GET", r"/actions/artifacts", list_artifacts, {"actions"}),
    ("GET", r"/actions/workflows/([\w.-]+)/runs", list_runs, {"actions"}),
]
"""Each request, and the permissions of which one is needed: to write, or where it is GET to read."""


def answer(hub, method, target, token, body):
    """Answer a request: status and what is said."""
    parts = urlsplit(target)
    for known, path, act, needed in ROUTES:
        match = re.fullmatch(f"/repos/{REPOSITORY}{path}", parts.path)
        if known == method and match:
            levels = {"write"} if method != "GET" else {"read", "write"}
            if not any(hub.tokens.get(token, {}).get(scope) in levels for scope in needed):
                return 403, {"message": "Resource not accessible by integration"}
            hub.made.append((method, act.__name__))
            query = dict(parse_qsl(parts.query))
            found = act(hub, query if method == "GET" else body, *match.groups())
            return (201 if method == "POST" else 200), _page(found, query) if method == "GET" else found
    return 404, {"message": "Not Found"}


def _page(found, query):
    """Cut a page out of rows, or out of the one list that an object holds."""
    size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
    if isinstance(found, dict):
        return {key: _page(rows, query) for key, rows in found.items()}
    return found[size * (page - 1) : size * page]


def _answered(hub, method, target, headers, body):
    token = headers.get("authorization", "").removeprefix("Bearer ")
    status, said = answer(hub, method, target, token, json.loads(body or b"{}"))
    return status, json.dumps(said).encode()


@contextmanager
def served():
    """Serve it."""
    hub = Hub()
    with listening(lambda *request: _answered(hub, *request)) as hub.url:
        yield hub


@contextmanager
def listening(act):
    """Answer requests by a function of method, target, headers and body, which gives status and text."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, text = act(self.command, self.path, self.headers, body)
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - names of the standard library

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
