"""The people of the page: each with what they reach, by which entries, and what is to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from accessplan.access import BILLING, EVERY_PRODUCT, ORGANIZATION
from accessplan.access.things import wider
from accessplan.model import DELEGATE, GRANT, MAILBOX, MEMBER, PARTNER, TEAM, USE, Address, Partner, User, owners
from accessplan.record import NO_RECORD
from accessplan.report.explanation import Mark
from accessplan.report.page.levels import Rights, rights_on
from accessplan.report.page.overview import Overview
from accessplan.report.page.places import Line, line_of
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.risk import Risk
from accessplan.select import is_service_wide, service_of
from accessplan.services import EXTERNAL
from accessplan.signals import NO_SIGNAL

_WHOLE = {ORGANIZATION: "the organization", EVERY_PRODUCT: "every product", BILLING: "the billing account"}
"""What is of no service, in the order of its columns."""

_IN_COLUMNS = {ORGANIZATION: "users and settings", EVERY_PRODUCT: "every product", BILLING: "billing account"}

AWAITED = "planned"
"""The state of somebody who is not there yet."""


class Thing(NamedTuple):
    """Something that is reached: its number, the group and name of its column, and the numbers of what covers it."""

    number: int
    group: str
    name: str
    title: str
    wider: tuple[int, ...]


class Station(NamedTuple):
    """An entry on a path: its number, what it is, its line, and what the document notes of it."""

    number: int
    words: str
    address: str
    line: Line
    reason: str
    owner: str
    since: str
    until: str
    review: str


class Remark(NamedTuple):
    """A stale finding."""

    number: int
    severity: str
    rule: str
    address: str
    message: str
    remedy: str
    owner: str
    line: Line


class Reach(NamedTuple):
    """One path to a thing."""

    thing: Thing
    rights: Rights
    mark: str
    stations: tuple[Station, ...]

    @property
    def is_live(self) -> bool:
        """Whether it is there today."""
        return self.mark != Mark.PLANNED


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the matrix. `login` is a day, or says why there is none; texts are harmless already."""

    number: int
    name: str
    email: str
    role: str
    is_external: bool
    login: str
    teams: tuple[str, ...]
    own: Station
    reach: tuple[Reach, ...]
    risks: tuple[Risk, ...]
    remarks: tuple[Remark, ...]
    state: str = ""

    @property
    def live(self) -> tuple[Reach, ...]:
        """What they reach today."""
        return tuple(each for each in self.reach if each.is_live)


@dataclass(frozen=True, slots=True)
class Cast:
    """All people, and what their rows refer to."""

    things: tuple[Thing, ...]
    stations: tuple[Station, ...]
    remarks: tuple[Remark, ...]
    people: tuple[Person, ...]


def cast_of(overview: Overview) -> Cast:
    """Prepare everybody."""
    things = _things({*(way.path.what for way in overview.ways), *overview.what})
    stations = _stations(overview)
    remarks = _remarks(overview)
    reach: defaultdict[Address, list[Reach]] = defaultdict(list)
    for way in sorted(overview.ways, key=lambda each: things[each.path.what].number):
        path = way.path
        through = tuple(stations[each] for each in path.through)
        reach[path.who].append(Reach(things[path.what], rights_on(path.what, path.rights), str(way.mark), through))
    about: defaultdict[Address, list[Remark]] = defaultdict(list)
    for stale, remark in zip(overview.stale, remarks, strict=True):
        for who in {stale.address, *owners(stale.address)}:
            about[who].append(remark)
    risks = _risks(overview)
    people = tuple(
        Person(
            number=number,
            name=_name(entry),
            email=visible(entry.email) if isinstance(entry, User) else "",
            role=_role(entry),
            is_external=isinstance(entry, Partner) or entry.role == EXTERNAL,
            login=_login(entry, overview),
            teams=tuple(map(visible, overview.teams.get(entry.address, ()))),
            own=stations[entry.address],
            reach=tuple(reach[entry.address]),
            risks=tuple(risks[entry.address]),
            remarks=tuple(about[entry.address]),
            state=_state(entry, overview),
        )
        for number, entry in enumerate(sorted(overview.people, key=_by_name))
    )
    return Cast(tuple(things.values()), tuple(stations.values()), remarks, people)


# things


