"""Wire the two sides: the document that is wanted, and the organization that is live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from accessplan.change import Change
from accessplan.cli.memory import Memory, recall
from accessplan.cli.options import Settings, chosen_document
from accessplan.cli.screen import Screen
from accessplan.cli.source import Source, open_source, place_of_live
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, Level, has_errors, in_order
from accessplan.have.live import Live
from accessplan.have.routes import route
from accessplan.invitation import hold
from accessplan.judgement import Circumstances, Judgement, judge
from accessplan.plan import Plan, Want, compare
from accessplan.report.report import Report, Said
from accessplan.scope import Scope
from accessplan.want.document import Document
from accessplan.want.load import load
from accessplan.want.resolve import resolve
from accessplan.want.scope import scope_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A valid document, where it was read, its warnings, and the day it is read for."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Run:
    """A plan with its two sides, the connection still open; `live` is what was read, completed by what people say."""

    wanted: Wanted
    source: Source
    live: Live
    report: Report
    settings: Settings

    def again(self) -> tuple[Live, Plan]:
        """Read the live side once more: how it is now, and what is left to change."""
        read = self.source.read_again() if self.source.read_again else self.source.live
        live, want, _ = _sides(self.wanted, read, recall(read, self.settings), self.settings)
        return live, compare(live.state, want)


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
    if unknown := sorted(settings.invite_again - {user.email for user in side.document.users.items}):
        raise InputError(f"--invite-again names {unknown[0]}, whom the document does not name", "Check the address.")
    scope = scope_of(side.document, side.today)
    where = place_of_live(organization.live, side.path, settings)
    with open_source(where, organization.id, scope, settings) as source:
        memory = recall(source.live, settings)
        live, want, findings = _sides(side, source.live, memory, settings)
        plan = compare(live.state, want)
        around = Circumstances(side.today, services=frozenset(live.catalogue.services))
        judgement = judge(live.state, want, plan, side.document.policy, around)
        report = Report(
            organization_id=live.organization_id,
            organization_name=live.organization_name,
            document=str(side.path),
            live=source.name,
            today=side.today,
            plan=plan,
            operations=route(plan.changes, live),
            unchecked=tuple((change, _why_unchecked(live, change)) for change in plan.unchecked),
            said=tuple(_said(source.live, live, memory)),
            findings=findings,
            not_covered=live.not_covered,
            ids=live.ids,
            exit=_exit(plan, judgement, detailed=detailed_exitcode),
            judgement=judgement,
        )
        yield Run(side, source, live, report, settings)


def _exit(plan: Plan, judgement: Judgement, *, detailed: bool) -> Exit:
    if judgement.is_blocked:
        return Exit.BLOCKED
    return Exit.DIFFERENCES if plan.changes and detailed else Exit.OK


def note_cost(source: Source, settings: Settings) -> None:
    """Say on stderr what a run cost."""
    if (cost := source.cost()) and not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")


def chosen_side(path: Path | None, account: int | None, settings: Settings) -> tuple[str, int]:
    """Say where the live side is, and which organization: as a document says, or `--live` and `--organization`."""
    if settings.live is not None and account is not None:
        return settings.live, account
    side = wanted(path, settings)
    organization = side.document.organization
    return place_of_live(organization.live, side.path, settings), account or organization.id


@contextmanager
def live_side(path: Path | None, account: int | None, scope: Scope, settings: Settings) -> Iterator[Source]:
    """Read the live side that a document names, or that `--live` and `--organization` name without one."""
    with open_source(*chosen_side(path, account, settings), scope, settings) as source:
        yield source


def _sides(side: Wanted, live: Live, memory: Memory, settings: Settings) -> tuple[Live, Want, tuple[Finding, ...]]:
    live = replace(live, state=live.state.completed(memory.entries))
    want, about_live = resolve(side.document, live.catalogue, live.state, side.today)
    findings = in_order((*side.findings, *about_live))
    _refuse_errors(side.path, findings)
    want = hold(want, live.state, memory.times_invited, settings.invite_again)
    return live, want, findings


def _said(read: Live, completed: Live, memory: Memory) -> Iterator[Said]:
    """List what is taken on somebody's word: what the live system did not show of itself."""
    for address, word in sorted(memory.words.items()):
        if read.state.entries.get(address) != completed.state.entries.get(address):
            yield Said(address, word.by, word.at.date())


def _why_unchecked(live: Live, change: Change) -> str:
    spot = live.state.hides(change.address)
    return spot.reason if spot else ""


def _refuse_errors(path: Path, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        faults = sum(finding.level is Level.ERROR for finding in findings)
        raise InputError(f"{path} has {faults} {'fault' if faults == 1 else 'faults'}", findings=in_order(findings))
