"""Entries as plain data, and back: what plans and records say of them; moments and long lists in plain words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from accessplan.model import (
    DELEGATE,
    GRANT,
    MEMBER,
    PARTNER,
    TEAM,
    USE,
    USER,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    Team,
    Use,
    User,
)
from accessplan.services import FULL, LIMITED, ROLES, in_usual_order

_USER = ("role", "billing", "notify_billing", "notify_products", "first_name", "last_name", "language")

_MARKS = ("invited", "expired", "pending", "implied", "own")
"""What else is known of a live entry, and no matter of comparison."""


def attributes(entry: Entry | None) -> dict[str, object] | None:
    """Return what an entry says beside its address, as plain data; what is left open or not shown is left out."""
    match entry:
        case None:
            return None
        case User():
            shown = {name: getattr(entry, name) for name in _USER}
            return {name: value for name, value in shown.items() if value not in (None, "")}
        case Team():
            return {"leader": entry.leader}
        case Membership():
            return {}
        case Grant():
            return {"manage": list(in_usual_order(entry.rights))}
        case Use():
            return {"use": entry.role}
        case Delegation():
            sends = {} if entry.sends is None else {"send": entry.sends}
            return {"permissions": list(in_usual_order(entry.permissions)), **sends}
        case Partner():
            return {"access": entry.access, "wallet": entry.wallet}


def entry_of(address: Address, data: Mapping[str, object]) -> Entry:
    """Make the entry of an address from its plain data.

    Raises:
        ValueError: no entry can be at this address, or the data is not of its kind.
    """
    kind_and_part = (address.kind, address.part)
    if kind_and_part == (USER, ""):
        return _user(address.name, data)
    if kind_and_part == (TEAM, ""):
        return Team(address.name, _text_if_any(data, "leader"))
    if kind_and_part == (TEAM, MEMBER):
        return Membership(address.name, address.key)
    if address.part == GRANT and address.kind in (USER, TEAM, PARTNER):
        return Grant(address.owner, address.key, _names(data, "manage"))
    if kind_and_part == (USER, USE):
        return Use(address.name, address.key, _text_if_any(data, "use"))
    if address.part == DELEGATE:
        return Delegation(address.name, address.key, _names(data, "permissions"), _flag_if_any(data, "send"))
    if kind_and_part == (PARTNER, ""):
        return Partner(address.name, _one_of(data, "access", (LIMITED, FULL)), data.get("wallet") is True)
    raise ValueError(f"no entry can be at {address}")


def in_full(entry: Entry) -> dict[str, object]:
    """Return what a live entry says beside its address, and what else is known of it, as plain data."""
    return {**(attributes(entry) or {}), **{name: True for name in _MARKS if getattr(entry, name, False)}}


def live_entry_of(address: Address, data: Mapping[str, object]) -> Entry:
    """Make the live entry of an address from its plain data.

    Raises:
        ValueError: no entry can be at this address, or the data is not of its kind.
    """
    entry = entry_of(address, data)
    marks = {name: True for name in _MARKS if data.get(name) is True and hasattr(entry, name)}
    return replace(entry, **marks) if marks else entry  # type: ignore[arg-type]


def address_of(parts: object) -> Address:
    """Make an address from its plain data.

    Raises:
        ValueError: it is none.
    """
    match parts:
        case [str(kind), str(name), str(part), str(key)]:
            return Address(kind, name, part, key)
        case _:
            raise ValueError("what should be an address is none")


def unseen(address: Address) -> Entry:
    """Make an entry of which nothing but its address is known.

    Raises:
        ValueError: the live system shows such entries, or there are none at such an address.
    """
    if address.part == GRANT:
        return Grant(address.owner, address.key, frozenset())
    if address.part == USE:
        return Use(address.name, address.key, None)
    if address.part == DELEGATE:
        return Delegation(address.name, address.key, frozenset())
    if address.kind == PARTNER and not address.part:
        return Partner(address.name, LIMITED)
    raise ValueError(f"{address} is no entry that may be out of sight")


def moment(at: datetime) -> str:
    """Write a moment for people, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def few(names: Iterable[str], most: int = 3) -> str:
    """List names; those beyond `most` are counted."""
    names = list(names)
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _user(email: str, data: Mapping[str, object]) -> User:
    flags = {name: _flag_if_any(data, name) for name in ("billing", "notify_billing", "notify_products")}
    names = {name: _text_if_any(data, name) or "" for name in ("first_name", "last_name", "language")}
    return User(email, _one_of(data, "role", ROLES), **flags, **names)  # type: ignore[arg-type]


def _names(data: Mapping[str, object], key: str) -> frozenset[str]:
    value = data.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key} is no list of names")
    return frozenset(value)


def _text_if_any(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) else None


def _flag_if_any(data: Mapping[str, object], key: str) -> bool | None:
    value = data.get(key)
    return value if isinstance(value, bool) else None


def _one_of(data: Mapping[str, object], key: str, values: Container[str]) -> str:
    value = data.get(key)
    if not isinstance(value, str) or value not in values:
        raise ValueError(f"{key} is none that is known")
    return value
