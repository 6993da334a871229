"""One answer of the live system: the data it holds, or the one place that turns it into a fault of ours.

The envelope is `{"result", "data", "error": {"code", "description", "errors": [...]}, "total", "page", "pages",
"items_per_page"}` [openapi core]; unknown fields are let be. Descriptions are text of somebody else: they are cut,
stripped of what does not print, and never read for meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

from accessplan.errors import LiveError, RequestRefused, TokenRefused, Unreachable, UnreadableAnswer

Row = dict[str, object]
"""One JSON object."""

LONGEST_TEXT = 300
"""Characters of a text of the live system that our messages repeat."""

IN_MAINTENANCE = "drive_is_in_maintenance_error"
"""The code of a kDrive that is out of order, and stays so for longer than anybody waits [openapi kdrive]."""

MOST_PAGES = 10_000
MOST_REASONS = 5

REPORT = "The live system may have changed. Please report this to accessplan."
RUN_PLAN = "Run `accessplan plan`: it shows whether the request was carried out."
TRY_LATER = "Try again in some minutes."


class Paging(NamedTuple):
    """Where a page stands in its list: items in all, pages, and items on each page."""

    total: int
    pages: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request. Header names are in lower case."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def request(self) -> str:
        """The request it answers: `GET /1/accounts/4242`."""
        return f"{self.method} {self.path}"

    @property
    def is_success(self) -> bool:
        """Whether the status says so."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def code(self) -> str:
        """The error code; empty where it gives none."""
        try:
            return plain(_object(_envelope(self).get("error")).get("code") or "")
        except UnreadableAnswer:
            return ""

    @property
    def moment(self) -> datetime | None:
        """When it was given, by the clock of the live system; None where it does not tell."""
        try:
            return parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, OverflowError):
            return None

    def data(self) -> object:
        """Return the data.

        Raises:
            LiveError: the request was refused, or the answer cannot be read.
        """
        if not self.is_success:
            raise _fault(self)
        envelope = _envelope(self)
        match envelope.get("result"):
            case "success":
                return envelope.get("data")
            case "asynchronous":
                message = f"{self.request} was put in a queue, and the answer does not say what came of it"
                raise UnreadableAnswer(message, RUN_PLAN)
            case result:
                message = f"{self.request} was answered with the result {plain(result)!r}: {_reason(envelope)}"
                raise UnreadableAnswer(message, REPORT)

    def row(self) -> Row:
        """Return the data, which is one object."""
        data = self.data()
        if not isinstance(data, dict):
            raise UnreadableAnswer(f"{self.request} was not answered with an object", REPORT)
        return data

    def rows(self) -> list[Row]:
        """Return the data, which is a list of objects."""
        data = self.data()
        if not (isinstance(data, list) and all(isinstance(each, dict) for each in data)):
            raise UnreadableAnswer(f"{self.request} was not answered with a list of objects", REPORT)
        return data

    def paging(self) -> Paging | None:
        """Return the paging fields, or None where there are none: then the answer is the whole list."""
        envelope = _envelope(self)
        names = ("total", "pages", "items_per_page")
        if all(envelope.get(name) is None for name in names):
            return None
        total, pages, per_page = (envelope.get(name) for name in names)
        if not (isinstance(total, int) and isinstance(pages, int) and isinstance(per_page, int)):
            raise UnreadableAnswer(f"{self.request} was answered with paging fields that are no numbers", REPORT)
        if pages > MOST_PAGES:
            raise UnreadableAnswer(f"{self.request} announces {pages} pages", REPORT)
        return Paging(total, pages, per_page)

    def cursor(self) -> str | None:
        """Return where the next part of a list begins; None at its end [openapi kdrive]."""
        envelope = _envelope(self)
        cursor = envelope.get("cursor")
        if not envelope.get("has_more", cursor is not None):
            return None
        if not (isinstance(cursor, str) and cursor):
            raise UnreadableAnswer(f"{self.request} announces more and does not say where it begins", REPORT)
        return cursor

    def refused_attributes(self) -> dict[str, tuple[str, ...]]:
        """Return what a 422 complains about: each attribute with its allowed values, where it names them."""
        if self.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            return {}
        contexts = (_object(each.get("context")) for each in _errors(_envelope(self)))
        return {str(each["attribute"]): _texts(each.get("values")) for each in contexts if "attribute" in each}


