"""What a person does in the Manager where no request is documented: one function a screen.

The menu paths and who may go there: infomaniak.md 1.3 and section 4 [faq 1404] [faq 1610] [faq 1633] [faq 1738]
[faq 2589] [faq 2590]. `act` and `values` say the deed as data, `text` says the same to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accessplan.model import User
from accessplan.route import Step
from accessplan.select import is_service_wide, service_of
from accessplan.services import LEGAL_REPRESENTATIVE

ADMINISTRATORS = "an administrator or legal representative"
LEGAL_REPRESENTATIVES = "a legal representative"

USERS = "Users and profiles › Users"
TEAMS = "Users and profiles › Work teams"

NO_REQUEST = "no request is documented for active users"
NO_EXTERNALS = "no request is documented that invites an external user"
NO_TEAM_RIGHTS = "the API takes a team's services, not the rights on them or single products"
NO_NUMBER = "a request needs the number of each service, and the live system did not tell that of one"
NOT_SHOWN = "the live system did not show all there is, and a request would take the rest away"
LEADER_INVITED = "a request can name as leader only who is active already"


@dataclass(frozen=True, slots=True)
class Access:
    """Rights on a target; none takes the access away. `product` is a product's number, None for all of a service."""

    target: str
    product: int | None
    rights: tuple[str, ...]

    @property
    def values(self) -> dict[str, object]:
        """The same as plain data."""
        return {"service": service_of(self.target), "product": self.product, "rights": list(self.rights)}

    def __str__(self) -> str:
        if not self.rights:
            return f"{self.target}: untick"
        future = ", later products too" if is_service_wide(self.target) else ""
        return f"{self.target}: tick {' and '.join(self.rights)}{future}"


def invite_user(user: User, teams: Iterable[str], access: Iterable[Access]) -> Step:
    """Add an external user in the wizard, with teams and product access."""
    teams, access = list(teams), list(access)
    who = f"{user.first_name} {user.last_name} <{user.email}>, role External"
    parts = [who, *(f"team {team}" for team in teams), *map(str, access)]
    names = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name, "role": user.role}
    granted = [each.values for each in access]
    values: dict[str, object] = {**names, "language": user.language, "teams": teams, "access": granted}
    return Step("invite_user", values, f"{USERS} › Add a user", ADMINISTRATORS, "Add " + "; ".join(parts))


def cancel_invitation(email: str) -> Step:
    """Cancel an invitation that gives more than what could be read."""
    text = f"Note which teams and products the invitation of {email} gives, then cancel it"
    return Step("cancel_invitation", {"user": email}, f"{USERS} › ⋮", ADMINISTRATORS, text)


def edit_role(email: str, old: str, new: str) -> Step:
    """Give an active user another role."""
    who = LEGAL_REPRESENTATIVES if LEGAL_REPRESENTATIVE in (old, new) else ADMINISTRATORS
    text = f"Set the role of {email} to {new.replace('_', ' ')} (now {old.replace('_', ' ')}), Save"
    return Step("edit_role", {"user": email, "role": new}, f"{USERS} › ⋮ › Edit role", who, text)


def remove_user(email: str) -> Step:
    """Remove an active user; the Manager asks what becomes of their files and addresses."""
    text = f"Remove {email}: Continue, type your own login address, tick, Remove this user (cannot be undone)"
    return Step("remove_user", {"user": email}, f"{USERS} › ⋮ › Remove from Organization", ADMINISTRATORS, text)


def edit_product_access(email: str, access: Access) -> Step:
    """Set the rights of a user on one product, or on all products of a service."""
    path = f"{USERS} › ⋮ › Edit product access"
    return Step(
        "edit_product_access", {"user": email, **access.values}, path, ADMINISTRATORS, f"{email}, {access}, Save"
    )


def edit_team_access(team: str, access: Access) -> Step:
    """Set the rights of a team on one product, or on all products of a service."""
    path = f"{TEAMS} › ⋮ › Manage team"
    return Step(
        "edit_team", {"team": team, "access": access.values}, path, ADMINISTRATORS, f"Team {team}, {access}, Save"
    )


def edit_team_member(team: str, email: str, *, joins: bool) -> Step:
    """Put somebody into a team, or take them out of it."""
    deed, text = ("add", f"Add {email} to") if joins else ("remove", f"Remove {email} from")
    values = {"team": team, deed: email}
    return Step("edit_team", values, f"{TEAMS} › ⋮ › Manage team", ADMINISTRATORS, f"{text} team {team}, Save")


def set_team_leader(team: str, email: str) -> Step:
    """Name the leader of a team, once they have accepted their invitation."""
    text = f"Wait until {email} has accepted the invitation; then plan again, or make them the leader of {team}, Save"
    return Step("edit_team", {"team": team, "leader": email}, f"{TEAMS} › ⋮ › Manage team", ADMINISTRATORS, text)
