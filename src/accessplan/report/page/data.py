"""All that the page shows, prepared: texts are harmless, counts are counted, and everything is in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from accessplan.past import Counts
from accessplan.report.history import says
from accessplan.report.page.dates import Month, months_of
from accessplan.report.page.overview import Overview, Pending, Sighted
from accessplan.report.page.people import AWAITED, Cast, Person, Remark, cast_of
from accessplan.report.safe import spelled_out, visible

RISKS = {
    "new-legal-representative": "Legal representatives",
    "new-administrator": "Administrators",
    "everything": "Every right on every service",
    "full-partner": "Partners with full access",
    "wallet": "Partners with the wallet",
    "external-billing": "External users with the billing right",
    "mailbox-takeover": "May take a mailbox over",
    "escalation": "Could become somebody else",
}
"""What those are called whose access is of high risk by a rule; a rule that is not here, by its code."""


class RiskGroup(NamedTuple):
    """Those whose access is of high risk by one rule."""

    name: str
    people: tuple[Person, ...]


class StaleGroup(NamedTuple):
    """What one rule on stale grants finds."""

    rule: str
    severity: str
    remarks: tuple[Remark, ...]


class Written(NamedTuple):
    """A row of the ledger."""

    number: int
    at: str
    says: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the template shows."""

    organization: str
    organization_id: int
    document: str
    commit: str
    live: str
    today: str
    masked: bool
    pending: Pending
    cast: Cast
    risks: tuple[RiskGroup, ...]
    stale: tuple[StaleGroup, ...]
    months: tuple[Month, ...]
    due: int
    coverage: tuple[Sighted, ...]
    rows: tuple[Written, ...]
    not_covered: tuple[str, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        return self.cast.people

    @property
    def awaited(self) -> int:
        """How many of them are not there yet."""
        return sum(person.state == AWAITED for person in self.people)

    @property
    def external(self) -> int:
        """How many are from outside."""
        return sum(person.is_external for person in self.people)

    @property
    def risky(self) -> int:
        """How many have access of high risk."""
        return sum(bool(person.risks) for person in self.people)

    @property
    def findings(self) -> int:
        """How many stale findings there are."""
        return len(self.cast.remarks)

    @property
    def covered(self) -> int | None:
        """How many of a hundred live entries the document speaks of, rounded down; None where nothing is live."""
        last = self.coverage[-1] if self.coverage else None
        return Counts(last.live, last.managed, last.matching).percent if last else None

    def for_script(self) -> dict[str, Any]:
        """Return what the script needs, as plain data; rows refer to each other by number."""
        rights = {each.rights: None for person in self.people for each in person.reach}
        numbers = {each: number for number, each in enumerate(rights)}
        return {
            "things": [[each.group, each.name, each.title, each.wider] for each in self.cast.things],
            "rights": [[each.words, each.short, each.level] for each in rights],
            "stations": [
                [each.words, each.address, *each.line, each.reason, each.owner, each.since, each.until, each.review]
                for each in self.cast.stations
            ],
            "remarks": [
                [each.severity, each.rule, each.address, each.message, each.remedy, each.owner, *each.line]
                for each in self.cast.remarks
            ],
            "people": [
                {
                    "name": person.name,
                    "email": person.email,
                    "role": person.role,
                    "state": person.state,
                    "external": person.is_external,
                    "login": person.login,
                    "teams": person.teams,
                    "own": person.own.number,
                    "risks": [risk.message for risk in person.risks],
                    "remarks": [each.number for each in person.remarks],
                    "reach": [
                        [each.thing.number, numbers[each.rights], each.mark, [one.number for one in each.stations]]
                        for each in person.reach
                    ],
                }
                for person in self.people
            ],
        }


def page_of(overview: Overview) -> Page:
    """Prepare the page."""
    cast = cast_of(overview)
    months = months_of(overview)
    return Page(
        organization=visible(overview.organization_name),
        organization_id=overview.organization_id,
        document=visible(overview.document),
        commit=visible(overview.commit),
        live=visible(overview.live),
        today=str(overview.today),
        masked=overview.masked,
        pending=overview.pending,
        cast=cast,
        risks=tuple(_risks(cast)),
        stale=tuple(_stale(cast)),
        months=months,
        due=sum(each.due <= overview.today for each in overview.reviews),
        coverage=overview.coverage,
        rows=tuple(
            Written(row.number, f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M}", spelled_out(says(row)))
            for row in overview.rows
        ),
        not_covered=tuple(map(spelled_out, overview.not_covered)),
    )


def _risks(cast: Cast) -> Iterator[RiskGroup]:
    rules = {risk.rule for person in cast.people for risk in person.risks}
    order = list(RISKS)
    for rule in sorted(rules, key=lambda each: (order.index(each) if each in order else len(order), each)):
        people = tuple(person for person in cast.people if any(risk.rule == rule for risk in person.risks))
        yield RiskGroup(RISKS.get(rule) or visible(rule).replace("-", " ").capitalize(), people)


def _stale(cast: Cast) -> Iterator[StaleGroup]:
    """Group what is stale by rule: the gravest first, then the most."""
    counts = Counter((each.severity, each.rule) for each in cast.remarks)
    severities = list(dict.fromkeys(each.severity for each in cast.remarks))
    for severity, rule in sorted(counts, key=lambda each: (severities.index(each[0]), -counts[each], each)):
        remarks = tuple(each for each in cast.remarks if (each.severity, each.rule) == (severity, rule))
        yield StaleGroup(rule, severity, remarks)
