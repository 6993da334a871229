"""Makes the tables of docs/rails.md of the functions: what stands at each of them is the help."""

from collections.abc import Callable, Iterable
from inspect import getdoc, getsource
from typing import Any

from accessplan.policy import USUAL_LIMITS
from accessplan.rail import RAILS
from accessplan.report.safe import cell
from accessplan.risk import RULES

Rule = Callable[..., Any]

NEVER = "may_consent=False"
"""What stands in a rail that no consent lifts."""


def code_of(rule: Rule) -> str:
    """Return the code by which plans name a rail or a rule."""
    return rule.__name__.replace("_", "-")


def rails() -> str:
    """Render the table of rails."""
    rows = ((*_said(rail), "no" if NEVER in getsource(rail) else "yes") for rail in RAILS)
    return _table(("rail", "what it does", "lifted by consent"), rows)


def risks() -> str:
    """Render the table of what is of high risk."""
    return _table(("rule", "what it names"), map(_said, RULES))


def limits() -> str:
    """Render the table of usual limits."""
    rows = ((f"`{kind}`", str(limit.count), f"{limit.share}%") for kind, limit in USUAL_LIMITS.items())
    return _table(("kind", "`count`", "`share`"), rows)


def _said(rule: Rule) -> tuple[str, str]:
    return f"`{code_of(rule)}`", _with_codes(" ".join((getdoc(rule) or "").split()))


def _with_codes(text: str) -> str:
    """Name other rails by their codes, as plans do."""
    for rail in RAILS:
        text = text.replace(rail.__name__, code_of(rail))
    return text


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (f"| {' | '.join(map(cell, row))} |\n" for row in (heads, ("---",) * len(heads), *rows))
    return f"\n{''.join(lines)}\n"
