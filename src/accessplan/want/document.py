"""The words of a document: what it says of users, teams and roles, each with the line that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from accessplan.finding import Place
from accessplan.model import Address, team_address, user_address
from accessplan.plan import Mode
from accessplan.select import Selector
from accessplan.services import ROLES

ROLE = "role"
DEFAULT_TIMEZONE = "Europe/Zurich"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """A list or map of the document; `place` is where its key is, None where the key is absent."""

    place: Place | None = None
    items: tuple[Item, ...] = ()


class Mention(NamedTuple):
    """A name that stands for an entry; e-mail addresses are normalized."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which something is wanted, both ends included."""

    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether it is wanted on a day."""
        return not self.is_over(day) and not self.is_ahead(day)

    def is_ahead(self, day: date) -> bool:
        """Tell whether it is not wanted yet on a day."""
        return self.since is not None and self.since > day

    def is_over(self, day: date) -> bool:
        """Tell whether it is wanted no more on a day."""
        return self.until is not None and self.until < day

    def within(self, other: Period) -> Period:
        """Return the days of both."""
        if other is ALWAYS:
            return self
        since = max(filter(None, (self.since, other.since)), default=None)
        until = min(filter(None, (self.until, other.until)), default=None)
        return Period(since, until)


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class WantedGrant:
    """Rights on what a selector finds; `future` includes products that come later.

    `address` is that of the line: `role["accountant"].grant["hosting/*"]` for a grant that comes with a role.
    """

    address: Address
    selector: Selector
    rights: frozenset[str]
    future: bool
    period: Period
    place: Place


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role of the document as it is written, on another role or a base role."""

    name: str
    base: Mention
    grants: Listed[WantedGrant]
    place: Place

    @property
    def address(self) -> Address:
        """`role["accountant"]`."""
        return Address(ROLE, self.name)


@dataclass(frozen=True, slots=True)
class Role:
    """What a role comes down to: a base role, and the grants that go with it, those of its bases included.

    `base` is empty where that cannot be told; the place of `grants` is that of the nearest role that has the key.
    """

    base: str
    grants: Listed[WantedGrant] = Listed()


BASE_ROLES: Mapping[str, Role] = {name: Role(name) for name in ROLES}


@dataclass(frozen=True, slots=True)
class WantedUser:
    """A user by normalized e-mail address; `since_place` is where the first day is written, if it is."""

    email: str
    first_name: str
    last_name: str
    language: str
    role: Mention
    teams: Listed[Mention]
    grants: Listed[WantedGrant]
    period: Period
    place: Place
    since_place: Place | None = None

    @property
    def address(self) -> Address:
        """`user["ana@example.ch"]`."""
        return user_address(self.email)


@dataclass(frozen=True, slots=True)
class WantedTeam:
    """A work team."""

    name: str
    leader: Mention | None
    members: Listed[Mention]
    grants: Listed[WantedGrant]
    place: Place

    @property
    def address(self) -> Address:
        """`team["Web"]`."""
        return team_address(self.name)


@dataclass(frozen=True, slots=True)
class Organization:
    """Which organization is described; `live` is empty where the document does not say."""

    id: int = 0
    name: str = ""
    timezone: str = DEFAULT_TIMEZONE
    live: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a document says; `roles` are the base roles and the custom ones, by name."""

    organization: Organization = Organization()
    modes: Mapping[str, Mode] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=lambda: BASE_ROLES)
    users: Listed[WantedUser] = Listed()
    teams: Listed[WantedTeam] = Listed()
