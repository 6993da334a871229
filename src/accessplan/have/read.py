"""Read the live organization in the fewest requests.

Five lists give everything, where the live system shows what it is asked for (infomaniak.md 2.1). What it does not show
is asked one by one: each pending invitation, the users of each team.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter

from accessplan.errors import UnreadableAnswer
from accessplan.have import shapes
from accessplan.have.assemble import Seen, assemble
from accessplan.have.live import Live
from accessplan.have.reader import Reader
from accessplan.have.shapes import Person, TeamRow
from accessplan.services import LEGAL_REPRESENTATIVE

USER_DETAILS = ("teams", "permissions", "service_permissions", "invitation_details")
INVITATION_DETAILS = ("teams", "permissions", "service_permissions")
PRODUCT_DETAILS = ("users",)
"""Additional data that looks loadable: it is in the schemas, but not required there [openapi core]."""


def read(reader: Reader, account_id: int) -> Live:
    """Read an organization.

    Raises:
        LiveError: something was refused, not answered, incomplete or unreadable. Then nothing is returned, since what
            is missing would look as if it had been revoked.
    """
    account = f"/1/accounts/{account_id}"
    (organization,), users, teams, products, services = reader.together(
        [
            lambda: [reader.get(account)],
            lambda: reader.pages(f"/2/accounts/{account_id}/users", want=USER_DETAILS),
            lambda: reader.pages(f"{account}/teams"),
            lambda: reader.pages("/1/products", {"account_id": account_id}, want=PRODUCT_DETAILS),
            lambda: reader.get_list(f"{account}/services"),
        ]
    )
    people, doubles = _one_row_each(_with_invitations(reader, account, [shapes.person(row) for row in users]))
    _check_plausible(people)
    team_rows = [shapes.team(row) for row in teams]
    seen = Seen(
        people=people,
        doubles=doubles,
        teams=team_rows,
        members=_members(reader, account, people, team_rows),
        products=[each for each in map(shapes.product, products) if each.account in (None, account_id)],
        services=dict(map(shapes.service, services)),
        moment=reader.moment,
    )
    return assemble(account_id, shapes.organization_name(organization), seen)


def _with_invitations(reader: Reader, account: str, people: Sequence[Person]) -> Iterable[Person]:
    """Ask for each invitation that the list of users does not show in full."""
    asked = [each.number for each in people if each.invited and not each.is_shown_in_full]
    calls = [partial(reader.get, f"{account}/invitations/{number}", want=INVITATION_DETAILS) for number in asked]
    answers = dict(zip(asked, map(shapes.invitation, reader.together(calls)), strict=True))
    return [answers.get(each.number, each) if each.invited else each for each in people]


def _one_row_each(people: Iterable[Person]) -> tuple[list[Person], list[tuple[Person, Person]]]:
    """Keep one row a person, the active user before the invitation, the older before the newer; pair others with it."""
    in_order = sorted(filter(attrgetter("is_in"), people), key=attrgetter("invited", "number"))
    first: dict[str, Person] = {}
    paired = [(each, first.setdefault(each.email, each)) for each in in_order]
    return list(first.values()), [(each, counting) for each, counting in paired if each is not counting]


def _check_plausible(people: Iterable[Person]) -> None:
    """Refuse a list that cannot be whole: every organization has a legal representative [faq 1738].

    An empty list would make a plan that invites everybody anew.
    """
    if not any(each.role == LEGAL_REPRESENTATIVE and not each.invited for each in people):
        message = "incomplete read of the users: no active legal representative is among them, and there always is one"
        remedy = "The token may see too little (use that of an administrator), or the answer was cut short (run again)."
        raise UnreadableAnswer(message, remedy)


def _members(
    reader: Reader, account: str, people: Sequence[Person], teams: Sequence[TeamRow]
) -> Mapping[int, set[str]]:
    """Collect the members' e-mail addresses by team, from the users, or from each team where the users do not tell."""
    members: defaultdict[int, set[str]] = defaultdict(set)
    for person in people:
        for number in person.teams or ():
            members[number].add(person.email)
    if any(person.teams is None for person in people):
        known = {person.email for person in people}
        calls = [partial(reader.pages, f"{account}/teams/{each.number}/users") for each in teams]
        for team, rows in zip(teams, reader.together(calls), strict=True):
            members[team.number] |= known.intersection(map(shapes.member, rows))
    return members
