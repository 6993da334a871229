"""Write something new into a text: a pair of a map, an item of a list, another value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from accessplan.finding import Place
from accessplan.want.text.habits import Habits, Shape, Value, below
from accessplan.want.text.nodes import (
    Collection,
    Pair,
    by_hand,
    end,
    end_of_line,
    has_comment,
    is_alias,
    is_in_lines,
    is_text_block,
    last_in,
    spans,
    start_of_line,
)

_SECTIONS = (
    "accessplan", "organization", "policy", "roles", "users", "teams", "mailboxes", "partners", "removed", "tests",
    "acknowledge",
)  # fmt: skip
"""The order of the sections of a document."""

_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a map or list is: the key that it stands under, its shape, and the last place that is known on the way.

    `in_lines` tells whether all around it stands in lines of its own.
    """

    under: Node | None
    shape: Shape
    place: Place
    in_lines: bool


def with_pair(text: str, within: MappingNode, spot: Spot, key: str, value: Value, habits: Habits) -> str:
    """Add a pair to a map: in its line, or in lines of its own.

    Raises:
        InputError: it has to be done by hand.
    """
    shape, at = below(spot.shape, key), within.start_mark.index
    if not within.value and spot.in_lines and not habits.is_flow({key: value}, spot.shape, at):
        return _opened(text, within, spot, key, value, habits)
    if within.flow_style:
        return _with_part(text, within, spot, habits.pair_in_flow(key, value, shape), habits)
    last = _last_before(within, key, value, shape)
    column = within.value[0][0].start_mark.column
    position = _end_of_pair(text, within.value[last], column, habits, spot.place)
    lines = habits.pair_in_block(key, value, shape, column, position)
    if _has_gap(text, within, last):
        lines.insert(0, "")
    return _with_lines(text, position, lines, habits)


def with_item(text: str, within: SequenceNode, spot: Spot, item: str, habits: Habits) -> str:
    """Add an item to a list.

    Raises:
        InputError: it has to be done by hand.
    """
    written = habits.item(item, spot.shape)
    if within.flow_style:
        return _with_part(text, within, spot, written, habits)
    start, last = spans(within)[-1]
    dash = text[start_of_line(text, start) : start]
    if dash.strip() != "-":
        raise by_hand(spot.place, "its list is written in an unusual way")
    return _with_lines(text, end_of_line(text, last), [dash + written], habits)


def with_value(text: str, pair: Pair, new: Value, shape: Shape, habits: Habits, place: Place) -> str:
    """Write another value in place of one.

    Raises:
        InputError: it has to be done by hand.
    """
    _, value = pair
    last = end(value)
    whole = text[value.start_mark.index : end_of_line(text, last) if is_in_lines(value) else last]
    if is_text_block(value) or (isinstance(value, Collection) and has_comment(whole)):
        raise by_hand(place, "it is written in several lines")
    quotes = value.style if isinstance(value, ScalarNode) and value.style in _QUOTES else None
    return _in_place(text, pair, habits.in_flow(new, shape, quotes))


def with_map(text: str, pair: Pair, new: Mapping[str, Value], shape: Shape, habits: Habits, place: Place) -> str:
    """Write a map in place of a word or list, which stays as it is written: as the first value of the map.

    Raises:
        InputError: it has to be done by hand.
    """
    _, value = pair
    written = text[value.start_mark.index : end(value)]
    if is_in_lines(value):
        if has_comment(written):
            raise by_hand(place, "it is a list with comments")
        written = f"[{', '.join(text[start:last] for start, last in spans(value))}]"
    first, *others = new
    pairs = [f"{habits.key(first, below(shape, first))} {written}"]
    pairs += [habits.pair_in_flow(key, new[key], below(shape, key)) for key in others]
    return _in_place(text, pair, f"{{{', '.join(pairs)}}}")


def _in_place(text: str, pair: Pair, written: str) -> str:
    """Write something in place of a value: what had lines of its own moves up to its key, and comments stay."""
    key, value = pair
    start, last = value.start_mark.index, end(value)
    if is_in_lines(value):
        colon = text.index(":", end(key)) + 1
        return f"{text[:colon]} {written}{text[colon:start].rstrip()}{text[last:]}"
    return text[:start] + written + text[last:]


