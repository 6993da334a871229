"""From a document to what is wanted of the live organization: selectors become products, and dates are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from accessplan.finding import Finding, Place, error
from accessplan.model import GRANT, MEMBER, TEAM, USER, Address, Entry, Grant, Membership, State, Team, User
from accessplan.plan import Ended, Want
from accessplan.select import Catalogue, Kind, service_of
from accessplan.services import GOVERNING_ROLES, rights_offered
from accessplan.want.document import ALWAYS, Document, Period, WantedGrant
from accessplan.want.names import Names, quote
from accessplan.want.reach import NOTHING, Reach
from accessplan.want.recognize import recognize
from accessplan.want.slip import is_slip_of


def resolve(document: Document, catalogue: Catalogue, live: State, today: date) -> tuple[Want, list[Finding]]:
    """Say what a document without errors wants of the live organization on a day.

    With errors among the findings the answer is incomplete.
    """
    document, recognized = recognize(document, live, today)
    draft = _Draft(today, Reach(catalogue))
    _want_users(draft, document)
    _want_teams(draft, document)
    findings = [*recognized, *draft.findings.values()]
    if document.users.place is None:
        findings += _strangers(document, live)
    want = Want(
        state=State(draft.entries),
        places=draft.places,
        lists=dict(_lists(document)),
        modes=document.modes,
        ended={address: ended for address, ended in draft.ended.items() if address not in draft.entries},
    )
    return want, findings


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is wanted on a day, as it comes together; findings by the line that they are about.

    Places are those of the wanted entries, and of those to come: the line that names a later day is the reason why
    something is not wanted yet.
    """

    today: date
    reach: Reach
    entries: dict[Address, Entry] = field(default_factory=dict)
    places: dict[Address, Place] = field(default_factory=dict)
    ended: dict[Address, Ended] = field(default_factory=dict)
    findings: dict[Place, Finding] = field(default_factory=dict)

    def note(self, entry: Entry, place: Place, period: Period) -> None:
        """Note an entry that is wanted in a period; rights on one target add up."""
        address = entry.address
        if period.is_over(self.today):
            ended = self.ended.get(address)
            self.ended[address] = Ended(_united(entry, ended.entry), ended.place) if ended else Ended(entry, place)
        elif period.is_ahead(self.today):
            self.places.setdefault(address, place)
        elif present := self.entries.get(address):
            self.entries[address] = _united(entry, present)
        else:
            self.entries[address] = entry
            self.places[address] = place


def _united(entry: Entry, present: Entry) -> Entry:
    if isinstance(entry, Grant) and isinstance(present, Grant):
        return replace(entry, rights=entry.rights | present.rights)
    return entry


def _want_users(draft: _Draft, document: Document) -> None:
    for user in document.users.items:
        role = document.roles[user.role.name]
        entry = User(user.email, role.base, user.first_name, user.last_name, user.language)
        draft.note(entry, user.place, user.period)
        if role.base not in GOVERNING_ROLES:
            _want_grants(draft, user.address, (*user.grants.items, *role.grants.items), user.period)


def _want_teams(draft: _Draft, document: Document) -> None:
    periods = {user.email: user.period for user in document.users.items}
    for team in document.teams.items:
        leader = team.leader.name if team.leader else ""
        leads = leader and periods.get(leader, ALWAYS).covers(draft.today)
        draft.note(Team(team.name, leader if leads else None), team.place, ALWAYS)
        _want_grants(draft, team.address, team.grants.items, ALWAYS)
    for membership, place in _memberships(document):
        draft.note(membership, place, periods.get(membership.email, ALWAYS))


def _want_grants(draft: _Draft, subject: Address, grants: Iterable[WantedGrant], within: Period) -> None:
    for grant in grants:
        period = grant.period.within(within)
        fault = draft.reach.fault(grant)
        if fault is not None and not (fault.code == NOTHING and period.is_over(draft.today)):
            draft.findings.setdefault(grant.place, fault)
        for target in draft.reach.targets(grant):
            if rights := _rights_on(target, grant):
                draft.note(Grant(subject, target, rights), grant.place, period)


def _rights_on(target: str, grant: WantedGrant) -> frozenset[str]:
    """Return the rights of a grant on a target; `all` leaves out what a service does not offer."""
    if grant.selector.kind is Kind.EVERYTHING:
        return grant.rights & rights_offered(service_of(target))
    return grant.rights


def _memberships(document: Document) -> Iterator[tuple[Membership, Place]]:
    for team in document.teams.items:
        for member in team.members.items:
            yield Membership(team.name, member.name), member.place
    for user in document.users.items:
        for mention in user.teams.items:
            yield Membership(mention.name, user.email), mention.place


def _strangers(document: Document, live: State) -> Iterator[Finding]:
    """Name members and leaders who are no users: of the live organization, where the document does not list any."""
    known = {entry.email for entry in live.entries.values() if isinstance(entry, User)}
    names = Names(known, is_slip_of)
    for team in document.teams.items:
        for mention in (*team.members.items, *([team.leader] if team.leader else ())):
            if mention.name not in known:
                message = f"{quote(mention.name)} is no user of the organization"
                hint = names.hint(mention.name, "invite them first, or describe them under users")
                yield error("unknown-member", message, mention.place, address=str(team.address), hint=hint)


def _lists(document: Document) -> Iterator[tuple[Address, Place]]:
    """Tell which lists the document gives in full, and where."""
    users, teams = document.users, document.teams
    if users.place is not None:
        yield Address(USER, ""), users.place
    if teams.place is not None:
        yield Address(TEAM, ""), teams.place
    for user in users.items:
        if (place := user.grants.place or document.roles[user.role.name].grants.place) is not None:
            yield Address(USER, user.email, GRANT), place
        if user.teams.place is not None:
            yield Address(USER, user.email, MEMBER), user.teams.place
    for team in teams.items:
        if team.grants.place is not None:
            yield Address(TEAM, team.name, GRANT), team.grants.place
        if team.members.place is not None:
            yield Address(TEAM, team.name, MEMBER), team.members.place