def _things(whats: Iterable[str]) -> dict[str, Thing]:
    ordered = sorted(whats, key=_column)
    numbers = {what: number for number, what in enumerate(ordered)}
    return {
        what: Thing(
            number,
            _group(what),
            _column_name(what),
            _WHOLE.get(what) or visible(what),
            tuple(numbers[each] for each in wider(what) if each in numbers),
        )
        for what, number in numbers.items()
    }


def _column(what: str) -> tuple[int, str, bool, str]:
    """Order columns: what is of no service, then services, and mailboxes last; a whole service before its products."""
    if what in _WHOLE:
        return (0, "", False, str(list(_WHOLE).index(what)))
    service = service_of(what)
    return (2 if service == MAILBOX else 1, service, not is_service_wide(what), what)


def _group(what: str) -> str:
    return "organization" if what in _WHOLE else visible(service_of(what))


def _column_name(what: str) -> str:
    if is_service_wide(what):
        return "every one, later ones too"
    return _IN_COLUMNS.get(what) or visible(what.partition("/")[2])


# entries


def _stations(overview: Overview) -> dict[Address, Station]:
    own = {each.address for each in overview.people}
    addresses = sorted(own.union(address for way in overview.ways for address in way.path.through))
    due = {each.address: each.due for each in overview.reviews}
    return {address: _station(number, address, due.get(address), overview) for number, address in enumerate(addresses)}


def _station(number: int, address: Address, due: object, overview: Overview) -> Station:
    record = overview.records.get(address, NO_RECORD)
    if address.part:
        record = record.over(overview.records.get(address.owner, NO_RECORD))
    return Station(
        number=number,
        words=_words(address),
        address=visible_address(address),
        line=line_of(overview.places.get(address), overview.forge),
        reason=spelled_out(" · ".join(filter(None, (record.reason, record.ticket)))),
        owner=visible(record.owner),
        since=_day(record.since),
        until=_day(record.until),
        review=_day(due),
    )


def _words(address: Address) -> str:
    name, key = visible(address.name), visible(address.key)
    whose = f"of the team {name}" if address.kind == TEAM else "of their own"
    words = {
        MEMBER: f"member of the team {name}",
        GRANT: f"grant {whose} on {key}",
        USE: f"place in {key}",
        DELEGATE: f"delegate of the mailbox {name}",
        "": "access as a partner" if address.kind == PARTNER else "role in the organization",
    }
    return words[address.part]


def _remarks(overview: Overview) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            number=number,
            severity=str(each.severity),
            rule=each.rule,
            address=visible_address(each.address),
            message=spelled_out(each.message),
            remedy=spelled_out(each.remedy),
            owner=visible(each.owner),
            line=line_of(each.place, overview.forge),
        )
        for number, each in enumerate(overview.stale)
    )


# people


def _by_name(entry: User | Partner) -> tuple[str, Address]:
    return (_name(entry).casefold(), entry.address)


def _name(entry: User | Partner) -> str:
    full = entry.name if isinstance(entry, Partner) else f"{entry.first_name} {entry.last_name}"
    email = entry.email if isinstance(entry, User) else ""
    return visible(full.strip() or email.strip() or "(no name)")


def _role(entry: User | Partner) -> str:
    if isinstance(entry, Partner):
        return f"partner, {visible(entry.access)} access"
    return visible(entry.role).replace("_", " ")


def _state(entry: User | Partner, overview: Overview) -> str:
    if entry.address in overview.awaited:
        return AWAITED
    if isinstance(entry, Partner) or not entry.invited:
        return ""
    return "invitation expired" if entry.expired else "invited"


def _login(entry: User | Partner, overview: Overview) -> str:
    if isinstance(entry, Partner):
        return ""
    signal = overview.signals.get(entry.address, NO_SIGNAL)
    if entry.invited:
        return ""
    return "never" if signal.never else _day(signal.used)


def _risks(overview: Overview) -> defaultdict[Address, list[Risk]]:
    """Say whose access is of high risk, and why: by what they are, and by each entry that gives them something."""
    entries: defaultdict[Address, set[Address]] = defaultdict(set)
    for way in overview.ways:
        if way.mark is not Mark.PLANNED:
            entries[way.path.who].update((way.path.who, *way.path.through))
    found: defaultdict[Address, list[Risk]] = defaultdict(list)
    for who, through in entries.items():
        risks = (risk for address in sorted(through) for risk in overview.risks.get(address, ()))
        found[who] = [Risk(risk.rule, spelled_out(risk.message)) for risk in risks]
    return found


def _day(value: object) -> str:
    return "" if value is None else str(value)
