"""What routing looks at: the live organization, and where all changes together lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from accessplan.change import Change
from accessplan.have.live import Live
from accessplan.have.manager.screens import Access
from accessplan.model import (
    TEAM,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Use,
    User,
    owners,
    user_address,
)
from accessplan.route import Request, RequestValue
from accessplan.select import is_service_wide, service_of
from accessplan.services import ADMINISTRATOR, EXTERNAL, KSUITE, LEGAL_REPRESENTATIVE, in_usual_order


@dataclass(frozen=True, slots=True)
class Ground:
    """The live side, and what everybody has once all changes are made. `changed` are the addresses that change.

    `gives` are the names of teams that are given rights, `taken` the addresses of the rights that a team loses, by its
    name; `leavers` the e-mail addresses of those who are to be in a team no more, whatever takes them out. `late` are
    the memberships of those who join a team that loses rights: they must not have them in between. `irretrievable` are
    the e-mail addresses of those whose invitation opens what no request would open again.
    """

    live: Live
    changed: frozenset[Address]
    after: Mapping[Address, Entry]
    grants: Mapping[Address, list[Grant]]
    teams: Mapping[str, list[str]]
    guests: Mapping[str, list[Use | Delegation]]
    held: Mapping[Address, list[str]]
    gives: frozenset[str]
    taken: Mapping[str, list[Change]]
    leavers: Mapping[str, list[str]]
    late: frozenset[Address]
    irretrievable: frozenset[str] = frozenset()

    def user_after(self, email: str) -> User | None:
        """Return a user as they will be."""
        user = self.after.get(user_address(email))
        return user if isinstance(user, User) else None

    def is_active(self, email: str) -> bool:
        """Tell whether somebody is in the organization today."""
        user = self.live.state.user(email)
        return user is not None and not user.invited

    def is_added_by_hand(self, email: str) -> bool:
        """Tell whether no request invites somebody with their role: the wizard then takes all at once.

        That of an external user none does, that of a legal representative none of an administrator's [openapi core].
        """
        before, after = self.live.state.user(email), self.user_after(email)
        refused = (EXTERNAL, LEGAL_REPRESENTATIVE) if self.live.caller_role == ADMINISTRATOR else (EXTERNAL,)
        if after is None or after.role not in refused or self.is_active(email):
            return False
        return before is None or before.role != after.role or self.is_renewed(email)

    def is_renewed(self, email: str) -> bool:
        """Tell whether an invitation is cancelled and sent anew."""
        before, after = self.live.state.user(email), self.user_after(email)
        change = Change(user_address(email), before, after)
        return user_address(email) in self.changed and change.is_renewal

    def is_sent_anew(self, email: str) -> bool:
        """Tell whether that goes by request: all that the invitation gives and opens is known, and is given again."""
        return self.is_renewed(email) and not self.may_lose(email)

    def is_partial(self, email: str) -> bool:
        """Tell whether an invited person may have more than was shown."""
        return email in self.live.partial

    def may_lose(self, email: str) -> bool:
        """Tell whether an invited person may have, or be about to open, more than a new invitation would give."""
        return self.is_partial(email) or email in self.live.opens_more or email in self.irretrievable

    def is_invited_by_request(self, email: str) -> bool:
        """Tell whether somebody is invited, or will be by a request."""
        return not self.is_active(email) and not self.is_added_by_hand(email)

    def new_suite_of(self, email: str) -> Use | None:
        """Return the place in a kSuite that somebody is given; None where they are given none."""
        new = (each for each in self.guests.get(email, ()) if each.address not in self.live.state.entries)
        return next((each for each in new if isinstance(each, Use) and service_of(each.target) == KSUITE), None)

    def knows_service(self, target: str) -> bool:
        """Tell whether the number of a target's service is known."""
        return service_of(target) in self.live.service_ids

    def knows_services_of(self, subject: Address) -> bool:
        """Tell whether every service has a number that a user or team holds rights on today."""
        return all(self.knows_service(target) for target in self.held.get(subject, ()))

    def product_of(self, target: str) -> int | None:
        """Return the number of a product by its label; None for a whole service."""
        product = self.live.catalogue.by_label(target)
        return product.id if product else None

    def teams_at_once(self, email: str) -> list[str]:
        """List the teams somebody will be in, without those that they join late."""
        return [name for name in self.teams.get(email, ()) if Membership(name, email).address not in self.late]

    def permissions(self, subject: Address) -> list[RequestValue]:
        """List the rights a subject will hold, as an invitation takes them."""
        known = (grant for grant in self.grants.get(subject, ()) if self.knows_service(grant.target))
        return [self._permission(grant) for grant in known]

    def access(self, subject: Address) -> Iterator[Access]:
        """List the rights a subject will hold, as the Manager takes them."""
        for grant in self.grants.get(subject, ()):
            yield Access(grant.target, self.product_of(grant.target), in_usual_order(grant.rights))

    def access_after(self, change: Change) -> Access:
        """Return what becomes of rights on one target."""
        rights = change.after.rights if isinstance(change.after, Grant) else frozenset[str]()
        return Access(change.address.key, self.product_of(change.address.key), in_usual_order(rights))

    def request(
        self,
        method: str,
        path: str,
        names: Mapping[str, int | str | Address],
        body: dict[str, RequestValue],
        creates: Address | None = None,
    ) -> Request:
        """Make a request; `{account}` in its path is the organization."""
        return Request(method, path, {"account": self.live.organization_id, **names}, body, creates)

    def _permission(self, grant: Grant) -> dict[str, RequestValue]:
        service: dict[str, RequestValue] = {"service_id": self.live.service_ids[service_of(grant.target)]}
        what: dict[str, RequestValue] = (
            {"apply_to_all": True} if is_service_wide(grant.target) else {"product_id": self.product_of(grant.target)}
        )
        return service | what | {"types": list(in_usual_order(grant.rights))}


