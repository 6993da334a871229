"""The files of a document while entries are written into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessplan.finding import Place
from accessplan.want.text.habits import Value
from accessplan.want.text.page import Page, page_of

Way = tuple[str, ...]
"""The keys that lead to a part of the document."""


@dataclass(frozen=True, slots=True)
class Book:
    """Every file of a document by its name; what is edited takes the place of what was there."""

    pages: dict[str, Page]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Book:
        """Open the files of a document that has no faults."""
        return cls({file: page_of(file, text) for file, text in texts.items()})

    @property
    def texts(self) -> dict[str, bytes]:
        """The files as they would be written."""
        return {file: page.whole.encode() for file, page in self.pages.items()}

    def keys(self, section: str) -> list[str]:
        """List the entries of a section, as they are written."""
        return [key for page in self.pages.values() for key in page.get(section) or ()]

    def find(self, section: str, is_meant: Callable[[str], bool]) -> Way | None:
        """Find an entry of a section by its name."""
        return next(((section, key) for key in self.keys(section) if is_meant(key)), None)

    def get(self, way: Way) -> Any:  # noqa: ANN401 - plain data
        """Return what is written there; None where nothing is."""
        return self._page(way).get(*way)

    def has(self, way: Way) -> bool:
        """Tell whether something is written there."""
        return self.get(way) is not None

    def put(self, way: Way, value: Value) -> None:
        """Write a value.

        Raises:
            InputError: it has to be done by hand.
        """
        self._turn(self._page(way).put(way, value))

    def note(self, way: Way, fields: Mapping[str, Value]) -> None:
        """Write fields of an entry; a short form becomes a map for that.

        Raises:
            InputError: it has to be done by hand.
        """
        self._turn(self._page(way).note(way, fields))

    def add(self, way: Way, item: str) -> None:
        """Add an item to a list.

        Raises:
            InputError: it has to be done by hand.
        """
        self._turn(self._page(way).add(way, item))

    def take(self, way: Way) -> None:
        """Take an entry of a map out.

        Raises:
            InputError: it has to be done by hand.
        """
        self._turn(self._page(way).take(way))

    def take_items(self, way: Way, is_meant: Callable[[str], bool]) -> None:
        """Take items out of a list, if they are in it.

        Raises:
            InputError: it has to be done by hand.
        """
        page = self._page(way)
        meant = [number for number, item in enumerate(page.get(*way) or ()) if is_meant(item)]
        for number in reversed(meant):
            page = page.take((*way, number))
        self._turn(page)

    def place(self, way: Way) -> Place:
        """Return where something is written, or what it lies in."""
        return self._page(way).place(way)

    def _turn(self, page: Page) -> None:
        self.pages[page.file] = page

    def _page(self, way: Way) -> Page:
        """Choose a file: the one that has the entry, else the section, else the file that is named after that."""
        pages = list(self.pages.values())
        section, *entry = way
        having = [page for page in pages if entry and page.get(section, entry[0]) is not None]
        having += [page for page in pages if page.get(section) is not None]
        having += [page for page in pages if Path(page.file).stem == section]
        return (having + [page for page in pages if page.get("organization") is not None] + pages)[0]
