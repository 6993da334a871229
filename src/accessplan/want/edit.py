"""Edit single entries in the text of a document: nothing else of it changes, so that every comment stays.

The text is cut at the positions that libyaml gives, and never written anew: ruamel.yaml would lay lines out again that
nobody touched, and takes half a minute a megabyte. What comes out is read once more: it must say what the document
said before, but for the one entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from accessplan.errors import InputError
from accessplan.finding import Place
from accessplan.want.libyaml import require_libyaml
from accessplan.want.parse import parse

REVIEWED = "reviewed"

_SHORT = {"grants": "manage", "delegates": "access"}
"""What the short form of an entry stands for, by the key that it is written under."""

_RECORD = ("since", "until", "owner", "reason", "ticket")
"""After the last of these a review is noted."""

_Pair = tuple[Node, Node]


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
        return bool(self.value.start_mark.index < self.key.end_mark.index)


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
    return _checked(edited, data, place)


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
    return _checked(_without(text, found, place), data, place)


def _find(text: str, place: Place) -> tuple[Found, Any]:
    require_libyaml()
    data = deepcopy(parse(text.encode(), (place.file,)).data)
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    line, column = place.line - 1, place.column - 1
    for found in _entries(root, None, ()):
        if (found.key.start_mark.line, found.key.start_mark.column) == (line, column):
            if found.is_alias:
                raise _by_hand(place, "it is written elsewhere, under an anchor")
            return found, data
    raise _by_hand(place, "there is no entry")


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
    start, end = value.start_mark.index, _end(value)
    if not isinstance(value, MappingNode):
        word = _SHORT.get(found.path[-2] if len(found.path) > 1 else "")
        if word is None:
            raise _by_hand(place, "it is no map")
        return f"{text[:start]}{{{word}: {_in_flow(text, value, place)}, {note}}}{text[end:]}"
    pairs: dict[str, _Pair] = {pair[0].value: pair for pair in value.value}
    if REVIEWED in pairs:
        old = pairs[REVIEWED][1]
        return f"{text[: old.start_mark.index]}{day}{text[_end(old) :]}"
    if value.flow_style:
        at = _end(value.value[-1][1]) if pairs else start + 1
        return f"{text[:at]}{', ' if pairs else ''}{note}{text[at:]}"
    return _noted_in_block(text, pairs, note)


def _noted_in_block(text: str, pairs: dict[str, _Pair], note: str) -> str:
    """Write a line of its own: after what is noted already, or else after the last key that is no map or list."""
    known = [pair for name, pair in pairs.items() if name in _RECORD]
    plain = [pair for pair in pairs.values() if isinstance(pair[1], ScalarNode)]
    first = next(iter(pairs.values()))[0]
    indent = " " * first.start_mark.column
    if before := (known or plain)[-1:]:
        at = _end_of_line(text, _end(before[0][1]))
        line_break = _line_break(text)
        return f"{text[:at]}{'' if text[:at].endswith(line_break) else line_break}{indent}{note}{line_break}{text[at:]}"
    at = first.start_mark.index
    return f"{text[:at]}{note}{_line_break(text)}{indent}{text[at:]}"


def _in_flow(text: str, value: Node, place: Place) -> str:
    """Return a scalar or a list as it is written within a line."""
    written = text[value.start_mark.index : _end(value)]
    if isinstance(value, SequenceNode) and not value.flow_style:
        if "#" in written:
            raise _by_hand(place, "it is a list with comments")
        return f"[{', '.join(text[each.start_mark.index : _end(each)] for each in value.value)}]"
    return written


def _without(text: str, found: Found, place: Place) -> str:
    pairs, start, end = found.within.value, found.key.start_mark.index, _end(found.value)
    position = next(number for number, (key, _) in enumerate(pairs) if key is found.key)
    if found.within.flow_style:
        if position + 1 < len(pairs):
            end = pairs[position + 1][0].start_mark.index
        elif position:
            start = _end(pairs[position - 1][1])
        if "#" in text[start:end]:
            raise _by_hand(place, "a comment stands within it")
        return text[:start] + text[end:]
    start -= found.key.start_mark.column
    if text[start : found.key.start_mark.index].strip():
        raise _by_hand(place, "something stands before it on the line")
    cut = text[:start] + text[_end_of_line(text, end) :]
    if len(pairs) > 1:
        return cut
    if found.under is None:
        raise _by_hand(place, "nothing would be left")
    colon = text.index(":", _end(found.under)) + 1
    return f"{cut[:colon]} {{}}{cut[colon:]}"


def _end(node: Node) -> int:
    """Return where a value ends; a map or list in lines of its own ends with the last thing in it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _end_of_line(text: str, position: int) -> int:
    """Return where the next line begins; a block of text ends there already."""
    if text[position - 1 : position] == "\n":
        return position
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(edited: str, expected: object, place: Place) -> str:
    """See that the edited text says what it should, and nothing else."""
    read = parse(edited.encode(), (place.file,))
    if read.findings or read.data != expected:
        raise _by_hand(place, "it is written in an unusual way")
    return edited


def _by_hand(place: Place, why: str) -> InputError:
    return InputError(f"{place.file}:{place.line} is left as it is: {why}", "Edit the line by hand.")
