"""What `accessplan stale` has to tell: one value, from which every form of it is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from accessplan.announcement import Announced
from accessplan.errors import Exit
from accessplan.finding import Finding, error, warning
from accessplan.model import Address
from accessplan.policy import Life
from accessplan.report.console import number
from accessplan.stale import Severity, Stale, revocable

USUAL = Life()
"""The days that count where nothing else is said."""

TO_KEEP = "accessplan review record ADDRESS --keep --by WHO"
"""What to type so that something that was announced is not revoked."""

OR_ELSE = "or an exemption under policy.exempt. What the document does not name, describe in it."
"""What else keeps it."""

NOTHING_NEW = "Nothing new is announced."


@dataclass(frozen=True, slots=True)
class Announcing:
    """What a run announced, and which announcements it found to hold no more, each with the reason."""

    new: tuple[Announced, ...]
    over: Mapping[Address, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StaleReport:
    """What is stale on a day, the weightiest first.

    `within` is how many days ahead was looked for what ends or is due, None where that was not asked. `not_covered`
    says in plain sentences what was not looked at. `commit` is that of the document, empty where there is none.

    `announced` are the announcements that stand, and `life` says after how many days they may be revoked. `announcing`
    is what this run announced and withdrew, None where it was not to.
    """

    organization_id: int
    organization_name: str
    document: str
    live: str
    today: date
    found: tuple[Stale, ...]
    not_covered: tuple[str, ...] = ()
    within: int | None = None
    commit: str = ""
    life: Life = USUAL
    announced: Mapping[Address, Announced] = field(default_factory=dict)
    announcing: Announcing | None = None

    @cached_property
    def revocable(self) -> frozenset[Address]:
        """The entries that may be announced, and revoked after."""
        return frozenset(revocable(self.found))

    @property
    def exit(self) -> Exit:
        """The exit code of the run."""
        return Exit.DIFFERENCES if self.found else Exit.OK

    @property
    def verdict(self) -> str:
        """One sentence."""
        if not self.found:
            return "Nothing is stale."
        entries = len({each.address for each in self.found})
        counts = ", ".join(f"{count} {severity}" for severity, count in self.by_severity.items())
        findings = number(len(self.found), "finding", "findings")
        verb = "is" if entries == 1 else "are"
        return f"{number(entries, 'entry', 'entries')} {verb} stale: {findings}, {counts}."

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """How many findings there are of each severity, the gravest first."""
        counts = Counter(each.severity for each in self.found)
        return {severity: counts[severity] for severity in Severity if counts[severity]}

    @cached_property
    def by_rule(self) -> dict[str, int]:
        """How many findings there are of each rule, the most first."""
        return dict(sorted(Counter(each.rule for each in self.found).items(), key=lambda pair: (-pair[1], pair[0])))

    def of(self, severity: Severity) -> tuple[Stale, ...]:
        """List the findings of a severity."""
        return tuple(each for each in self.found if each.severity is severity)

    def age(self, stale: Stale) -> int | None:
        """Return for how many days it is so; None where that is not known."""
        return (self.today - stale.since).days if stale.since else None

    def since(self, stale: Stale) -> str:
        """Say since when it is so; empty where that is not known."""
        days = self.age(stale)
        return "" if days is None else f"since {stale.since}, {number(days, 'day', 'days')}"

    def announcement(self, stale: Stale) -> Announced | None:
        """Return the announcement of an entry by this rule; None where there is none."""
        announced = self.announced.get(stale.address)
        return announced if announced and stale.rule in announced.rules else None

    def announcement_of(self, stale: Stale) -> str:
        """Say since when it is announced, and from when on it may be revoked; empty where it is not."""
        announced = self.announcement(stale)
        return f"announced on {announced.day}, {self.grace(announced)}" if announced else ""

    def grace(self, announced: Announced) -> str:
        """Say from which day on what is announced may be revoked."""
        return f"may be revoked from {announced.begins(self.life)} on"

    def why(self, announced: Announced) -> str:
        """Say what calls for the revocation of what is announced."""
        about = (each for each in self.found if each.address == announced.address and each.rule in announced.rules)
        return ", and ".join(f"{each.message} ({each.rule})" for each in about)

    @cached_property
    def by_owner(self) -> dict[str, tuple[Announced, ...]]:
        """What this run announced, by who answers for it; those of nobody come last."""
        new = self.announcing.new if self.announcing else ()
        owners = sorted({each.owner for each in new}, key=lambda owner: (not owner, owner))
        return {owner: tuple(each for each in new if each.owner == owner) for owner in owners}


def findings(found: Iterable[Stale]) -> tuple[Finding, ...]:
    """Turn what is stale into findings: what matters most is an error, the rest are warnings."""
    return tuple(
        (error if each.severity is Severity.HIGH else warning)(
            each.rule, each.message, each.place, address=str(each.address), hint=each.remedy
        )
        for each in found
    )
