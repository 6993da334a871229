"""The words: what an organization consists of, the same for the document and for the live system.

Every entry has an address that is stable across runs; a `State` finds an entry by it. Entries compare equal when
nobody's access differs: names and languages of people do not count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from json.encoder import encode_basestring
from typing import NamedTuple

USER, TEAM, MAILBOX, PARTNER = "user", "team", "mailbox", "partner"
MEMBER, GRANT, USE, DELEGATE = "member", "grant", "use", "delegate"


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
        """What the entry hangs on: a user, team, mailbox or partner (itself for those)."""
        return Address(self.kind, self.name)


def user_address(email: str) -> Address:
    """Return the address of a user; `email` is already normalized."""
    return Address(USER, email)


def team_address(name: str) -> Address:
    """Return the address of a team."""
    return Address(TEAM, name)


def mailbox_address(mailbox: str) -> Address:
    """Return the address of a mailbox by its normalized e-mail address; a mailbox is no entry of its own."""
    return Address(MAILBOX, mailbox)


def partner_address(name: str) -> Address:
    """Return the address of a partner."""
    return Address(PARTNER, name)


def normalize_email(email: str) -> str:
    """Compose accents and write small letters, so that one mailbox has one spelling.

    Folding case would do too much: it makes ß into ss, which is another mailbox.
    """
    return unicodedata.normalize("NFC", email.strip().lower())


def fold(name: str) -> str:
    """Return what names of teams and products are compared by: without regard to case or the form of accents."""
    return unicodedata.normalize("NFC", name).casefold()


def same_name(one: str, other: str) -> bool:
    """Tell whether two names of a person look the same, however accents are formed and spaces are set."""
    return _spelled(one) == _spelled(other)


def _spelled(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


@dataclass(frozen=True, slots=True)
class User:
    """A person in the organization, active or invited. `role` is a base role (see `services.ROLES`).

    `billing` is the right to manage the billing account, `notify_billing` and `notify_products` what they are told by
    mail. None leaves it open in the document, and is not shown on the live side. `expired` is an invitation that can be
    accepted no more.
    """

    email: str
    role: str
    billing: bool | None = None
    notify_billing: bool | None = None
    notify_products: bool | None = None
    first_name: str = field(default="", compare=False)
    last_name: str = field(default="", compare=False)
    language: str = field(default="", compare=False)
    invited: bool = field(default=False, compare=False)
    expired: bool = field(default=False, compare=False)

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
    """A user, team or partner may manage a target: `SERVICE/*` (later products included) or one product's label."""

    subject: Address
    target: str
    rights: frozenset[str]

    @property
    def address(self) -> Address:
        """`user["ana@example.ch"].grant["domain/example.ch"]`."""
        return Address(self.subject.kind, self.subject.name, GRANT, self.target)


@dataclass(frozen=True, slots=True)
class Use:
    """A user has a place in a product (a kDrive, kSuite or kChat), with a role there; None where it is not shown.

    Using a product and managing it are granted apart [faq 1610]. `pending` is an invitation into the product. What is
    `implied` comes with another place, as kChat does with kSuite: nobody takes it away by itself.
    """

    email: str
    target: str
    role: str | None
    pending: bool = field(default=False, compare=False)
    implied: bool = field(default=False, compare=False)

    @property
    def address(self) -> Address:
        """`user["ana@example.ch"].use["drive/Team Drive"]`."""
        return Address(USER, self.email, USE, self.target)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A user may open a mailbox. `permissions` are flags (`services.MAILBOX_PERMISSIONS`).

    `sends` is None where it is not shown whether they may write, reply and react: usually they may. `own` is the
    person's own mailbox, which nobody takes away.
    """

    mailbox: str
    email: str
    permissions: frozenset[str]
    sends: bool | None = field(default=None, metadata={"usual": True})
    own: bool = field(default=False, compare=False)

    @property
    def address(self) -> Address:
        """`mailbox["director@example.ch"].delegate["ana@example.ch"]`."""
        return Address(MAILBOX, self.mailbox, DELEGATE, self.email)


@dataclass(frozen=True, slots=True)
class Partner:
    """A reseller: `access` is `limited` to products that are granted, or `full`, and then the wallet may be theirs."""

    name: str
    access: str
    wallet: bool = False

    @property
    def address(self) -> Address:
        """`partner["WebAgency"]`."""
        return partner_address(self.name)


Entry = User | Team | Membership | Grant | Use | Delegation | Partner


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

    `part` is the part of the address; `single_products` limits it to grants on single products, `service` to one
    service or to the one product of that label, `domain` to its mailboxes, `person` to what one person has. With an
    `attribute` only that of the entries is hidden. What no reader is ever shown is taken `by_word` of the person who
    did it; else a reader with other rights might see it.
    """

    kind: str
    part: str
    reason: str
    single_products: bool = False
    service: str = ""
    attribute: str = ""
    by_word: bool = False
    person: str = ""
    domain: str = ""

    def hides(self, address: Address) -> bool:
        """Tell whether an entry lies in the blind spot as a whole."""
        if self.attribute or (address.kind, address.part) != (self.kind, self.part):
            return False
        if self.single_products and address.key.endswith("/*"):
            return False
        if self.person and self.person != (address.key if address.kind == MAILBOX else address.name):
            return False
        if self.domain and address.name.rpartition("@")[2] != self.domain:
            return False
        return not self.service or address.key == self.service or address.key.startswith(f"{self.service}/")


