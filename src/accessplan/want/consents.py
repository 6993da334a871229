"""Consent to single changes that a rail refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from accessplan.change import Effect
from accessplan.policy import Consent
from accessplan.want.addresses import read_address
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Node
from accessplan.want.values import read_date

LONG = timedelta(days=90)
"""A consent for longer is a hole in the rail."""

_EFFECTS = Names(Effect)


def read_consents(root: Node, notes: Notes) -> tuple[Consent, ...]:
    """Read `acknowledge`; what has ended is left out."""
    consents = root.get("acknowledge")
    return tuple(each for node in (consents.elements() if consents else ()) for each in _read_consent(node, notes))


def _read_consent(node: Node, notes: Notes) -> Iterator[Consent]:
    change, until = node.get("change"), read_date(node, "until", None, notes)
    if change is None or not isinstance(change.value, str):
        return
    effect, _, named = change.value.strip().partition(" ")
    if effect not in _EFFECTS:
        message = f"{quote(change.value)} does not begin with an effect"
        hint = _EFFECTS.hint(effect, 'as in revoke user["old@example.ch"]')
        notes.error("invalid-change", message, change.place, None, hint)
        return
    address = read_address(named, change.place, notes)
    if address is None or until is None:
        return
    place = (node.get("until") or node).place
    if until < notes.today:
        notes.warning("consent-ended", f"the consent ended on {until}", place, address, "remove the line")
        return
    if until - notes.today > LONG:
        message = f"the consent holds for {(until - notes.today).days} days"
        hint = f"{LONG.days} days are enough to carry a change out: until {notes.today + LONG}"
        notes.warning("long-consent", message, place, address, hint)
    yield Consent(effect, address, until, node.text("reason"), change.place)
