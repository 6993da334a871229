"""Ask, and take a refusal for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from accessplan.check import Check, Status
from accessplan.errors import LiveError

_Result = TypeVar("_Result")


def tried(call: Callable[[], _Result]) -> _Result | LiveError:
    """Return what a call gives, or the fault."""
    try:
        return call()
    except LiveError as error:
        return error


def failed(name: str, error: LiveError, meaning: str) -> Check:
    """Make a check of a fault."""
    fact = str(error)
    return Check(name, Status.WARNING, f"{fact[:1].upper()}{fact[1:]}.", f"{meaning} {error.remedy}".strip())
