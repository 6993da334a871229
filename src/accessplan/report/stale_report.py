"""What `accessplan stale` has to tell: one value, from which every form of it is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accessplan.errors import Exit
from accessplan.finding import Finding, error, warning
from accessplan.model import Address
from accessplan.report.console import number
from accessplan.stale import Severity, Stale, revocable


@dataclass(frozen=True)
class StaleReport:
    """What is stale on a day, the weightiest first.

    `within` is how many days ahead was looked for what ends or is due, None where that was not asked. `not_covered`
    says in plain sentences what was not looked at. `commit` is that of the document, empty where there is none.
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


def findings(found: Iterable[Stale]) -> tuple[Finding, ...]:
    """Turn what is stale into findings: what matters most is an error, the rest are warnings."""
    return tuple(
        (error if each.severity is Severity.HIGH else warning)(
            each.rule, each.message, each.place, address=str(each.address), hint=each.remedy
        )
        for each in found
    )
