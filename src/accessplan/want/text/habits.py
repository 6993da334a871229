"""How a text is written, so that what is new in it looks like its neighbours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from accessplan.want.parse import plain
from accessplan.want.text.nodes import Collection, is_alias, line_break

Shape = tuple[str, ...]
"""The way to a part of a document, with * for the names of people, teams, products and such."""

Value = str | bool | int | date | list[str] | Mapping[str, "Value"]
"""What is written: plain data, and days, which are text to whoever reads them."""

_ANY, _ITEM = "*", "-"
_MAP, _LIST, _TEXT, _BOOL, _INT, _DAY = (
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "bool", "int", "timestamp")
)
_QUOTES = ("'", '"')
_LONGEST, _SHORT_LIST, _ONE_LINE = 120, 80, 2**31 - 1
_DEEP = 4
"""From here on down maps are written in one line, where no neighbour shows otherwise: what a grant is, say."""


def below(shape: Shape, key: str) -> Shape:
    """Return the shape of what a key of a map leads to: sections and fields have their names, all others none."""
    return (*shape, _ANY if len(shape) % 2 else key)


def shape_of(path: Iterable[str | int]) -> Shape:
    """Return the shape of a path."""
    shape: Shape = ()
    for key in path:
        shape = below(shape, str(key))
    return shape


@dataclass(frozen=True, slots=True)
class Habits:
    """How keys and values are written, by their shapes.

    `step` is how much deeper than its key a map in lines usually stands, `dash` a list, and `dashes` one of a shape.
    """

    line_break: str
    keys: Mapping[Shape, list[Node]] = field(default_factory=lambda: defaultdict(list))
    values: Mapping[Shape, list[Node]] = field(default_factory=lambda: defaultdict(list))
    dashes: dict[Shape, int] = field(default_factory=dict)
    step: int = 2
    dash: int = 2
    longest: int = _LONGEST

    def is_flow(self, value: Value, shape: Shape, at: int) -> bool:
        """Tell whether a map or list at a position is written in one line, as its nearest neighbour is."""
        if not isinstance(value, Mapping | list) or not value:
            return True
        kind = MappingNode if isinstance(value, Mapping) else SequenceNode
        alike = [node for node in self.values.get(shape, ()) if isinstance(node, kind) and node.value]
        before = [node for node in alike if node.start_mark.index < at]
        if nearest := (before[-1:] or alike[:1]):
            return bool(nearest[0].flow_style)
        return len(shape) >= _DEEP if isinstance(value, Mapping) else len(str(value)) <= _SHORT_LIST

    def pair_in_block(self, key: str, value: Value, shape: Shape, column: int, at: int) -> list[str]:
        """Write a pair in lines of its own."""
        indent = " " * column
        if self.is_flow(value, shape, at):
            lines = _serialized(MappingNode(_MAP, [self._pair(key, value, shape)], flow_style=False)).splitlines()
            if not isinstance(value, Mapping) or column + max(map(len, lines)) <= self.longest:
                return [indent + line for line in lines]
        lines = [indent + line for line in self.key(key, shape).splitlines()]
        if isinstance(value, Mapping):
            for name, each in value.items():
                lines += self.pair_in_block(name, each, below(shape, name), column + self.step, at)
        elif isinstance(value, list):
            dash = indent + " " * self.dashes.get(shape, self.dash)
            lines += [f"{dash}- {self.in_flow(each, (*shape, _ITEM))}" for each in value]
        return lines

    def pair_in_flow(self, key: str, value: Value, shape: Shape) -> str:
        """Write a pair of a map in one line."""
        return _serialized(MappingNode(_MAP, [self._pair(key, value, shape)], flow_style=True)).strip()[1:-1]

    def item(self, value: str, shape: Shape) -> str:
        """Write an item of a list, whose shape is given."""
        return self.in_flow(value, (*shape, _ITEM))

    def in_flow(self, value: Value, shape: Shape, quotes: str | None = None) -> str:
        """Write a value within a line, with these quotes rather than its neighbours' where it is text."""
        node = self._node(value, shape)
        if quotes and isinstance(node, ScalarNode) and isinstance(value, str):
            node.style = quotes
        return _serialized(SequenceNode(_LIST, [node], flow_style=True)).strip()[1:-1]

    def key(self, key: str, shape: Shape) -> str:
        """Write a key, with the colon behind it."""
        alone = MappingNode(_MAP, [(self._key(key, shape), MappingNode(_MAP, [], flow_style=True))], flow_style=False)
        return _serialized(alone).rstrip().removesuffix(" {}")

    def _pair(self, key: str, value: Value, shape: Shape) -> tuple[Node, Node]:
        return self._key(key, shape), self._node(value, shape)

    def _key(self, key: str, shape: Shape) -> ScalarNode:
        known = self.keys.get(shape) or [node for nodes in self.keys.values() for node in nodes]
        return _text(key, _quotes(known))

    def _node(self, value: Value, shape: Shape) -> Node:
        match value:
            case Mapping():
                pairs = [self._pair(key, each, below(shape, key)) for key, each in value.items()]
                return MappingNode(_MAP, pairs, flow_style=True)
            case list():
                return SequenceNode(_LIST, [self._node(each, (*shape, _ITEM)) for each in value], flow_style=True)
            case bool():
                return ScalarNode(_BOOL, str(value).lower())
            case int():
                return ScalarNode(_INT, str(value))
            case date():
                quotes = self._quotes_of(shape)
                return ScalarNode(_TEXT if quotes else _DAY, value.isoformat(), style=quotes)
            case _:
                return _text(value, self._quotes_of(shape))

    def _quotes_of(self, shape: Shape) -> str | None:
        known = [node for node in self.values.get(shape, ()) if _is_text(node)]
        return _quotes(known or [node for nodes in self.values.values() for node in nodes if _is_text(node)])


