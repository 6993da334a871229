"""The live organization as one JSON file: for plans without a token, and for tests that give the same every day.

::

    {"format_version": "1.0", "digest": "sha256:…", "captured_at": "2026-11-21T21:45:00+00:00",
     "organization": {"id", "name"}, "services": [{"id", "name"}],
     "products": [{"id", "service", "name", "internal_name", "tags"}],
     "users": [{"email", "id", "invited", "role", "first_name", "last_name", "language", "grants": {target: [right]}}],
     "teams": [{"name", "id", "leader", "members": [email], "grants": {target: [right]}}],
     "blind": [{"kind", "part", "reason", "single_products"}], "not_covered": [sentence],
     "partial": [email], "partial_teams": [name]}

`digest` is over all that follows it, as canonical JSON. Lists are sorted and each row has its line, so that snapshots
compare well. Minor versions add fields; a major version is refused by older readers.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from accessplan.errors import InputError, UnreadableAnswer
from accessplan.have.answer import Row, plain
from accessplan.have.fields import Fields
from accessplan.have.live import Live
from accessplan.model import (
    GRANT,
    Address,
    BlindSpot,
    Entry,
    Grant,
    Membership,
    Product,
    State,
    Team,
    User,
)
from accessplan.select import Catalogue
from accessplan.services import ROLES, in_usual_order

FORMAT_VERSION = "1.0"
MAJOR = FORMAT_VERSION.partition(".")[0]

TAKE_ANEW = "Take a new one with `accessplan snapshot`."


def write(live: Live, path: Path, captured_at: datetime) -> None:
    """Write a snapshot that its owner alone may read; a file at `path` is replaced as a whole or stays as it is.

    Raises:
        InputError: the file cannot be written.
    """
    content = _content(live, captured_at)
    whole = {"format_version": FORMAT_VERSION, "digest": _digest(content), **content}
    text = "{\n" + ",\n".join(f"{_json(name)}: {_lines(value)}" for name, value in whole.items()) + "\n}\n"
    try:
        _replace(path, text.encode())
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be written: {_reason(error)}") from error


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
    entries = [entry for _, entry in sorted(live.state.entries.items())]
    grants: defaultdict[Address, dict[str, object]] = defaultdict(dict)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry, Grant):
            grants[entry.subject][entry.target] = in_usual_order(entry.rights)
        elif isinstance(entry, Membership):
            members[entry.team].append(entry.email)

    def of(entry: User | Team) -> Row:
        return {"id": live.ids[entry.address], "grants": grants[entry.address]}

    return {
        "captured_at": captured_at.isoformat(),
        "organization": {"id": live.organization_id, "name": live.organization_name},
        "services": [{"name": name, "id": number} for name, number in sorted(live.service_ids.items())],
        "products": [{**asdict(each), "tags": sorted(each.tags)} for each in live.catalogue.products],
        "users": [asdict(each) | of(each) for each in entries if isinstance(each, User)],
        "teams": [
            asdict(each) | of(each) | {"members": members[each.name]} for each in entries if isinstance(each, Team)
        ],
        "blind": [asdict(each) for each in live.state.blind],
        "not_covered": list(live.not_covered),
        "partial": sorted(live.partial),
        "partial_teams": sorted(live.partial_teams),
    }


def _live(whole: Row) -> Live:
    head = Fields(whole, "it")
    organization = Fields(head.inner("organization").row, "its organization")
    services = {each.text("name"): each.number("id") for each in _rows(head, "services")}
    entries: dict[Address, Entry] = {}
    ids: dict[Address, int] = {}
    for row in _rows(head, "users"):
        user = _user(row)
        ids[user.address] = row.number("id")
        entries[user.address] = user
        entries.update(_grants(user.address, row))
    for row in _rows(head, "teams"):
        team = Team(row.text("name"), row.text_if_any("leader") or None)
        ids[team.address] = row.number("id")
        entries[team.address] = team
        entries.update(_grants(team.address, row))
        memberships = (Membership(team.name, str(email)) for email in row.items("members") or ())
        entries.update((each.address, each) for each in memberships)
    return Live(
        organization_id=organization.number("id"),
        organization_name=organization.text("name"),
        state=State(entries, tuple(map(_blind_spot, _rows(head, "blind")))),
        catalogue=Catalogue(map(_product, _rows(head, "products")), services),
        ids=ids,
        service_ids=services,
        not_covered=tuple(map(str, head.items("not_covered") or ())),
        partial=frozenset(map(str, head.items("partial") or ())),
        partial_teams=frozenset(map(str, head.items("partial_teams") or ())),
    )


def _user(row: Fields) -> User:
    return User(
        row.text("email"),
        row.one_of("role", ROLES),
        row.text_if_any("first_name"),
        row.text_if_any("last_name"),
        row.text_if_any("language"),
        invited=row.row.get("invited") is True,
    )


def _grants(subject: Address, row: Fields) -> Iterator[tuple[Address, Grant]]:
    grants = row.inner("grants")
    for target in grants.row:
        yield Address(*subject[:2], GRANT, target), Grant(subject, target, grants.rights(target))


def _product(row: Fields) -> Product:
    tags = frozenset(map(str, row.items("tags") or ()))
    names = row.text_if_any("name"), row.text_if_any("internal_name")
    return Product(row.number("id"), row.text("service"), *names, tags)


def _blind_spot(row: Fields) -> BlindSpot:
    single_products = row.row.get("single_products") is True
    return BlindSpot(row.text("kind"), row.text("part"), row.text("reason"), single_products=single_products)


def _rows(head: Fields, name: str) -> list[Fields]:
    return [Fields(each.row, f"a row of `{name}`") for each in head.rows(name) or ()]


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside `path`, under a name that nobody can have planted a link at, and put it in its place."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.close()
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise


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
