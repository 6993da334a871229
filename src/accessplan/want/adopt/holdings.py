"""Grants and places in products: what is live becomes what the document says.

An entry may be given by several lines: those of its own, and others that stand for more than it. Only its own are
edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from accessplan.model import GRANT, MEMBER, TEAM, USER, Address, Grant, Use
from accessplan.select import Kind, parse
from accessplan.services import in_usual_order
from accessplan.want.adopt.book import Way
from accessplan.want.adopt.described import held, refuse_unsayable
from accessplan.want.adopt.work import Reading, Work, left_as_it_is, stands_for_more
from accessplan.want.document import WantedGrant
from accessplan.want.draft import is_stronger
from accessplan.want.export.grants import written_rights
from accessplan.want.roles import role_of


class _Line(NamedTuple):
    """A line that gives an entry; `is_own` where it gives nothing else."""

    grant: WantedGrant
    is_own: bool


def adopt_holding(address: Address, work: Work, reading: Reading) -> Way | None:
    """Adopt a grant or a place; returns where it is written.

    Raises:
        InputError: it is given by a line that stands for more, or a document cannot say it.
    """
    have = work.live.entries.get(address)
    owner = work.owner_way(address, reading)
    lines = list(_lines(address, work, reading))
    own = [line for line in lines if line.is_own]
    if not isinstance(have, Grant | Use):
        if shared := [line for line in lines if not line.is_own]:
            raise stands_for_more(address, shared[0].grant.place)
        for line in own:
            _take((*owner, "grants", line.grant.address.key), "manage" if address.part == GRANT else "use", work)
        return None
    refuse_unsayable(address, [have], work)
    for line in lines:
        if line not in own[:1] and _gives_more(line.grant, have):
            raise stands_for_more(address, line.grant.place)
    if own:
        return _put((*owner, "grants", own[0].grant.address.key), have, work)
    if not work.book.has((*owner, "grants")):
        work.book.put((*owner, "grants"), held(address, work, reading))
        return *owner, "grants", address.key
    return _put((*owner, "grants", _key_beside(address, owner, work)), have, work)


def _lines(address: Address, work: Work, reading: Reading) -> Iterator[_Line]:
    """List what gives an entry, its own lines and others."""
    document = reading.document
    for owner in (*document.users.items, *document.teams_and_partners):
        if owner.address == address.owner:
            yield from (
                _Line(each, _is_own(each, address)) for each in owner.grants.items if _gives(each, address, work)
            )
    for user in document.users.items if address.kind == USER else ():
        if user.address == address.owner and (role := role_of(document.roles, user.role)):
            yield from (_Line(each, is_own=False) for each in role.grants.items if _gives(each, address, work))
    for team in document.teams.items if address.part != GRANT else ():
        if Address(TEAM, team.name, MEMBER, address.name) in reading.want.state.entries:
            yield from (_Line(each, is_own=False) for each in team.grants.items if _gives(each, address, work))


def _gives(grant: WantedGrant, address: Address, work: Work) -> bool:
    if not grant.period.covers(work.question.today):
        return False
    if address.part == GRANT:
        return bool(grant.rights) and address.key in work.reach.targets(grant)
    return bool(grant.use) and address.key in work.reach.used(grant)


def _is_own(grant: WantedGrant, address: Address) -> bool:
    """Tell whether a line names one product, or for rights one service with all that comes."""
    wide = address.part == GRANT and grant.selector.kind is Kind.SERVICE and grant.future
    return grant.selector.is_exact or wide


def _gives_more(grant: WantedGrant, have: Grant | Use) -> bool:
    if isinstance(have, Grant):
        return not grant.rights <= have.rights
    return is_stronger(Use(have.email, have.target, grant.use), have)


def _key_beside(address: Address, owner: Way, work: Work) -> str:
    """Return the key of a line that means the same product already, or else the one that is new."""
    for key in work.book.get((*owner, "grants")):
        if key == address.key or (parse(key).is_exact and work.reach.target(key) == address.key):
            return str(key)
    return address.key


def _put(way: Way, have: Grant | Use, work: Work) -> Way:
    old = work.book.get(way)
    if isinstance(have, Use):
        use = _role(have)
        if old is None or isinstance(old, dict):
            work.book.put((*way, "use"), use)
        else:
            work.book.put(way, {"use": use, "manage": old})
        return way
    there = (*way, "manage") if isinstance(old, dict) else way
    listed = isinstance(work.book.get(there), list)
    work.book.put(there, list(in_usual_order(have.rights)) if listed else written_rights(have.rights))
    return way


def _take(way: Way, word: str, work: Work) -> None:
    old = work.book.get(way)
    gives_both = isinstance(old, dict) and {"use", "manage"} <= old.keys()
    work.book.take((*way, word) if gives_both else way)


def _role(have: Use) -> str:
    if have.role is None:
        raise left_as_it_is(have.address, "the live system does not show their role there")
    return have.role
