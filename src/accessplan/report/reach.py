"""What somebody reaches, in words: things, the strongest of their rights, and the path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from accessplan.access import (
    BILLING,
    EVERY_PRODUCT,
    ORGANIZATION,
    READ,
    USING,
    Difference,
    Kept,
    Path,
    Reached,
    Takeover,
)
from accessplan.model import DELEGATE, GRANT, MEMBER, PARTNER, USE, Address
from accessplan.report.report import Report
from accessplan.select import service_of
from accessplan.services import ADMINISTRATOR, LEGAL_REPRESENTATIVE, RIGHTS, SEND, USE_ROLES, in_usual_order

Shown = Callable[[str], str]
"""How a format shows a name, harmlessly."""

THINGS = 8
"""How many things stand in one line of what a person gains, loses or keeps; the rest is counted."""

_NAMES = {ORGANIZATION: "the organization", EVERY_PRODUCT: "every product", BILLING: "the billing account"}


class Line(NamedTuple):
    """One line on a person: its sign, a colour for it, and what it says."""

    sign: str
    style: str
    words: str


def risk_first(report: Report) -> list[Difference]:
    """Sort people: those with a new way to become another, or a high-risk change; then those who lose most."""
    risky = {each for address in report.judgement.risks for each in (address.owner, Address("user", address.key))}
    return sorted(
        report.judgement.people,
        key=lambda each: (not each.takeovers, each.who not in risky, -len(each.lost), -len(each.gained), each.who),
    )


def lines_on(each: Difference, shown: Shown, most: int | None = THINGS) -> Iterator[Line]:
    """Say what a plan means for a person: a line each on what they could become, lose, gain and keep."""
    for takeover in each.takeovers:
        yield Line("!", "bold red", _takeover(takeover, shown, most))
    if each.lost:
        yield Line(
            "-", "red", f"loses {_list((reached(one, shown, lost=True) for one in _weightiest(each.lost)), most)}"
        )
    if each.gained:
        yield Line("+", "green", f"gains {_list((reached(one, shown) for one in _weightiest(each.gained)), most)}")
    if each.kept:
        yield Line("=", "", f"keeps {_list((_kept(one, shown) for one in each.kept), most)}")


def person(who: Address, shown: Shown) -> str:
    """Name a user by the e-mail address, or a partner."""
    return f"partner {shown(who.name)}" if who.kind == PARTNER else shown(who.name)


def reached(each: Reached | Path | Kept, shown: Shown, *, lost: bool = False) -> str:
    """Say what is reached, and with which rights: `drive/Team Drive (use as admin)`."""
    name = _NAMES.get(each.what) or shown(each.what)
    rights = ", ".join(shown(right) for right in strongest(each.what, each.rights, lost=lost))
    return f"{name} ({rights})" if rights else name


def through(path: Path, shown: Shown, what: str = "") -> str:
    """Say by what somebody reaches a thing: a team, their role, or a grant, and on what unless on `what`."""
    nearest = path.through[0]
    by_itself = "full access" if nearest.kind == PARTNER else "their role"
    ways = {
        MEMBER: f"team {shown(nearest.name)}",
        GRANT: "a grant of their own" if nearest.key == what else f"a grant on {shown(nearest.key)}",
        USE: f"a place in {shown(nearest.key)}",
        DELEGATE: f"mailbox {shown(nearest.name)}",
    }
    return ways.get(nearest.part, by_itself)


def strongest(what: str, rights: frozenset[str], *, lost: bool = False) -> list[str]:
    """List rights, and of those that include each other the strongest only.

    Whoever loses `use as admin` may still use the product; whoever loses `use` may not, and was admin.
    """
    if what in (ORGANIZATION, BILLING):
        role = next((role for role in (LEGAL_REPRESENTATIVE, ADMINISTRATOR) if role in rights), "")
        return [role.replace("_", " ")] if role else sorted(rights - {BILLING})
    if rights == frozenset(RIGHTS) and what == EVERY_PRODUCT:
        return []
    uses = [f"{USING} as {role}" for role in USE_ROLES.get(service_of(what), ()) if f"{USING} as {role}" in rights]
    first = [right for right in (READ, SEND) if right in rights]
    others = [*first, *in_usual_order(rights.difference(uses, first, {USING}))]
    if lost and uses and USING in rights:
        return [*others, f"{USING}, was {uses[-1].removeprefix(f'{USING} as ')}"]
    return [*others, *(uses[-1:] or sorted(rights & {USING}))]


def _takeover(each: Takeover, shown: Shown, most: int | None) -> str:
    stations = [shown(delegation.name) for delegation in each.through[:-1]]
    by_way = f" by way of {', '.join(stations)}" if stations else ""
    gives = _list((reached(one, shown) for one in _weightiest(each.gives)), most)
    return f"could become {person(each.becomes, shown)}, whose mailbox they open{by_way}, and reach {gives}"


def _kept(each: Kept, shown: Shown) -> str:
    return f"{reached(each, shown)} through {through(each.path, shown, each.what)}"


def _weightiest(things: Iterable[Reached]) -> list[Reached]:
    order = list(_NAMES)
    return sorted(things, key=lambda each: (order.index(each.what) if each.what in order else len(order), each.what))


def _list(parts: Iterable[str], most: int | None) -> str:
    parts = list(parts)
    rest = [f"and {len(parts) - most} more"] if most is not None and len(parts) > most else []
    return "; ".join([*parts[:most], *rest])
