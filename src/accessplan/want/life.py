"""How long a document lets things last, and what it exempts from the rules on stale grants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from accessplan.policy import Exemption, Life
from accessplan.stale import CODES
from accessplan.want.addresses import PROTECTABLE, read_address
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Node
from accessplan.want.values import read_date, read_emails

LONG = timedelta(days=180)
"""An exemption for longer is a rule that nobody follows."""

_USUAL = Life()
_DAYS = re.compile(r"([1-9][0-9]{0,3})d")
_RULES = Names(CODES)


def read_life(policy: Node, notes: Notes) -> Life:
    """Read `stale`, `review`, `exempt` and `break_glass` of the policy; what is not said is as usual."""
    stale, review, exempt = (policy.get(key) for key in ("stale", "review", "exempt"))
    return Life(
        inactive=_days(stale, "inactive", _USUAL.inactive),
        young=_days(stale, "young", _USUAL.young),
        invitation=_days(stale, "invitation", _USUAL.invitation),
        announce=_days(stale, "announce", _USUAL.announce),
        every=_days(review, "every", _USUAL.every),
        remind=_days(review, "remind", _USUAL.remind),
        exemptions=tuple(each for node in (exempt.elements() if exempt else ()) for each in _exemption(node, notes)),
        break_glass=frozenset(mention.name for mention in read_emails(policy, "break_glass", None, notes).items),
    )


def _days(node: Node | None, key: str, usual: int) -> int:
    written = _DAYS.fullmatch(node.text(key)) if node else None
    return int(written[1]) if written else usual


def _exemption(node: Node, notes: Notes) -> Iterator[Exemption]:
    """Read one exemption; what has ended is left out."""
    finding, on, until = node.get("finding"), node.get("on"), read_date(node, "until", None, notes)
    rule = node.text("finding")
    if finding and isinstance(finding.value, str) and rule not in _RULES:
        hint = _RULES.hint(rule, "write the code that accessplan stale shows, as in inactive-user")
        notes.error("unknown-finding", f"no rule is called {quote(rule)}", finding.place, None, hint)
    address = read_address(on.value, on.place, notes, PROTECTABLE) if on and isinstance(on.value, str) else None
    if address is None or until is None or rule not in _RULES:
        return
    place = (node.get("until") or node).place
    if until < notes.today:
        hint = "remove the line, or look at it again and give it a new day"
        notes.warning("exemption-ended", f"the exemption ended on {until}", place, address, hint)
        return
    if until - notes.today > LONG:
        message = f"the exemption holds for {(until - notes.today).days} days"
        hint = f"look at it again after {LONG.days} days: until {notes.today + LONG}"
        notes.warning("long-exemption", message, place, address, hint)
    yield Exemption(rule, address, until, node.text("reason"), node.place)
