"""What `accessplan drift` has to tell: one value, from which every form of it is rendered."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from accessplan.change import Change, Effect
from accessplan.drift import Drift, Found, Kind
from accessplan.errors import Exit
from accessplan.finding import Finding, error
from accessplan.model import Address, Entry
from accessplan.report.changes import what
from accessplan.report.console import number
from accessplan.report.safe import visible_address

NOBODY_KNOWS = "no apply is on record, so nobody can tell who moved"

_MOVES = {Effect.STRENGTHEN: "has more", Effect.WEAKEN: "has less"}
_VERBS = {
    Effect.INVITE: "invites",
    Effect.GRANT: "grants",
    Effect.STRENGTHEN: "strengthens",
    Effect.UPDATE: "updates",
    Effect.WEAKEN: "weakens",
    Effect.CANCEL: "cancels",
    Effect.REVOKE: "revokes",
}


@dataclass(frozen=True)
class DriftReport:
    """What moved on the live side for no known reason, on a day.

    `applied_at` is when the last apply ended, None where none is on record. `by_hand` are the entries that an apply
    asks a person to take back. `zone` is the organization's. `not_covered` says in plain sentences what was not looked
    at, `recorded` whether what is live was written down. `commit` is that of the document, empty where there is none.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    found: Found
    applied_at: datetime | None = None
    by_hand: frozenset[Address] = frozenset()
    not_covered: tuple[str, ...] = ()
    commit: str = ""
    zone: tzinfo = UTC
    recorded: bool = False

    @property
    def exit(self) -> Exit:
        """The exit code of the run."""
        return Exit.DIFFERENCES if self.found.drifts else Exit.OK

    @property
    def verdict(self) -> str:
        """Whether anything drifted, and how much is managed."""
        return f"{self._drifted} {self._managed}."

    @property
    def _drifted(self) -> str:
        count = len(self.found.drifts)
        if self.applied_at is None:
            differ = f"{number(count, 'entry differs', 'entries differ')}; {NOBODY_KNOWS}."
            return differ if count else "Nothing differs; no apply is on record."
        counts = ", ".join(f"{count} {kind}" for kind, count in self.by_kind.items())
        return f"{number(count, 'entry', 'entries')} drifted: {counts}." if count else "No drift."

    @property
    def _managed(self) -> str:
        found, counts = self.found, self.found.counts
        share = f" ({counts.percent} %)" if counts.percent is not None else ""
        managed = f"{counts.managed} of {number(counts.live, 'live entry', 'live entries')} managed{share}"
        parts = [
            f"{len(found.snoozed)} snoozed" if found.snoozed else "",
            f"{len(found.pending)} pending" if found.pending else "",
            f"{found.known} unmanaged as before" if found.known else "",
        ]
        return ", ".join([managed, *filter(None, parts)])

    @property
    def by_kind(self) -> dict[Kind, int]:
        """How many entries drifted, by kind."""
        counts = Counter(each.kind for each in self.found.drifts)
        return {kind: counts[kind] for kind in Kind if counts[kind]}

    def day(self, moment: datetime) -> date:
        """Return the day of a moment, by the organization's calendar."""
        return moment.astimezone(self.zone).date()

    def first_seen(self, drift: Drift) -> date:
        """Return the day on which a drift was first seen as it is: today, where this is the first time."""
        return min(self.day(drift.since), self.today) if drift.since else self.today

    def age(self, drift: Drift) -> int:
        """Return for how many days a drift is known."""
        return (self.today - self.first_seen(drift)).days

    def remedies(self, drift: Drift) -> dict[str, str]:
        """Return what can be done about a drift, as commands by name."""
        address = shlex.quote(visible_address(drift.address))
        revert = {} if drift.kind is Kind.UNMANAGED else {"revert": "accessplan apply"}
        snooze = f"accessplan drift snooze {address} --until DATE --reason TEXT --by WHO"
        return {**revert, "adopt": f"accessplan export --adopt {address}", "snooze": snooze}


def move(drift: Drift) -> str:
    """Say in a few words what happened to an entry, or how it is, where nobody knows what happened."""
    if drift.kind is Kind.DIFFERS:
        return f"live: {_said(drift.address, drift.live)}"
    moved = drift.moved
    if moved.before is None or moved.after is None:
        how = "is gone" if moved.after is None else "appeared"
    else:
        how = _MOVES.get(moved.effect, "is another")
    return ": ".join(filter(None, (how, what(moved))))


def wish(drift: Drift, report: DriftReport) -> str:
    """Say what the document wants of an entry, and what takes it back."""
    if drift.kind is Kind.UNMANAGED:
        return "the document does not speak of it, so no apply takes it back"
    wants = f"the document wants: {_said(drift.address, drift.revert.after)}"
    by_hand = ", by hand" if drift.address in report.by_hand else ""
    return f"{wants}; apply {_VERBS[drift.revert.effect]} it{by_hand}"


def seen(drift: Drift, report: DriftReport) -> str:
    """Say since when a drift is known."""
    age = report.age(drift)
    return f"first seen {report.first_seen(drift)}, {number(age, 'day', 'days')} ago" if age else "first seen today"


def findings(report: DriftReport) -> tuple[Finding, ...]:
    """Turn what drifted into findings: each is an error."""
    return tuple(
        error(
            f"drift-{each.kind}",
            f"{move(each)} ({seen(each, report)}); {wish(each, report)}",
            each.revert.place,
            address=str(each.address),
            hint="; ".join(report.remedies(each).values()),
        )
        for each in report.found.drifts
    )


def counted(report: DriftReport) -> Iterator[str]:
    """Count what waits to be done, by the reason."""
    counts = Counter(each.why for each in report.found.pending)
    yield from (f"{count} {why}" for why, count in counts.items())


def _said(address: Address, entry: Entry | None) -> str:
    return "nothing" if entry is None else what(Change(address, None, entry)) or "that it is there"
