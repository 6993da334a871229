"""One file of a document, edited by the way to a part of it: keys of maps, and positions in lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from accessplan.finding import Place
from accessplan.want.parse import parse
from accessplan.want.text.add import Spot, with_item, with_map, with_pair, with_value
from accessplan.want.text.cut import without
from accessplan.want.text.habits import Value, habits_of, shape_of
from accessplan.want.text.nodes import Pair, by_hand, checked, compose, is_alias
from accessplan.want.tree import Path

_MARK = "\ufeff"

_SHORT = {"grants": "manage", "delegates": "access"}
"""What the short form of an entry stands for, by the key that it is written under."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file of a document: its text, and the plain data that the text stands for.

    A `mark` of the byte order that the file begins with is kept beside the text: libyaml does not count it.
    """

    file: str
    text: str
    data: Any
    mark: str = ""

    @property
    def whole(self) -> str:
        """The text as it stands in the file."""
        return self.mark + self.text

    def get(self, *path: str) -> Any:  # noqa: ANN401 - plain data
        """Return what is at the end of a path; None where there is nothing."""
        data = self.data
        for key in path:
            data = data.get(key) if isinstance(data, dict) else None
        return data

    def put(self, path: tuple[str, ...], value: Value) -> Page:
        """Write a value at the end of a path, and the maps on the way to it that are missing.

        Of a list that is there, single items come and go.

        Raises:
            InputError: it has to be done by hand.
        """
        old = self.get(*path)
        if old == value:
            return self
        if isinstance(old, list) and isinstance(value, list):
            return self._put_items(path, value)
        walk = _Walk.along(self, path)
        if not walk.rest:
            habits = habits_of(self.text, walk.root)
            text = with_value(self.text, walk.pair, value, shape_of(path), habits, walk.spot.place)
            return self._checked(text, path, value, walk)
        key, *inside = walk.rest
        nested = value
        for name in reversed(inside):
            nested = {name: nested}
        text = with_pair(self.text, walk.within, walk.spot, key, nested, habits_of(self.text, walk.root))
        return self._checked(text, path[: len(path) - len(inside)], nested, walk)

    def add(self, path: tuple[str, ...], item: str) -> Page:
        """Add an item to the list at the end of a path; a list that is missing is written.

        Raises:
            InputError: it has to be done by hand.
        """
        old = self.get(*path)
        if not isinstance(old, list):
            return self.put(path, [item])
        walk = _Walk.along(self, path)
        spot = replace(walk.spot, under=walk.key, shape=shape_of(path))
        text = with_item(self.text, walk.items(), spot, item, habits_of(self.text, walk.root))
        return self._checked(text, path, [*old, item], walk)

    def take(self, path: Path) -> Page:
        """Take out what is at the end of a path; the map or list that held it stays, if as an empty one.

        Raises:
            InputError: it has to be done by hand.
        """
        data = _copied(self.data)
        if isinstance(path[-1], int):
            walk = _Walk.along(self, _keys(path[:-1]))
            within: MappingNode | SequenceNode = walk.items()
            under, position = walk.key, path[-1]
        else:
            walk = _Walk.along(self, _keys(path))
            within, under = walk.within, walk.spot.under
            position = next(number for number, pair in enumerate(within.value) if pair[0] is walk.key)
        del _inside(data, path)[path[-1]]
        text = without(self.text, within, position, under, walk.spot.place)
        return replace(self, text=checked(text, data, walk.spot.place), data=data)

    def note(self, path: tuple[str, ...], fields: Mapping[str, Value]) -> Page:
        """Write fields of the entry at the end of a path; a short form becomes a map for that.

        Raises:
            InputError: it has to be done by hand.
        """
        if not isinstance(self.get(*path), dict):
            return self._in_full(path, fields)
        page = self
        for name, value in fields.items():
            page = page.put((*path, name), value)
        return page

    def at(self, place: Place) -> tuple[str, ...]:
        """Return the path to the key that is written at a place.

        Raises:
            InputError: none is.
        """
        node, path = parse(self.text.encode(), (self.file,)).root, tuple[str, ...]()
        while before := [entry for entry in node.items() if entry[1].key_place <= place]:
            key, node = before[-1]
            path = (*path, key)
            if node.key_place == place:
                return path
        raise by_hand(place, "there is no entry")

    def place(self, path: tuple[str, ...]) -> Place:
        """Return where a key is written, or the last one on the way to it that is there."""
        return _Walk.along(self, path).spot.place

    def _put_items(self, path: tuple[str, ...], items: list[str]) -> Page:
        page = self
        for item in items:
            if item not in page.get(*path):
                page = page.add(path, item)
        while surplus := [number for number, item in enumerate(page.get(*path)) if item not in items]:
            page = page.take((*path, surplus[-1]))
        return page

    def _in_full(self, path: tuple[str, ...], fields: Mapping[str, Value]) -> Page:
        walk = _Walk.along(self, path)
        name = _SHORT.get(("", *walk.spot.shape)[-1])
        if name is None:
            raise by_hand(walk.spot.place, "it is no map")
        new, habits = {name: self.get(*path), **fields}, habits_of(self.text, walk.root)
        text = with_map(self.text, walk.pair, new, shape_of(path), habits, walk.spot.place)
        return self._checked(text, path, new, walk)

    def _checked(self, text: str, path: tuple[str, ...], value: Value, walk: _Walk) -> Page:
        data = _copied(self.data)
        _inside(data, path)[path[-1]] = _plain(value)
        return replace(self, text=checked(text, data, walk.spot.place), data=data)


def page_of(file: str, text: str) -> Page:
    """Read a file of a document that has no faults."""
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(_MARK)
    return Page(file, text, parse(text.encode(), (file,)).data, mark)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way through the nodes of a text: the last map on it, the key and value there, and what is missing."""

    root: Node
    within: MappingNode
    spot: Spot
    key: Node | None
    value: Node
    rest: tuple[str, ...]

    @classmethod
    def along(cls, page: Page, path: tuple[str, ...]) -> _Walk:
        """Go as far as there is something; no edit is made of what is written elsewhere, under an anchor."""
        root = compose(page.text)
        place = Place(page.file, 1, 1)
        if not isinstance(root, MappingNode):
            raise by_hand(place, "it is no map")
        within, spot, key, value = root, Spot(None, (), place, in_lines=not root.flow_style), None, root
        for depth, name in enumerate(path):
            if not isinstance(value, MappingNode):
                raise by_hand(place, "it is no map")
            within, spot = value, Spot(key, shape_of(path[:depth]), place, spot.in_lines)
            pair = next((each for each in value.value if each[0].value == name), None)
            if pair is None:
                return cls(root, within, spot, None, value, path[depth:])
            key, inside = pair
            place = Place(page.file, key.start_mark.line + 1, key.start_mark.column + 1)
            if is_alias(key, inside):
                raise by_hand(place, "it is written elsewhere, under an anchor")
            in_lines = spot.in_lines and not value.flow_style
            spot, value = replace(spot, place=place, in_lines=in_lines), inside
        return cls(root, within, spot, key, value, ())

    @property
    def pair(self) -> Pair:
        """The key and value at the end of the way."""
        if self.key is None:
            raise by_hand(self.spot.place, "it is the document as a whole")
        return self.key, self.value

    def items(self) -> SequenceNode:
        """Return the list at the end of the way."""
        if not isinstance(self.value, SequenceNode):
            raise by_hand(self.spot.place, "it is no list")
        return self.value


def _inside(data: Any, path: Path) -> Any:  # noqa: ANN401 - plain data
    for key in path[:-1]:
        data = data[key]
    return data


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(str(key) for key in path)


def _copied(data: Any) -> Any:  # noqa: ANN401 - plain data
    """Copy data so that no part of it is in two places, as what an anchor names is."""
    if isinstance(data, dict):
        return {key: _copied(value) for key, value in data.items()}
    return [_copied(each) for each in data] if isinstance(data, list) else data


def _plain(value: Value) -> object:
    """Return what a written value is read as."""
    if isinstance(value, date):
        return value.isoformat()
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, Mapping) else value
