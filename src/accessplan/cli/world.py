"""Wire the two sides: the document that is wanted, and the organization that is live."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from accessplan.cli.connect import connect, from_here
from accessplan.cli.options import Settings, chosen_document
from accessplan.cli.screen import Screen
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, Level, has_errors, in_order
from accessplan.have.api import Api
from accessplan.have.live import Live
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.have.snapshot import load as load_snapshot
from accessplan.plan import Plan, compare
from accessplan.report.console import number
from accessplan.report.report import Report
from accessplan.want.document import Document
from accessplan.want.load import load
from accessplan.want.resolve import resolve

LIVE_API = "https://api.infomaniak.com"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A valid document, where it was read, its warnings, and the day it is read for."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Source:
    """The live side, the connection to it, and how to read it once more; a snapshot has no connection."""

    name: str
    live: Live
    api: Api | None = None
    read: Callable[[], Live] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A plan with its two sides, the connection still open."""

    wanted: Wanted
    source: Source
    report: Report

    def read_again(self) -> Plan:
        """Read the live side once more and compare: the plan of what is left."""
        live = self.source.read() if self.source.read else self.source.live
        return _compare(self.wanted, live)[0]


def wanted(path: Path | None, settings: Settings) -> Wanted:
    """Read the document.

    Raises:
        InputError: it has faults; all of them are in the findings.
    """
    path = chosen_document(path)
    loaded = load(path, settings.now.date())
    _refuse_errors(path, loaded.findings)
    zone = ZoneInfo(loaded.document.organization.timezone)
    today = settings.today or settings.now.astimezone(zone).date()
    return Wanted(path, loaded.document, loaded.findings, today)


@contextmanager
def planned(path: Path | None, settings: Settings, *, detailed_exitcode: bool = False) -> Iterator[Run]:
    """Compare the document with the live side; the connection stays open for an apply.

    Raises:
        InputError: the document has faults, or its selectors do not fit the live products.
        LiveError: the live side could not be read.
    """
    side = wanted(path, settings)
    organization = side.document.organization
    with _source(organization.id, organization.live, side.path.parent, settings) as source:
        plan, findings = _compare(side, source.live)
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
            not_covered=source.live.not_covered,
            ids=source.live.ids,
            exit=Exit.DIFFERENCES if plan.changes and detailed_exitcode else Exit.OK,
        )
        yield Run(side, source, report)


def note_cost(run: Run, settings: Settings) -> None:
    """Say on stderr how many requests the run took, and how long the real API makes one wait for so many."""
    api = run.source.api
    if api is None or settings.quiet:
        return
    cost = f"{number(api.requests_made, 'request', 'requests')} to {run.source.name}"
    if api.embedded and api.seconds_waited:
        cost += f"; at 60 a minute they would take {api.seconds_waited:.0f} s"
    Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")


@contextmanager
def live_side(path: Path | None, account: int | None, settings: Settings) -> Iterator[Source]:
    """Read the live side that a document names, or that `--live` and `--organization` name without one."""
    if settings.live is not None and account is not None:
        with _source(account, settings.live, Path(), settings) as source:
            yield source
        return
    side = wanted(path, settings)
    organization = side.document.organization
    with _source(account or organization.id, organization.live, side.path.parent, settings) as source:
        yield source


@contextmanager
def _source(account: int, live: str, base: Path, settings: Settings) -> Iterator[Source]:
    """Open `--live`, relative to the working directory, or the document's `live`, relative to the document."""
    where, base = (settings.live, Path()) if settings.live is not None else (live or LIVE_API, base)
    if where.endswith(".json"):
        yield Source(where, _of(account, load_snapshot(base / where)))
        return
    where = from_here(where, base)
    with connect(where, settings) as api:
        read_live = partial(read, Reader(api), account)
        yield Source(where, read_live(), api, read_live)


def _of(account: int, live: Live) -> Live:
    if live.organization_id != account:
        message = f"the snapshot is of organization {live.organization_id}, the document of {account}"
        raise InputError(message, "Take a snapshot of the document's organization.")
    return live


def _compare(side: Wanted, live: Live) -> tuple[Plan, tuple[Finding, ...]]:
    want, about_live = resolve(side.document, live.catalogue, live.state, side.today)
    findings = in_order((*side.findings, *about_live))
    _refuse_errors(side.path, findings)
    return compare(live.state, want), findings


def _refuse_errors(path: Path, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        faults = sum(finding.level is Level.ERROR for finding in findings)
        raise InputError(f"{path} has {faults} {'fault' if faults == 1 else 'faults'}", findings=in_order(findings))
