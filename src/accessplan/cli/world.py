"""Wire the two sides: the document that is wanted, and the organization that is live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from accessplan.cause import causes, without_others
from accessplan.change import Change
from accessplan.cli.announced import Resolved, resolved
from accessplan.cli.base import Before, before
from accessplan.cli.git import commit_of
from accessplan.cli.lock import holding_place
from accessplan.cli.memory import Memory, recall
from accessplan.cli.options import Settings, chosen_document
from accessplan.cli.outputs import refuse_overwriting
from accessplan.cli.screen import Screen
from accessplan.cli.source import SANDBOX, Source, named_place, open_source, place_of_live
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, Level, Place, has_errors, in_order
from accessplan.have.covered import coverage
from accessplan.have.live import Live
from accessplan.have.routes import route
from accessplan.invitation import hold
from accessplan.judgement import Circumstances, Judgement, judge
from accessplan.model import User
from accessplan.plan import Plan, Want, compare
from accessplan.receipt import unfinished
from accessplan.report.report import Report, Said
from accessplan.scope import NOTHING_MORE, Scope
from accessplan.want.document import Document
from accessplan.want.load import load
from accessplan.want.scope import scope_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A valid document, where it was read, its warnings, and the day that it is; `at` is another one it is read for."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]
    today: date
    at: date | None = None

    @property
    def day(self) -> date:
        """The day that it is read for."""
        return self.at or self.today


@dataclass(frozen=True, slots=True)
class Run:
    """A plan with its two sides, the connection still open; `live` is what was read, completed by what people say.

    `want` is what is planned for, `written` the same with what was announced as stale and is not wanted any more.
    `memory` is what the ledger says. Without `is_of_document` something else is planned for than the document wants.
    """

    wanted: Wanted
    source: Source
    live: Live
    want: Want
    report: Report
    settings: Settings
    written: Want
    memory: Memory
    is_of_document: bool = True

    def again(self) -> tuple[Live, Want, Plan]:
        """Read the live side once more: how it is now, what the document wants of it, and what is left to change."""
        read = self.source.read_again() if self.source.read_again else self.source.live
        live, sides = _sides(self.wanted, read, recall(read, self.settings), self.settings)
        return live, sides.want, compare(live.state, sides.want if self.is_of_document else self.want)


def wanted(path: Path | None, settings: Settings) -> Wanted:
    """Read the document.

    Raises:
        InputError: it has faults; all of them are in the findings. Or it is to be read for a day that has passed.
    """
    path = chosen_document(path)
    refuse_overwriting(settings.outputs, path)
    loaded = load(path, settings.now, settings.at or settings.today)
    _refuse_errors(path, loaded.findings)
    today = settings.today or settings.now.astimezone(ZoneInfo(loaded.document.organization.timezone)).date()
    if settings.at is not None and settings.at < today:
        message = f"--at {settings.at} has passed: it is {today}, and how live was then is not known here"
        raise InputError(message, "Name a day to come; accessplan explain --on says who reached what on a day before.")
    return Wanted(path, loaded.document, loaded.findings, today, settings.at)


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
    base = before(settings.base, side.path, side.document, side.day) if settings.base is not None else None
    scope = scope_of(side.document, side.day).united(also)
    where = place_of_live(organization.live, side.path, settings)
    with (
        holding_place(lock, organization.id, where, settings) as held,
        open_source(where, organization.id, base.scope(scope, side.day) if base else scope, held) as source,
    ):
        memory = recall(source.live, held)
        live, sides = _sides(side, source.live, memory, held)
        plan, judgement = _judged(side, base, live, sides.want, source, memory, held)
        report = Report(
            organization_id=live.organization_id,
            organization_name=live.organization_name,
            document=str(side.path),
            live=source.name,
            today=side.today,
            plan=plan,
            operations=route(plan.changes, live),
            unchecked=tuple((change, _why_unchecked(live, change)) for change in plan.unchecked),
            said=tuple(_said(source.live, live, memory, ZoneInfo(organization.timezone))),
            findings=(
                *unfinished(memory.unfinished, live.state, coverage(live), Place(str(side.path), 1)),
                *(base.findings if base else ()),
                *sides.findings,
            ),
            not_covered=live.not_covered,
            ids=live.ids,
            exit=_exit(plan, judgement, detailed=detailed_exitcode),
            judgement=judgement,
            base=held.base or "",
            commit=commit_of(side.path),
            made_at=held.now,
            at=side.at,
        )
        yield Run(side, source, live, sides.want, report, held, sides.written, memory)


def _judged(
    side: Wanted, base: Before | None, live: Live, want: Want, source: Source, memory: Memory, settings: Settings
) -> tuple[Plan, Judgement]:
    """Compare and judge; with `--only config` only what is from the change under review."""
    plan = compare(live.state, want)
    plans = base.plans(live, memory, side.day, settings) if base else None
    if settings.only:
        plan = without_others(plan, causes(plan, live.state, want.ended, plans))
    around = replace(_around(side, live, plan, source, memory), base=plans)
    policy = base.policy(side.document.policy) if base else side.document.policy
    return plan, judge(live.state, want, plan, policy, around)


def _around(side: Wanted, live: Live, plan: Plan, source: Source, memory: Memory) -> Circumstances:
    return Circumstances(
        side.day,
        services=frozenset(product.service for product in live.catalogue.products),
        token_user=_caller(source, plan),
        last_seen=memory.last_seen,
        past=memory.past,
    )


def instead(run: Run, want: Want, name: str) -> Run:
    """Plan for something else than the document wants, under the document's policy; `name` says what it is."""
    compared = compare(run.live.state, want)
    plan = replace(compared, changes=tuple(replace(change, place=None) for change in compared.changes))
    around = _around(run.wanted, run.live, plan, run.source, run.memory)
    judgement = judge(run.live.state, want, plan, run.wanted.document.policy, around)
    report = replace(
        run.report,
        document=name,
        plan=plan,
        operations=route(plan.changes, run.live),
        unchecked=(),
        findings=(),
        judgement=judgement,
        exit=_exit(plan, judgement, detailed=False),
        commit="",
        base="",
    )
    return replace(run, want=want, report=report, is_of_document=False)


