"""Work teams [openapi core]."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from accessplan.sandbox import grants
from accessplan.sandbox.api.items import card, service_permissions, team_in_short
from accessplan.sandbox.body import fields, integer, listed, one_of, text
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.grants import EVERY_PRODUCT, Grant
from accessplan.sandbox.parameters import number
from accessplan.sandbox.query import Filter, Listing, filters
from accessplan.sandbox.services import SERVICES, offered
from accessplan.sandbox.wire import Answer, exists, invalid, not_found, problem, success

_USER_COUNT = "(SELECT count(*) FROM memberships WHERE kind = 'user' AND team_id = item.id)"
_PRODUCT_COUNT = (
    "(SELECT count(*) FROM products WHERE EXISTS (SELECT 1 FROM grants WHERE kind = 'team' AND subject_id = item.id"
    " AND service_id = products.service_id AND product_id IN (0, products.id)))"
)

_TEAMS = Listing(
    rows="SELECT * FROM teams",
    order="id",
    orders={"name": "name", "created_at": "created_at", "user_count": _USER_COUNT, "product_count": _PRODUCT_COUNT},
    searched="name",
)

_FILTERS = {
    "created_by_ids": Filter("created_by_id IN (SELECT value FROM json_each(?))", number, many=True),
    "owned_by_ids": Filter("owned_by_id IN (SELECT value FROM json_each(?))", number, many=True),
    "team_ids": Filter("id IN (SELECT value FROM json_each(?))", number, many=True),
    "user_ids": Filter(
        "id IN (SELECT team_id FROM memberships"
        " WHERE kind = 'user' AND subject_id IN (SELECT value FROM json_each(?)))",
        number,
        many=True,
    ),
}

_OPTIONAL = {"owned_by_id": integer, "permissions": fields(optional={"services": listed(one_of(SERVICES))})}
_NEW = fields(required={"name": text()}, optional=_OPTIONAL)
_CHANGED = fields(optional={"name": text(), **_OPTIONAL})


def _cards(column: str) -> Loader:
    def read(db: sqlite3.Connection, rows: Rows) -> list[dict[str, Any] | None]:
        wanted = json.dumps([row[column] for row in rows])
        users = db.execute("SELECT * FROM users WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
        cards = {user["id"]: card(user) for user in users}
        return [cards.get(row[column]) for row in rows]

    return read


def _counts(count: str) -> Loader:
    def read(db: sqlite3.Connection, rows: Rows) -> list[int]:
        wanted = json.dumps([row["id"] for row in rows])
        counted = db.execute(
            f"SELECT id, {count} AS n FROM teams AS item WHERE id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        counts = {row["id"]: row["n"] for row in counted}
        return [counts[row["id"]] for row in rows]

    return read


_LOADABLE: Mapping[str, Loader] = {
    "created_by": _cards("created_by_id"),
    "owned_by": _cards("owned_by_id"),
    "user_count": _counts(_USER_COUNT),
    "product_count": _counts(_PRODUCT_COUNT),
}


@endpoint(listing=_TEAMS, filters=_FILTERS, loads=_LOADABLE)
def list_teams(context: Context) -> Answer:
    """List the teams."""
    page = context.page(_TEAMS, filters(context.query, _FILTERS))
    return page.answer(_items(context, page.rows))


@endpoint(loads=_LOADABLE)
def display(context: Context) -> Answer:
    """Show a team."""
    return _one(context, find(context)["id"])


@endpoint(body=_NEW, loads=_LOADABLE, status=201, refuses=[403, 409])
def create(context: Context) -> Answer:
    """Create a team."""
    context.managers_only()
    name = context.body["name"]
    _require_free(context.db, name, 0)
    cursor = context.db.execute(
        "INSERT INTO teams (name, created_by_id, created_at, updated_at) VALUES (?, ?, ?, ?)",
        (name, context.caller["id"], context.now, context.now),
    )
    return _written(context, cursor.lastrowid or 0, status=201)


@endpoint(body=_CHANGED, loads=_LOADABLE, refuses=[403, 409])
def change(context: Context) -> Answer:
    """Change a team: only what is given."""
    context.managers_only()
    team_id = find(context)["id"]
    if "name" in context.body:
        _require_free(context.db, context.body["name"], team_id)
        context.db.execute("UPDATE teams SET name = ? WHERE id = ?", (context.body["name"], team_id))
    return _written(context, team_id)


def _written(context: Context, team_id: int, status: int = 200) -> Answer:
    """Write leader and services, and answer with the team."""
    leader = context.body.get("owned_by_id")
    if leader is not None:
        require_users(context.db, "owned_by_id", [leader])
        context.db.execute("UPDATE teams SET owned_by_id = ? WHERE id = ?", (leader, team_id))
    services = context.body.get("permissions", {}).get("services")
    if services is not None:
        _list_services(context.db, team_id, services)
    context.db.execute("UPDATE teams SET updated_at = ? WHERE id = ?", (context.now, team_id))
    return _one(context, team_id, status)


def _list_services(db: sqlite3.Connection, team_id: int, services: Sequence[int]) -> None:
    """Give every right on services not listed before, keep those of services that were, drop the services left out."""
    (held,) = grants.held(db, [("team", team_id)])
    listed_before = {grant.service_id for grant in held if grant.product_id == EVERY_PRODUCT}
    for service_id in listed_before - set(services):
        grants.drop(db, ("team", team_id), service_id)
    added = [
        Grant(service_id, EVERY_PRODUCT, offered(service_id))
        for service_id in services
        if service_id not in listed_before
    ]
    grants.add(db, ("team", team_id), added)


@endpoint(refuses=[403])
def delete(context: Context) -> Answer:
    """Delete a team; its members stay in the organization."""
    context.managers_only()
    team_id = find(context)["id"]
    grants.drop(context.db, ("team", team_id))
    context.db.execute("DELETE FROM memberships WHERE team_id = ?", (team_id,))
    context.db.execute("DELETE FROM teams WHERE id = ?", (team_id,))
    return success(data=True)


def find(context: Context) -> sqlite3.Row:
    """Find the team of the path."""
    row: sqlite3.Row | None = context.db.execute("SELECT * FROM teams WHERE id = ?", (context.path["team"],)).fetchone()
    if row is None:
        raise not_found()
    return row


def _require_free(db: sqlite3.Connection, name: str, own_id: int) -> None:
    if db.execute("SELECT 1 FROM teams WHERE name = ? AND id != ?", (name, own_id)).fetchone():
        raise exists(f"There is a team {name!r} already")


def require_users(db: sqlite3.Connection, attribute: str, user_ids: Sequence[int]) -> None:
    """Refuse ids that are not of active users."""
    rows = db.execute("SELECT id FROM users WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(user_ids),))
    known = {row["id"] for row in rows}
    missing = [user_id for user_id in user_ids if user_id not in known]
    if missing:
        raise invalid(problem("exists", attribute, f"No active users of the account: {missing}"))


def _one(context: Context, team_id: int, status: int = 200) -> Answer:
    rows = context.db.execute("SELECT * FROM teams WHERE id = ?", (team_id,)).fetchall()
    return success(_items(context, rows)[0], status=status)


def _items(context: Context, rows: Rows) -> list[dict[str, Any]]:
    held = grants.held(context.db, [("team", row["id"]) for row in rows])
    items = (
        {
            **team_in_short(row),
            "owned_by_id": row["owned_by_id"],
            "created_by_id": row["created_by_id"],
            "is_sso": False,
            "permissions": service_permissions(own),
        }
        for row, own in zip(rows, held, strict=True)
    )
    return load(context, rows, items, _LOADABLE)
