"""Read who is in the kDrives: places, those that are locked, and invitations that are pending [openapi kdrive]."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from accessplan.errors import RequestRefused, TokenRefused
from accessplan.have.answer import IN_MAINTENANCE, plain
from accessplan.have.drive_rows import ACTIVE, EXPIRED, LOCKED, PENDING, STATUSES, Invited, Place, invited, place, role
from accessplan.have.fields import Fields
from accessplan.have.moments import NO_MOMENTS, Moments
from accessplan.have.reader import Reader
from accessplan.have.selected import selected
from accessplan.model import USE, USER, Address, BlindSpot, Use
from accessplan.scope import Scope
from accessplan.select import Catalogue
from accessplan.services import DRIVE, EXTERNAL, USE_ROLES

DRIVE_DETAILS = ("k_suite",)
USER_DETAILS = ("drive_user",)
"""Additional data that looks loadable: the kSuite of a kDrive; role and status in it [openapi kdrive] [kdrive-app]."""

NAMED = 5
"""How many people without a place in the organization are named, of those in one kDrive."""


@dataclass(frozen=True, slots=True)
class DrivesSeen:
    """Who is in the kDrives that were looked at.

    `drives` holds the number of each that was read, by the label of its product; `of_suite` those that are part of a
    kSuite; `locked` the places of people who are locked out, which are no entries; `ids` the numbers of invitations
    into a kDrive, of pending ones and of those that expired, which are no entries either.
    """

    uses: tuple[Use, ...] = ()
    drives: Mapping[str, int] = field(default_factory=dict)
    of_suite: frozenset[str] = frozenset()
    locked: Mapping[Address, Use] = field(default_factory=dict)
    ids: Mapping[Address, int] = field(default_factory=dict)
    blind: tuple[BlindSpot, ...] = ()
    not_covered: tuple[str, ...] = ()
    moments: Mapping[Address, Moments] = field(default_factory=dict)


def read_drives(reader: Reader, account_id: int, scope: Scope, catalogue: Catalogue) -> DrivesSeen:
    """Read who is in the kDrives that the scope asks for, in two requests each; without any, nothing is asked.

    Raises:
        LiveError: a request was not answered, or the answer is incomplete or unreadable.
    """
    labels = {product.id: catalogue.label(product) for product in selected(DRIVE, scope, catalogue)}
    if not labels:
        return DrivesSeen()
    try:
        rows = reader.pages("/2/drive", {"account_id": account_id, "total": "true"}, want=DRIVE_DETAILS)
    except TokenRefused:
        return _merge(_unseen(label, "the token may not list kDrives") for label in labels.values())
    drives = [Fields(row, "a row of the list of kDrives") for row in rows]
    shown = {each.number("product_id"): each for each in drives}
    calls = [partial(_read_drive, reader, label, shown.get(number)) for number, label in labels.items()]
    return _merge(reader.together(calls))


def is_shown_in_full(drive: Fields) -> bool:
    """Tell whether the token's owner is shown everybody in a kDrive: as an admin of it, or of the organization."""
    return drive.row.get("account_admin") is not False or drive.text_if_any("role") in ("", "admin")


def _read_drive(reader: Reader, label: str, drive: Fields | None) -> DrivesSeen:
    """Read one kDrive. One that cannot be read does not spoil the others: nothing is planned on it."""
    if drive is None:
        return _unseen(label, "the list of kDrives does not show it to the owner of the token")
    if not is_shown_in_full(drive):
        return _unseen(label, "the owner of the token is no admin of it, and is shown only some of its users")
    number = drive.number("id")
    try:
        places, notes = _places(reader, number, label)
        rows = reader.pages(f"/2/drive/{number}/users/invitation", {"status[]": (PENDING, EXPIRED), "total": "true"})
    except TokenRefused:
        return _unseen(label, "the token may not see who is in it")
    except RequestRefused as error:
        if error.code != IN_MAINTENANCE:
            raise
        return _unseen(label, "it is in maintenance")
    if not all(each.status in STATUSES for each in places):
        return _unseen(label, "the live system did not show who of its users is locked out")
    open_ones = list(filter(None, (invited(row, reader.moment) for row in rows)))
    seen = _sort(label, number, places, open_ones, notes)
    return _of_suite(seen) if drive.inner("k_suite").row else seen


