"""Take one entry of a map, or one item of a list, out of a text."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node

from accessplan.finding import Place
from accessplan.want.text.nodes import Collection, by_hand, end, end_of_line, has_comment, spans, start_of_line


def without(text: str, within: Collection, position: int, under: Node | None, place: Place) -> str:
    """Return the text without the entry at a position of a map or list, which stands under a key.

    What stays is an empty map or list: nothing at all would be a fault.

    Raises:
        InputError: it has to be done by hand.
    """
    parts = spans(within)
    if within.flow_style:
        return _without_in_flow(text, parts, position, place)
    start, last = start_of_line(text, parts[position][0]), end_of_line(text, parts[position][1])
    if text[start : parts[position][0]].strip() not in ("", "" if isinstance(within, MappingNode) else "-"):
        raise by_hand(place, "something stands before it on the line")
    cut = text[:start] + text[last:]
    if len(parts) > 1:
        return cut
    if under is None:
        raise by_hand(place, "nothing would be left")
    colon = text.index(":", end(under)) + 1
    return f"{cut[:colon]} {'{}' if isinstance(within, MappingNode) else '[]'}{cut[colon:]}"


def _without_in_flow(text: str, parts: list[tuple[int, int]], position: int, place: Place) -> str:
    start, last = parts[position]
    if position + 1 < len(parts):
        last = parts[position + 1][0]
    elif position:
        start = parts[position - 1][1]
    if has_comment(text[start:last]):
        raise by_hand(place, "a comment stands within it")
    return text[:start] + text[last:]
