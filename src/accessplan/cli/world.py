"""Wire the two sides: the document that is wanted, and the organization that is live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessplan.cli.options import Settings, chosen_document
from accessplan.cli.screen import Screen
from accessplan.cli.source import Source, open_source
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, Level, has_errors, in_order
from accessplan.have.live import Live
from accessplan.have.routes import route
from accessplan.plan import Plan, compare
from accessplan.rail import refusals
from accessplan.report.report import Report
from accessplan.want.document import Document
from accessplan.want.load import load
from accessplan.want.resolve import resolve


@dataclass(frozen=True, slots=True)
class Wanted:
    """A valid document, where it was read, its warnings, and the day it is read for."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Run:
    """A plan with its two sides, the connection still open."""

    wanted: Wanted
    source: Source
    report: Report

    def again(self) -> tuple[Live, Plan]:
        """Read the live side once more: how it is now, and what is left to change."""
        live = self.source.read_again() if self.source.read_again else self.source.live
        return live, _compare(self.wanted, live)[0]


def wanted(path: Path | None, settings: Settings) -> Wanted:
    """Read the document.

    Raises:
        InputError: it has faults; all of them are in the findings.
    """
    path = chosen_document(path)
    loaded = load(path, settings.now, settings.today)
    _refuse_errors(path, loaded.findings)
    return Wanted(path, loaded.document, loaded.findings, loaded.today)


@contextmanager
def planned(path: Path | None, settings: Settings, *, detailed_exitcode: bool = False) -> Iterator[Run]:
    """Compare the document with the live side; the connection stays open for an apply.

    Raises:
        InputError: the document has faults, or its selectors do not fit the live products.
        LiveError: the live side could not be read.
    """
    side = wanted(path, settings)
    organization = side.document.organization
    with open_source(organization.id, organization.live, side.path, settings) as source:
        plan, findings = _compare(side, source.live)
        refused = refusals(source.live.state, plan)
        report = Report(
            organization_id=source.live.organization_id,
            organization_name=source.live.organization_name,
            document=str(side.path),
            live=source.name,
            today=side.today,
            plan=plan,
            operations=route(plan.changes, source.live),
            unchecked=tuple((change, source.live.state.hides(change.address)) for change in plan.unchecked),
            findings=findings,
            refusals=refused,
            not_covered=source.live.not_covered,
            ids=source.live.ids,
            exit=Exit.BLOCKED if refused else Exit.DIFFERENCES if plan.changes and detailed_exitcode else Exit.OK,
        )
        yield Run(side, source, report)


def note_cost(source: Source, settings: Settings) -> None:
    """Say on stderr what a run cost."""
    if (cost := source.cost()) and not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")


@contextmanager
def live_side(path: Path | None, account: int | None, settings: Settings) -> Iterator[Source]:
    """Read the live side that a document names, or that `--live` and `--organization` name without one."""
    if settings.live is not None and account is not None:
        document, written = Path(), ""
    else:
        side = wanted(path, settings)
        document, written = side.path, side.document.organization.live
        account = account or side.document.organization.id
    with open_source(account, written, document, settings) as source:
        yield source


def _compare(side: Wanted, live: Live) -> tuple[Plan, tuple[Finding, ...]]:
    want, about_live = resolve(side.document, live.catalogue, live.state, side.today)
    findings = in_order((*side.findings, *about_live))
    _refuse_errors(side.path, findings)
    return compare(live.state, want), findings


def _refuse_errors(path: Path, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        faults = sum(finding.level is Level.ERROR for finding in findings)
        raise InputError(f"{path} has {faults} {'fault' if faults == 1 else 'faults'}", findings=in_order(findings))
