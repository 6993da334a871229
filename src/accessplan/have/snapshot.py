"""The live organization as one JSON file: for plans without a token, and for tests that give the same every day.

::

    {"format_version": "2.1", "digest": "sha256:…", "captured_at": "2026-11-21T21:45:00+00:00",
     "origin": "https://api.infomaniak.com", "caller_role", "caller",
     "organization": {"id", "name"}, "services": [{"id", "name"}],
     "products": [{"id", "service", "name", "internal_name", "tags"}],
     "entries": [{"at": [kind, name, part, key], "id": number, …what the entry says}],
     "numbers": [{"at": [kind, name, part, key], "id": number}],
     "blind": [{"kind", "part", "reason", …}], "rejected": [email], "not_covered": [sentence],
     "partial": [email], "partial_teams": [name],
     "opens_more": [email], "drives": {label: number}, "of_suite": [label],
     "locked": [{"at": [kind, name, part, key], "role"}],
     "mailboxes": {address: {"hosting", "name", "legacy"}},
     "moments": [{"at": [kind, name, part, key], "since", "used", "never", "second_factor"}],
     "expiries": {label: seconds}}

`numbers` are those of what is no entry any more, such as an invitation that expired. `moments` and `expiries` are in
Unix seconds, without what is not shown; a snapshot of format 2.0 has none: it tells nothing of how anything is used.
`digest` is over all that follows it, as canonical JSON. Lists are sorted and each row has its line, so that snapshots
compare well. Links and keys that let their holder in are never read, so none is here. Minor versions add fields; a
major version is refused by older readers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from accessplan.errors import InputError, UnreadableAnswer
from accessplan.have.answer import Row, plain
from accessplan.have.fields import Fields
from accessplan.have.live import Live, Mailbox
from accessplan.have.moments import LATEST, Moments
from accessplan.model import Address, BlindSpot, Entry, Product, State, Use
from accessplan.plain import in_full, live_entry_of
from accessplan.select import Catalogue

FORMAT_VERSION = "2.1"
MAJOR = FORMAT_VERSION.partition(".")[0]

TAKE_ANEW = "Take a new one with `accessplan snapshot`."


def render(live: Live, captured_at: datetime) -> str:
    """Make the text of a snapshot: it names people, so its owner alone should read the file."""
    content = _content(live, captured_at)
    whole = {"format_version": FORMAT_VERSION, "digest": _digest(content), **content}
    return "{\n" + ",\n".join(f"{_json(name)}: {_lines(value)}" for name, value in whole.items()) + "\n}\n"


def load(path: Path) -> Live:
    """Load a snapshot. One without a digest, as written by hand, will do.

    Raises:
        InputError: the file cannot be read, is no snapshot, is of a newer format, or was changed.
    """
    whole = _parse(path)
    version = whole.pop("format_version", None)
    if not isinstance(version, str):
        raise InputError(f"{path} is no snapshot: it has no `format_version`", TAKE_ANEW)
    if version.partition(".")[0] != MAJOR:
        message = f"{path} has the format {plain(version)}; this accessplan reads {MAJOR}.x"
        raise InputError(message, "Upgrade accessplan.")
    if whole.pop("digest", None) not in (None, _digest(whole)):
        raise InputError(f"{path} was changed: its digest does not fit", f"{TAKE_ANEW[:-1]}, or delete the digest.")
    try:
        return _live(whole)
    except UnreadableAnswer as error:
        raise InputError(f"{path} is no whole snapshot: {error}", TAKE_ANEW) from error


def _content(live: Live, captured_at: datetime) -> Row:
    return {
        "captured_at": captured_at.isoformat(),
        "origin": live.origin,
        "caller_role": live.caller_role,
        "caller": live.caller,
        "organization": {"id": live.organization_id, "name": live.organization_name},
        "services": [{"name": name, "id": number} for name, number in sorted(live.service_ids.items())],
        "products": [{**asdict(each), "tags": sorted(each.tags)} for each in live.catalogue.products],
        "entries": [_entry_row(entry, live.ids) for _, entry in sorted(live.state.entries.items())],
        "numbers": [
            {"at": list(address), "id": number}
            for address, number in sorted(live.ids.items())
            if address not in live.state.entries
        ],
        "blind": [asdict(each) for each in live.state.blind],
        "rejected": sorted(live.state.rejected),
        "partnerships": None if live.state.partnerships is None else sorted(live.state.partnerships),
        "not_covered": list(live.not_covered),
        "partial": sorted(live.partial),
        "partial_teams": sorted(live.partial_teams),
        "opens_more": sorted(live.opens_more),
        "drives": dict(live.drives),
        "of_suite": sorted(live.catalogue.of_suite),
        "locked": [_entry_row(place, {}) for _, place in sorted(live.state.locked.items())],
        "mailboxes": {address: asdict(each) for address, each in sorted(live.mailboxes.items())},
        "moments": [_moments_row(address, each) for address, each in sorted(live.moments.items())],
        "expiries": dict(live.expiries),
    }


def _moments_row(address: Address, moments: Moments) -> Row:
    shown = {name: value for name, value in asdict(moments).items() if value is not None and (value or name != "never")}
    return {"at": list(address), **shown}


def _entry_row(entry: Entry, ids: Mapping[Address, int]) -> Row:
    number = {"id": ids[entry.address]} if entry.address in ids else {}
    return {"at": list(entry.address), **number, **in_full(entry)}


def _live(whole: Row) -> Live:
    head = Fields(whole, "it")
    organization = Fields(head.inner("organization").row, "its organization")
    services = {each.text("name"): each.number("id") for each in _rows(head, "services")}
    mailboxes = {address: _mailbox(address, head.inner("mailboxes")) for address in head.inner("mailboxes").row}
    entries: dict[Address, Entry] = {}
    ids = {_address(row.row.get("at")): row.number("id") for row in _rows(head, "numbers")}
    for row in _rows(head, "entries"):
        entry = _entry(row)
        entries[entry.address] = entry
        if (number := row.number_if_any("id")) is not None:
            ids[entry.address] = number
    rejected = frozenset(map(str, head.items("rejected") or ()))
    return Live(
        organization_id=organization.number("id"),
        organization_name=organization.text("name"),
        origin=head.text_if_any("origin"),
        caller_role=head.text_if_any("caller_role"),
        caller=head.text_if_any("caller"),
        state=State(
            entries,
            tuple(map(_blind_spot, _rows(head, "blind"))),
            rejected,
            partnerships=_partnerships(head),
            locked={each.address: each for each in map(_entry, _rows(head, "locked")) if isinstance(each, Use)},
        ),
        catalogue=Catalogue(
            map(_product, _rows(head, "products")), services, mailboxes, map(str, head.items("of_suite") or ())
        ),
        ids=ids,
        service_ids=services,
        not_covered=tuple(map(str, head.items("not_covered") or ())),
        partial=frozenset(map(str, head.items("partial") or ())),
        partial_teams=frozenset(map(str, head.items("partial_teams") or ())),
        opens_more=frozenset(map(str, head.items("opens_more") or ())),
        drives={label: head.inner("drives").number(label) for label in head.inner("drives").row},
        mailboxes=mailboxes,
        moments={_address(row.row.get("at")): _moments(row) for row in _rows(head, "moments")},
        expiries={label: _seconds(head.inner("expiries"), label) for label in head.inner("expiries").row},
    )


def _entry(row: Fields) -> Entry:
    try:
        return live_entry_of(_address(row.row.get("at")), row.row)
    except ValueError as error:
        raise UnreadableAnswer(f"a row of `entries`: {error}") from error


def _address(parts: object) -> Address:
    if isinstance(parts, list) and [type(each) for each in parts] == [str] * len(Address._fields):
        return Address(*parts)
    raise UnreadableAnswer(f"{plain(str(parts))} is no address of an entry")


def _moments(row: Fields) -> Moments:
    factor = row.row.get("second_factor")
    since, used = (_seconds(row, name) if name in row.row else None for name in ("since", "used"))
    return Moments(since, used, row.row.get("never") is True, factor if isinstance(factor, bool) else None)


def _seconds(row: Fields, name: str) -> int:
    seconds = row.number(name)
    if not 0 < seconds <= LATEST:
        raise UnreadableAnswer(f"{seconds} is no time in Unix seconds")
    return seconds


def _partnerships(head: Fields) -> frozenset[str] | None:
    kinds = head.items("partnerships")
    return None if kinds is None else frozenset(map(str, kinds))


def _mailbox(address: str, mailboxes: Fields) -> Mailbox:
    row = mailboxes.inner(address)
    return Mailbox(row.number("hosting"), row.text("name"), row.row.get("legacy") is True)


def _product(row: Fields) -> Product:
    tags = frozenset(map(str, row.items("tags") or ()))
    names = row.text_if_any("name"), row.text_if_any("internal_name")
    return Product(row.number("id"), row.text("service"), *names, tags)


def _blind_spot(row: Fields) -> BlindSpot:
    flags = {name: row.row.get(name) is True for name in ("single_products", "by_word")}
    texts = {name: row.text_if_any(name) for name in ("service", "attribute", "person", "domain")}
    part = row.text_if_any("part")
    return BlindSpot(row.text("kind"), part, row.text("reason"), **flags, **texts)  # type: ignore[arg-type]


def _rows(head: Fields, name: str) -> list[Fields]:
    return [Fields(each.row, f"a row of `{name}`") for each in head.rows(name) or ()]


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _parse(path: Path) -> Row:
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {_reason(error)}") from error
    try:
        whole = json.loads(raw)
        _json(whole).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{path} is no snapshot: a character in it is half of a pair", TAKE_ANEW) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no snapshot: it is no JSON", TAKE_ANEW) from error
    if not isinstance(whole, dict):
        raise InputError(f"{path} is no snapshot: it is no JSON object", TAKE_ANEW)
    return whole


def _digest(content: Row) -> str:
    return "sha256:" + hashlib.sha256(_json(content).encode(errors="replace")).hexdigest()


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(map(_json, value)) + "\n]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
