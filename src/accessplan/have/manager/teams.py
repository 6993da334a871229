"""The screen of a work team [faq 2589] [faq 2590]."""

from __future__ import annotations

from collections.abc import Iterable

from accessplan.have.manager.screens import ADMINISTRATORS, TEAMS, Access, told, values_of
from accessplan.route import Step

NO_TEAM_RIGHTS = "the API takes a team's services, not the rights on them or single products"
LEADER_INVITED = "a request can name as leader only who is active already"


def edit_access(team: str, access: Iterable[Access]) -> Step:
    """Set the rights of a team on products, or on all products of a service."""
    access = list(access)
    text, lines = told(f"Team {team}", access, "Save")
    return _edit_team(team, {"access": values_of(access)}, text, lines)


def edit_member(team: str, email: str, *, joins: bool) -> Step:
    """Put somebody into a team, or take them out of it."""
    deed, text = ("add", f"Add {email} to") if joins else ("remove", f"Remove {email} from")
    return _edit_team(team, {deed: [email]}, f"{text} team {team}, Save")


def set_leader(team: str, email: str) -> Step:
    """Name the leader of a team, once they have accepted their invitation."""
    text = f"Wait until {email} has accepted the invitation; then plan again, or make them the leader of {team}, Save"
    return _edit_team(team, {"leader": email}, text)


def _edit_team(team: str, values: dict[str, object], text: str, lines: tuple[str, ...] = ()) -> Step:
    return Step("edit_team", {"team": team, **values}, f"{TEAMS} › ⋮ › Manage team", ADMINISTRATORS, text, lines)
