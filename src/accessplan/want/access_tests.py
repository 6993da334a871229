"""Access tests: sentences that must be true of the access that a plan results in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from accessplan.finding import Place
from accessplan.model import MAILBOX, PARTNER, fold
from accessplan.policy import AccessTest, Quantity, Those
from accessplan.select import Kind, SelectorError, parse, service_of
from accessplan.services import (
    MAILBOX_PERMISSIONS,
    RIGHTS,
    ROLES,
    SEND,
    SERVICES,
    USE_ROLES,
    in_usual_order,
    rights_offered,
)
from accessplan.want.document import Document, Mention
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.roles import role_of
from accessplan.want.slip import is_slip_of
from accessplan.want.tree import Node
from accessplan.want.values import check_email, is_email, read_date

ORGANIZATION = "organization"
USE = "use"
ON_MAILBOXES: Mapping[str, str] = {"read": "read", "send": SEND, **{each: each for each in MAILBOX_PERMISSIONS}}
"""What tests call the rights on a mailbox, and what these are."""

_RIGHTS = frozenset({*RIGHTS, USE, *ON_MAILBOXES})
_ROLES = (*ROLES, PARTNER)
_SHOWN = 4
_KNOWN_ROLES = Names(_ROLES)
_KNOWN_SERVICES = Names((*SERVICES, MAILBOX))


class _Known(NamedTuple):
    """A document, and the names of its teams and users."""

    document: Document
    teams: Names
    users: Names


def read_tests(root: Node, document: Document, notes: Notes) -> tuple[AccessTest, ...]:
    """Read the access tests, and see that the roles, teams and users they name are those of the document."""
    tests = root.get("tests")
    if tests is None:
        return ()
    teams, users = document.teams.items, document.users.items
    known = _Known(document, Names(team.name for team in teams), Names((user.email for user in users), is_slip_of))
    found: dict[str, AccessTest] = {}
    for node in tests.elements():
        test = _read_test(node, known, notes)
        if test and test.name and (first := found.setdefault(fold(test.name), test)) is not test:
            message = f"there are two tests with the name {quote(test.name)}"
            notes.error("duplicate-test", message, node.place, None, f"the other is at {first.place}")
    return tuple(found.values())


def _read_test(node: Node, known: _Known, notes: Notes) -> AccessTest | None:
    given = [(quantity, part) for quantity in Quantity if (part := node.get(quantity))]
    if not given:
        return None
    if len(given) > 1:
        message = f"{' and '.join(quantity for quantity, _ in given)} do not go together"
        notes.error("ambiguous-test", message, given[1][1].key_place, None, "make a test of each")
    quantity, part = given[0]
    at_least, at_most = _read_bounds(part, notes)
    reaches = _read_thing(part, notes)
    return AccessTest(
        name=node.text("name"),
        quantity=quantity,
        those=Those(_read_roles(part, known, notes), _read_team(part, known, notes), _read_users(part, known, notes)),
        reaches=reaches,
        rights=_read_rights(part, reaches, notes),
        at_least=at_least,
        at_most=at_most,
        warn_until=read_date(node, "warn_until", None, notes),
        place=node.place,
    )


def _read_bounds(part: Node, notes: Notes) -> tuple[int, int | None]:
    least, most = part.plain("min"), part.get("max")
    at_least = least if isinstance(least, int) else 0
    at_most = most.value if most and isinstance(most.value, int) else None
    if most and at_most is not None and at_least > at_most:
        message = f"no count is at least {at_least} and at most {at_most}"
        notes.error("min-above-max", message, most.place, None, "correct one of the two")
    return at_least, at_most


def _read_roles(part: Node, known: _Known, notes: Notes) -> frozenset[str]:
    roles = dict(_texts(part, "role"))
    for name, place in roles.items():
        if name in _ROLES:
            continue
        if role := role_of(known.document.roles, Mention(name, place)):
            hint = f"write {role.base}, which it is built on" if role.base else f"write one of {', '.join(_ROLES)}"
            notes.error("no-base-role", f"{quote(name)} is no base role", place, None, hint)
        else:
            hint = _KNOWN_ROLES.hint(name, f"write one of {', '.join(_ROLES)}")
            notes.error("unknown-role", f"there is no role {quote(name)}", place, None, hint)
    return frozenset(roles)


def _read_team(part: Node, known: _Known, notes: Notes) -> str:
    name, node = part.text("team"), part.get("team")
    if node and name and known.document.teams.place and name not in known.teams:
        message = f"there is no team {quote(name)} in the document"
        notes.error("unknown-team", message, node.place, None, known.teams.hint(name, "describe it under teams"))
    return name


def _read_users(part: Node, known: _Known, notes: Notes) -> frozenset[str]:
    users = {check_email(text, place, None, notes): place for text, place in _texts(part, "user")}
    for email, place in users.items():
        if known.document.users.place and email not in known.users and is_email(email):
            message = f"{quote(email)} is not among the users of the document"
            notes.error("unknown-user", message, place, None, known.users.hint(email, "describe them under users"))
    return frozenset(users)


def _read_thing(part: Node, notes: Notes) -> str:
    """Read what is reached; nothing where it is not written, or is nothing that can be reached."""
    text, node = part.text("reaches"), part.get("reaches")
    if node is None or not isinstance(node.value, str) or text == ORGANIZATION:
        return text
    service, _, name = text.partition("/")
    if service == MAILBOX and name:
        return text if name == "*" else f"{MAILBOX}/{check_email(name, node.place, None, notes)}"
    try:
        known = parse(text).kind in (Kind.NAME, Kind.SERVICE)
    except SelectorError:
        known = False
    if not known:
        hint = "write SERVICE/NAME, SERVICE/*, mailbox/ADDRESS, mailbox/* or organization"
        notes.error("invalid-target", f"{quote(text)} is nothing that a test knows", node.place, None, hint)
        return ""
    if service not in SERVICES:
        message = f"no service is known as {quote(service)}"
        notes.warning("unknown-service", message, node.place, None, _KNOWN_SERVICES.hint(service))
    return text


def _read_rights(part: Node, thing: str, notes: Notes) -> frozenset[str]:
    given, rights = part.get("with"), dict(_texts(part, "with"))
    if given and part.get("reaches") is None:
        notes.error("misplaced-with", "with goes with reaches", given.key_place, None, "say what is reached")
    offered = _rights_on(thing) if thing else tuple(rights)
    for right, place in rights.items():
        if right in _RIGHTS and right not in offered:
            hint = f"write {_few(offered)}" if offered else "remove with"
            notes.error("right-not-offered", f"nobody reaches {quote(thing)} with {quote(right)}", place, None, hint)
    return frozenset(ON_MAILBOXES.get(right, right) for right in rights)


def _rights_on(thing: str) -> tuple[str, ...]:
    """Return the rights that tests know on a thing."""
    service = service_of(thing)
    if thing == ORGANIZATION:
        return ()
    if service == MAILBOX:
        return tuple(ON_MAILBOXES)
    return (*in_usual_order(rights_offered(service)), *((USE,) if service in USE_ROLES else ()))


def _few(words: Sequence[str]) -> str:
    return ", ".join([*words[:_SHOWN], *(["…"] if len(words) > _SHOWN else [])])


def _texts(part: Node, key: str) -> Iterator[tuple[str, Place]]:
    """Read a key that holds one text or a list of texts."""
    node = part.get(key)
    for each in (node, *node.elements()) if node else ():
        if isinstance(each.value, str):
            yield each.value, each.place
