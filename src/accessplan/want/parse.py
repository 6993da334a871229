"""From YAML text to a tree, by the events of libyaml.

Scalars without quotes are null, true and false, and whole numbers, as in YAML 1.2; `yes`, `no`, `on`, `off` and dates
are text. So are numbers that would not be written back as they were read (`007`, `1e5`): no document has a use for
them, and people have such names. Tags and merge keys are refused, and aliases that would make the data explode.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from accessplan.finding import Finding, Place, error
from accessplan.want.libyaml import require_libyaml
from accessplan.want.names import quote
from accessplan.want.syntax import Complaint, control_character, control_in, not_utf8, syntax_error
from accessplan.want.tree import COLUMN_BITS, Marks, Tree, pack, unpack

MAX_DEPTH = 100
MAX_ALIASED = 1_000_000
"""How many values the aliases of a file may stand for together."""

Scalar = None | bool | int | str

_CONSTANTS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_REFUSED, _OPEN = object(), object()
"""Stand for a value that was refused, so that its entry is left out, and for one that has not ended yet."""


class _Unusable(Exception):
    """The rest of the text cannot be read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def parse(text: bytes, files: tuple[str, ...], number: int = 0) -> Tree:
    """Read one of some files: the one with this number.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    require_libyaml()
    file = files[number]
    if fault := not_utf8(text, file):
        return Tree(files, None, findings=(fault,))
    builder = _Builder(text, file, number)
    try:
        data = builder.document()
    except _Unusable as unusable:
        fault = unusable.finding
    except yaml.MarkedYAMLError as broken:
        fault = syntax_error(_complaint(broken), text.decode(), file)
    except yaml.reader.ReaderError:
        fault = control_character(text.decode(), file)
    else:
        return Tree(files, data, builder.marks, tuple(builder.findings))
    return Tree(files, None, findings=(*builder.findings, fault))


def plain(text: str) -> Scalar:
    """Read a scalar without quotes."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _INTEGER.fullmatch(text) else sys.intern(text)


