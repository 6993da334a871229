"""The words: what an organization consists of, the same for the document and for the live system.

Every entry has an address that is stable across runs; a `State` finds an entry by it. Entries compare equal when
nobody's access differs: names and languages of people do not count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import NamedTuple

USER, TEAM = "user", "team"
MEMBER, GRANT = "member", "grant"


class Address(NamedTuple):
    """Where an entry is: `user["ana@example.ch"].grant["domain/example.ch"]`."""

    kind: str
    name: str
    part: str = ""
    key: str = ""

    def __str__(self) -> str:
        entry = f"{self.kind}[{encode_basestring(self.name)}]"
        return f"{entry}.{self.part}[{encode_basestring(self.key)}]" if self.part else entry

    @property
    def owner(self) -> Address:
        """The user or team that the entry hangs on (itself for users and teams)."""
        return Address(self.kind, self.name)


def user_address(email: str) -> Address:
    """Return the address of a user; `email` is already normalized."""
    return Address(USER, email)


def team_address(name: str) -> Address:
    """Return the address of a team."""
    return Address(TEAM, name)


def normalize_email(email: str) -> str:
    """Compose accents and write small letters, so that one mailbox has one spelling.

    Folding case would do too much: it makes ß into ss, which is another mailbox.
    """
    return unicodedata.normalize("NFC", email.strip().lower())


def fold(name: str) -> str:
    """Return what names of teams and products are compared by: without regard to case or the form of accents."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(frozen=True, slots=True)
class User:
    """A person in the organization, active or invited. `role` is a base role (see `services.ROLES`)."""

    email: str
    role: str
    first_name: str = field(default="", compare=False)
    last_name: str = field(default="", compare=False)
    language: str = field(default="", compare=False)
    invited: bool = field(default=False, compare=False)

    @property
    def address(self) -> Address:
        """`user["ana@example.ch"]`."""
        return user_address(self.email)


@dataclass(frozen=True, slots=True)
class Team:
    """A work team. `leader` is an e-mail address; in the document None leaves the leader as it is."""

    name: str
    leader: str | None = None

    @property
    def address(self) -> Address:
        """`team["Web"]`."""
        return team_address(self.name)


@dataclass(frozen=True, slots=True)
class Membership:
    """A user is in a team."""

    team: str
    email: str

    @property
    def address(self) -> Address:
        """`team["Web"].member["ana@example.ch"]`."""
        return Address(TEAM, self.team, MEMBER, self.email)


@dataclass(frozen=True, slots=True)
class Grant:
    """A user or team may manage a target: `SERVICE/*` (later products included) or one product's label."""

    subject: Address
    target: str
    rights: frozenset[str]

    @property
    def address(self) -> Address:
        """`user["ana@example.ch"].grant["domain/example.ch"]`."""
        return Address(self.subject.kind, self.subject.name, GRANT, self.target)


Entry = User | Team | Membership | Grant


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `id` is the number people know it by (`hosting/#101`); `name` what they call it."""

    id: int
    service: str
    name: str
    internal_name: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Entries that the live system does not show: nobody can say whether they are there.

    `part` is the part of the address; `single_products` limits it to grants on single products.
    """

    kind: str
    part: str
    reason: str
    single_products: bool = False

    def hides(self, address: Address) -> bool:
        """Tell whether an entry lies in the blind spot."""
        if (address.kind, address.part) != (self.kind, self.part):
            return False
        return not (self.single_products and address.key.endswith("/*"))


@dataclass(frozen=True, slots=True)
class State:
    """An organization as one side sees it: every entry by its address, and what this side cannot see."""

    entries: Mapping[Address, Entry]
    blind: tuple[BlindSpot, ...] = ()

    def hides(self, address: Address) -> str:
        """Return why an entry cannot be seen on this side, or an empty text where it can."""
        return next((spot.reason for spot in self.blind if spot.hides(address)), "")

    def user(self, email: str) -> User | None:
        """Find a user by normalized e-mail address."""
        entry = self.entries.get(user_address(email))
        return entry if isinstance(entry, User) else None

    def team(self, name: str) -> Team | None:
        """Find a team by name."""
        entry = self.entries.get(team_address(name))
        return entry if isinstance(entry, Team) else None
