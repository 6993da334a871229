"""Read the live organization in the fewest requests.

Five lists give people, teams and products, where the live system shows what it is asked for (infomaniak.md 2.1). What
it does not show is asked one by one: each pending invitation, the users of each team. Mailboxes and places in products
are read as far as the scope asks for them (`guests.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from accessplan.errors import RequestRefused, UnreadableAnswer
from accessplan.have import shapes
from accessplan.have.assemble import Seen, assemble
from accessplan.have.guests import read_guests
from accessplan.have.live import Live
from accessplan.have.reader import Reader
from accessplan.have.shapes import NOT_SHOWN, Person, TeamRow
from accessplan.scope import NOTHING_MORE, Scope
from accessplan.services import LEGAL_REPRESENTATIVE

ACCOUNT_DETAILS = ("type", "in_partnership_full_access", "in_partnership_limited")
OPENED = "app_accesses"
USER_DETAILS = (
    *("teams", "permissions", "service_permissions", "security"),
    *("invitation_details", f"invitation_details.{OPENED}"),
)
INVITATION_DETAILS = ("teams", "permissions", "service_permissions", OPENED)
PRODUCT_DETAILS = ("users",)
"""Additional data that looks loadable: it is in the schemas, but not required there [openapi core]."""

REJECTED = "rejected"
"""The status of an invitation that was turned down [openapi core]."""

REJECTED_UNSEEN = "The live system did not show who rejected an invitation: whoever did may be invited once more."


def read(reader: Reader, account_id: int, scope: Scope = NOTHING_MORE) -> Live:
    """Read an organization: its people, teams and products, and of the rest what the scope asks for.

    Raises:
        LiveError: something was refused, not answered, incomplete or unreadable. Then nothing is returned, since what
            is missing would look as if it had been revoked.
    """
    account, users = f"/1/accounts/{account_id}", f"/2/accounts/{account_id}/users"
    (organization,), listed, teams, products, services = reader.together(
        [
            lambda: [reader.get(account, want=ACCOUNT_DETAILS)],
            lambda: reader.pages(users, want=USER_DETAILS),
            lambda: reader.pages(f"{account}/teams"),
            lambda: reader.pages("/1/products", {"account_id": account_id}, want=PRODUCT_DETAILS),
            lambda: reader.get_list(f"{account}/services"),
        ]
    )
    shown = _as_asked(map(shapes.person, listed), hides=bool(reader.refused(users, USER_DETAILS[-1:])))
    people, doubles = _one_row_each(_with_invitations(reader, account, shown))
    _check_plausible(people)
    team_rows = [shapes.team(row) for row in teams]
    rejected = _rejected(reader, account_id, scope, {each.email for each in people})
    seen = Seen(
        account=shapes.account(organization),
        people=people,
        doubles=doubles,
        teams=team_rows,
        members=_members(reader, account, people, team_rows),
        products=[each for each in map(shapes.product, products) if each.account in (None, account_id)],
        services=dict(map(shapes.service, services)),
        rejected=rejected or frozenset(),
        moment=reader.moment,
    )
    live = assemble(account_id, seen)
    if rejected is None:
        live = replace(live, not_covered=(*live.not_covered, REJECTED_UNSEEN))
    return read_guests(reader, account_id, live, people, scope)


def _rejected(reader: Reader, account_id: int, scope: Scope, there: Collection[str]) -> frozenset[str] | None:
    """Find those among people who are wanted and not there, or among all, who turned an invitation down.

    Whoever did so is in no list unasked [openapi core]. The filter may be ignored: a row counts if it says so itself.
    None where the filter is refused.
    """
    absent = scope.users.difference(there)
    if not (absent or scope.rejected):
        return frozenset()
    query = {"filter[invitation_status]": REJECTED}
    try:
        rows = reader.pages(f"/2/accounts/{account_id}/users", query, want=("invitation_details",))
    except RequestRefused:
        return None
    emails = {each.email for each in map(shapes.person, rows) if each.status == REJECTED}
    return frozenset(emails.difference(there) if scope.rejected else emails & absent)


def _with_invitations(reader: Reader, account: str, people: Sequence[Person]) -> Iterable[Person]:
    """Ask for each invitation that the list of users does not show in full."""
    asked = [each.number for each in people if each.invited and not each.is_shown_in_full]
    paths = [f"{account}/invitations/{number}" for number in asked]
    rows = reader.together([partial(reader.get, path, want=INVITATION_DETAILS) for path in paths])
    hides = any(reader.refused(path, (OPENED,)) for path in paths)
    answers = dict(zip(asked, _as_asked(map(shapes.invitation, rows), hides=hides), strict=True))
    return [answers.get(each.number, each) if each.invited else each for each in people]


def _as_asked(people: Iterable[Person], *, hides: bool) -> list[Person]:
    """Take null for nothing that an invitation opens, but where the live system `hides` that: there it says nothing."""
    return [replace(each, opens=NOT_SHOWN) if hides and each.opens is None else each for each in people]


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