def plain(value: object) -> str:
    """Return a text of the live system as one short line that is safe to print."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(value)[: LONGEST_TEXT + 1])
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _envelope(answer: Answer) -> Row:
    try:
        envelope = json.loads(answer.body.decode())
        if b"\\ud" in answer.body.lower():  # half of a pair, alone, could be neither printed nor written
            envelope = json.loads(json.dumps(envelope, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise _not_json(answer) from error
    if not isinstance(envelope, dict):
        raise UnreadableAnswer(f"{answer.request} was not answered with a JSON object", REPORT)
    return envelope


def _not_json(answer: Answer) -> UnreadableAnswer:
    if answer.body.lstrip()[:1] == b"<":
        message = f"{answer.request} was answered with a web page instead of data"
        return UnreadableAnswer(message, "A sign-in page or a proxy of your network may stand in between: look there.")
    return UnreadableAnswer(f"the answer to {answer.request} is cut off or is no JSON", TRY_LATER)


def _fault(answer: Answer) -> LiveError:
    """Turn an answer other than success into the fault it means."""
    is_read, status = answer.method == "GET", answer.status
    if status < HTTPStatus.BAD_REQUEST:
        message = f"{answer.request} was answered with a redirection ({status}), which is not followed"
        return UnreadableAnswer(message, "Check `organization.live` in the document.")
    if status == HTTPStatus.UNAUTHORIZED:
        message = "the live system does not accept the token (401)"
        return TokenRefused(message, "Set INFOMANIAK_TOKEN to a token that is valid and has the scope `accounts`.")
    try:
        envelope = _envelope(answer)
    except UnreadableAnswer as unreadable:
        return unreadable if status < HTTPStatus.INTERNAL_SERVER_ERROR else _server_error(answer, "")
    code, reason = plain(_object(envelope.get("error")).get("code") or ""), _reason(envelope)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        message = f"{answer.request} was refused: too many requests ({status} {reason})"
        return Unreachable(message, "Try again later. Other programs with the same token use up the same limit.")
    if status == HTTPStatus.FORBIDDEN and is_read:
        message = f"the token may not do {answer.request} ({status} {reason})"
        return TokenRefused(message, "Use the token of an administrator or legal representative.")
    is_final = status == HTTPStatus.NOT_IMPLEMENTED or code == IN_MAINTENANCE
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not is_final and (is_read or not code):
        return _server_error(answer, reason)
    message = f"{answer.request} was refused ({status} {reason})"
    return RequestRefused(message, _remedy(status), status=status, code=code)


def _server_error(answer: Answer, reason: str) -> Unreachable:
    message = f"the live system failed at {answer.request} ({' '.join(filter(None, [str(answer.status), reason]))})"
    return Unreachable(message, TRY_LATER if answer.method == "GET" else RUN_PLAN)


def _remedy(status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return "It does not exist, or the token's owner may not see it. Check `organization.id` in the document."
        case HTTPStatus.FORBIDDEN:
            return "The token's owner may not do this."
        case HTTPStatus.CONFLICT:
            return "The organization has changed meanwhile: plan again."
        case _:
            return ""


def _reason(envelope: Row) -> str:
    """Say why, from the error of an envelope: code, description, and what is wrong with each attribute."""
    error = _object(envelope.get("error"))
    head = ": ".join(plain(error[name]) for name in ("code", "description") if error.get(name))
    return "; ".join([head or "no reason given", *map(_attribute_fault, _errors(envelope)[:MOST_REASONS])])


def _attribute_fault(error: Row) -> str:
    context = _object(error.get("context"))
    what = plain(error.get("description") or error.get("code") or "not accepted")
    allowed = _texts(context.get("values"))
    text = f"{plain(context['attribute'])}: {what}" if "attribute" in context else what
    return plain(f"{text}, allowed: {', '.join(allowed)}") if allowed else text


def _errors(envelope: Row) -> list[Row]:
    errors = _object(envelope.get("error")).get("errors")
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []


def _object(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value if isinstance(each, str | int)) if isinstance(value, list) else ()
