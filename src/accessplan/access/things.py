"""What can be reached, and with which rights: what covers what, and what is left of one over another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from accessplan.model import MAILBOX, Address
from accessplan.select import every, service_of

EVERY_PRODUCT = "*"
"""What people who govern the organization, and partners with full access, reach: every product."""

ORGANIZATION = "organization"
"""What people who govern reach beside the products: its users, teams and settings."""

BILLING = "billing"
"""The billing account; the right to it is called so too."""

READ = "read"
"""Opening a mailbox and reading it."""

USING = "use"
"""Having a place in a product; `use as ROLE` comes beside it, and those of the weaker roles."""

NOTHING: frozenset[str] = frozenset()

_NO_PRODUCTS = (ORGANIZATION, BILLING)


class Path(NamedTuple):
    """One way on which somebody reaches a thing: `through` which entries, the nearest to them first."""

    who: Address
    what: str
    rights: frozenset[str]
    through: tuple[Address, ...]


class Reached(NamedTuple):
    """Rights on a thing."""

    what: str
    rights: frozenset[str]


def mailbox_thing(mailbox: str) -> str:
    """Return how a mailbox is called as a thing that is reached: `mailbox/billing@example.ch`."""
    return f"{MAILBOX}/{mailbox}"


def covers(wide: str, narrow: str) -> bool:
    """Tell whether whoever reaches the first thing reaches the second one with it."""
    return wide == narrow or wide in wider(narrow)


@lru_cache(maxsize=1 << 16)
def wider(what: str) -> tuple[str, ...]:
    """List the other things that cover one: its whole service, and every product."""
    if what == EVERY_PRODUCT or what in _NO_PRODUCTS:
        return ()
    service = service_of(what)
    whole = every(service)
    products = () if service == MAILBOX else (EVERY_PRODUCT,)
    return products if what == whole else (whole, *products)


def by_thing(paths: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Add up the rights that paths give on each thing."""
    found: dict[str, frozenset[str]] = {}
    for path in paths:
        found[path.what] = found.get(path.what, NOTHING) | path.rights
    return found


def rights_around(what: str, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Add up the rights that are held on a thing by what else covers it."""
    return NOTHING.union(*(held[each] for each in wider(what) if each in held))


def surplus(paths: Iterable[Path], others: Iterable[Path]) -> tuple[Reached, ...]:
    """List the rights that some paths give and the others do not, each thing once and none within a wider one."""
    given = by_thing(paths)
    if not given:
        return ()
    held = by_thing(others)
    more = {what: rights - held.get(what, NOTHING) - rights_around(what, held) for what, rights in given.items()}
    apart = {what: rights - rights_around(what, more) for what, rights in more.items()}
    return tuple(Reached(what, rights) for what, rights in sorted(apart.items()) if rights)
