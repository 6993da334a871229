"""What one row of an answer says. What it does not show is None, which differs from an empty list.

Sources: infomaniak.md 2.3 to 2.5 [openapi core]; the shape of `teams`, `permissions`, `service_permissions` and
`invitation_details` is not documented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from accessplan.have.answer import Row
from accessplan.have.fields import Fields
from accessplan.have.moments import NO_MOMENTS, Moments, moment, of_invitation, of_login
from accessplan.model import normalize_email
from accessplan.services import ADMINISTRATOR, COLLABORATOR, EXTERNAL, LEGAL_REPRESENTATIVE

ROLES = {"owner": LEGAL_REPRESENTATIVE, "admin": ADMINISTRATOR, "normal": COLLABORATOR}
"""Base roles by `role_type`, as invitations show and take them [openapi core]."""

EXTERNAL_TYPE = "external"
"""How the sandbox marks external users; how the live system does is unknown, so any other value is read as one."""

LANGUAGES = {1: "fr", 2: "en"}
"""Languages by `language_id`, as far as the documents show them [openapi core]."""

PENDING = "pending"

NOT_SHOWN = object()
"""In place of what may be null, and is not there."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Permission:
    """Rights on one product, or on a whole service where `product_id` is None."""

    rights: frozenset[str]
    service_id: int | None
    service_name: str
    product_id: int | None


Permissions = tuple[Permission, ...] | None


@dataclass(frozen=True, slots=True)
class Person:
    """An active user, or somebody invited; `number` is the user's or the invitation's, `teams` are by number.

    `opens` is what an invitation opens beside, as it was answered (see `app_rows.py`).
    """

    number: int
    invited: bool
    status: str
    email: str
    role_type: str
    first_name: str
    last_name: str
    language: str
    teams: frozenset[int] | None
    permissions: Permissions
    service_permissions: Permissions
    expired_at: int | None
    billing: bool | None = None
    notify_billing: bool | None = None
    notify_products: bool | None = None
    opens: object = NOT_SHOWN
    moments: Moments = NO_MOMENTS

    @property
    def role(self) -> str:
        """The base role."""
        return ROLES.get(self.role_type, EXTERNAL)

    @property
    def is_shown_in_full(self) -> bool:
        """Whether teams and rights are all there."""
        return None not in (self.teams, self.permissions, self.service_permissions)

    @property
    def is_in(self) -> bool:
        """Whether this is a user or an open invitation, not one that was accepted, rejected or cancelled."""
        return not self.invited or self.status == PENDING


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The organization; `role_type` is that of the token's owner, empty where it is not shown.

    `full_partner` and `limited_partner` tell whether there is a partnership of this kind, and nothing more of it.
    """

    name: str
    role_type: str
    full_partner: bool | None
    limited_partner: bool | None

    @property
    def role(self) -> str:
        """The base role of the token's owner, empty where it is not shown."""
        return ROLES.get(self.role_type, self.role_type and EXTERNAL)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A work team; `leader` is a user's number."""

    number: int
    name: str
    leader: int | None
    permissions: Permissions
    moments: Moments = NO_MOMENTS


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product; `users` are the rights of active users on it, by user number."""

    number: int
    account: int | None
    service_id: int
    service_name: str
    name: str
    internal_name: str
    tags: frozenset[str]
    users: dict[int, frozenset[str]] | None
    expired_at: int | None = None


def account(row: Row) -> AccountRow:
    """Read the organization, as the token's owner sees it."""
    fields = Fields(row, "the organization")
    full, limited = (_shown_flag(row.get(f"in_partnership_{kind}")) for kind in ("full_access", "limited"))
    return AccountRow(fields.text("name"), fields.text_if_any("type"), full, limited)


