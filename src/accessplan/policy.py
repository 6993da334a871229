"""What a document asks of every plan: limits, entries that are protected, tests of the access that results, consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from accessplan.finding import Place
from accessplan.model import Address


@dataclass(frozen=True, slots=True)
class Limit:
    """How much one plan may take away of a kind: `count` entries, and `share` percent of those that are live.

    More than either is refused; 0 allows none. The share counts from `SHARE_COUNTS_FROM` live entries on.
    """

    count: int
    share: int


SHARE_COUNTS_FROM = 10
"""With fewer live entries a share says nothing: one of three is a third."""

USUAL_LIMITS: Mapping[str, Limit] = {
    "users": Limit(3, 10),
    "teams": Limit(20, 25),
    "grants": Limit(20, 25),
    "mailboxes": Limit(10, 25),
    "partners": Limit(1, 100),
}
"""What holds where `policy.rails.removals` does not say; by the kinds of `policy.mode`."""


@dataclass(frozen=True, slots=True)
class Protected:
    """An entry that no plan may take away or weaken, and where the document says so."""

    address: Address
    place: Place


@dataclass(frozen=True, slots=True)
class Rails:
    """What the document asks of plans.

    `representatives` is how many active legal representatives must stand, `required` who of them by e-mail address.
    """

    representatives: int = 1
    required: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=lambda: USUAL_LIMITS)
    protected: tuple[Protected, ...] = ()


class Quantity(StrEnum):
    """What an access test says of those it finds."""

    NOBODY = "nobody"
    EVERYBODY = "everybody"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Those:
    """Whom an access test is about: who has one of the roles, is in the team, and is one of the users, as far as given.

    Partners have the role `partner`. Nothing given means everybody.
    """

    roles: frozenset[str] = frozenset()
    team: str = ""
    users: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccessTest:
    """A sentence that must be true of the access that would result.

    `nobody` of those, `everybody` of them, or a `count` of them (`at_least` to `at_most`) reaches a thing with one of
    the rights; `reaches` is empty where being one of those is enough. A thing is `SERVICE/NAME`, `SERVICE/*`,
    `mailbox/ADDRESS` or `mailbox/*` (any of them), or `organization`. No rights given means any. Until the day
    `warn_until` a test that fails only warns.
    """

    name: str
    quantity: Quantity
    those: Those
    reaches: str = ""
    rights: frozenset[str] = frozenset()
    at_least: int = 0
    at_most: int | None = None
    warn_until: date | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A dated consent to one change that a rail refuses: its effect and its address, as the plan prints them."""

    effect: str
    address: Address
    until: date
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Exemption:
    """A dated exemption from one rule on stale grants: of an entry and what hangs on it."""

    rule: str
    address: Address
    until: date
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Life:
    """How long things may last, in days.

    Without use for `inactive` days it is stale, unless it is there for less than `young`; an `invitation` may wait so
    long; what is announced is revoked after `announce` days. A review is due `every` so many days, and reminded of
    `remind` days before. `lifetimes` are the longest for external users (`external`) and partners (`partner`).
    `break_glass` are users who are kept for emergencies: that they do not log in says nothing.
    """

    inactive: int = 90
    young: int = 30
    invitation: int = 14
    announce: int = 14
    every: int = 180
    remind: int = 14
    lifetimes: Mapping[str, int] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    break_glass: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """All that a document asks of plans."""

    rails: Rails = Rails()
    tests: tuple[AccessTest, ...] = ()
    consents: tuple[Consent, ...] = ()
    life: Life = Life()


def later(day: date, days: int) -> date:
    """Return the day so many days later; no calendar goes on for longer than to the end of the year 9999."""
    return day + min(timedelta(days), date.max - day)
