"""Make hostile text harmless: what a reader cannot see, or what would steer a terminal, is written out."""

from __future__ import annotations

import unicodedata

LONGEST = 256
"""Longer texts are cut: the API's own names end at 255 characters."""

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are not shown as themselves: controls, direction marks, surrogates, line separators."""


def visible(text: str) -> str:
    """Make a name harmless: write out what steers, and cut what is very long."""
    return spelled_out(text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)")


def spelled_out(text: str) -> str:
    r"""Write out control characters, direction marks and the like as `\x1b` or `\u202e`; nothing is cut."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _STEERING:
        return character
    number = ord(character)
    if number <= 0xFF:  # noqa: PLR2004 - two digits hold it
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits hold it