def person(row: Row) -> Person:
    """Read a row of the list of users; for somebody invited, `invitation_details` count before the row itself."""
    fields = Fields(row, "a row of the list of users")
    details = fields.inner("invitation_details")
    invitation_id = fields.number_if_any("invitation_id")
    invited = fields.number_if_any("user_id") is None or (
        invitation_id is not None and fields.text_if_any("state_in_account") == PENDING
    )

    def shown(read: Callable[[Fields], _Value | None]) -> _Value | None:
        found = read(details) if invited else None
        return read(fields) if found is None else found

    return Person(
        number=fields.number("invitation_id" if invited else "user_id"),
        invited=invited,
        status=details.text_if_any("status") or PENDING,
        email=normalize_email(fields.text("email")),
        role_type=fields.text("role_type"),
        first_name=fields.text_if_any("first_name"),
        last_name=fields.text_if_any("last_name"),
        language=_language(fields) or _language(details),
        teams=shown(_teams),
        permissions=shown(lambda each: _permissions(each, "permissions")),
        service_permissions=shown(lambda each: _permissions(each, "service_permissions")),
        expired_at=details.number_if_any("expired_at"),
        billing=_flag(fields, details, "has_billing_access", "has_billing"),
        notify_billing=_flag(fields, details, "is_correspondent_billing", "has_billing_mailing"),
        notify_products=_flag(fields, details, "is_correspondent", "has_mailing"),
        opens=details.row.get("app_accesses", NOT_SHOWN),
        moments=of_invitation(details) if invited else of_login(fields),
    )


def _flag(fields: Fields, details: Fields, name: str, on_invitation: str) -> bool | None:
    """Read what the list of users and an invitation call differently (infomaniak.md 1.4)."""
    return _shown_flag(details.row.get(on_invitation, fields.row.get(name, fields.row.get(on_invitation))))


def _shown_flag(value: object) -> bool | None:
    return bool(value) if isinstance(value, bool | int) else None


def invitation(row: Row) -> Person:
    """Read one invitation that was asked for by its number."""
    return person({**row, "user_id": None, "invitation_id": row.get("id"), "invitation_details": row})


def team(row: Row) -> TeamRow:
    """Read a row of the list of teams."""
    fields = Fields(row, "a row of the list of teams")
    leader = fields.number_if_any("owned_by_id") or fields.inner("owned_by").number_if_any("id")
    permissions, made = _permissions(fields, "permissions"), Moments(since=moment(fields, "created_at"))
    return TeamRow(fields.number("id"), fields.text("name"), leader, permissions, made)


def product(row: Row) -> ProductRow:
    """Read a row of the list of products."""
    fields = Fields(row, "a row of the list of products")
    names = [fields.text_if_any(name) for name in ("customer_name", "internal_name", "fqdn")]
    return ProductRow(
        number=fields.number("id"),
        account=fields.number_if_any("account_id"),
        service_id=fields.number("service_id"),
        service_name=fields.text("service_name"),
        name=next(filter(None, names), ""),
        internal_name=names[1],
        tags=_tags(fields),
        users=_users(fields),
        expired_at=moment(fields, "expired_at"),
    )


def service(row: Row) -> tuple[int, str]:
    """Read a row of the list of services: its number and name."""
    fields = Fields(row, "a row of the list of services")
    return fields.number("id"), fields.text("name")


def member(row: Row) -> str:
    """Read the e-mail address of a user of a team."""
    return normalize_email(Fields(row, "a row of the users of a team").text("email"))


def _permissions(fields: Fields, name: str) -> Permissions:
    if "billing" in fields.inner(name).row:
        return None  # the same word names the billing right where people are invited [openapi core]
    rows = fields.rows(name)
    return None if rows is None else tuple(map(_permission, rows))


def _permission(fields: Fields) -> Permission:
    product_id, service_name = fields.number_if_any("product_id"), fields.text_if_any("service_name")
    is_named = product_id is not None or service_name
    return Permission(
        rights=fields.rights("rights", "types", "right"),
        service_id=fields.number_if_any("service_id") if is_named else fields.number("service_id"),
        service_name=service_name,
        product_id=product_id,
    )


def _teams(fields: Fields) -> frozenset[int] | None:
    """Read teams as rows or as bare numbers."""
    listed = fields.items("teams")
    if listed is None:
        return None
    return frozenset(
        Fields(each if isinstance(each, dict) else {"id": each}, "a team of a user").number("id") for each in listed
    )


def _users(fields: Fields) -> dict[int, frozenset[str]] | None:
    rows = fields.rows("users")
    if rows is None:
        return None
    held: dict[int, frozenset[str]] = {}
    for row in rows:
        number = row.number("user_id")
        held[number] = held.get(number, frozenset()) | row.rights("rights")
    return held


def _tags(fields: Fields) -> frozenset[str]:
    names = (each.get("name") if isinstance(each, dict) else each for each in fields.items("tags") or ())
    return frozenset(name for name in names if isinstance(name, str))


def _language(fields: Fields) -> str:
    by_number = LANGUAGES.get(fields.number_if_any("language_id") or 0, "")
    return fields.text_if_any("locale").partition("_")[0] or by_number
