"""How much one plan may take away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from accessplan.change import Change
from accessplan.model import Team, owners
from accessplan.policy import SHARE_COUNTS_FROM, USUAL_LIMITS, Limit
from accessplan.rail.situation import Refusal, Situation, kind_of, leaving, live_counts, open_removals, refusal

SEEN_BEFORE = 10
"""With fewer entries the last time, half of them says nothing."""


def too_many_removals(situation: Situation) -> Iterator[Refusal]:
    """Limit how much one plan takes away of a kind: by number, and by share of what is live.

    Cancelled invitations count, and users with a weaker role; so do the members and grants that go with a team.
    """
    removals = open_removals(situation)
    live = live_counts(situation.have) if removals else {}
    along = _with_teams(removals, situation)
    for kind, changes in sorted(removals.items()):
        limit = situation.policy.rails.limits.get(kind, USUAL_LIMITS[kind])
        number = len(changes) + along[kind]
        if _exceeds(number, live[kind], limit):
            message = (
                f"{number} of {live[kind]} entries of {kind} would go or be weakened{_limit(number, live[kind], limit)}"
            )
            yield refusal("too-many-removals", message, changes, "take away less at once")


def empty_section(situation: Situation) -> Iterator[Refusal]:
    """Keep what is live where the document gives an empty section: the rest of a file is soon lost.

    What the document says must be gone, or has ended, is not for want of its name.
    """
    for kind, changes in sorted(open_removals(situation).items()):
        unnamed = [change for change in changes if not change.urgent]
        if kind in situation.emptied and unnamed:
            message = f"the document wants nothing of {kind}: {_entries(len(unnamed))} would go or be weakened"
            yield refusal("empty-section", message, unnamed, f"take the key out where {kind} are not managed")


def shrunken_live(situation: Situation) -> Iterator[Refusal]:
    """Take nothing away of a kind of which fewer than half is live since the last run: half an answer looks like it."""
    live = live_counts(situation.have) if situation.last_seen else {}
    for kind, changes in sorted(open_removals(situation).items() if situation.last_seen else ()):
        seen = (situation.last_seen or {}).get(kind, 0)
        if seen >= SEEN_BEFORE and live[kind] * 2 < seen:
            message = f"{live[kind]} entries of {kind} are live, and the last run saw {seen}: fewer than half"
            yield refusal("shrunken-live", message, changes, "look whether the live system shows everything")


def _with_teams(removals: dict[str, list[Change]], situation: Situation) -> Counter[str]:
    """Count, by kind, what goes with a team: its members, but for those who leave, and its grants."""
    teams = {change.address for changes in removals.values() for change in changes if isinstance(change.entry, Team)}
    if not teams:
        return Counter()
    leavers = leaving(situation.plan.changes)
    parts = (each for each in situation.have.entries if each.part and each.owner in teams)
    return Counter(kind_of(each) for each in parts if not owners(each) & leavers)


def _exceeds(number: int, live: int, limit: Limit) -> bool:
    return number > limit.count or (live >= SHARE_COUNTS_FROM and number * 100 > limit.share * live)


def _limit(number: int, live: int, limit: Limit) -> str:
    if live < SHARE_COUNTS_FROM:
        return f"; the limit is {limit.count}"
    return f", {-(-number * 100 // live)} %; the limit is {limit.count}, and {limit.share} %"


def _entries(number: int) -> str:
    return "1 live entry" if number == 1 else f"{number} live entries"