def _places(reader: Reader, number: int, label: str) -> tuple[list[Place], tuple[str, ...]]:
    """Read the people of a kDrive, by their role there: unasked, the list is of everybody in the organization.

    Where it does not show role and status, the list that it replaces does; it is deprecated.
    """
    query = {"types[]": USE_ROLES[DRIVE], "status[]": STATUSES}
    places = [place(row) for row in reader.batches(f"/3/drive/{number}/users", query, want=USER_DETAILS)]
    notes = list[str]()
    if not all(each.is_shown for each in places):
        older = {each.number: each for each in _older(reader, number)}
        places = [each.filled(older.get(each.number, each)) for each in places]
        notes.append(f"Roles in {plain(label)} were asked for by a request that is deprecated.")
    return [each for each in places if each.is_one], tuple(notes)


def _older(reader: Reader, number: int) -> list[Place]:
    """Read the people of a kDrive by the deprecated list, if there still is one."""
    try:
        rows = reader.pages(f"/2/drive/{number}/users", {"status[]": STATUSES, "total": "true"})
    except RequestRefused as error:
        if error.code == IN_MAINTENANCE:
            raise
        return []
    return [place(row) for row in rows]


def _sort(
    label: str, number: int, places: Iterable[Place], open_ones: Sequence[Invited], notes: tuple[str, ...]
) -> DrivesSeen:
    """Sort people and invitations: who has a place needs no invitation into the kDrive."""

    def use(each: Place | Invited, *, pending: bool) -> Use:
        return Use(each.email, label, role(each.role), pending=pending)

    shut = [use(each, pending=False) for each in places if each.status == LOCKED]
    locked = {each.address: each for each in shut}
    uses = [use(each, pending=each.status != ACTIVE) for each in places if each.status != LOCKED]
    settled = locked.keys() | {each.address for each in uses if not each.pending}
    moments = {use(each, pending=True).address: each.moments for each in open_ones}
    moments |= {use(each, pending=False).address: each.moments for each in places}
    ids = dict[Address, int]()
    for each in sorted(open_ones, key=lambda each: each.status == PENDING):  # which counts, not one that expired before
        one = use(each, pending=True)
        if one.address not in settled:
            ids[one.address] = each.number
            uses += [one] if each.status == PENDING else []
    late = sorted(ids.keys() - {each.address for each in uses})
    return DrivesSeen(
        uses=tuple({each.address: each for each in uses}.values()),
        drives={label: number},
        locked=locked,
        ids=ids,
        blind=tuple(_roles_unseen(label, uses)),
        moments={address: each for address, each in moments.items() if each != NO_MOMENTS},
        not_covered=(*notes, *(f"The invitation of {plain(each.name)} to {plain(label)} expired." for each in late)),
    )


def _of_suite(seen: DrivesSeen) -> DrivesSeen:
    """Say that places come with the kSuite, all but those of external users."""
    uses = tuple(replace(each, implied=each.role != EXTERNAL) for each in seen.uses)
    return replace(seen, uses=uses, of_suite=frozenset(seen.drives))


def _roles_unseen(label: str, uses: Iterable[Use]) -> Iterator[BlindSpot]:
    if any(use.role is None for use in uses):
        reason = f"The live system did not show which role some people have in {plain(label)}."
        yield BlindSpot(USER, USE, reason, service=label, attribute="role", by_word=True)


def strangers(uses: Iterable[Use], known: Container[str]) -> Iterator[str]:
    """Say who is in a kDrive, or invited into it, and neither in the organization nor spoken of."""
    found: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for use in uses:
        if use.email not in known:
            found[use.target, use.pending].append(use.email)
    for (label, pending), emails in sorted(found.items()):
        people = "1 person" if len(emails) == 1 else f"{len(emails)} people"
        verb = ("is" if len(emails) == 1 else "are") + (" invited to" if pending else " in")
        names = [*map(plain, sorted(emails)[:NAMED]), *(["…"] if len(emails) > NAMED else [])]
        drive = plain(label.partition("/")[2])
        yield f"{people} without a place in the organization {verb} kDrive {drive}: {', '.join(names)}."


def _unseen(label: str, why: str) -> DrivesSeen:
    reason = f"Who uses {plain(label)} was not read: {why}."
    return DrivesSeen(blind=(BlindSpot(USER, USE, reason, service=label),))


def _merge(parts: Iterable[DrivesSeen]) -> DrivesSeen:
    parts = list(parts)
    return DrivesSeen(
        uses=tuple(use for each in parts for use in each.uses),
        drives={label: number for each in parts for label, number in each.drives.items()},
        of_suite=frozenset(label for each in parts for label in each.of_suite),
        locked={address: use for each in parts for address, use in each.locked.items()},
        ids={address: number for each in parts for address, number in each.ids.items()},
        blind=tuple(spot for each in parts for spot in each.blind),
        not_covered=tuple(note for each in parts for note in each.not_covered),
        moments={address: one for each in parts for address, one in each.moments.items()},
    )
