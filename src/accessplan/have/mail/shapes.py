"""What answers say of mailboxes, in whichever of the shapes that the documents leave open [openapi mail].

The links and keys of invitations let their holder in: they are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from accessplan.errors import UnreadableAnswer
from accessplan.have.answer import REPORT, Row
from accessplan.have.fields import Fields
from accessplan.have.moments import NO_MOMENTS, Moments, of_use
from accessplan.model import normalize_email
from accessplan.services import MAILBOX_PERMISSIONS, SEND

_USES = ("last_used_at", "last_login_at", "last_access_at")
"""When a mailbox was last opened: of a user's access, and in the old family."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who a row is about: a user's number, None where it cannot be read, and an e-mail address."""

    number: int | None
    email: str

    def among(self, emails: Mapping[int, str]) -> str:
        """Return the e-mail address of an active user, by number; empty for anybody else."""
        if self.number is not None:
            return emails.get(self.number, "")
        return self.email if self.email in emails.values() else ""


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody may open a mailbox.

    `sends` is None where the row does not show it; `by_name` says that the row lists what is permitted and is silent
    on what is not. `unknown` are permissions that we have no word for.
    """

    who: Somebody
    is_primary: bool
    permissions: frozenset[str]
    sends: bool | None
    by_name: bool
    unknown: frozenset[str] = frozenset()
    moments: Moments = NO_MOMENTS


@dataclass(frozen=True, slots=True)
class Opened:
    """Who may open a mailbox, and the e-mail addresses of those invited to it (empty where it is not said)."""

    accesses: tuple[Access, ...]
    invited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A row of the list of mailboxes; `users` is None where they are not shown."""

    name: str
    addresses: frozenset[str]
    users: tuple[Somebody, ...] | None
    invitations: int

    @property
    def address(self) -> str:
        """The e-mail address as people write it."""
        return min(self.addresses)


def canonical(address: str) -> str:
    """Return what e-mail addresses and domains are compared by: `xn--` parts are written out."""
    name, at, domain = normalize_email(address).rpartition("@")
    return normalize_email(f"{name}{at}{'.'.join(map(_written_out, domain.split('.')))}")


def mailbox(row: Row) -> MailboxRow:
    """Read a row of the list of mailboxes."""
    fields = Fields(row, "a row of the list of mailboxes")
    users = fields.rows("users")
    return MailboxRow(
        name=_name(fields),
        addresses=frozenset({canonical(fields.text("mailbox")), canonical(fields.text_if_any("mailbox_idn"))} - {""}),
        users=None if users is None else tuple(map(_somebody, _alive(users))),
        invitations=fields.number_if_any("count_invitations") or 0,
    )


def _name(fields: Fields) -> str:
    """Read the name of a mailbox, which stands in paths: one of dots only would lead to another."""
    name = fields.text("mailbox_name")
    if not name.strip("."):
        raise UnreadableAnswer(f"{fields.what} has the name {name}, which no mailbox can have", REPORT)
    return name


def opened(rows: Iterable[Row]) -> Opened:
    """Read the accesses to one mailbox: each row is a user's or an invitation."""
    parts = [Fields(row, "an access to a mailbox") for row in rows]
    held = [each.inner("user_access") for each in parts if each.inner("user_access").row]
    return Opened(tuple(map(access, held)), tuple(_invited(each.inner("invitation") for each in parts)))


def opened_old(row: Row) -> Opened:
    """Read the users of one mailbox and those invited to it, as the old family of requests shows them."""
    fields = Fields(row, "the users of a mailbox")
    users = fields.rows("users")
    if users is None:
        raise UnreadableAnswer("the users of a mailbox are no list that can be read", REPORT)
    held = (_access(each, each, is_primary=False) for each in _alive(users))
    return Opened(tuple(held), tuple(_invited(fields.rows("invitations") or ())))


def access(fields: Fields) -> Access:
    """Read a user's access."""
    return _access(fields, fields.inner("user"), is_primary=fields.row.get("is_primary") is True)


def place_of(fields: Fields) -> tuple[int, str] | None:
    """Read which mailbox an access is to: the number of its Mail Service and its name there; None if not shown."""
    within = fields.row.get("mailbox")
    if isinstance(within, list) and len(within) == 1:
        within = within[0]  # typed as a list of one [openapi mail]
    at = Fields(within, fields.what) if isinstance(within, dict) else fields
    hosting, name = at.number_if_any("service_mail_id"), at.text_if_any("mailbox_name")
    return (hosting, name.lower()) if hosting is not None and name else None


def _access(fields: Fields, user: Fields, *, is_primary: bool) -> Access:
    names, sends, by_name = _permissions(fields)
    return Access(
        who=_somebody(user),
        is_primary=is_primary,
        permissions=names & frozenset(MAILBOX_PERMISSIONS),
        sends=sends,
        by_name=by_name,
        unknown=names - {*MAILBOX_PERMISSIONS, SEND},
        moments=of_use(fields, *_USES),
    )


def _permissions(fields: Fields) -> tuple[frozenset[str], bool | None, bool]:
    """Read a list of names, a map of flags or a list of such maps: what is permitted, sending, and whether by name."""
    value = fields.row.get("permissions")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        names = frozenset(value)
        return names, True if SEND in names else None, True
    maps = [value] if isinstance(value, dict) else value
    if not (isinstance(maps, list) and all(isinstance(each, dict) for each in maps)):
        raise UnreadableAnswer(f"{fields.what} has no `permissions` that can be read", REPORT)
    flags = dict(chain.from_iterable(each.items() for each in maps))
    sends = bool(flags[SEND]) if flags.get(SEND) is not None else None
    return frozenset(str(name) for name, held in flags.items() if held), sends, False


def _invited(invitations: Iterable[Fields]) -> Iterator[str]:
    for each in invitations:
        if each.row and each.row.get("is_used") is not True and each.row.get("is_valid") is not False:
            yield canonical(each.text_if_any("sent_to"))


def _alive(users: Iterable[Fields]) -> list[Fields]:
    return [each for each in users if each.row.get("is_deleted") is not True]


def _somebody(user: Fields) -> Somebody:
    return Somebody(user.number_if_any("id"), normalize_email(user.text_if_any("email")))


def _written_out(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
