"""The screen of a work team: its leader, its members, its products [faq 1738] [faq 2589]."""

import sqlite3
from collections.abc import Mapping

from accessplan.sandbox import people
from accessplan.sandbox.body import listed, maybe
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.manager.desk import (
    ACCESS,
    NAME,
    NOTHING,
    Act,
    Desk,
    Step,
    person,
    set_rights,
    team,
    told,
    user,
    values,
)


def _edit_team(desk: Desk, act: Act) -> str:
    edited = team(desk.db, act["team"])
    done = []
    if "leader" in act:
        done.append(_set_leader(desk, edited, act["leader"]))
    if "access" in act:
        done += set_rights(desk, ("team", edited["id"]), f"team {act['team']}", act["access"])
    done += [_add_member(desk, edited, name) for name in act.get("add", ())]
    done += [_remove_member(desk, edited, name) for name in act.get("remove", ())]
    if not done:
        raise Refused("edit_team needs leader, access, add or remove")
    return told(done)


def _set_leader(desk: Desk, edited: sqlite3.Row, leader: str | None) -> str:
    leader_id = None if leader is None else user(desk.db, leader)["id"]
    if leader_id == edited["owned_by_id"]:
        return f"{NOTHING}{leader or 'nobody'} leads {edited['name']} already"
    update = "UPDATE teams SET owned_by_id = ?, updated_at = ? WHERE id = ?"
    desk.db.execute(update, (leader_id, desk.now, edited["id"]))
    return f"{leader or 'nobody'} leads {edited['name']} now"


def _add_member(desk: Desk, edited: sqlite3.Row, name: str) -> str:
    join = "INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)"
    if desk.db.execute(join, (*people.subject(person(desk.db, name)), edited["id"])).rowcount:
        return f"{name} is in {edited['name']} now"
    return f"{NOTHING}{name} is in {edited['name']} already"


def _remove_member(desk: Desk, edited: sqlite3.Row, name: str) -> str:
    leave = "DELETE FROM memberships WHERE kind = ? AND subject_id = ? AND team_id = ?"
    if desk.db.execute(leave, (*people.subject(person(desk.db, name)), edited["id"])).rowcount:
        return f"{name} is no longer in {edited['name']}"
    return f"{NOTHING}{name} is not in {edited['name']}"


STEPS: Mapping[str, Step] = {
    "edit_team": Step(
        _edit_team,
        values(
            {"team": NAME},
            {"leader": maybe(NAME), "access": listed(ACCESS), "add": listed(NAME), "remove": listed(NAME)},
        ),
    ),
}
