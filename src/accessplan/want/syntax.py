"""What is wrong with a text that is no YAML, in plain words."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from accessplan.finding import Finding, Place, error

_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]",
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What libyaml says, and where it says it; lines and columns count from 0.

    `context` is what it was reading, with the position where that began, if it says so.
    """

    problem: str
    line: int
    column: int
    context: str = ""
    context_line: int = 0
    context_column: int = 0


def control_in(text: str) -> str:
    """Return the first character that no text of a document may hold, even escaped; nothing if there is none."""
    found = None if text.isprintable() else _CONTROL.search(text)
    return found[0] if found else ""


def not_utf8(text: bytes, file: str) -> Finding | None:
    """Tell why a text is no UTF-8, if it is none."""
    for mark, name in _OTHER_ENCODINGS:
        if text.startswith(mark):
            hint = f"save it as UTF-8, or convert it: iconv -f {name} -t UTF-8 {file} > new.yaml"
            return error("not-utf-8", f"the file is {name}, not UTF-8", Place(file, 1), hint=hint)
    try:
        text.decode()
    except UnicodeDecodeError as fault:
        start = text.rfind(b"\n", 0, fault.start) + 1
        line, column = text.count(b"\n", 0, fault.start) + 1, len(text[start : fault.start].decode()) + 1
        message = f"the file is not UTF-8: byte {fault.start + 1} is 0x{text[fault.start]:02x}"
        return error("not-utf-8", message, Place(file, line, column), hint="save the file as UTF-8")
    return None


def control_character(text: str, file: str) -> Finding:
    """Name the first character that YAML does not allow in a file."""
    found = _UNREADABLE.search(text.removeprefix("\ufeff"))
    if found is None:
        return error("invalid-yaml", "the file has a character that YAML does not allow", Place(file, 1))
    before = found.string[: found.start()]
    place = Place(file, before.count("\n") + 1, found.start() - before.rfind("\n"))
    message = f"the file has a control character: U+{ord(found[0]):04X}"
    return error("control-character", message, place, hint="delete it; a file full of them is no text in UTF-8")


def syntax_error(complaint: Complaint, source: str, file: str) -> Finding:
    """Say what libyaml complains about, how to mend it, and where the fault begins."""
    at = Place(file, complaint.line + 1, complaint.column + 1)
    since = Place(file, complaint.context_line + 1, complaint.context_column + 1)
    lines = source.splitlines()
    line = lines[complaint.line] if complaint.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return error("invalid-yaml", "a tab indents this line", at, hint="indent with spaces")
    if "character that cannot start any token" in complaint.problem:
        character = line[complaint.column : complaint.column + 1]
        return error("invalid-yaml", f"text cannot begin with {character}", at, hint="put the text in quotes")
    for words, message, hint, from_the_start in _COMPLAINTS:
        if words in complaint.problem:
            return error("invalid-yaml", message, since if from_the_start and complaint.context else at, hint=hint)
    return error("invalid-yaml", f"this is not YAML: {complaint.problem}", at)


_COMPLAINTS = (
    # libyaml's words; ours; how to mend it; whether the fault lies where the thing being read began
    ("unexpected end of stream", "the quote that opens here is never closed", "close the quote", True),
    ("expected ',' or ']'", "the [ that opens here is not closed, or lacks a comma", "close it with ]", True),
    ("expected ',' or '}'", "the { that opens here is not closed, or lacks a comma", "close it with }", True),
    (
        "mapping values are not allowed",
        "a colon where no key can be",
        "put text that contains a colon in quotes, or check the indentation",
        False,
    ),
    ("expected ':'", "a line without a colon", "write KEY: VALUE; a key may have 1,024 characters", True),
    ("expected key", "a key is expected here", "check indentation and quotes, here and in the line before", False),
    ("expected '-' indicator", "a list item is expected here", "begin each item with - at the same indentation", False),
    ("block sequence entries", "a list item cannot begin here", "put it on a line of its own, below its key", False),
    ("node content", "a value is expected here", "check the brackets and commas in the line before", False),
    ("<document start>", "nothing can follow here", "remove it, or check for one bracket too many", False),
    ("escape", "a backslash that YAML does not understand", "write it twice, or use single quotes", False),
    ("alphabetic or numeric", "text cannot begin with * or &", "put the text in quotes", True),
    ("incompatible YAML document", "the %YAML line names another version", "remove the line", False),
    ("tag", "YAML tags are not allowed", "remove the tag", False),
)
