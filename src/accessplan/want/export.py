"""From the live organization to a document whose plan is empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accessplan.model import GRANT, MEMBER, Address, Grant, Membership, State, Team, User, fold
from accessplan.select import Catalogue, every, is_service_wide, service_of
from accessplan.services import GOVERNING_ROLES, LANGUAGES, RIGHTS, SERVICES, in_usual_order, rights_offered
from accessplan.want.dump import dump
from accessplan.want.entries import LONGEST_TEAM_NAME
from accessplan.want.names import quote, visible
from accessplan.want.syntax import control_in
from accessplan.want.values import is_email

_HEADER = """\
# Who may do what in this organization, as it was when this file was written.
#
# An absent key is not managed; an empty map or list means nobody or nothing.
# Mode additive never takes away what this file does not name; enforce does.
"""
_LONGEST_NAME = 128


def document_text(state: State, catalogue: Catalogue, organization_id: int, organization_name: str, live: str) -> str:
    """Write a live organization as a document; `live` says where it is, and may be empty for the real system.

    What a document cannot say (a right nobody knows, a member who is no user) is left out, and a comment says so. A
    list that would lack something is left out as a whole: nobody shall take it for all there is.
    """
    export = _Export(state, catalogue)
    organization = {"id": organization_id, "name": _cleaned(organization_name), "live": _cleaned(live)}
    sections: tuple[dict[str, object], ...] = (
        {"accessplan": 1},
        {"organization": {key: value for key, value in organization.items() if value}},
        {"policy": {"mode": dict.fromkeys(("users", "teams", "grants"), "additive")}},
        {"users": export.users()},
        {"teams": export.teams()},
    )
    remarks = dict.fromkeys(map(_in_one_line, (*(spot.reason for spot in state.blind), *export.left_out)))
    comments = "".join(f"# {remark}\n" for remark in remarks)
    return "\n".join([_HEADER + ("#\n" + comments if comments else ""), *map(dump, sections)])


class _Export:
    """Puts the entries of a live organization in the words of a document; `left_out` tells what has none."""

    def __init__(self, state: State, catalogue: Catalogue) -> None:
        self.state = state
        self.catalogue = catalogue
        self.left_out: list[str] = []
        entries = [state.entries[address] for address in sorted(state.entries)]
        people = [entry for entry in entries if isinstance(entry, User)]
        self._users = {user.email: user for user in people if is_email(user.email) and not control_in(user.email)}
        self._teams = [entry for entry in entries if isinstance(entry, Team)]
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        self._grants: defaultdict[Address, list[Grant]] = defaultdict(list)
        for entry in entries:
            if isinstance(entry, Membership):
                self._members[entry.team].append(entry.email)
            elif isinstance(entry, Grant):
                self._grants[entry.subject].append(entry)
        self._leave_out("the users", [user.email for user in people if user.email not in self._users])

    def users(self) -> dict[str, object]:
        """Describe the users; grants change nothing for those who govern."""
        return {email: self._user(user) for email, user in self._users.items()}

    def teams(self) -> dict[str, object]:
        """Describe the teams."""
        teams: dict[str, Team] = {}
        for team in self._teams:
            if not control_in(team.name) and 0 < len(team.name) <= LONGEST_TEAM_NAME:
                teams.setdefault(fold(team.name), team)
        described: dict[str, object] = {team.name: self._team(team) for team in teams.values()}
        self._leave_out("the teams", [team.name for team in self._teams if team.name not in described])
        return described

    def _user(self, user: User) -> dict[str, object]:
        described: dict[str, object] = {
            "first_name": _cleaned(user.first_name)[:_LONGEST_NAME] or "-",
            "last_name": _cleaned(user.last_name)[:_LONGEST_NAME] or "-",
            "role": user.role,
        }
        if user.language in LANGUAGES:
            described["language"] = user.language
        return described if user.role in GOVERNING_ROLES else described | self._grants_of(user.address)

    def _team(self, team: Team) -> dict[str, object]:
        described: dict[str, object] = {}
        if team.leader in self._users:
            described["leader"] = team.leader
        elif team.leader is not None:
            self._leave_out(f"the leader of the team {quote(team.name)}", [team.leader])
        members = self._members[team.name]
        strangers = [email for email in members if email not in self._users]
        self._leave_out(f"the members of the team {quote(team.name)}", strangers)
        if not strangers and (members or not self.state.hides(Address(*team.address[:2], MEMBER))):
            described["members"] = members
        return described | self._grants_of(team.address)

    def _grants_of(self, subject: Address) -> dict[str, object]:
        grants = self._grants[subject]
        unsayable = [grant.target for grant in grants if not self._is_sayable(grant)]
        self._leave_out(f"the grants of {subject.kind} {quote(subject.name)}", unsayable)
        if unsayable or (not grants and self._hides_grants(subject)):
            return {}
        return {"grants": {grant.target: _value(grant) for grant in grants}}

    def _is_sayable(self, grant: Grant) -> bool:
        service = service_of(grant.target)
        if is_service_wide(grant.target):
            known = service in SERVICES or service in self.catalogue.services
        else:
            known = self.catalogue.by_label(grant.target) is not None
        rights = grant.rights & rights_offered(service) & frozenset(RIGHTS)
        return known and not control_in(grant.target) and bool(rights) and rights == grant.rights

    def _hides_grants(self, subject: Address) -> bool:
        targets = (every(SERVICES[0]), SERVICES[0] + "/")
        return any(self.state.hides(Address(subject.kind, subject.name, GRANT, target)) for target in targets)

    def _leave_out(self, what: str, names: Iterable[str]) -> None:
        if shown := ", ".join(map(quote, names)):
            self.left_out.append(f"Left out: {what} ({shown}).")


def _value(grant: Grant) -> str | list[str]:
    rights = list(in_usual_order(grant.rights))
    return rights[0] if len(rights) == 1 else rights


def _in_one_line(remark: str) -> str:
    """Keep a remark inside its comment: what comes after a line break would be read as part of the document."""
    return visible(" ".join(remark.split()))


def _cleaned(text: str) -> str:
    return "".join(character for character in text if not control_in(character)).strip()
