"""Who reaches what, by which paths, as it is now and as the document wants it; every format of it renders this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import NamedTuple

from accessplan.access import EVERY_PRODUCT, Access, Path, Takeover, covers
from accessplan.finding import Finding, Place
from accessplan.model import GRANT, MEMBER, TEAM, Address, Grant, State
from accessplan.plain import moment
from accessplan.select import is_service_wide


class Mark(StrEnum):
    """On which side a path is there."""

    LIVE = "live"
    PLANNED = "planned"
    TO_BE_REVOKED = "to be revoked"
    NOT_IN_THE_DOCUMENT = "not in the document"
    ASKED = "asked for"
    SIGHTED = "sighted"
    ASKED_AND_SIGHTED = "asked for and sighted"


class Written(NamedTuple):
    """The commit that wrote a line: its short hash, day, author and subject; no hash is a line not committed yet."""

    commit: str
    on: date | None
    author: str
    subject: str


class Way(NamedTuple):
    """A path, and on which side it is there."""

    path: Path
    mark: Mark


class Danger(NamedTuple):
    """Somebody who can become another, and on which side that is so."""

    takeover: Takeover
    mark: Mark


class Member(NamedTuple):
    """Who is in a team, by the membership, and on which side they are."""

    address: Address
    mark: Mark


@dataclass(frozen=True, slots=True)
class OnDay:
    """A day that was: by which commit the document of then is known, and as sighted when (UTC) the live side of then.

    The commit is its short hash, empty where no document is known; `sighted` is None where the ledger has no sighting.
    """

    day: date
    commit: str
    sighted: datetime | None

    def said(self, mark: Mark) -> str:
        """Say on which side something was there."""
        asked = f"as the document of commit {self.commit} asked"
        sighted = f"as live was sighted on {moment(self.sighted)}" if self.sighted else ""
        sides = {Mark.ASKED: asked, Mark.SIGHTED: sighted, Mark.ASKED_AND_SIGHTED: f"{asked}, and {sighted}"}
        return sides.get(mark, str(mark))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who reaches what.

    `who` is None where everybody is asked about; `what` are things, as in `access.Path`, and empty where everything is.
    `names` says who people are, in a few words; `places` where entries are written, `written` who wrote these lines.
    `why_not` are the reasons why somebody does not reach a thing, None where nobody asks for them. `not_covered` says
    what was not looked at. With `past` all of it is of the day that it says.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    who: Address | None
    what: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    dangers: tuple[Danger, ...] = ()
    members: tuple[Member, ...] = ()
    names: Mapping[Address, str] = field(default_factory=dict)
    places: Mapping[Address, Place] = field(default_factory=dict)
    written: Mapping[Place, Written] = field(default_factory=dict)
    why_not: tuple[Finding, ...] | None = None
    not_covered: tuple[str, ...] = ()
    commit: str = ""
    past: OnDay | None = None

    def said(self, mark: Mark) -> str:
        """Say on which side something is there."""
        return self.past.said(mark) if self.past else str(mark)


@dataclass(frozen=True, slots=True)
class Sides:
    """The access before and after a plan, and which entries the document wants."""

    before: Access
    after: Access
    wanted: State

    def mark(self, through: Iterable[Address], *, before: bool, after: bool) -> Mark:
        """Say on which side something is there, that is there through these entries."""
        if not after:
            return Mark.TO_BE_REVOKED
        if not before:
            return Mark.PLANNED
        in_document = all(address in self.wanted.entries for address in through)
        return Mark.LIVE if in_document else Mark.NOT_IN_THE_DOCUMENT

    def ways(self, who: Address | None, what: Iterable[str] = ()) -> tuple[Way, ...]:
        """List the paths of a user, partner or team, or of everybody, to some things, or to everything."""
        is_about = cache(partial(_is_about, tuple(what)))
        people = (who,) if who else tuple(sorted({*self.before.people, *self.after.people}))
        found = (way for each in people for way in self._ways_of(each, is_about))
        return tuple(sorted(found, key=lambda way: (way.path.who, way.path.what, way.path.through, way.mark)))

    def dangers(self, ways: Iterable[Way], who: Address | None, what: Iterable[str] = ()) -> tuple[Danger, ...]:
        """List whom somebody can become, or who can become those who are on these ways to a thing."""
        things = tuple(what)
        sides = [dict(_takeovers(side, ways, who)) for side in (self.before, self.after)]
        found = {key: (key in sides[0], key in sides[1]) for key in (*sides[0], *sides[1])}
        dangers = []
        for key, (before, after) in found.items():
            takeover = sides[1].get(key) or sides[0][key]
            if not things or any(_is_about(things, each.what) for each in takeover.gives):
                mark = self.mark(takeover.through, before=before, after=after)
                dangers.append(Danger(takeover, mark))
        return tuple(sorted(dangers))

    def members(self, team: Address) -> tuple[Member, ...]:
        """List who is in a team."""
        before, after = self.before.members(team), self.after.members(team)
        people = sorted({*before, *after})
        addresses = {each: Address(TEAM, team.name, MEMBER, each.name) for each in people}
        return tuple(
            Member(addresses[each], self.mark((addresses[each],), before=each in before, after=each in after))
            for each in people
        )

    def _ways_of(self, who: Address, is_about: Callable[[str], bool]) -> Iterator[Way]:
        """Compare paths by what they go through; of rights that are more or less, each part stands by itself."""
        old, new = _paths(self.before, who, is_about), _paths(self.after, who, is_about)
        for key in {**old, **new}:
            before, after = old.get(key, frozenset()), new.get(key, frozenset())
            what, through = key
            for rights in (before & after, after - before, before - after):
                if rights:
                    mark = self.mark(through, before=rights <= before, after=rights <= after)
                    yield Way(Path(who, what, rights, through), mark)


def _paths(
    access: Access, who: Address, is_about: Callable[[str], bool]
) -> dict[tuple[str, tuple[Address, ...]], frozenset[str]]:
    paths = access.of(who) if who.kind != TEAM else _of_team(access, who)
    return {(path.what, path.through): path.rights for path in paths if is_about(path.what)}


def _of_team(access: Access, team: Address) -> Iterator[Path]:
    """List what a team gives its members."""
    for entry in access.state.entries.values():
        if isinstance(entry, Grant) and entry.subject == team and entry.address.part == GRANT:
            yield Path(team, entry.target, entry.rights, (entry.address,))


def _is_about(things: tuple[str, ...], reached: str) -> bool:
    """Tell whether what somebody reaches is one of some things, more than it, or a part of a whole service."""
    return not things or any(
        covers(reached, each) or ((is_service_wide(each) or each == EVERY_PRODUCT) and covers(each, reached))
        for each in things
    )


def _takeovers(
    access: Access, ways: Iterable[Way], who: Address | None
) -> Iterator[tuple[tuple[Address, Address], Takeover]]:
    if who is not None:
        yield from (((each.who, each.becomes), each) for each in access.takeovers(who))
        return
    for victim in dict.fromkeys(way.path.who for way in ways):
        for other in sorted(access.can_become(victim)):
            for each in access.takeovers(other):
                if each.becomes == victim:
                    yield (other, victim), each
