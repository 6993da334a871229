"""Where the parts of a text begin and end, as libyaml tells."""

from __future__ import annotations

import re
from typing import TypeGuard

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from accessplan.errors import InputError
from accessplan.finding import Place
from accessplan.want.libyaml import require_libyaml
from accessplan.want.parse import parse

Pair = tuple[Node, Node]
Collection = MappingNode | SequenceNode
_COMMENT = re.compile(r"(?:^|\s)#")


def compose(text: str) -> Node | None:
    """Read a text into nodes that know their places.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    require_libyaml()
    root: Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    return root


def is_alias(key: Node, value: Node) -> bool:
    """Tell whether the value of a key is written elsewhere."""
    return bool(value.start_mark.index < key.end_mark.index)


def spans(node: Collection) -> list[tuple[int, int]]:
    """List where the items of a list, or the pairs of a map, begin and end."""
    if isinstance(node, MappingNode):
        return [(key.start_mark.index, end(value)) for key, value in node.value]
    return [(item.start_mark.index, end(item)) for item in node.value]


def is_in_lines(node: Node) -> TypeGuard[Collection]:
    """Tell whether a value is a map or list in lines of its own."""
    return isinstance(node, Collection) and not node.flow_style


def last_in(node: Node) -> Node:
    """Return what a value ends with: the last thing in a map or list in lines of its own, and else itself."""
    if not is_in_lines(node) or not node.value:
        return node
    last = node.value[-1]
    return last_in(last[1] if isinstance(last, tuple) else last)


def end(node: Node) -> int:
    """Return where a value ends; a map or list in lines of its own ends with the last thing in it."""
    return int(last_in(node).end_mark.index)


def start_of_line(text: str, position: int) -> int:
    """Return where the line begins that a position is on."""
    return text.rfind("\n", 0, position) + 1


def end_of_line(text: str, position: int) -> int:
    """Return where the next line begins; a block of text ends there already."""
    if text[position - 1 : position] == "\n":
        return position
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def line_break(text: str) -> str:
    """Return how lines end in a text."""
    return "\r\n" if "\r\n" in text else "\n"


def has_comment(text: str) -> bool:
    """Tell whether a part of a text may hold a comment; a number of a product (`hosting/#202`) is none."""
    return _COMMENT.search(text) is not None


def is_text_block(node: Node) -> bool:
    """Tell whether a value is text in lines of its own, after | or >."""
    return isinstance(node, ScalarNode) and node.style in ("|", ">")


def checked(edited: str, expected: object, place: Place) -> str:
    """See that an edited text says what it should, and nothing else.

    Raises:
        InputError: it does not.
    """
    read = parse(edited.encode(), (place.file,))
    if read.findings or read.data != expected:
        raise by_hand(place, "it is written in an unusual way")
    return edited


def by_hand(place: Place, why: str) -> InputError:
    """Leave a line to people."""
    return InputError(f"{place.file}:{place.line} is left as it is: {why}", "Edit the line by hand.")
