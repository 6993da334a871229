"""The words of a document: what it says of users, teams, roles, mailboxes and partners, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from accessplan.finding import Place
from accessplan.model import Address, Membership, mailbox_address, partner_address, team_address, user_address
from accessplan.plan import Mode
from accessplan.policy import Policy
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
class Record:
    """Who answers for an entry, why it exists, where it was asked for, and when somebody last confirmed it."""

    owner: Mention | None = None
    reason: str = ""
    ticket: str = ""
    reviewed: date | None = None


UNRECORDED = Record()


class Said(NamedTuple):
    """A yes or no of the document."""

    value: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether somebody may manage the billing account, and what they are told by mail; None leaves it as it is."""

    billing: Said | None = None
    notify_billing: Said | None = None
    notify_products: Said | None = None

    def over(self, other: Settings) -> Settings:
        """Return these settings, and those of another where these say nothing."""
        if other is UNSAID:
            return self
        return Settings(
            self.billing or other.billing,
            self.notify_billing or other.notify_billing,
            self.notify_products or other.notify_products,
        )


UNSAID = Settings()


@dataclass(frozen=True, slots=True)
class WantedGrant:
    """Rights on what a selector finds; `future` includes products that come later.

    `use` is a role inside today's products, empty where the grant is of rights only. `address` is that of the line:
    `role["accountant"].grant["hosting/*"]` for a grant that comes with a role.
    """

    address: Address
    selector: Selector
    rights: frozenset[str]
    use: str
    future: bool
    period: Period
    place: Place
    record: Record = UNRECORDED


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role of the document as it is written, on another role or a base role."""

    name: str
    base: Mention
    settings: Settings
    grants: Listed[WantedGrant]
    place: Place

    @property
    def address(self) -> Address:
        """`role["accountant"]`."""
        return Address(ROLE, self.name)


@dataclass(frozen=True, slots=True)
class Role:
    """What a role comes down to: a base role, and the grants and settings that go with it, those of its bases included.

    `base` is empty where that cannot be told; the place of `grants` is that of the nearest role that has the key.
    """

    base: str
    grants: Listed[WantedGrant] = Listed()
    settings: Settings = UNSAID


BASE_ROLES: Mapping[str, Role] = {name: Role(name) for name in ROLES}


@dataclass(frozen=True, slots=True)
class WantedUser:
    """A user by normalized e-mail address; `since_place` is where the first day is written, if it is."""

    email: str
    first_name: str
    last_name: str
    language: str
    role: Mention
    settings: Settings
    teams: Listed[Mention]
    grants: Listed[WantedGrant]
    period: Period
    place: Place
    since_place: Place | None = None
    record: Record = UNRECORDED

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
class WantedDelegate:
    """Somebody who is to open a mailbox, by normalized e-mail address; see `model.Delegation`."""

    email: str
    permissions: frozenset[str]
    sends: bool
    period: Period
    place: Place
    record: Record = UNRECORDED


@dataclass(frozen=True, slots=True)
class WantedMailbox:
    """A mailbox by its normalized e-mail address."""

    email: str
    delegates: Listed[WantedDelegate]
    place: Place

    @property
    def address(self) -> Address:
        """`mailbox["director@example.ch"]`."""
        return mailbox_address(self.email)


@dataclass(frozen=True, slots=True)
class WantedPartner:
    """A reseller; `access` is `limited` or `full`."""

    name: str
    access: str
    wallet: bool
    grants: Listed[WantedGrant]
    period: Period
    place: Place
    record: Record = UNRECORDED

    @property
    def address(self) -> Address:
        """`partner["WebAgency"]`."""
        return partner_address(self.name)


class Removed(NamedTuple):
    """An entry that must be gone."""

    address: Address
    place: Place


@dataclass(frozen=True, slots=True)
class Organization:
    """Which organization is described; `live` is empty where the document does not say."""

    id: int = 0
    name: str = ""
    timezone: str = DEFAULT_TIMEZONE
    live: str = ""


@dataclass(frozen=True, slots=True)
class Demands:
    """What must be written of users, by their base role, and of partners (`partner`).

    `fields` are keys that must be there, `days` how long after its first day an entry ends at the latest.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a document says; `roles` are the base roles and the custom ones, by name."""

    organization: Organization = Organization()
    modes: Mapping[str, Mode] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=lambda: BASE_ROLES)
    users: Listed[WantedUser] = Listed()
    teams: Listed[WantedTeam] = Listed()
    mailboxes: Listed[WantedMailbox] = Listed()
    partners: Listed[WantedPartner] = Listed()
    removed: tuple[Removed, ...] = ()
    demands: Demands = Demands()
    policy: Policy = field(default_factory=Policy)

    @property
    def teams_and_partners(self) -> tuple[WantedTeam | WantedPartner, ...]:
        """Whoever holds grants and is no user."""
        return *self.teams.items, *self.partners.items


def memberships(document: Document) -> Iterator[tuple[Membership, Place]]:
    """List who is in which team, whether the team says so or the user."""
    for team in document.teams.items:
        for member in team.members.items:
            yield Membership(team.name, member.name), member.place
    for user in document.users.items:
        for mention in user.teams.items:
            yield Membership(mention.name, user.email), mention.place