def _with_part(text: str, within: Collection, spot: Spot, new: str, habits: Habits) -> str:
    """Add to a map or list in brackets; where each part has a line of its own, the new one has, too."""
    start, close = within.start_mark.index, int(within.end_mark.index) - 1
    parts = spans(within)
    if not parts:
        bracket = text.index("{" if isinstance(within, MappingNode) else "[", start)
        if text[bracket + 1 : close].strip():
            raise by_hand(spot.place, "a comment stands within it")
        return text[: bracket + 1] + new + text[close:]
    begin, last = parts[-1]
    indent = text[start_of_line(text, begin) : begin]
    if indent.strip() or "\n" not in text[last:close]:
        return f"{text[:last]}, {new}{text[last:]}"
    ends_with_comma = text[last:close].lstrip().startswith(",")
    rest = len(text[last:].split("\n", 1)[0].rstrip("\r")) + last
    comma, after = ("", ",") if ends_with_comma else (",", "")
    return f"{text[:last]}{comma}{text[last:rest]}{habits.line_break}{indent}{new}{after}{text[rest:]}"


def _opened(text: str, within: MappingNode, spot: Spot, key: str, value: Value, habits: Habits) -> str:
    """Write the first pair of an empty map in a line of its own; a comment stays behind the key of the map."""
    if spot.under is None:
        raise by_hand(spot.place, "the document is an empty map")
    start, last = within.start_mark.index, int(within.end_mark.index)
    if text[start:last].strip("{} \t\r\n"):
        raise by_hand(spot.place, "it has an anchor, or a comment within it")
    column = spot.under.start_mark.column + habits.step
    lines = habits.pair_in_block(key, value, below(spot.shape, key), column, start)
    head = text[:start].rstrip(" ")
    opened = head + text[last:]
    return _with_lines(opened, end_of_line(opened, len(head)), lines, habits)


def _last_before(within: MappingNode, key: str, value: Value, shape: Shape) -> int:
    """Return after which pair a new one stands: sections have an order, and what is short stands before what is not."""
    names = [str(pair[0].value) for pair in within.value]
    last = len(names) - 1
    if len(shape) == 1 and key in _SECTIONS:
        earlier = _SECTIONS[: _SECTIONS.index(key)]
        return max((number for number, name in enumerate(names) if name in earlier), default=last)
    if len(shape) % 2 and not isinstance(value, Mapping | list):
        pairs = enumerate(within.value)
        short = [number for number, pair in pairs if isinstance(pair[1], ScalarNode) and not is_alias(*pair)]
        return max(short, default=last)
    return last


def _end_of_pair(text: str, pair: tuple[Node, Node], column: int, habits: Habits, place: Place) -> int:
    """Return where the lines of a pair end, and the comments that are deeper than its key, which are part of it."""
    key, value = pair
    if is_alias(key, value):
        raise by_hand(place, "what stands before it is written elsewhere, under an anchor")
    position = end_of_line(text, end(value))
    if is_text_block(last_in(value)):
        while text[:position].endswith(2 * habits.line_break):
            position -= len(habits.line_break)
    while position < len(text):
        line = text[position : end_of_line(text, position + 1)]
        indent = len(line) - len(line.lstrip(" "))
        if not line.lstrip(" ").startswith("#") or indent <= column:
            break
        position += len(line)
    return position


def _has_gap(text: str, within: MappingNode, last: int) -> bool:
    """Tell whether an empty line stands between the pair after which another one comes, and the pair before it."""
    if last == 0:
        return False
    between = text[within.value[last - 1][0].start_mark.index : within.value[last][0].start_mark.index].split("\n")[
        1:-1
    ]
    while between and between[-1].lstrip().startswith("#"):
        between.pop()
    return bool(between) and not between[-1].strip()


def _with_lines(text: str, position: int, lines: list[str], habits: Habits) -> str:
    """Write lines where one begins; a text that does not end its last line does not now."""
    written = habits.line_break.join(lines)
    if text[:position].endswith("\n"):
        return f"{text[:position]}{written}{habits.line_break}{text[position:]}"
    return f"{text[:position]}{habits.line_break}{written}{text[position:]}"
