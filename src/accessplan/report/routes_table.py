"""The table of routes as Markdown, for `docs/routes.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from accessplan.report.safe import cell, code, markdown

HEADS = ("what changes", "by request", "by hand", "needs", "can be read back")


class Route(Protocol):
    """A row of the table of routes: one way to carry a change out."""

    @property
    def name(self) -> str:
        """What operations call it."""

    @property
    def change(self) -> str:
        """What changes."""

    @property
    def requests(self) -> Sequence[str]:
        """The documented requests."""

    @property
    def screen(self) -> str:
        """The way through the menus of the Manager where there is no request."""

    @property
    def who(self) -> str:
        """Who may do it by hand."""

    @property
    def needs(self) -> str:
        """What must hold before."""

    @property
    def read_back(self) -> str:
        """Whether the next plan can see that it was done."""


def render_markdown(routes: Iterable[Route]) -> str:
    """Render the table of routes as a table of Markdown."""
    rows = [HEADS, ("---",) * len(HEADS), *map(_row, routes)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(route: Route) -> tuple[str, ...]:
    hand = f"{markdown(route.screen)} ({markdown(route.who)})" if route.screen else "—"
    requests = "<br>".join(map(code, route.requests)) or "—"
    change = f"{code(route.name)}<br>{markdown(route.change)}"
    return tuple(map(cell, (change, requests, hand, markdown(route.needs) or "—", markdown(route.read_back))))
