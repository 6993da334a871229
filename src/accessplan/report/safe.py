"""Make hostile text harmless: what a reader cannot see, or what would steer a terminal, is written out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from accessplan.finding import Place
from accessplan.model import Address

LONGEST = 300
"""Longer names are cut: the API's own end at 255 characters, and a service may stand before one."""

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are not shown as themselves: controls, direction marks, surrogates, line separators."""

_WORD = re.compile(r"(?![0-9a-f]{7,40}\b|[0-9]+[.)])\(?[^\W_]+(?:['-][^\W\d_]+)*[,;:.)]*|%[,;:.)]*|=>|[·›…⋮✎]")
"""What Markdown and the sites that show it take for nothing but text: no syntax, link, mention, issue or commit."""

_FORMULA = frozenset("=+-@\t\r＝＋－＠")  # noqa: RUF001 - spreadsheets take the wide ones too
"""What a formula begins with."""


def visible(name: str) -> str:
    """Make a name harmless: write out what steers, and cut what is very long."""
    return spelled_out(_cut(name))


def visible_address(address: Address) -> str:
    """Make an address harmless: each of its names is cut by itself, so that none hides another."""
    return spelled_out(str(address._replace(name=_cut(address.name), key=_cut(address.key))))


def visible_place(place: Place | None) -> str:
    """Return the file and line of a place, harmless; empty where there is none."""
    return f"{visible(place.file)}:{place.line}" if place else ""


def spelled_out(text: str) -> str:
    r"""Write out control characters, direction marks and the like as `\x1b` or `\u202e`; nothing is cut."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def markdown(text: str) -> str:
    """Make text harmless in a line of Markdown: whatever is not plainly a word stands as code.

    In code nothing is a link, HTML, an emoji, or a mention that sends somebody a mail. Escaping with backslashes would
    not do: sites look for mentions and web addresses after they are undone.
    """
    runs = groupby(spelled_out(text).split(), key=lambda each: _WORD.fullmatch(each) is not None)
    return " ".join(" ".join(words) if plain else _as_code(" ".join(words)) for plain, words in runs)


def markdown_value(text: str) -> str:
    """The same for a line that is a value as a whole: a name of several words in it is not torn apart."""
    return text if text.isprintable() and all(map(_WORD.fullmatch, text.split())) else code(text)


def code(text: str) -> str:
    """Write a name as code in Markdown, whatever backticks are in it."""
    text = spelled_out(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    edge = " " if not text or {text[0], text[-1]} & {"`", " "} else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def cell(line: str) -> str:
    """Fit a line of Markdown into a table, where a bar ends a cell even in code."""
    return line.replace("|", "\\|")


def workflow_message(text: str) -> str:
    """Write text as the message of a command of a GitHub workflow; a line feed in it stays one."""
    lines = "\n".join(map(spelled_out, text.split("\n")))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """The same for a property, which a colon or a comma would end."""
    return workflow_message(text).replace(":", "%3A").replace(",", "%2C")


def table_cell(text: str) -> str:
    """Make text harmless in a cell of a spreadsheet: what would be taken for a formula begins with an apostrophe."""
    text = spelled_out(text)
    return f"'{text}" if text.lstrip()[:1] in _FORMULA else text


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows as CSV under one line of names, each cell of them harmless."""
    memory = io.StringIO()
    writer = csv.DictWriter(memory, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: table_cell(value) for name, value in row.items()} for row in rows)
    return memory.getvalue()


def sarif_text(text: str) -> str:
    """Make text harmless in a message of SARIF, where braces hold arguments and brackets begin links [SARIF 3.11]."""
    return spelled_out(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _as_code(words: str) -> str:
    name = words.rstrip(",;:." if "(" in words else ",;:.)") or words
    return code(name) + words.removeprefix(name)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}… ({len(name)} characters)"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _STEERING:
        return character
    number = ord(character)
    if number <= 0xFF:  # noqa: PLR2004 - two digits hold it
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits hold it