def habits_of(text: str, root: Node | None) -> Habits:
    """See how a text is written."""
    habits = Habits(line_break(text), longest=max(_LONGEST, max(map(len, text.splitlines()), default=0)))
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    for key, value, shape in _pairs(root, ()):
        habits.keys[shape].append(key)
        if not is_alias(key, value):
            habits.values[shape].append(value)
            if isinstance(value, SequenceNode):
                habits.values[*shape, _ITEM].extend(value.value)
            if isinstance(value, Collection) and value.value and not value.flow_style:
                inside = value.value[0][0] if isinstance(value, MappingNode) else value
                deeper = inside.start_mark.column - key.start_mark.column
                (steps if isinstance(value, MappingNode) else dashes)[deeper] += 1
                habits.dashes[shape] = deeper
    step = steps.most_common(1)[0][0] if steps else 2
    return replace(habits, step=step, dash=dashes.most_common(1)[0][0] if dashes else step)


def _pairs(node: Node | None, shape: Shape) -> Iterable[tuple[Node, Node, Shape]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            inside = below(shape, str(key.value))
            yield key, value, inside
            if not is_alias(key, value):
                yield from _pairs(value, inside)


def _is_text(node: Node) -> bool:
    if not isinstance(node, ScalarNode):
        return False
    return node.style in _QUOTES or (not node.style and plain(node.value) == node.value)


def _quotes(nodes: list[Node]) -> str | None:
    """Return the quotation marks that all of these have, or None."""
    styles = {node.style for node in nodes if isinstance(node, ScalarNode)}
    (style,) = styles if len(styles) == 1 else (None,)
    return style if style in _QUOTES else None


def _text(value: str, quotes: str | None) -> ScalarNode:
    """Write a text without quotes only where every YAML reads it as text, and where it fits on a line."""
    if not value.isprintable() or (quotes is None and plain(value) != value):
        quotes = '"'
    return ScalarNode(_TEXT, value, style=quotes)


def _serialized(node: Node) -> str:
    text: str = yaml.serialize(node, Dumper=yaml.CSafeDumper, allow_unicode=True, width=_ONE_LINE)
    return text
