"""Read single values of a document: e-mail addresses, lists of names, dates.

What the schema refuses is passed over here, so that one run finds the faults of both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from accessplan.finding import Place
from accessplan.model import Address, normalize_email
from accessplan.want.document import ALWAYS, UNRECORDED, Listed, Mention, Period, Record
from accessplan.want.names import quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Node

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATES = ("since", "until")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_LONGEST_EMAIL = 255
"""Characters [openapi core]."""


def is_email(text: str) -> bool:
    """Tell whether a text can be an e-mail address."""
    is_written_so = len(text) <= _LONGEST_EMAIL and text.isprintable() and _EMAIL.fullmatch(text) is not None
    return is_written_so and text.partition("@")[0].strip(".") != ""  # dots alone would leave their place in a path


def check_email(written: str, place: Place, address: Address | None, notes: Notes) -> str:
    """Return a text as a normalized e-mail address, having seen that it is one."""
    email = normalize_email(written)
    if not is_email(email):
        notes.error("invalid-email", f"{quote(written)} is no e-mail address", place, address, "as in ana@example.ch")
    return email


def read_email(entry: Node, key: str, address: Address, notes: Notes) -> Mention | None:
    """Read a key whose value is an e-mail address."""
    node = entry.get(key)
    if node is None or not isinstance(node.value, str):
        return None
    place = node.place
    return Mention(check_email(node.value, place, address, notes), place)


def read_emails(entry: Node, key: str, address: Address | None, notes: Notes) -> Listed[Mention]:
    """Read a list of e-mail addresses."""
    return _read_list(entry, key, lambda text, place: check_email(text, place, address, notes), address, notes)


def read_names(entry: Node, key: str, address: Address, notes: Notes) -> Listed[Mention]:
    """Read a list of names."""
    return _read_list(entry, key, lambda text, _: text, address, notes)


def read_period(entry: Node, address: Address, notes: Notes) -> Period:
    """Read `since` and `until`."""
    if not isinstance(entry.value, dict) or entry.value.keys().isdisjoint(_DATES):
        return ALWAYS
    since, until = (read_date(entry, key, address, notes) if key in entry.value else None for key in _DATES)
    if until is None:
        return _period(since, None)
    place = (entry.get("until") or entry).place
    if since and until < since:
        message = f"it would end on {until}, before it begins on {since}"
        notes.error("until-before-since", message, place, address, "correct one of the two")
    elif until < notes.today:
        hint = "delete the entry once its removal is applied"
        notes.warning("until-passed", f"it ended on {until}", place, address, hint)
    return _period(since, until)


def read_record(entry: Node, address: Address, notes: Notes) -> Record:
    """Read `owner`, `reason`, `ticket` and `reviewed`."""
    given = entry.value
    if not isinstance(given, dict):
        return UNRECORDED
    return _record(
        read_email(entry, "owner", address, notes) if "owner" in given else None,
        _text(given["reason"]) if "reason" in given else "",
        _text(given["ticket"]) if "ticket" in given else "",
        read_date(entry, "reviewed", address, notes) if "reviewed" in given else None,
    )


@lru_cache(maxsize=4096)
def _record(owner: Mention | None, reason: str, ticket: str, reviewed: date | None) -> Record:
    """Return one record for the many entries that share it."""
    return Record(owner, reason, ticket, reviewed)


def _text(value: object) -> str:
    """Return a text without space around it; a number is one too, as of a ticket."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) else ""


@lru_cache(maxsize=4096)
def _period(since: date | None, until: date | None) -> Period:
    """Return one period for the many entries that share it."""
    return Period(since, until)


def read_date(entry: Node, key: str, address: Address | None, notes: Notes) -> date | None:
    """Read a key whose value is a date, and see that the calendar has it."""
    text = entry.text(key)
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        place = (entry.get(key) or entry).place
        notes.error("invalid-date", f"the calendar has no {text}", place, address, "correct the month or the day")
        return None


def _read_list(
    entry: Node, key: str, name_of: Callable[[str, Place], str], address: Address | None, notes: Notes
) -> Listed[Mention]:
    node = entry.get(key)
    if node is None or not isinstance(node.value, list):
        return Listed()
    items: dict[str, Mention] = {}
    for each in node.elements():
        if isinstance(each.value, str):
            mention = Mention(name_of(each.value, each.place), each.place)
            if (first := items.setdefault(mention.name, mention)) is not mention:
                message = f"{quote(each.value)} is listed twice"
                notes.warning("duplicate-item", message, each.place, address, f"it is listed first at {first.place}")
    return Listed(node.key_place, tuple(items.values()))