def survey(changes: Iterable[Change], live: Live) -> Ground:
    """Look at where changes lead to."""
    changes = tuple(changes)
    after = _after(changes, live)
    grants: defaultdict[Address, list[Grant]] = defaultdict(list)
    teams: defaultdict[str, list[str]] = defaultdict(list)
    guests: defaultdict[str, list[Use | Delegation]] = defaultdict(list)
    for entry in after.values():
        match entry:
            case Grant(subject=subject):
                grants[subject].append(entry)
            case Membership(email=email, team=team):
                teams[email].append(team)
            case Use(email=email) | Delegation(email=email):
                guests[email].append(entry)
    for theirs in grants.values():
        theirs.sort(key=attrgetter("target"))
    for names in teams.values():
        names.sort()
    for used in guests.values():
        used.sort(key=attrgetter("address"))
    held: defaultdict[Address, list[str]] = defaultdict(list)
    for entry in live.state.entries.values():
        if isinstance(entry, Grant):
            held[entry.subject].append(entry.target)
    changed = frozenset(change.address for change in changes)
    gives, taken = _moved_rights(changes)
    return Ground(
        *(live, changed, after, grants, teams, guests, held, gives, taken),
        leavers=_leavers(live, after, gives),
        late=frozenset(each.address for each in changes if each.before is None and _team_of(each) in taken),
    )


def _team_of(change: Change) -> str:
    """Return the team that a membership is of; empty where a change is of something else."""
    return change.entry.team if isinstance(change.entry, Membership) else ""


def _moved_rights(changes: Iterable[Change]) -> tuple[frozenset[str], Mapping[str, list[Change]]]:
    """Find the teams that are given rights, and what teams lose."""
    gives, taken = set[str](), defaultdict[str, list[Change]](list)
    for change in changes:
        if change.address.kind == TEAM and isinstance(change.entry, Grant):
            if change.after is not None and (change.before is None or change.rights_added):
                gives.add(change.address.name)
            if change.before is not None and (change.after is None or change.rights_removed):
                taken[change.address.name].append(change)
    return frozenset(gives), taken


def _leavers(live: Live, after: Mapping[Address, Entry], teams: frozenset[str]) -> Mapping[str, list[str]]:
    """List who is in some teams today, and will not be."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for address, entry in live.state.entries.items() if teams else ():
        if isinstance(entry, Membership) and entry.team in teams and address not in after:
            found[entry.team].append(entry.email)
    return found


def _after(changes: Iterable[Change], live: Live) -> dict[Address, Entry]:
    """Make the entries that there are once all changes are made; what hangs on who or what goes is gone with it."""
    after = dict(live.state.entries)
    for change in changes:
        if change.after is None:
            after.pop(change.address, None)
        else:
            after[change.address] = change.after
    gone = {change.address for change in changes if change.after is None and not change.address.part}
    return {address: entry for address, entry in after.items() if not owners(address) & gone} if gone else after
