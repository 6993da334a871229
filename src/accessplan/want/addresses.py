"""Addresses of entries: from the text that plans print, and from the place in a document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from accessplan.finding import Place
from accessplan.model import (
    DELEGATE,
    GRANT,
    MAILBOX,
    MEMBER,
    PARTNER,
    TEAM,
    USE,
    USER,
    Address,
    fold,
    mailbox_address,
    normalize_email,
    partner_address,
    team_address,
    user_address,
)
from accessplan.select import Kind, SelectorError
from accessplan.select import parse as parse_selector
from accessplan.want.document import ROLE
from accessplan.want.names import quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Path
from accessplan.want.values import check_email

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TEXT = re.compile(rf"([a-z]+)\[({_QUOTED})\](?:\.([a-z]+)\[({_QUOTED})\])?")
Kinds = Mapping[tuple[str, str], str]
"""Kinds and parts of addresses, and how one looks."""

ENTRIES: Kinds = {
    (USER, ""): 'user["old@example.ch"]',
    (TEAM, ""): 'team["Web"]',
    (PARTNER, ""): 'partner["WebAgency"]',
    (USER, GRANT): 'user["ana@example.ch"].grant["domain/example.ch"]',
    (USER, USE): 'user["ana@example.ch"].use["drive/Team Drive"]',
    (TEAM, MEMBER): 'team["Web"].member["ana@example.ch"]',
    (TEAM, GRANT): 'team["Web"].grant["hosting/*"]',
    (MAILBOX, DELEGATE): 'mailbox["director@example.ch"].delegate["ana@example.ch"]',
    (PARTNER, GRANT): 'partner["WebAgency"].grant["hosting/shop.example.ch"]',
}
"""Every kind of entry."""

PROTECTABLE: Kinds = {**ENTRIES, (MAILBOX, ""): 'mailbox["billing@example.ch"]'}
"""The same, and mailboxes: all who open one."""

_NAMES_ONE = {GRANT: (Kind.NAME, Kind.ID, Kind.SERVICE), USE: (Kind.NAME, Kind.ID)}
"""What a grant or a use is on: one product, or for grants a whole service."""


class AddressError(ValueError):
    """A text that is no address of an entry; the text of the error shows what one looks like."""


def parse(text: str, kinds: Kinds = ENTRIES) -> Address:
    """Read an address as `model.Address` prints it; e-mail addresses are normalized.

    Raises:
        AddressError: no entry can have this address.
    """
    match = _TEXT.fullmatch(text.strip())
    kind, part = (match[1], match[3] or "") if match else ("", "")
    if match is None or (kind, part) not in kinds:
        raise AddressError(f"as in {_nearest_example(text, kinds)}")
    example = f"as in {kinds[kind, part]}"
    try:
        name, key = _unquoted(match[2]), _unquoted(match[4]) if match[4] else ""
        one = part not in _NAMES_ONE or parse_selector(key).kind in _NAMES_ONE[part]
    except SelectorError as fault:
        raise AddressError(str(fault)) from fault
    except ValueError as fault:
        raise AddressError(example) from fault
    if not name or not one or (part and not key):
        raise AddressError(example)
    return Address(
        kind,
        normalize_email(name) if kind in (USER, MAILBOX) else name,
        part,
        normalize_email(key) if part in (MEMBER, DELEGATE) else key,
    )


def read_address(text: str, place: Place, notes: Notes, kinds: Kinds = ENTRIES) -> Address | None:
    """Read an address that a document names at a place, and see that the e-mail addresses in it are such."""
    try:
        address = parse(text, kinds)
    except AddressError as fault:
        notes.error("invalid-address", f"{quote(text)} is no address of an entry", place, None, str(fault))
        return None
    if address.kind in (USER, MAILBOX):
        check_email(address.name, place, address, notes)
    if address.part in (MEMBER, DELEGATE):
        check_email(address.key, place, address, notes)
    return address


def address_of(path: Path) -> str:
    """Return the address of the entry that a path of the document leads into, or nothing outside of entries."""
    match path:
        case ("users", str(name), *inside):
            owner = user_address(normalize_email(name))
        case ("teams", str(name), *inside):
            owner = team_address(name)
        case ("roles", str(name), *inside):
            owner = Address(ROLE, name)
        case ("mailboxes", str(name), *inside):
            owner = mailbox_address(normalize_email(name))
        case ("partners", str(name), *inside):
            owner = partner_address(name)
        case _:
            return ""
    match inside:
        case ("grants", str(selector), *_):
            return str(Address(owner.kind, owner.name, GRANT, selector))
        case ("delegates", str(email), *_) if owner.kind == MAILBOX:
            return str(Address(MAILBOX, owner.name, DELEGATE, normalize_email(email)))
    return str(owner)


def compared(address: Address) -> Address:
    """Return what two addresses are compared by: names of teams, partners and products without regard to case."""
    name = fold(address.name) if address.kind in (TEAM, PARTNER) else address.name
    return Address(address.kind, name, address.part, fold(address.key) if address.part in (GRANT, USE) else address.key)


def _nearest_example(text: str, kinds: Kinds) -> str:
    """Return an address like the one that was meant: of the same part, or else of the same kind, as a whole."""

    def likeness(known: tuple[str, str]) -> tuple[bool, bool, bool]:
        kind, part = known
        return bool(part) and f"].{part}" in text, text.lstrip().startswith(kind), not part

    return kinds[max(kinds, key=likeness)]


def _unquoted(text: str) -> str:
    """Read a name in quotation marks, which must be one that can be written to a file.

    Raises:
        ValueError: it is not.
    """
    name = str(json.loads(text))
    name.encode()
    return name
