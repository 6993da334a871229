"""Access tests: sentences of the document that must be true of the access that would result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from accessplan.access import Access, Path, covers
from accessplan.model import MAILBOX, PARTNER, Address, Membership, User, fold, normalize_email, user_address
from accessplan.policy import AccessTest, Quantity, Those
from accessplan.select import every, service_of
from accessplan.services import SEND

SENDING = "send"
"""How a document calls the permission to write from a mailbox."""

ANY_MAILBOX = every(MAILBOX)
"""`mailbox/*`: no entry reaches every mailbox, so somebody who opens one reaches it."""


class Verdict(StrEnum):
    """How an access test came out."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An access test and how it came out: why, in one sentence, and who stands against it, each by which path.

    `paths` is empty of people who stand against it because they reach nothing.
    """

    test: AccessTest
    verdict: Verdict
    message: str = ""
    people: tuple[Address, ...] = ()
    paths: tuple[Path, ...] = ()


People = Mapping[Address, tuple[Path, ...]]


class _Against(NamedTuple):
    """What stands against a test: why, and who, each with their paths."""

    message: str
    people: People


def evaluate(tests: Iterable[AccessTest], access: Access, today: date) -> tuple[Outcome, ...]:
    """Evaluate access tests on the access that would result, in their order.

    Whoever is invited counts as if they had accepted. What somebody could reach only by becoming another, through the
    mailbox that the other logs in with, does not count: a test is about what is given, a second factor may stand in
    between, and the plan tells of it as a risk.
    """
    return tuple(_evaluate(test, access, today) for test in tests)


def _evaluate(test: AccessTest, access: Access, today: date) -> Outcome:
    those = tuple(_those(test.those, access))
    match test.quantity:
        case Quantity.NOBODY:
            against = _nobody(test, those, access)
        case Quantity.EVERYBODY:
            against = _everybody(test, those, access)
        case Quantity.COUNT:
            against = _count(test, those, access)
    if against is None:
        return Outcome(test, Verdict.PASSED)
    is_warning = test.warn_until is not None and today <= test.warn_until
    paths = tuple(path for each in against.people.values() for path in each)
    verdict = Verdict.WARNED if is_warning else Verdict.FAILED
    return Outcome(test, verdict, against.message, tuple(against.people), paths)


def _those(those: Those, access: Access) -> Iterator[Address]:
    """List whom a test is about."""
    members = _members(those.team, access) if those.team else None
    users = {user_address(normalize_email(email)) for email in those.users}
    for who in access.people:
        if (
            (not those.roles or _role(who, access) in those.roles)
            and (members is None or who in members)
            and (not users or who in users)
        ):
            yield who


def _members(team: str, access: Access) -> set[Address]:
    name = fold(team)
    entries = (each for each in access.state.entries.values() if isinstance(each, Membership))
    return {user_address(each.email) for each in entries if fold(each.team) == name}


def _role(who: Address, access: Access) -> str:
    entry = access.state.entries[who]
    return entry.role if isinstance(entry, User) else PARTNER


def _nobody(test: AccessTest, those: Iterable[Address], access: Access) -> _Against | None:
    found = _reaching(test, those, access)
    return _Against(f"{_said(test, len(found))}, and nobody may{_be(test)}", found) if found else None


def _everybody(test: AccessTest, those: tuple[Address, ...], access: Access) -> _Against | None:
    found = _reaching(test, those, access, all_of_it=True)
    missing: People = {who: () for who in those if who not in found}
    if not missing:
        return None
    does = "does" if len(missing) == 1 else "do"
    return _Against(f"{len(missing)} of {len(those)} {does} not reach {test.reaches}", missing)


def _count(test: AccessTest, those: tuple[Address, ...], access: Access) -> _Against | None:
    """Count those who are there, or who reach the thing.

    At most so many is asked as `nobody` is, so that whoever reaches a part of it counts; at least so many as
    `everybody` is, so that only who reaches all of it does.
    """
    least = len(_reaching(test, those, access, all_of_it=True))
    if least < test.at_least:
        return _Against(f"{_said(test, least)}, and at least {test.at_least} must{_be(test)}", {})
    most = _reaching(test, those, access)
    if test.at_most is not None and len(most) > test.at_most:
        return _Against(f"{_said(test, len(most))}, and at most {test.at_most} may{_be(test)}", most)
    return None


def _reaching(test: AccessTest, those: Iterable[Address], access: Access, *, all_of_it: bool = False) -> People:
    """List those who reach the thing with one of the rights, a part of it or all of it, and their paths."""
    if not test.reaches:
        return dict.fromkeys(those, ())
    thing = _spelled(test.reaches)
    rights = {SEND if right == SENDING else right for right in test.rights}
    is_any = not all_of_it or thing == ANY_MAILBOX
    found = {}
    for who in those:
        given = [path for path in access.of(who) if (path.rights & rights if rights else path.rights)]
        if paths := [path for path in given if _is_of(_spelled(path.what), thing, is_any=is_any)]:
            found[who] = tuple(paths)
    return found


def _is_of(reached: str, thing: str, *, is_any: bool) -> bool:
    return covers(reached, thing) or (is_any and covers(thing, reached))


def _spelled(thing: str) -> str:
    """Return a thing as it is compared: mailboxes by their addresses, products by their names."""
    return normalize_email(thing) if service_of(thing) == MAILBOX else fold(thing)


def _said(test: AccessTest, number: int) -> str:
    if not test.reaches:
        return f"{number} {'is' if number == 1 else 'are'} there"
    return f"{number} {'reaches' if number == 1 else 'reach'} {test.reaches}"


def _be(test: AccessTest) -> str:
    return "" if test.reaches else " be"
