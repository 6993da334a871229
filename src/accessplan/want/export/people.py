"""Users and teams, as a document describes them."""

from __future__ import annotations

from collections import defaultdict

from accessplan.model import MEMBER, Address, Membership, State, Team, User, fold
from accessplan.services import GOVERNING_ROLES, LANGUAGES, LEGAL_REPRESENTATIVE
from accessplan.want.entries import LONGEST_TEAM_NAME
from accessplan.want.export.grants import Grants
from accessplan.want.export.words import Omissions, cleaned, is_sayable_email
from accessplan.want.names import quote
from accessplan.want.syntax import control_in

_LONGEST_NAME = 128


class People:
    """Puts the users and teams of a live organization in the words of a document."""

    def __init__(self, state: State, grants: Grants, omissions: Omissions) -> None:
        self.grants = grants
        self._state = state
        self._omissions = omissions
        entries = [state.entries[address] for address in sorted(state.entries)]
        people = [entry for entry in entries if isinstance(entry, User)]
        self._users = {user.email: user for user in people if is_sayable_email(user.email)}
        self._teams = [entry for entry in entries if isinstance(entry, Team)]
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        for entry in entries:
            if isinstance(entry, Membership):
                self._members[entry.team].append(entry.email)
        self._representatives = sum(user.role == LEGAL_REPRESENTATIVE for user in self._users.values())
        self._omissions.add("the users", [user.email for user in people if user.email not in self._users])

    @property
    def emails(self) -> frozenset[str]:
        """Those who are described as users."""
        return frozenset(self._users)

    def users(self) -> dict[str, object]:
        """Describe the users; rights and billing change nothing for those who govern."""
        return {email: self._user(user) for email, user in self._users.items()}

    def teams(self) -> dict[str, object]:
        """Describe the teams."""
        teams: dict[str, Team] = {}
        for team in self._teams:
            if not control_in(team.name) and 0 < len(team.name) <= LONGEST_TEAM_NAME:
                teams.setdefault(fold(team.name), team)
        described: dict[str, object] = {team.name: self._team(team) for team in teams.values()}
        self._omissions.add("the teams", [team.name for team in self._teams if team.name not in described])
        return described

    def _user(self, user: User) -> dict[str, object]:
        described: dict[str, object] = {
            "first_name": cleaned(user.first_name)[:_LONGEST_NAME] or "-",
            "last_name": cleaned(user.last_name)[:_LONGEST_NAME] or "-",
            "role": user.role,
        }
        if user.language in LANGUAGES:
            described["language"] = user.language
        governs = user.role in GOVERNING_ROLES
        if user.billing is not None and not governs:
            described["billing"] = user.billing
        if notifications := self._notifications(user):
            described["notifications"] = notifications
        return described | self.grants.of(user.address, rights=not governs)

    def _notifications(self, user: User) -> dict[str, bool]:
        """Describe what a user is told; that the sole legal representative has no reminders cannot be wanted."""
        known = {"billing": user.notify_billing, "products": user.notify_products}
        if user.role == LEGAL_REPRESENTATIVE and self._representatives == 1 and not user.notify_billing:
            del known["billing"]
        return {name: value for name, value in known.items() if value is not None}

    def _team(self, team: Team) -> dict[str, object]:
        described: dict[str, object] = {}
        if team.leader in self._users:
            described["leader"] = team.leader
        elif team.leader is not None:
            self._omissions.add(f"the leader of the team {quote(team.name)}", [team.leader])
        members = self._members[team.name]
        strangers = [email for email in members if email not in self._users]
        self._omissions.add(f"the members of the team {quote(team.name)}", strangers)
        if not strangers and (members or not self._state.hides(Address(*team.address[:2], MEMBER))):
            described["members"] = members
        return described | self.grants.of(team.address)
