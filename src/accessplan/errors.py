"""The faults we foresee, each with its exit code and what to do about it.

::

    AccessplanError
    ├── InputError            3  an invalid document or command line; carries findings
    ├── LiveError             5  the live system could not be read or written
    │   ├── TokenRefused         the token is missing, wrong or may not do this
    │   ├── Unreachable          no answer: network, time-out, server error after the retries
    │   ├── RequestRefused       the live system said no to this one request
    │   │   └── ItemsRefused     … to some of the people it was about, and carried it out for the others
    │   └── UnreadableAnswer     an answer that is not what the documents describe
    ├── Blocked               4  a rail or an access test refuses the plan
    ├── PlanRefused           7  a saved plan is not carried out
    ├── Declined              8  the person said no
    └── Locked                9  another run holds the lock

Whatever else escapes is our own bug: exit 1, with how to report it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import ClassVar

from accessplan.finding import Finding
from accessplan.model import Address


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    BUG = 1
    DIFFERENCES = 2
    INPUT = 3
    BLOCKED = 4
    LIVE = 5
    INCOMPLETE = 6
    REFUSED = 7
    DECLINED = 8
    LOCKED = 9
    INTERRUPTED = 130


EXIT_MEANINGS = {
    Exit.OK: "done, or nothing to do",
    Exit.BUG: "an unforeseen error: our fault",
    Exit.DIFFERENCES: "differences (drift, stale, codeowners --check, plan --detailed-exitcode)",
    Exit.INPUT: "your input: an invalid document or command line",
    Exit.BLOCKED: "blocked by a rail or an access test; the plan is still printed in full",
    Exit.LIVE: "the live system could not be read or written; nothing was changed",
    Exit.INCOMPLETE: "incomplete: something failed after something was changed, or is left to be done by hand",
    Exit.REFUSED: "the saved plan was refused: expired, or the world holds surprises",
    Exit.DECLINED: "declined; nothing was changed",
    Exit.LOCKED: "another run holds the lock; nothing was changed",
    Exit.INTERRUPTED: "interrupted before anything was changed",
}


class AccessplanError(Exception):
    """A foreseen fault: `str(error)` says what is wrong, `remedy` what to do."""

    exit: ClassVar[Exit] = Exit.BUG

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class InputError(AccessplanError):
    """What the user gave cannot be used; `findings` names every fault of a document."""

    exit = Exit.INPUT

    def __init__(self, message: str, remedy: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message, remedy)
        self.findings = findings


class LiveError(AccessplanError):
    """The live system could not be read or written."""

    exit = Exit.LIVE


class TokenRefused(LiveError):
    """HTTP 401 or 403: no token, a wrong one, or one whose owner may not do this."""


class Unreachable(LiveError):
    """No usable answer came: no network, a time-out, or a server error that outlived the retries."""


class RequestRefused(LiveError):
    """The live system refused one request; `status` is HTTP's, `code` the API's (`object_already_exists`)."""

    def __init__(self, message: str, remedy: str = "", *, status: int = 0, code: str = "") -> None:
        super().__init__(message, remedy)
        self.status = status
        self.code = code


class ItemsRefused(RequestRefused):
    """The live system carried a request out for some people and refused others; `items` has the reason of each."""

    def __init__(self, items: Mapping[Address, str], *, status: int = 0) -> None:
        super().__init__("; ".join(f"{address.name}: {reason}" for address, reason in items.items()), status=status)
        self.items = items


class UnreadableAnswer(LiveError):
    """An answer that is cut off, is not JSON, or lacks what the documents promise."""


class Blocked(AccessplanError):
    """A rail or an access test refuses the plan."""

    exit = Exit.BLOCKED


class PlanRefused(AccessplanError):
    """A saved plan is not carried out: it expired, was carried out or changed, or is not what would be done now."""

    exit = Exit.REFUSED


class Declined(AccessplanError):
    """The person answered no."""

    exit = Exit.DECLINED


class Locked(AccessplanError):
    """Another run holds the lock of this organization."""

    exit = Exit.LOCKED