@dataclass(frozen=True, slots=True)
class State:
    """An organization as one side sees it: every entry by its address, and what this side cannot see.

    `rejected` are the e-mail addresses of people who turned an invitation down; `gone` are entries that are not shown,
    and that somebody says are there no more. `partnerships` are the kinds of access (`limited`, `full`) that some
    partner has, None where that is not shown. `locked` are places in kDrives that people are locked out of, which are
    no entries: opened again, they are as they were.
    """

    entries: Mapping[Address, Entry]
    blind: tuple[BlindSpot, ...] = ()
    rejected: frozenset[str] = frozenset()
    gone: frozenset[Address] = frozenset()
    partnerships: frozenset[str] | None = None
    locked: Mapping[Address, Use] = field(default_factory=dict)

    def hides(self, address: Address) -> BlindSpot | None:
        """Return the blind spot that an entry lies in, or None where it can be seen on this side."""
        return next((spot for spot in self.blind if spot.hides(address)), None)

    def user(self, email: str) -> User | None:
        """Find a user by normalized e-mail address."""
        entry = self.entries.get(user_address(email))
        return entry if isinstance(entry, User) else None

    def team(self, name: str) -> Team | None:
        """Find a team by name."""
        entry = self.entries.get(team_address(name))
        return entry if isinstance(entry, Team) else None

    def completed(self, words: Mapping[Address, Entry | None]) -> State:
        """Return the State with what people say of its blind spots: `words` are entries, or None where one is gone.

        What can be seen counts before any word: words fill attributes that are not shown, and add entries to blind
        spots, where what these hang on is there.
        """
        entries = dict(self.entries)
        for address, said in sorted(words.items()):
            present, spot = entries.get(address), self.hides(address)
            if present is not None and said is not None:
                entries[address] = filled(present, said)
            elif said is not None and spot and spot.by_word and owners(address) <= entries.keys():
                entries[address] = said
        return replace(self, entries=entries, gone=frozenset(words.keys() - entries.keys()))


def owners(address: Address) -> frozenset[Address]:
    """Return the users, teams and partners that an entry hangs on; one of these itself hangs on none."""
    if not address.part:
        return frozenset()
    if address.part == DELEGATE:
        return frozenset({user_address(address.key)})
    members_user = {user_address(address.key)} if address.part == MEMBER else set[Address]()
    return frozenset({address.owner, *members_user})


def filled(entry: Entry, other: Entry) -> Entry:
    """Fill what an entry leaves open (None) from another one of the same kind."""
    if type(entry) is not type(other):
        return entry
    open_ones = [each.name for each in fields(entry) if getattr(entry, each.name) is None]
    return replace(entry, **{name: getattr(other, name) for name in open_ones}) if open_ones else entry


def has_moved(before: Entry | None, after: Entry | None) -> bool:
    """Tell whether an entry is another one now; what is shown at one time only (None) has not moved."""
    if isinstance(before, _IN_PART) and isinstance(after, _IN_PART):
        return filled(before, after) != filled(after, before)
    return before != after


_IN_PART = (User, Use, Delegation)
"""Entries that are not always shown in full."""