def _caller(source: Source, plan: Plan) -> str:
    """Name the token's owner; where that costs a request, only if somebody's role is at stake."""
    at_stake = any(isinstance(change.before, User) for change in plan.changes)
    return source.caller() if at_stake else source.live.caller


def _exit(plan: Plan, judgement: Judgement, *, detailed: bool) -> Exit:
    if judgement.is_blocked and not judgement.not_by_this_change:
        return Exit.BLOCKED
    return Exit.DIFFERENCES if plan.changes and detailed else Exit.OK


def note_cost(source: Source, settings: Settings) -> None:
    """Say on stderr what a run cost."""
    if (cost := source.cost()) and not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")


def chosen_side(
    path: Path | None, account: int | None, settings: Settings, *, is_asked: bool = True
) -> tuple[str, int]:
    """Say where the live side is, and which organization: as a document says, or `--live` and `--organization`.

    One that is asked is sent the token, so a document alone may not name any.
    """
    if settings.live is not None and account is not None:
        where, number = settings.live, account
    else:
        side = wanted(path, settings)
        organization = side.document.organization
        place = place_of_live if is_asked else named_place
        where, number = place(organization.live, side.path, settings), account or organization.id
    refuse_overwriting(settings.outputs, Path(where.removeprefix(SANDBOX)))
    return where, number


@contextmanager
def live_side(path: Path | None, account: int | None, scope: Scope, settings: Settings) -> Iterator[Source]:
    """Read the live side that a document names, or that `--live` and `--organization` name without one."""
    with open_source(*chosen_side(path, account, settings), scope, settings) as source:
        yield source


def _sides(side: Wanted, live: Live, memory: Memory, settings: Settings) -> tuple[Live, Resolved]:
    live = replace(live, state=live.state.completed(memory.entries))
    sides = resolved(side.document, live, side.day, memory.announced)
    findings = in_order((*side.findings, *sides.findings))
    _refuse_errors(side.path, findings)
    want = hold(sides.want, live.state, memory.times_invited, settings.invite_again)
    return live, replace(sides, want=want, findings=findings)


def _said(read: Live, completed: Live, memory: Memory, zone: ZoneInfo) -> Iterator[Said]:
    """List what is taken on somebody's word: what the live system did not show of itself."""
    for address, word in sorted(memory.words.items()):
        if read.state.entries.get(address) != completed.state.entries.get(address):
            yield Said(address, word.by, word.at.astimezone(zone).date())


def _why_unchecked(live: Live, change: Change) -> str:
    spot = live.state.hides(change.address)
    return spot.reason if spot else ""


def _refuse_errors(path: Path, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        faults = sum(finding.level is Level.ERROR for finding in findings)
        raise InputError(f"{path} has {faults} {'fault' if faults == 1 else 'faults'}", findings=in_order(findings))
