"""The forge that a job runs on, GitHub or GitLab: its issues, and on GitHub comments on a pull request.

Only what this job's own user wrote counts as ours, so that nobody forges a text that we would edit in place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

SECONDS = 30
"""How long one request may take."""

PAGE = 100
"""How many rows a page has, on both forges."""

MOST_PAGES = 50
"""Where there are more, something is wrong; a job must end."""

BOT = "github-actions[bot]"
"""Whom a workflow's own token writes as."""

REFUSALS = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE)
"""How a forge answers who may not do something; 410 is for issues that are switched off."""


class Refused(Exception):
    """The forge does not let this token do it."""


class NoToken(Refused):
    """There is no token to ask it with."""


class Failed(Exception):
    """The forge did not answer, or with nothing that can be used."""


@dataclass(frozen=True, slots=True)
class Note:
    """A comment or an issue of ours: its number, and its text in Markdown."""

    number: int
    text: str


class Tracker(Protocol):
    """Where issues are kept; each method raises what Api.ask does."""

    @property
    def run(self) -> str:
        """The address of this job's page."""

    def issues(self) -> Iterator[Note]:
        """List our open issues."""

    def open_issue(self, title: str, text: str) -> None:
        """Open one."""

    def edit_issue(self, number: int, text: str) -> None:
        """Write another text for one."""

    def close_issue(self, number: int, reason: str) -> None:
        """Say why, and close it."""


@dataclass(frozen=True, slots=True)
class Api:
    """A REST API that answers JSON, in pages of rows."""

    client: httpx.Client

    def ask(self, method: str, path: str, **body: str) -> Any:  # noqa: ANN401 - JSON
        """Send one request.

        Raises:
            Refused: the token may not do this.
            Failed: there was no answer, or none that can be used.
        """
        asked = f"{method} {path.partition('?')[0]}"
        try:
            answer = self.client.request(method, path, json=body or None)
        except httpx.HTTPError as error:
            # Only its kind: what it says may quote the token.
            raise Failed(f"{asked} had no answer ({type(error).__name__})") from None
        if answer.status_code in REFUSALS:
            raise Refused(f"{asked} was answered with {answer.status_code}")
        if not answer.is_success:
            raise Failed(f"{asked} was answered with {answer.status_code}")
        try:
            return answer.json()
        except ValueError:
            raise Failed(f"{asked} was answered with no JSON") from None

    def rows(self, path: str, key: str = "", **query: str) -> Iterator[dict[str, Any]]:
        """Read rows page by page; where the answer is an object, they are at a key of it."""
        for page in range(1, MOST_PAGES + 1):
            wanted = httpx.QueryParams(query | {"per_page": str(PAGE), "page": str(page)})
            answer = self.ask("GET", f"{path}?{wanted}")
            rows = answer[key] if key else answer
            yield from rows
            if len(rows) < PAGE:
                return
        raise Failed(f"GET {path} has {MOST_PAGES * PAGE:,} rows or more")


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository on GitHub, or on a server of it; `change` is the number of a pull request, or empty."""

    api: Api
    repository: str
    change: str
    run: str

    def comments(self) -> Iterator[Note]:
        """List our comments on the pull request."""
        rows = self.api.rows(f"/repos/{self.repository}/issues/{self.change}/comments")
        return (_github_note(row, "id") for row in rows if _is_ours(row))

    def comment(self, text: str) -> None:
        """Write a new one."""
        self.api.ask("POST", f"/repos/{self.repository}/issues/{self.change}/comments", body=text)

    def edit_comment(self, number: int, text: str) -> None:
        """Write another text for one."""
        self.api.ask("PATCH", f"/repos/{self.repository}/issues/comments/{number}", body=text)

    def issues(self) -> Iterator[Note]:
        """List our open issues; GitHub lists pull requests among them."""
        rows = self.api.rows(f"/repos/{self.repository}/issues", state="open")
        ours = (row for row in rows if _is_ours(row) and "pull_request" not in row)
        return (_github_note(row, "number") for row in ours)

    def open_issue(self, title: str, text: str) -> None:
        """Open one."""
        self.api.ask("POST", f"/repos/{self.repository}/issues", title=title, body=text)

    def edit_issue(self, number: int, text: str) -> None:
        """Write another text for one."""
        self.api.ask("PATCH", f"/repos/{self.repository}/issues/{number}", body=text)

    def close_issue(self, number: int, reason: str) -> None:
        """Say why, and close it."""
        self.api.ask("POST", f"/repos/{self.repository}/issues/{number}/comments", body=reason)
        self.api.ask("PATCH", f"/repos/{self.repository}/issues/{number}", state="closed")


@dataclass(frozen=True, slots=True)
class GitLab:
    """The issues of a project on GitLab."""

    api: Api
    project: str
    run: str

    def issues(self) -> Iterator[Note]:
        """List our open issues."""
        me = self.api.ask("GET", "/user")["id"]
        rows = self.api.rows(f"/projects/{self.project}/issues", state="opened", author_id=str(me))
        return (Note(row["iid"], row["description"] or "") for row in rows)

    def open_issue(self, title: str, text: str) -> None:
        """Open one."""
        self.api.ask("POST", f"/projects/{self.project}/issues", title=title, description=text)

    def edit_issue(self, number: int, text: str) -> None:
        """Write another text for one."""
        self.api.ask("PUT", f"/projects/{self.project}/issues/{number}", description=text)

    def close_issue(self, number: int, reason: str) -> None:
        """Say why, and close it."""
        self.api.ask("POST", f"/projects/{self.project}/issues/{number}/notes", body=reason)
        self.api.ask("PUT", f"/projects/{self.project}/issues/{number}", state_event="close")


@contextmanager
def open_forge() -> Iterator[GitHub | GitLab]:
    """Speak with the forge that this job runs on, as the job's environment says.

    Raises:
        NoToken: there is none to do so.
    """
    if "GITLAB_CI" in os.environ:
        if not (token := os.environ.get("ACCESSPLAN_GITLAB_TOKEN")):
            raise NoToken("there is no ACCESSPLAN_GITLAB_TOKEN")
        with open_api(os.environ["CI_API_V4_URL"], {"private-token": token}) as api:
            yield GitLab(api, os.environ["CI_PROJECT_ID"], os.environ["CI_JOB_URL"])
    else:
        with open_github() as github:
            yield github


@contextmanager
def open_github() -> Iterator[GitHub]:
    """Speak with GitHub by the workflow's own token."""
    headers = {"authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "accept": "application/vnd.github+json"}
    repository = os.environ["GITHUB_REPOSITORY"]
    run = f"{os.environ['GITHUB_SERVER_URL']}/{repository}/actions/runs/{os.environ['GITHUB_RUN_ID']}"
    with open_api(os.environ["GITHUB_API_URL"], headers) as api:
        yield GitHub(api, repository, os.environ.get("CHANGE", ""), run)


@contextmanager
def open_api(url: str, headers: dict[str, str]) -> Iterator[Api]:
    """Speak with an API."""
    with httpx.Client(base_url=url, headers=headers, timeout=SECONDS) as client:
        yield Api(client)


def _is_ours(row: dict[str, Any]) -> bool:
    return row["user"] is not None and row["user"]["login"] == BOT


def _github_note(row: dict[str, Any], number: str) -> Note:
    return Note(row[number], row["body"] or "")
