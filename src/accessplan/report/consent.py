"""Consent to what rails refuse, as YAML that is ready to paste into the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len

from accessplan.policy import later
from accessplan.report.report import Report, in_order_of_reading
from accessplan.report.safe import spelled_out

FOR = 14
"""For how many days a consent holds that is pasted as it is printed."""

KEY = "acknowledge:"

_PIECE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|.")
"""A character between double quotes in YAML, or what stands for one."""

_INDENT = " " * 6


class Consenting(NamedTuple):
    """A consent that would lift a rail. Its reason is left to whoever pastes it: a document without one is refused."""

    change: str
    until: date


def consents_asked(report: Report) -> list[Consenting]:
    """List the consents that would lift rails: one for each change that is refused unless somebody consents."""
    refused = {each for refusal in report.judgement.refusals if refusal.may_consent for each in refusal.changes}
    blocked = in_order_of_reading(change for change in report.plan.changes if change.address in refused)
    return [Consenting(f"{change.effect} {change.address}", later(report.today, FOR)) for change in blocked]


def as_yaml(asked: Iterable[Consenting], width: int | None = None) -> Iterator[str]:
    """Yield a text of several lines for each consent, to stand under `KEY`; a name that is too wide is folded."""
    for each in asked:
        yield f'{_change(each.change, width)}\n    until: {each.until}\n    reason: ""'


def _change(text: str, width: int | None) -> str:
    """Quote as people do where that is enough; else as YAML reads back whatever is in it."""
    line = f"  - change: '{text}'"
    is_plain = "'" not in text and spelled_out(text) == text
    if is_plain and (width is None or cell_len(line) <= width):
        return line
    return "\n".join(_folded('  - change: "', _escaped(text), width))


def _escaped(text: str) -> str:
    r"""Escape for double quotes: what nobody sees is written as `\x1b` or `\u202e`, which YAML reads back."""
    return spelled_out(text.replace("\\", r"\\").replace('"', r"\""))


def _folded(begin: str, text: str, width: int | None) -> Iterator[str]:
    """End a line with a backslash where the next piece does not fit: YAML takes no blank for such a break."""
    line, used = begin, cell_len(begin)
    for piece in _PIECE.findall(text):
        if width is not None and used + cell_len(piece) + 1 > width:
            yield f"{line}\\"
            line = f"{_INDENT}\\" if piece == " " else _INDENT  # a blank at the beginning would be lost
            used = len(line)
        line, used = line + piece, used + cell_len(piece)
    yield f'{line}"'
