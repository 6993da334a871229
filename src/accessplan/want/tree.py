"""Plain data that knows where each of its parts is written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from accessplan.finding import Finding, Place

Path = tuple[str | int, ...]
"""The way to a part of the data: keys of maps, and positions in lists counted from 0."""

MAX_FILES = 1 << 10
COLUMN_BITS = LINE_BITS = 27
_COLUMN, _LINE = (1 << COLUMN_BITS) - 1, (1 << LINE_BITS) - 1


def pack(file: int, line: int, column: int) -> int:
    """Put a position into one number of 64 bits; all three count from 0."""
    return (file << LINE_BITS | line) << COLUMN_BITS | column


def unpack(position: int) -> tuple[int, int, int]:
    """Return the file, line and column of a packed position."""
    line = position >> COLUMN_BITS
    return line >> LINE_BITS, line & _LINE, position & _COLUMN


@dataclass(frozen=True, slots=True)
class Marks:
    """Where every node is written: twelve bytes a node, numbered in the order of the text.

    A map comes before its keys, and each key before its value; a list before its items. `at[n]` is the packed
    position of node n, and `end[n]` the number of the first node that is no part of it.
    """

    at: array[int] = field(default_factory=lambda: array("Q"))
    end: array[int] = field(default_factory=lambda: array("I"))

    def open(self, position: int) -> int:
        """Add a node and return its number; a scalar is complete with that."""
        number = len(self.at)
        self.at.append(position)
        self.end.append(number + 1)
        return number

    def close(self, number: int) -> None:
        """End a map or list: all nodes since belong to it."""
        self.end[number] = len(self.at)

    def copy(self, marks: Marks, number: int, position: int) -> None:
        """Add a node of these marks or of others once more, at a position of its own."""
        copy = self.open(position)
        self.copy_inside(marks, number)
        self.close(copy)

    def copy_inside(self, marks: Marks, number: int) -> None:
        """Add the nodes inside a node once more."""
        inside = slice(number + 1, marks.end[number])
        shift = len(self.at) - inside.start
        self.at.extend(marks.at[inside])
        self.end.extend(array("I", [end + shift for end in marks.end[inside]]))

    def cut(self, number: int) -> None:
        """Forget a node and all that follow."""
        del self.at[number:]
        del self.end[number:]


@dataclass(frozen=True, slots=True)
class Tree:
    """The data of one file or folder; `findings` are what is wrong with the text itself.

    `data` is None where nothing usable could be read.
    """

    files: tuple[str, ...]
    data: object
    marks: Marks = field(default_factory=Marks, repr=False)
    findings: tuple[Finding, ...] = ()
    _children: dict[int, dict[str | int, Node]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def root(self) -> Node:
        """The whole."""
        return Node(self, 0, self.data)

    def in_words(self, position: int) -> Place:
        """Return what a packed position means."""
        line = position >> COLUMN_BITS  # `unpack`, written out: every name in a document has its place
        return Place(self.files[line >> LINE_BITS], (line & _LINE) + 1, (position & _COLUMN) + 1)

    def node(self, path: Path) -> Node:
        """Find a part.

        Raises:
            KeyError: the data has no such part.
        """
        node = self.root
        for key in path:
            if node.number not in self._children:
                self._children[node.number] = {**dict(node.items()), **dict(enumerate(node.elements()))}
            node = self._children[node.number][key]
        return node

    def place(self, path: Path) -> Place:
        """Return where a value is written."""
        return self.node(path).place

    def key_place(self, path: Path) -> Place:
        """Return where the key of a value is written; items of lists and the whole have none but their own place."""
        node = self.node(path)
        return node.key_place if path and isinstance(path[-1], str) else node.place


class Node(NamedTuple):
    """One value in a tree. What is asked of a value of another kind is simply not there."""

    tree: Tree
    number: int
    value: object

    @property
    def position(self) -> int:
        """Where the value is written, packed."""
        return self.tree.marks.at[self.number]

    @property
    def key_position(self) -> int:
        """Where the key of this value is written, packed; only for values in a map."""
        return self.tree.marks.at[self.number - 1]

    @property
    def place(self) -> Place:
        """Where the value is written."""
        return self.tree.in_words(self.tree.marks.at[self.number])

    @property
    def key_place(self) -> Place:
        """Where the key of this value is written; only for values in a map."""
        return self.tree.in_words(self.tree.marks.at[self.number - 1])

    def items(self) -> Iterator[tuple[str, Node]]:
        """Go through the entries of a map."""
        if isinstance(self.value, dict):
            number, end = self.number + 2, self.tree.marks.end
            for key, value in self.value.items():
                yield key, Node(self.tree, number, value)
                number = end[number] + 1

    def elements(self) -> Iterator[Node]:
        """Go through the items of a list."""
        if isinstance(self.value, list):
            number, end = self.number + 1, self.tree.marks.end
            for value in self.value:
                yield Node(self.tree, number, value)
                number = end[number]

    def get(self, key: str) -> Node | None:
        """Return the value of a key."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        number, end = self.number + 2, self.tree.marks.end
        for each in self.value:
            if each == key:
                break
            number = end[number] + 1
        return Node(self.tree, number, self.value[key])

    def find(self, *keys: str) -> Node | None:
        """Return the value at the end of a way through maps."""
        node: Node | None = self
        for key in keys:
            node = node.get(key) if node else None
        return node

    def plain(self, key: str) -> object:
        """Return the value of a key without its place; None where there is none."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self, key: str) -> str:
        """Return the text of a key; empty where there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, str) else ""
