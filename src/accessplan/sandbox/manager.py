"""Manual steps, done as a person in the Manager would [faq 1404] [faq 1610] [faq 1633] [faq 1738] [faq 2589]."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from accessplan.sandbox import extras, grants, people
from accessplan.sandbox.body import Check, email, fields, integer, listed, maybe, one_of, text
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant, Subject
from accessplan.sandbox.people import MANAGERS, OWNER, ROLE_TYPES, ROLE_WORDS, Invitation
from accessplan.sandbox.services import LANGUAGE_IDS, RIGHTS, SERVICE_IDS, offered
from accessplan.sandbox.store import Store, setting

Act = Mapping[str, Any]


@dataclass(frozen=True)
class _Desk:
    """The Manager, opened by somebody."""

    db: sqlite3.Connection
    by: sqlite3.Row
    now: int


def perform(store: Store, act: Act, now: datetime) -> str:
    """Do one manual step; returns a line that says what was done, or `nothing to do: ...` when it holds already.

    `act` names the step, the other fields are its values; `by` is the e-mail of who does it (default: the token_user).
    Raises Refused when a person could not do that.
    """
    step = _STEPS.get(str(act.get("act")))
    if step is None:
        raise Refused(f"there is no act {act.get('act')!r} (there are {', '.join(_STEPS)})")
    problems = list(step.check(dict(act), ""))
    if problems:
        raise Refused("; ".join(problem["description"] for problem in problems))
    with store.transaction() as db:
        return step.do(_Desk(db, _actor(db, act.get("by")), int(now.timestamp())), act)


def _actor(db: sqlite3.Connection, by: str | None) -> sqlite3.Row:
    name = by or setting(db, "token_user")
    actor = people.find_user(db, name) if name else None
    if actor is None:
        raise Refused(f"{name or 'nobody'} is no active user who could do that")
    if actor["role_type"] not in MANAGERS:
        raise Refused(
            f"{name} is {ROLE_WORDS[actor['role_type']]}: only an administrator or a legal representative may do that"
        )
    return actor


def _invite_user(desk: _Desk, act: Act) -> str:
    role_type, known = _role_type(desk, act["role"]), people.find(desk.db, act["email"])
    if known is not None:
        state = "a user" if known["kind"] == "user" else "invited"
        if known["role_type"] == role_type:
            return f"nothing to do: {act['email']} is {state} already"
        raise Refused(f"{act['email']} is {state} already, as {ROLE_WORDS[known['role_type']]}")
    invitation = Invitation(
        email=act["email"],
        first_name=act["first_name"],
        last_name=act["last_name"],
        role_type=role_type,
        language_id=LANGUAGE_IDS[act.get("language") or "fr"],
        created_at=desk.now,
    )
    who = ("invitation", people.add_invitation(desk.db, invitation))
    people.join_teams(desk.db, who, [_team(desk.db, name)["id"] for name in act.get("teams", ())])
    rights = [_set_rights(desk, who, act["email"], access) for access in act.get("access", ())]
    return "; ".join([f"invited {act['email']} as {act['role']}", *rights])


def _cancel_invitation(desk: _Desk, act: Act) -> str:
    pending = "UPDATE invitations SET status = 'cancelled', updated_at = ? WHERE address = ? AND status = 'pending'"
    if desk.db.execute(pending, (desk.now, people.address(act["user"]))).rowcount:
        return f"cancelled the invitation of {act['user']}"
    return f"nothing to do: {act['user']} has no pending invitation"


def _edit_role(desk: _Desk, act: Act) -> str:
    user, role_type = _user(desk.db, act["user"]), _role_type(desk, act["role"])
    if user["role_type"] == role_type:
        return f"nothing to do: {act['user']} is {act['role']} already"
    _keep_an_owner(desk.db, user)
    desk.db.execute("UPDATE users SET role_type = ? WHERE id = ?", (role_type, user["id"]))
    return f"{act['user']} is {act['role']} now, was {ROLE_WORDS[user['role_type']]}"


def _edit_product_access(desk: _Desk, act: Act) -> str:
    return _set_rights(desk, people.subject(_person(desk.db, act["user"])), act["user"], act)


def _remove_user(desk: _Desk, act: Act) -> str:
    if people.find(desk.db, act["user"]) is None:
        return f"nothing to do: {act['user']} is not in the organization"
    user = _user(desk.db, act["user"])
    _keep_an_owner(desk.db, user)
    people.remove_user(desk.db, user["id"])
    extras.forget(desk.db, user["email"])
    return f"removed {act['user']} from the organization"


def _edit_team(desk: _Desk, act: Act) -> str:
    team = _team(desk.db, act["team"])
    done = []
    if "leader" in act:
        done.append(_set_leader(desk, team, act["leader"]))
    if "access" in act:
        done.append(_set_rights(desk, ("team", team["id"]), f"team {act['team']}", act["access"]))
    if "add" in act:
        done.append(_add_member(desk, team, act["add"]))
    if "remove" in act:
        done.append(_remove_member(desk, team, act["remove"]))
    if not done:
        raise Refused("edit_team needs leader, access, add or remove")
    return "; ".join(done)


def _team(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    team: sqlite3.Row | None = db.execute("SELECT * FROM teams WHERE name = ?", (name,)).fetchone()
    if team is None:
        raise Refused(f"there is no team {name!r}")
    return team


def _set_leader(desk: _Desk, team: sqlite3.Row, leader: str | None) -> str:
    leader_id = None if leader is None else _user(desk.db, leader)["id"]
    if leader_id == team["owned_by_id"]:
        return f"nothing to do: {leader or 'nobody'} leads {team['name']} already"
    desk.db.execute("UPDATE teams SET owned_by_id = ?, updated_at = ? WHERE id = ?", (leader_id, desk.now, team["id"]))
    return f"{leader or 'nobody'} leads {team['name']} now"


def _add_member(desk: _Desk, team: sqlite3.Row, name: str) -> str:
    join = "INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)"
    if desk.db.execute(join, (*people.subject(_person(desk.db, name)), team["id"])).rowcount:
        return f"{name} is in {team['name']} now"
    return f"nothing to do: {name} is in {team['name']} already"


def _remove_member(desk: _Desk, team: sqlite3.Row, name: str) -> str:
    leave = "DELETE FROM memberships WHERE kind = ? AND subject_id = ? AND team_id = ?"
    if desk.db.execute(leave, (*people.subject(_person(desk.db, name)), team["id"])).rowcount:
        return f"{name} is no longer in {team['name']}"
    return f"nothing to do: {name} is not in {team['name']}"


def _set_rights(desk: _Desk, subject: Subject, name: str, access: Act) -> str:
    """Let someone hold these rights on a product or service, none others."""
    service, product_id, rights = access["service"], access["product"] or EVERY_PRODUCT, access["rights"]
    service_id = SERVICE_IDS[service]
    where = f"{service}/*" if product_id == EVERY_PRODUCT else f"{service}/#{product_id}"
    known = "SELECT 1 FROM products WHERE id = ? AND service_id = ?"
    if product_id != EVERY_PRODUCT and not desk.db.execute(known, (product_id, service_id)).fetchone():
        raise Refused(f"{service} has no product {product_id}")
    missing = [right for right in rights if right not in offered(service_id)]
    if missing:
        raise Refused(f"{service} does not offer {', '.join(missing)}")
    said = f"{', '.join(sorted(rights)) or 'no rights'} on {where}"
    if grants.put(desk.db, subject, Grant(service_id, product_id, rights)):
        return f"{name} has {said} now"
    return f"nothing to do: {name} has {said} already"


def _role_type(desk: _Desk, role: str) -> str:
    role_type = ROLE_TYPES[role]
    if role_type == OWNER and desk.by["role_type"] != OWNER:
        raise Refused(f"{desk.by['email']} is no legal representative: only one names another")
    return role_type


def _person(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    who = people.find(db, name)
    if who is None:
        raise Refused(f"{name} is neither a user nor invited")
    return who


def _user(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    user = people.find_user(db, name)
    if user is not None:
        return user
    if people.find(db, name):
        message = f"{name} is invited, not active yet: the Manager has no such screen for them"
    else:
        message = f"{name} is no user of the organization"
    raise Refused(message)


def _keep_an_owner(db: sqlite3.Connection, user: sqlite3.Row) -> None:
    if people.is_last_owner(db, user):
        raise Refused(f"{user['email']} is the last legal representative: name another first")


class _Step(NamedTuple):
    do: Callable[[_Desk, Act], str]
    check: Check


def _values(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return fields(required, {"by": maybe(text(longest=255)), **(optional or {})})


_NAME = text(longest=255)
_ROLE = one_of(ROLE_TYPES)
_ACCESS = {"service": one_of(SERVICE_IDS), "product": maybe(integer), "rights": listed(one_of(RIGHTS))}

_STEPS = {
    "invite_user": _Step(
        _invite_user,
        _values(
            {"email": email, "first_name": text(), "last_name": text(), "role": _ROLE},
            {"language": one_of(["", *LANGUAGE_IDS]), "teams": listed(_NAME), "access": listed(fields(_ACCESS))},
        ),
    ),
    "cancel_invitation": _Step(_cancel_invitation, _values({"user": _NAME})),
    "edit_role": _Step(_edit_role, _values({"user": _NAME, "role": _ROLE})),
    "edit_product_access": _Step(_edit_product_access, _values({"user": _NAME, **_ACCESS})),
    "remove_user": _Step(_remove_user, _values({"user": _NAME})),
    "edit_team": _Step(
        _edit_team,
        _values({"team": _NAME}, {"leader": maybe(_NAME), "access": fields(_ACCESS), "add": _NAME, "remove": _NAME}),
    ),
}
