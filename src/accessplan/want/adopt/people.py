"""Users, teams and memberships: what is live becomes what the document says.

Each function returns where the entry is written, if it is a map that may carry notes.
"""

from __future__ import annotations

from accessplan.change import NAMES
from accessplan.model import (
    GRANT,
    USE,
    Address,
    Delegation,
    Membership,
    User,
    normalize_email,
    same_name,
    user_address,
)
from accessplan.plan import is_compared
from accessplan.services import GOVERNING_ROLES
from accessplan.want.adopt.book import Way
from accessplan.want.adopt.described import described, unlisted
from accessplan.want.adopt.work import Reading, Work, left_as_it_is

_SETTINGS = {
    "billing": ("billing",),
    "notify_billing": ("notifications", "billing"),
    "notify_products": ("notifications", "products"),
}


def adopt_user(address: Address, work: Work, reading: Reading) -> Way | None:
    """Adopt a user: added with what hangs on them, changed, or taken out with every mention."""
    have, way = work.live.user(address.name), work.way(address, reading)
    if have is None:
        _take_user(address, work, reading)
        return None
    if have.invited and have.expired:
        hint = "Cancel the invitation, or describe them and invite them once more."
        raise left_as_it_is(address, "the invitation expired, so that the next plan would send it anew", hint)
    if way is None:
        work.book.put(way := ("users", address.name), described(address, work, reading))
        work.also.extend(_elsewhere(address, work, reading))
        return way
    _change_role(have, way, work, reading)
    _change_settings(have, way, work, work.read())
    return way


def adopt_team(address: Address, work: Work, reading: Reading) -> None:
    """Adopt a team: added with its members and grants, its leader changed, or taken out with every mention."""
    have, way = work.live.team(address.name), work.way(address, reading)
    if have is None:
        _take_team(address, work, reading)
    elif way is None:
        work.book.put(("teams", address.name), described(address, work, reading))
    elif have.leader is None:
        work.book.take((*way, "leader"))
    else:
        work.require_user(address, have.leader, reading)
        work.book.put((*way, "leader"), have.leader)


def adopt_member(address: Address, work: Work, reading: Reading) -> None:
    """Adopt a membership, in the list where the document says such: that of the user, or of the team."""
    team, user = work.owner_way(address, reading), work.way(user_address(address.key), reading)
    if address not in work.live.entries:
        work.book.take_items((*team, "members"), lambda item: normalize_email(item) == address.key)
        if user:
            work.book.take_items((*user, "teams"), lambda item: item == team[1])
        return
    work.require_user(address, address.key, reading)
    if user and work.book.has((*user, "teams")):
        work.book.add((*user, "teams"), team[1])
    elif work.book.has((*team, "members")):
        work.book.add((*team, "members"), address.key)
    else:
        work.book.put((*team, "members"), _members(address, work, reading))


def _members(address: Address, work: Work, reading: Reading) -> list[str]:
    """List all whom a list of members would have to name: it comes to be, and would else mean that they go."""
    members = [entry.email for entry in work.parts(address.owner) if isinstance(entry, Membership)]
    if strangers := [email for email in members if email not in work.known(reading)]:
        raise unlisted(address, "members", strangers)
    return [email for email in members if address._replace(key=email) not in reading.want.state.entries]


def _take_user(address: Address, work: Work, reading: Reading) -> None:
    def is_meant(text: str) -> bool:
        return normalize_email(text) == address.name

    book = work.book
    for key in book.keys("teams"):
        book.take_items(("teams", key, "members"), is_meant)
    for key in book.keys("mailboxes"):
        for delegate in filter(is_meant, list(book.get(("mailboxes", key)).get("delegates", ()))):
            book.take(("mailboxes", key, "delegates", delegate))
    book.take(work.owner_way(address, reading))


def _take_team(address: Address, work: Work, reading: Reading) -> None:
    book, way = work.book, work.owner_way(address, reading)
    for key in book.keys("users"):
        book.take_items(("users", key, "teams"), lambda item: item == way[1])
    book.take(way)


def _elsewhere(address: Address, work: Work, reading: Reading) -> list[Address]:
    """List what a new user has that the document says of teams and mailboxes, where it gives their whole list."""
    return [
        entry.address
        for entry in work.live.entries.values()
        if isinstance(entry, Membership | Delegation)
        and entry.email == address.name
        and reading.want.list_of(entry.address) is not None
    ]


def _change_role(have: User, way: Way, work: Work, reading: Reading) -> None:
    """Write the role and the name that are live; what the other role gave, or hid, is kept by lines of its own."""
    want = reading.want.state.user(have.email)
    if want is None:
        return
    if want.role != have.role:
        work.book.put((*way, "role"), have.role)
        if have.role in GOVERNING_ROLES and work.book.has((*way, "billing")):
            work.book.take((*way, "billing"))
        given = (each for each in reading.want.state.entries if each.owner == have.address)
        work.also.extend(each for each in given if each.part in (GRANT, USE) and each in work.live.entries)
        work.also.extend(_compared_now(have, work, reading))
    for name in NAMES if have.invited else ():
        there = getattr(have, name)
        if there and not same_name(there, getattr(want, name)):
            work.book.put((*way, name), there)


def _compared_now(have: User, work: Work, before: Reading) -> list[Address]:
    """List rights that nobody compared while the document had somebody govern, and whose list it gives."""
    now = work.read().want
    found = [part.address for part in work.parts(have.address) if part.address.part == GRANT]
    return [each for each in found if now.list_of(each) and not is_compared(each, work.live, before.want)]


def _change_settings(have: User, way: Way, work: Work, reading: Reading) -> None:
    want = reading.want.state.user(have.email)
    for name, keys in _SETTINGS.items():
        there = getattr(have, name)
        if want and there is not None and getattr(want, name) not in (None, there):
            work.book.put((*way, *keys), there)
