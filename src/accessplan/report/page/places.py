"""Where an entry is written: the line of the document, and where a forge shows it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from accessplan.finding import Place
from accessplan.report.page.overview import Forge
from accessplan.report.safe import visible


class Line(NamedTuple):
    """A line of the document as people read it, and its URL; each is empty where there is none."""

    text: str = ""
    url: str = ""


def line_of(place: Place | None, forge: Forge | None) -> Line:
    """Return the line of a place."""
    if place is None:
        return Line()
    return Line(f"{visible(place.file)}:{place.line}", _url(place, forge) if forge else "")


def _url(place: Place, forge: Forge) -> str:
    """Fill the template; what a name could add to the URL is written out in it."""
    file = quote(forge.files.get(place.file, place.file), errors="replace")
    return forge.template.format(commit=quote(forge.commit, safe="", errors="replace"), file=file, line=place.line)
