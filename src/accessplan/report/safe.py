"""Make hostile text harmless: what a reader cannot see, or what would steer a terminal, is written out."""

from __future__ import annotations

import unicodedata

from accessplan.model import Address

LONGEST = 300
"""Longer names are cut: the API's own end at 255 characters, and a service may stand before one."""

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are not shown as themselves: controls, direction marks, surrogates, line separators."""


def visible(name: str) -> str:
    """Make a name harmless: write out what steers, and cut what is very long."""
    return spelled_out(_cut(name))


def visible_address(address: Address) -> str:
    """Make an address harmless: each of its names is cut by itself, so that none hides another."""
    return spelled_out(str(address._replace(name=_cut(address.name), key=_cut(address.key))))


def spelled_out(text: str) -> str:
    r"""Write out control characters, direction marks and the like as `\x1b` or `\u202e`; nothing is cut."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}… ({len(name)} characters)"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _STEERING:
        return character
    number = ord(character)
    if number <= 0xFF:  # noqa: PLR2004 - two digits hold it
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits hold it