class _Builder:
    """One pass over the events of one file."""

    def __init__(self, text: bytes, file: str, number: int) -> None:
        self.file = file
        self.first = pack(number, 0, 0)
        self.next: Callable[[], Any] = yaml.CSafeLoader(text).get_event
        self.plain = cache(plain)
        self.marks = Marks()
        self.read = self.reader()
        self.findings: list[Finding] = []
        self.depth = 0
        self.aliased = 0
        self.anchors: dict[str, tuple[object, int]] = {}

    def document(self) -> object:
        """Build the one document of the file."""
        self.next()
        begin = self.next()
        data = None if isinstance(begin, StreamEndEvent) else self.node(self.next())
        if data is None:
            raise self.unusable(begin, "empty-file", "the file holds nothing", "")
        self.next()
        if not isinstance(event := self.next(), StreamEndEvent):
            self.refuse(event, "several-documents", "a second YAML document begins here", "remove it, or the --- line")
        return None if data is _REFUSED else data

    def node(self, event: NodeEvent) -> object:
        """Build a value from its first event on."""
        number = self.marks.open(self.position(event))
        if event.anchor is not None:
            return self.anchored(event, event.anchor, number)
        if isinstance(event, ScalarEvent):
            return self.scalar(event) if event.style or event.tag else self.plain(event.value)
        return self.collection(event, number)

    def reader(self) -> Callable[[NodeEvent], object]:
        """Return what builds a value as `node` does, and a scalar that is nothing but its text in fewer steps.

        Half a million of these make a large document.
        """
        at, end, first, plain, node = self.marks.at, self.marks.end, self.first, self.plain, self.node

        def read(event: NodeEvent) -> object:
            if event.__class__ is not ScalarEvent or event.style or event.anchor or event.tag:
                return node(event)
            mark: Any = event.start_mark
            at.append(first | mark.line << COLUMN_BITS | mark.column)
            end.append(len(at))
            return plain(event.value)

        return read

    def scalar(self, event: ScalarEvent) -> Scalar:
        """Read a scalar, which is text where it is quoted."""
        if event.tag is not None:
            self.refuse_tag(event, event.tag)
        if not event.style:
            return self.plain(event.value)
        if found := control_in(event.value):
            message = f"control characters are not allowed: U+{ord(found):04X}"
            self.refuse(event, "control-character", message, "remove it")
        return sys.intern(event.value)

    def collection(self, event: NodeEvent, number: int) -> object:
        """Build a map or list up to its end."""
        if isinstance(event, CollectionStartEvent) and event.tag is not None:
            self.refuse_tag(event, event.tag)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.unusable(event, "too-deep", f"maps and lists lie more than {MAX_DEPTH} deep here", "")
        value = self.map(number) if isinstance(event, MappingStartEvent) else self.list()
        self.depth -= 1
        self.marks.close(number)
        return value

    def map(self, first: int) -> dict[str, object]:
        """Build a map, whose node is `first`; an entry that is refused is left out."""
        data: dict[str, object] = {}
        following, read, at = self.next, self.read, self.marks.at
        while (event := following()).__class__ is not MappingEndEvent:
            number = len(at)
            key = read(event)
            if not isinstance(key, str) or key in data or key == "<<":
                key = self.odd_key(key, event, data, first)
            value = read(following())
            if key is None or value is _REFUSED:
                self.discard(number)
            else:
                data[key] = value
        return data

    def list(self) -> list[object]:
        """Build a list; an item that is refused is left out."""
        data: list[object] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            number = len(self.marks.at)
            if (value := self.read(event)) is _REFUSED:
                self.discard(number)
            else:
                data.append(value)
        return data

    def anchored(self, event: NodeEvent, name: str, number: int) -> object:
        """Repeat what an anchor names, or build a value and remember it under its anchor."""
        if isinstance(event, AliasEvent):
            return self.alias(event, name, number)
        self.anchors[name] = (_OPEN, number)
        value = self.scalar(event) if isinstance(event, ScalarEvent) else self.collection(event, number)
        self.anchors[name] = (value, number)
        return value

    def alias(self, event: AliasEvent, name: str, number: int) -> object:
        """Repeat a value, within bounds."""
        value, first = self.anchors.get(name, (None, -1))
        if first < 0:
            self.refuse(event, "unknown-alias", f"nothing before is named &{name}", "put text with * in quotes")
        elif value is _OPEN:
            self.refuse(event, "recursive-alias", f"*{name} lies inside what it names", "write it out")
        elif value is not _REFUSED:
            self.aliased += self.marks.end[first] - first
            if self.aliased > MAX_ALIASED:
                message = f"the aliases up to here stand for more than {MAX_ALIASED:,} values"
                raise self.unusable(event, "too-many-aliases", message, "write them out")
            self.marks.copy_inside(self.marks, first)
            self.marks.close(number)
            return value
        return _REFUSED

    def odd_key(self, key: object, event: NodeEvent, before: Mapping[str, object], first: int) -> str | None:
        """Say why this is no key of the map whose node is `first`, unless it is one after all."""
        if not isinstance(key, str):
            self.refuse(event, "key-not-text", "a key must be text", "put it in quotes")
        elif key in before:
            place = self.place(self.marks.at[self.number_of(key, before, first)])
            self.refuse(event, "duplicate-key", f"{quote(key)} is given twice", f"it is given first at {place}")
        elif isinstance(event, ScalarEvent) and event.style:
            return key
        else:
            self.refuse(event, "merge-key", "merge keys (<<) are not allowed", "write the keys out")
        return None

    def number_of(self, key: str, before: Mapping[str, object], first: int) -> int:
        """Return the node of a key of the map whose node is `first`."""
        number = first + 1
        for other in before:
            if other == key:
                break
            number = self.marks.end[number + 1]
        return number

    def discard(self, number: int) -> None:
        """Forget the nodes of a refused entry, and what anchors in it name."""
        self.marks.cut(number)
        self.anchors.update({name: (_REFUSED, 0) for name, (_, at) in self.anchors.items() if at >= number})

    def position(self, event: Event) -> int:
        """Return where an event is, packed."""
        mark: Any = event.start_mark
        packed: int = self.first | mark.line << COLUMN_BITS | mark.column
        return packed

    def place(self, position: int) -> Place:
        """Return a packed position of this file in words."""
        _, line, column = unpack(position)
        return Place(self.file, line + 1, column + 1)

    def refuse(self, event: Event, code: str, message: str, hint: str) -> None:
        """Note a fault, and go on."""
        self.findings.append(error(code, message, self.place(self.position(event)), hint=hint))

    def refuse_tag(self, event: Event, tag: str) -> None:
        """Note a tag."""
        self.refuse(event, "yaml-tag", f"YAML tags are not allowed: {quote(tag)}", "remove the tag")

    def unusable(self, event: Event, code: str, message: str, hint: str) -> _Unusable:
        """Return the fault that ends the reading."""
        return _Unusable(error(code, message, self.place(self.position(event)), hint=hint))


def _complaint(broken: yaml.MarkedYAMLError) -> Complaint:
    at: Any = broken.problem_mark or broken.context_mark
    since: Any = broken.context_mark or at
    return Complaint(broken.problem or "", at.line, at.column, broken.context or "", since.line, since.column)
