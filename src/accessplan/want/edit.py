"""Edit single entries at a place of a document: nothing else of it changes, so that every comment stays."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from accessplan.finding import Place
from accessplan.want.parse import parse
from accessplan.want.text.cut import without
from accessplan.want.text.nodes import (
    Pair,
    by_hand,
    checked,
    compose,
    end,
    end_of_line,
    has_comment,
    is_alias,
    line_break,
)

REVIEWED = "reviewed"

_SHORT = {"grants": "manage", "delegates": "access"}
"""What the short form of an entry stands for, by the key that it is written under."""

_RECORD = ("since", "until", "owner", "reason", "ticket")
"""After the last of these a review is noted."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry in a text: its key and value, the map that holds it, the key of that map, and the way to it."""

    key: Node
    value: Node
    within: MappingNode
    under: Node | None
    path: tuple[str, ...]

    @property
    def is_alias(self) -> bool:
        """Whether the value is written elsewhere."""
        return is_alias(self.key, self.value)

    @property
    def position(self) -> int:
        """Which pair of the map it is."""
        return next(number for number, (key, _) in enumerate(self.within.value) if key is self.key)


def note_review(text: str, place: Place, day: date) -> str:
    """Write `reviewed: DAY` into the entry whose key is at a place; a short form becomes a map for that.

    Raises:
        InputError: the entry is written so that it has to be edited by hand.
    """
    found, data = _find(text, place)
    edited = _noted(text, found, day, place)
    inside = _inside(data, found)
    old = inside[found.path[-1]]
    new = old if isinstance(old, dict) else {_SHORT.get(found.path[-2] if len(found.path) > 1 else "", ""): old}
    inside[found.path[-1]] = {**new, REVIEWED: day.isoformat()}
    return checked(edited, data, place)


def remove(text: str, place: Place, only: str = "") -> str:
    """Remove the entry whose key is at a place; `only` one of its keys, where it has others that give access.

    What stays of a map is an empty one: nothing at all would be a fault.

    Raises:
        InputError: the entry is written so that it has to be edited by hand.
    """
    found, data = _find(text, place)
    inside = _inside(data, found)
    value = inside[found.path[-1]]
    if only and isinstance(value, dict) and {"use", "manage"} <= value.keys():
        del value[only]
        found = _inner(found, only)
    else:
        del inside[found.path[-1]]
    return checked(without(text, found.within, found.position, found.under, place), data, place)


def _find(text: str, place: Place) -> tuple[Found, Any]:
    root = compose(text)
    data = deepcopy(parse(text.encode(), (place.file,)).data)
    line, column = place.line - 1, place.column - 1
    for found in _entries(root, None, ()):
        if (found.key.start_mark.line, found.key.start_mark.column) == (line, column):
            if found.is_alias:
                raise by_hand(place, "it is written elsewhere, under an anchor")
            return found, data
    raise by_hand(place, "there is no entry")


def _entries(node: Node | None, under: Node | None, path: tuple[str, ...]) -> Iterator[Found]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            found = Found(key, value, node, under, (*path, str(key.value)))
            yield found
            if not found.is_alias:
                yield from _entries(value, key, found.path)


def _inside(data: Any, found: Found) -> Any:  # noqa: ANN401 - plain data
    for key in found.path[:-1]:
        data = data[key]
    return data


def _inner(found: Found, name: str) -> Found:
    if not isinstance(found.value, MappingNode):
        raise TypeError("an entry with keys is a map")
    key, value = next(pair for pair in found.value.value if pair[0].value == name)
    return Found(key, value, found.value, found.key, (*found.path, name))


def _noted(text: str, found: Found, day: date, place: Place) -> str:
    value, note = found.value, f"{REVIEWED}: {day}"
    start, last = value.start_mark.index, end(value)
    if not isinstance(value, MappingNode):
        word = _SHORT.get(found.path[-2] if len(found.path) > 1 else "")
        if word is None:
            raise by_hand(place, "it is no map")
        return f"{text[:start]}{{{word}: {_in_flow(text, value, place)}, {note}}}{text[last:]}"
    pairs: dict[str, Pair] = {pair[0].value: pair for pair in value.value}
    if REVIEWED in pairs:
        old = pairs[REVIEWED][1]
        return f"{text[: old.start_mark.index]}{day}{text[end(old) :]}"
    if value.flow_style:
        at = end(value.value[-1][1]) if pairs else start + 1
        return f"{text[:at]}{', ' if pairs else ''}{note}{text[at:]}"
    return _noted_in_block(text, pairs, note)


def _noted_in_block(text: str, pairs: dict[str, Pair], note: str) -> str:
    """Write a line of its own: after what is noted already, or else after the last key that is no map or list."""
    known = [pair for name, pair in pairs.items() if name in _RECORD]
    plain = [pair for pair in pairs.values() if isinstance(pair[1], ScalarNode)]
    first = next(iter(pairs.values()))[0]
    indent = " " * first.start_mark.column
    new_line = line_break(text)
    if before := (known or plain)[-1:]:
        at = end_of_line(text, end(before[0][1]))
        return f"{text[:at]}{'' if text[:at].endswith(new_line) else new_line}{indent}{note}{new_line}{text[at:]}"
    at = first.start_mark.index
    return f"{text[:at]}{note}{new_line}{indent}{text[at:]}"


def _in_flow(text: str, value: Node, place: Place) -> str:
    """Return a scalar or a list as it is written within a line."""
    written = text[value.start_mark.index : end(value)]
    if isinstance(value, SequenceNode) and not value.flow_style:
        if has_comment(written):
            raise by_hand(place, "it is a list with comments")
        return f"[{', '.join(text[each.start_mark.index : end(each)] for each in value.value)}]"
    return written
