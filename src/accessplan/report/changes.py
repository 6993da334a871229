"""What is said of a change: its sign, its deed, and in a few words what of an entry it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accessplan.change import NAMES, Change, Effect
from accessplan.model import Delegation, Entry, Grant, Membership, Partner, Team, Use, User
from accessplan.plain import attributes
from accessplan.report.safe import visible, visible_place
from accessplan.services import in_usual_order

SIGNS = {
    Effect.INVITE: ("+", "green"),
    Effect.GRANT: ("+", "green"),
    Effect.STRENGTHEN: ("~", "yellow"),
    Effect.UPDATE: ("~", "yellow"),
    Effect.WEAKEN: ("~", "yellow"),
    Effect.CANCEL: ("-", "red"),
    Effect.REVOKE: ("-", "red"),
}

SECTIONS = (
    ("Revokes", (Effect.REVOKE, Effect.CANCEL)),
    ("Changes", (Effect.STRENGTHEN, Effect.WEAKEN, Effect.UPDATE)),
    ("Grants", (Effect.INVITE, Effect.GRANT)),
)
"""What is taken away is read first."""

TO_ATTEST = "accessplan attest ADDRESS --by WHO"
"""What to type once a change is done that cannot be read back."""


def deed(change: Change) -> str:
    """Name what is done to an entry."""
    return "invite anew" if change.is_renewal else str(change.effect)


def what(change: Change) -> str:
    """Say in a few words what an entry is, or what of it changes."""
    if change.before is None or change.after is None:
        return ", ".join(_of_entry(change.entry))
    differences = "; ".join(_differences(change))
    return f"cancel and invite anew: {differences}" if change.is_renewal else differences


def place_of(change: Change) -> str:
    """Return the file and line that a change comes from."""
    return visible_place(change.place)


def notes(change: Change, *, by_hand: bool) -> list[str]:
    """Say what a reader must know of how a change is carried out."""
    return [*(["by hand"] if by_hand else []), *(["cannot be read back: attest"] if change.attest else [])]


def any_to_attest(changes: Iterable[Change]) -> bool:
    """Tell whether somebody has to give their word for any of these changes."""
    return any(change.attest for change in changes)


def _of_entry(entry: Entry) -> Iterator[str]:
    match entry:
        case User(first_name=first, last_name=last):
            yield from filter(None, [visible(f"{first} {last}".strip())])
            yield _value("role", entry.role)
            yield from _extras(entry)
        case Team(leader=leader):
            yield from [f"leader {_value('leader', leader)}"] if leader else []
        case Grant(rights=rights):
            yield from map(visible, in_usual_order(rights))
        case Use(role=role, pending=pending):
            yield f"use as {_value('use', role)}" if role else "use, role not shown"
            yield from ["not accepted yet"] if pending else []
        case Delegation(permissions=permissions, sends=sends):
            yield {None: "open", True: "read and write", False: "read, not write"}[sends]
            yield from map(visible, in_usual_order(permissions))
        case Partner(access=access, wallet=wallet):
            yield f"{visible(access)} access"
            yield from ["with the wallet"] if wallet else []
        case Membership():
            pass


def _extras(user: User) -> Iterator[str]:
    """Name what an invitation gives or withholds beside the role."""
    yield from ["billing right"] if user.billing else []
    for told, name in ((user.notify_billing, "billing reminders"), (user.notify_products, "product events")):
        if told is not None:
            yield name if told else f"no {name}"


def _differences(change: Change) -> Iterator[str]:
    if change.is_renewal and isinstance(change.before, User) and change.before.expired:
        yield "expired"
    differences = change.differences()
    in_order = [*NAMES, *(attributes(change.before) or {}), *(attributes(change.after) or {})]
    for name in sorted(differences, key=in_order.index):
        before, after = differences[name]
        yield f"{name} {_value(name, before)} => {_value(name, after)}"


def _value(name: str, value: object) -> str:
    match value:
        case None:
            return "none" if name == "leader" else "not shown"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(visible(str(each)) for each in value) or "none"
        case _:
            text = visible(str(value))
            return text.replace("_", " ") if name == "role" else text
