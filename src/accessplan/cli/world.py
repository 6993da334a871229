"""Wire the two sides: the document that is wanted, and the organization that is live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from accessplan.cause import causes, without_others
from accessplan.change import Change
from accessplan.cli.base import Before, before
from accessplan.cli.git import commit_of
from accessplan.cli.lock import holding_place
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
from accessplan.model import User
from accessplan.plan import Plan, Want, compare
from accessplan.report.report import Report, Said
from accessplan.scope import NOTHING_MORE, Scope
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
    want: Want
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
def planned(
    path: Path | None,
    settings: Settings,
    *,
    detailed_exitcode: bool = False,
    also: Scope = NOTHING_MORE,
    lock: str = "",
) -> Iterator[Run]:
    """Compare the document with the live side; the connection stays open for an apply.

    `also` is what must be read beside what the document speaks of. `lock` is the command that holds the lock from
    before the read to the end; a command that only reads holds none.

    Raises:
        Locked: another run holds the lock.
        InputError: the document has faults, or its selectors do not fit the live products; or `--base` names nothing.
        LiveError: the live side could not be read.
    """
    side = wanted(path, settings)
    organization = side.document.organization
    if unknown := sorted(settings.invite_again - {user.email for user in side.document.users.items}):
        raise InputError(f"--invite-again names {unknown[0]}, whom the document does not name", "Check the address.")
    base = before(settings.base, side.path, side.document, side.today) if settings.base is not None else None
    scope = scope_of(side.document, side.today).united(also)
    where = place_of_live(organization.live, side.path, settings)
    with (
        holding_place(lock, organization.id, where, settings) as held,
        open_source(where, organization.id, base.scope(scope, side.today) if base else scope, held) as source,
    ):
        memory = recall(source.live, held)
        live, want, findings = _sides(side, source.live, memory, held)
        plan, judgement = _judged(side, base, live, want, source, memory, held)
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
            findings=(*(base.findings if base else ()), *findings),
            not_covered=live.not_covered,
            ids=live.ids,
            exit=_exit(plan, judgement, detailed=detailed_exitcode),
            judgement=judgement,
            base=held.base or "",
            commit=commit_of(side.path),
            made_at=held.now,
        )
        yield Run(side, source, live, want, report, held)


def _judged(
    side: Wanted, base: Before | None, live: Live, want: Want, source: Source, memory: Memory, settings: Settings
) -> tuple[Plan, Judgement]:
    """Compare and judge; with `--only config` only what is from the change under review."""
    plan = compare(live.state, want)
    plans = base.plans(live, memory.times_invited, side.today, settings) if base else None
    if settings.only:
        plan = without_others(plan, causes(plan, live.state, want.ended, plans))
    around = Circumstances(
        side.today,
        services=frozenset(product.service for product in live.catalogue.products),
        token_user=_caller(source, plan),
        last_seen=memory.last_seen,
        base=plans,
    )
    policy = base.policy(side.document.policy) if base else side.document.policy
    return plan, judge(live.state, want, plan, policy, around)


def _caller(source: Source, plan: Plan) -> str:
    """Name the token's owner; where that costs a request, only if somebody's role is at stake."""
    at_stake = any(isinstance(change.before, User) for change in plan.changes)
    return source.caller() if at_stake else source.live.caller


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
