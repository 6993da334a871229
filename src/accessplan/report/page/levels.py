"""Rights in a cell of the matrix: one short word, and how much they are."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from accessplan.access import BILLING, EVERY_PRODUCT, ORGANIZATION, READ, USING
from accessplan.report.reach import strongest
from accessplan.report.safe import visible
from accessplan.risk import TAKING_OVER
from accessplan.select import service_of
from accessplan.services import SEND, USE_ROLES, rights_offered

_PLACE = f"{USING} as "
_LOOKING = frozenset({"statistic"})


class Level(StrEnum):
    """How much one may do with a thing; cells are coloured by it."""

    FULL = "full"
    MANAGE = "manage"
    USE = "use"
    LOOK = "look"


class Rights(NamedTuple):
    """Rights on a thing: in full, in a word or two, and how much they are."""

    words: str
    short: str
    level: Level


def rights_on(what: str, rights: frozenset[str]) -> Rights:
    """Say what one may do with a thing."""
    names = [visible(each) for each in strongest(what, rights)]
    words = ", ".join(names) or (BILLING if what == BILLING else "every right")
    return Rights(words, _short(what, rights, names), _level(what, rights))


def _short(what: str, rights: frozenset[str], names: list[str]) -> str:
    if what == BILLING:
        return "billing"
    if not names:
        return "all"
    if {READ, SEND} <= rights:
        return _more("read_write", len(names) - 2)
    return _more(names[0].removeprefix(_PLACE), len(names) - 1)


def _more(word: str, others: int) -> str:
    return f"{word} +{others}" if others else word


def _level(what: str, rights: frozenset[str]) -> Level:
    if what in (ORGANIZATION, EVERY_PRODUCT, BILLING):
        return Level.FULL
    if READ in rights:
        return Level.MANAGE if rights & TAKING_OVER else Level.USE
    service = service_of(what)
    highest = f"{_PLACE}{USE_ROLES[service][-1]}" if service in USE_ROLES else ""
    if highest in rights or rights >= rights_offered(service):
        return Level.FULL
    if USING in rights:
        return Level.USE
    return Level.LOOK if rights <= _LOOKING else Level.MANAGE
