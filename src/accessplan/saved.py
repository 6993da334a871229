"""A plan that was saved and approved: what it says, whether it may still be carried out, and what is new since.

What it says is never carried out itself. A new plan is made, and the saved one says how much of that was approved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accessplan.change import Change, digest
from accessplan.errors import PlanRefused
from accessplan.model import Address, Entry, State, User, has_moved
from accessplan.plain import entry_of, moment

LIFETIME = timedelta(hours=24)
"""How long a saved plan may be carried out."""

MAJOR = "1"
"""The version of the format (`format_version`) that is read; minor versions only add."""

MAKE_ANEW = "Make a new one: accessplan plan --out plan.json."

_QUOTED = r'("(?:[^"\\]|\\.)*")'
_ADDRESS = re.compile(rf"([a-z]+)\[{_QUOTED}\](?:\.([a-z]+)\[{_QUOTED}\])?")


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What a saved plan says: of which organization and document, where live was read, and what was approved.

    `changes` are as the file gives them: without a place, and without marks such as an invitation's. `waiting` are the
    ids of those that were not to be made.
    """

    id: str
    organization_id: int
    document: str
    live: str
    made_at: datetime
    changes: tuple[Change, ...]
    waiting: frozenset[str] = frozenset()

    @property
    def invited(self) -> frozenset[str]:
        """The e-mail addresses of people whose role, and so maybe an invitation, was approved."""
        return frozenset(each.address.name for each in self.changes if _invites(each))


@dataclass(frozen=True, slots=True)
class Surprise:
    """A change that nobody approved, or approved otherwise (`approved`, at the same address)."""

    change: Change
    approved: Change | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """An approved change of an entry that is neither as it was to be found nor as it was to become."""

    approved: Change
    found: Entry | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would be done now beside what was approved.

    `covered` is what was approved and is left to do. `done` are approved changes that somebody made already, `dropped`
    those that are not planned any more although the entry is as it was, `held_back` those that were planned and not to
    be made: none of these is a reason to stop.
    """

    covered: tuple[Change, ...] = ()
    surprises: tuple[Surprise, ...] = ()
    moved: tuple[Moved, ...] = ()
    done: tuple[Change, ...] = ()
    dropped: tuple[Change, ...] = ()
    held_back: tuple[Change, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether something would be done now that nobody approved, or cannot be done as it was approved."""
        return bool(self.surprises or self.moved)


def read(data: Mapping[str, Any]) -> SavedPlan:
    """Read a saved plan from its JSON; `data` fits `plan.schema.json`, but for the version.

    Raises:
        PlanRefused: it was made by another version, to be read only, or without its moment; or it was changed since.
    """
    if data.get("masked"):
        raise PlanRefused(
            "the saved plan has its addresses masked: it is to be read only", f"{MAKE_ANEW} No --privacy."
        )
    if at := data["inputs"].get("at"):
        raise PlanRefused(f"the saved plan is made for {at}: it is to be read only", f"{MAKE_ANEW} No --at.")
    made_at = _moment(data.get("created_at"))
    if made_at is None:
        raise PlanRefused("the saved plan does not say when it was made", MAKE_ANEW)
    changes = tuple(_change(row) for row in data["resource_changes"])
    if data["plan_id"] != digest([change.id for change in changes]):
        raise PlanRefused("the saved plan was changed: its plan_id does not fit what it lists", MAKE_ANEW)
    inputs, organization = data["inputs"], data["organization"]
    return SavedPlan(
        id=data["plan_id"],
        organization_id=organization["id"],
        document=inputs["document"],
        live=inputs["live"],
        made_at=made_at,
        changes=changes,
        waiting=frozenset(row["id"] for row in data["waiting"]),
    )


def check_version(version: object) -> None:
    """Refuse a plan in a format that is not known.

    Raises:
        PlanRefused: it is of another major version.
    """
    if str(version).partition(".")[0] != MAJOR:
        raise PlanRefused(
            f"the saved plan has the format {version}; this accessplan reads {MAJOR}.x",
            f"Use the accessplan that made it. {MAKE_ANEW}",
        )


def check_age(saved: SavedPlan, now: datetime) -> None:
    """Refuse a plan that was not made within the last day.

    Raises:
        PlanRefused: it expired, or bears a moment that is far ahead.
    """
    if now >= saved.made_at + LIFETIME:
        raise PlanRefused(f"the saved plan expired at {moment(saved.made_at + LIFETIME)}", MAKE_ANEW)
    if now <= saved.made_at - LIFETIME:
        raise PlanRefused(f"the saved plan says that it was made at {moment(saved.made_at)}", MAKE_ANEW)


def compare(saved: SavedPlan, now: Iterable[Change], live: State) -> Comparison:
    """Compare what would be done now with what was approved; `live` is the live side as it is now.

    Changes are the same where their ids are: the same entry before and after.
    """
    by_id = {change.id: change for change in now}
    approved = {change.address: change for change in saved.changes}
    ids = {change.id for change in saved.changes}
    covered = tuple(change for key, change in by_id.items() if key in ids)
    others = {key: change for key, change in by_id.items() if key not in ids}
    held_back = tuple(change for key, change in others.items() if key in saved.waiting)
    surprises = tuple(
        Surprise(change, approved.get(change.address)) for key, change in others.items() if key not in saved.waiting
    )
    told = {change.address for change in by_id.values()}
    moved, done, dropped = list[Moved](), list[Change](), list[Change]()
    for change in saved.changes:
        if change.address in told:
            continue
        found = live.entries.get(change.address)
        if not has_moved(found, change.after):
            done.append(change)
        elif not has_moved(found, change.before):
            dropped.append(change)
        else:
            moved.append(Moved(change, found))
    return Comparison(covered, surprises, tuple(moved), tuple(done), tuple(dropped), held_back)


def _invites(change: Change) -> bool:
    return isinstance(change.after, User)


def _moment(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _change(row: Mapping[str, Any]) -> Change:
    before, after = row["change"]["before"], row["change"]["after"]
    try:
        address = _address(row["address"])
        have, want = (None if data is None else entry_of(address, data) for data in (before, after))
    except ValueError as fault:
        raise PlanRefused(f"the saved plan was changed: {fault}", MAKE_ANEW) from fault
    change = Change(address, have, want)
    if before == after or not row["id"] == change.id == digest([row["address"], before, after])[: len(row["id"])]:
        raise PlanRefused(f"the saved plan was changed: an id does not fit {address}", MAKE_ANEW)
    return change


def _address(text: str) -> Address:
    """Read an address as it is printed.

    Raises:
        ValueError: it is none.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is no address")
    kind, name, part, key = match.groups()
    return Address(kind, json.loads(name), part or "", json.loads(key) if key else "")
