"""Places in products that come with a team: they are wanted for its members, and go with the membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from accessplan.finding import Place
from accessplan.model import USE, USER, Address, Membership, State, user_address
from accessplan.plan import Mode, Want
from accessplan.want.document import ALWAYS, Document, Period, WantedGrant, memberships
from accessplan.want.draft import Draft
from accessplan.want.uses import want_uses


def want_seats(draft: Draft, document: Document, periods: Mapping[str, Period], live: State, want: Want) -> None:
    """Want what teams give their members to use: those of the document, and those it leaves as they are."""
    given = _given(document)
    for membership, _ in memberships(document) if given else ():
        within = periods.get(membership.email, ALWAYS)
        want_uses(draft, membership.email, given.get(membership.team, ()), within)
    for membership in _others(given, draft, live):
        is_managed = want.list_of(membership.address) or membership.address in want.ended
        if not is_managed and stays(user_address(membership.email), draft, want):
            want_uses(draft, membership.email, given[membership.team], ALWAYS)


def lists_of_leavers(draft: Draft, document: Document, live: State, want: Want) -> Iterator[tuple[Address, Place]]:
    """Name the places that go with a membership, and the line that gave them."""
    given = _given(document)
    for membership in _others(given, draft, live):
        if not stays(membership.address, draft, want):
            for grant in given[membership.team]:
                for target in draft.reach.used(grant) if not grant.period.is_ahead(draft.today) else ():
                    yield Address(USER, membership.email, USE, target), grant.place


def _given(document: Document) -> Mapping[str, Sequence[WantedGrant]]:
    """Find the grants of teams by which their members use products."""
    given: defaultdict[str, list[WantedGrant]] = defaultdict(list)
    for team in document.teams.items:
        for grant in team.grants.items:
            if grant.use:
                given[team.name].append(grant)
    return given


def _others(given: Mapping[str, Sequence[WantedGrant]], draft: Draft, live: State) -> Iterator[Membership]:
    """List the live members of these teams who are not wanted as members."""
    for address, entry in live.entries.items() if given else ():
        if isinstance(entry, Membership) and entry.team in given and address not in draft.entries:
            yield entry


def stays(address: Address, draft: Draft, want: Want) -> bool:
    """Tell whether a live entry is still there when all is done."""
    if address in draft.entries:
        return True
    return address not in want.ended and not (want.list_of(address) and want.mode(address) is Mode.ENFORCE)
