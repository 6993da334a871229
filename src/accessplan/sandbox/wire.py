"""Requests, answers and the envelope [openapi core]."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Problem = Mapping[str, Any]
"""One entry of a validation error: code, description, context {attribute, values}."""


@dataclass(frozen=True)
class Request:
    """A request; `path` is decoded, header names are in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An answer; its body is JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer(status: int, envelope: Mapping[str, object], **headers: str) -> Answer:
    """Put an envelope into an answer."""
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, {"content-type": "application/json", **headers}, body)


def success(data: object, *, status: int = 200, paging: Mapping[str, object] | None = None) -> Answer:
    """Answer with data."""
    return answer(status, {"result": "success", "data": data, **(paging or {})})


class ApiError(Exception):
    """A request is answered with an error; a validation error lists each problem."""

    def __init__(self, status: int, code: str, description: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.problems = problems

    def answer(self) -> Answer:
        """The error as it is sent."""
        error: dict[str, object] = {"code": self.code, "description": self.description, "context": {}}
        if self.problems:
            error["errors"] = self.problems
        return answer(self.status, {"result": "error", "error": error})


def not_found() -> ApiError:
    """An object does not exist, or one may not see it."""
    return ApiError(404, "object_not_found", "Object not found")


def exists(what: str) -> ApiError:
    """An object of this name stands already."""
    return ApiError(409, "object_already_exists", what)


def invalid(*problems: Problem) -> ApiError:
    """Parameters or a body break the rules."""
    return ApiError(422, "validation_failed", "Validation failed", problems)


def problem(rule: str, attribute: str, description: str, values: Sequence[object] = ()) -> Problem:
    """One broken rule; `values` are the allowed ones, where there is a list."""
    context = {"attribute": attribute, "values": list(values)} if values else {"attribute": attribute}
    return {"code": f"validation_rule_{rule}", "description": description, "context": context}


def _number(written: str) -> int | float:
    """Read 7.0 as 7: JSON has one kind of numbers."""
    number = float(written)
    return int(number) if number.is_integer() else number


def read_json(request: Request) -> dict[str, Any]:
    """Read the body of a request, an object; none is an empty one."""
    if not request.body.strip():
        return {}
    try:
        body = json.loads(request.body, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise invalid(problem("json", "body", "The body is not valid JSON")) from error
    if not isinstance(body, dict):
        raise invalid(problem("array", "body", "The body must be a JSON object"))
    return body
