"""Members of work teams [openapi core]."""

from accessplan.sandbox import people
from accessplan.sandbox.api import teams
from accessplan.sandbox.api.items import display_name, teams_of
from accessplan.sandbox.body import fields, integer, listed
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.query import Condition, Listing
from accessplan.sandbox.wire import Answer, success

_MEMBERS = Listing(
    rows="SELECT 'user' AS kind, users.*, team_id, first_name || ' ' || last_name AS display_name FROM users"
    " JOIN memberships ON memberships.kind = 'user' AND subject_id = users.id",
    order="id",
    orders={"display_name": "display_name", "last_login_at": "last_login_at"},
    searched="email || ' ' || display_name",
)

_USER_IDS = fields(required={"user_ids": listed(integer, at_least=1)})


@endpoint(listing=_MEMBERS)
def list_members(context: Context) -> Answer:
    """List the active users of a team."""
    page = context.page(_MEMBERS, [Condition("team_id = ?", teams.find(context)["id"])])
    items = [
        {
            **{key: row[key] for key in ("id", "first_name", "last_name", "email")},
            "display_name": display_name(row),
            "is_sso": False,
            "last_login_at": row["last_login_at"] or 0,
            "teams": own,
        }
        for row, own in zip(page.rows, teams_of(context.db, page.rows), strict=True)
    ]
    return page.answer(items)


@endpoint(body=_USER_IDS, status=201, refuses=[403])
def add_members(context: Context) -> Answer:
    """Put users into a team."""
    context.managers_only()
    team_id = teams.find(context)["id"]
    teams.require_users(context.db, "user_ids", context.body["user_ids"])
    for user_id in context.body["user_ids"]:
        people.join_teams(context.db, ("user", user_id), [team_id])
    return success(data=True, status=201)


@endpoint(body=_USER_IDS, refuses=[403])
def remove_members(context: Context) -> Answer:
    """Take users out of a team; who is not in it stays out."""
    context.managers_only()
    team_id = teams.find(context)["id"]
    context.db.executemany(
        "DELETE FROM memberships WHERE team_id = ? AND kind = 'user' AND subject_id = ?",
        [(team_id, user_id) for user_id in context.body["user_ids"]],
    )
    return success(data=True)
