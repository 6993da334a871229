"""Read what a document says of the organization, its roles, users and teams.

What the schema refuses is passed over here, so that one run finds the faults of both.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from accessplan.model import Address, fold, normalize_email, team_address, user_address
from accessplan.plan import Mode
from accessplan.want.document import (
    DEFAULT_TIMEZONE,
    ROLE,
    CustomRole,
    Listed,
    Mention,
    Organization,
    WantedTeam,
    WantedUser,
)
from accessplan.want.grants import read_grants
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.settings import read_settings
from accessplan.want.tree import Node
from accessplan.want.values import check_email, read_email, read_emails, read_names, read_period, read_record

LONGEST_TEAM_NAME = 128
"""Characters [openapi core]."""


def read_timezone(root: Node) -> ZoneInfo:
    """Return the time zone in which the organization's days end: the default where none is named that exists."""
    organization = root.get("organization")
    name = organization.text("timezone") if organization else ""
    return ZoneInfo(name if _is_timezone(name) else DEFAULT_TIMEZONE)


def read_organization(root: Node, notes: Notes) -> Organization:
    """Read which organization is described, and see that its time zone exists."""
    node = root.get("organization")
    if node is None:
        hint = "add it, as in organization: {id: 4242}"
        notes.error("missing-key", '"organization" is missing', root.place, None, hint)
        return Organization()
    timezone = node.get("timezone")
    if timezone is not None and isinstance(timezone.value, str) and not _is_timezone(timezone.value):
        hint = Names(available_timezones()).hint(timezone.value, f"as in {DEFAULT_TIMEZONE}")
        notes.error("unknown-timezone", f"{quote(timezone.value)} is no time zone", timezone.place, None, hint)
    number = node.get("id")
    return Organization(
        id=number.value if number and isinstance(number.value, int) else 0,
        name=node.text("name"),
        timezone=node.text("timezone") or DEFAULT_TIMEZONE,
        live=node.text("live"),
    )


def read_modes(root: Node) -> dict[str, Mode]:
    """Read `policy.mode`."""
    modes = root.find("policy", "mode")
    if modes is None:
        return {}
    return {kind: mode for kind, _ in modes.items() for mode in Mode if mode == modes.text(kind)}


def read_roles(root: Node, notes: Notes) -> tuple[CustomRole, ...]:
    """Read the custom roles."""
    roles = root.get("roles")
    return tuple(_read_role(name, node, notes) for name, node in (roles.items() if roles else ()))


def read_users(root: Node, notes: Notes) -> Listed[WantedUser]:
    """Read the users; of two with one address only the first."""
    users = root.get("users")
    if users is None or not isinstance(users.value, dict):
        return Listed()
    found: dict[str, WantedUser] = {}
    for written, node in users.items():
        user = _read_user(written, node, notes)
        if (first := found.setdefault(user.email, user)) is not user:
            message = f"{quote(written)} is given twice: upper and lower case are the same"
            notes.error("duplicate-user", message, user.place, user.address, f"it is given first at {first.place}")
    return Listed(users.key_place, tuple(found.values()))


def read_teams(root: Node, notes: Notes) -> Listed[WantedTeam]:
    """Read the teams; of two whose names look the same only the first."""
    teams = root.get("teams")
    if teams is None or not isinstance(teams.value, dict):
        return Listed()
    found: dict[str, WantedTeam] = {}
    for name, node in teams.items():
        team = _read_team(name, node, notes)
        if (first := found.setdefault(fold(name), team)) is not team:
            message = f"{quote(name)} and {quote(first.name)} are too alike for two teams"
            notes.error("duplicate-team", message, team.place, team.address, f"the other is at {first.place}")
    return Listed(teams.key_place, tuple(found.values()))


def _read_role(name: str, node: Node, notes: Notes) -> CustomRole:
    address = Address(ROLE, name)
    base = node.get("base") or node
    return CustomRole(
        name=name,
        base=Mention(node.text("base"), base.place),
        settings=read_settings(node),
        grants=read_grants(node, address, notes),
        place=node.key_place,
    )


def _read_user(written: str, node: Node, notes: Notes) -> WantedUser:
    address = user_address(normalize_email(written))
    place = node.key_place
    role = node.get("role") or node
    return WantedUser(
        email=check_email(written, place, address, notes),
        first_name=_name(node, "first_name"),
        last_name=_name(node, "last_name"),
        language=node.text("language"),
        role=Mention(node.text("role"), role.place),
        settings=read_settings(node),
        teams=read_names(node, "teams", address, notes),
        grants=read_grants(node, address, notes),
        period=read_period(node, address, notes),
        place=place,
        since_place=since.place if (since := node.get("since")) else None,
        record=read_record(node, address, notes),
    )


def _name(user: Node, key: str) -> str:
    """Read a name of a person; one that consists of digits is no less a name."""
    value = user.plain(key)
    return str(value) if isinstance(value, str | int) else ""


def _read_team(name: str, node: Node, notes: Notes) -> WantedTeam:
    address = team_address(name)
    place = node.key_place
    if not 0 < len(name) <= LONGEST_TEAM_NAME:
        message = f"a team's name has 1 to {LONGEST_TEAM_NAME} characters, not {len(name):,}"
        notes.error("name-length", message, place, address, "choose another")
    return WantedTeam(
        name=name,
        leader=read_email(node, "leader", address, notes),
        members=read_emails(node, "members", address, notes),
        grants=read_grants(node, address, notes),
        place=place,
    )


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
