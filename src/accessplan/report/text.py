"""A plan as text for people: the verdict first, then the counts, then one line a change and one line of cause."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count as count_up
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from accessplan.model import Grant, Membership, Team, User
from accessplan.plan import Change, Effect
from accessplan.report.console import draw, hanging, heading, number
from accessplan.report.findings import finding_blocks
from accessplan.report.report import KINDS, Report, count, kind_of
from accessplan.report.safe import spelled_out, visible, visible_address
from accessplan.route import Operation, fill_body, fill_path

SIGNS = {
    Effect.INVITE: ("+", "green"),
    Effect.GRANT: ("+", "green"),
    Effect.STRENGTHEN: ("~", "yellow"),
    Effect.UPDATE: ("~", "yellow"),
    Effect.WEAKEN: ("~", "yellow"),
    Effect.CANCEL: ("-", "red"),
    Effect.REVOKE: ("-", "red"),
}

SECTIONS = (
    ("REVOKES", (Effect.REVOKE, Effect.CANCEL)),
    ("CHANGES", (Effect.STRENGTHEN, Effect.WEAKEN, Effect.UPDATE)),
    ("GRANTS", (Effect.INVITE, Effect.GRANT)),
)
"""What is taken away is read first."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a plan is shown: the steps by hand, the requests, and what is held back."""

    steps: bool = True
    requests: bool = False
    held_back: bool = False


USUAL = Detail()


def render(report: Report, *, width: int = 80, color: bool = False, detail: Detail = USUAL) -> str:
    """Render a plan as text of at most `width` columns."""
    return draw(_blocks(report, detail), width=width, color=color)


def _blocks(report: Report, detail: Detail) -> Iterator[RenderableType]:
    yield _identity(report)
    yield ""
    yield _verdict(report)
    if report.plan.changes:
        yield ""
        yield _counts(report)
    if report.refusals:
        yield heading("BLOCKED", len(report.refusals))
        yield from finding_blocks(report.refusals)
    if report.findings:
        yield heading("FINDINGS", len(report.findings))
        yield from finding_blocks(report.findings)
    for title, effects in SECTIONS:
        yield from _section(title, [each for each in report.plan.changes if each.effect in effects], report)
    if detail.steps:
        yield from by_hand_blocks(report.by_hand)
    if detail.requests and report.requests:
        yield heading("REQUESTS", report.requests)
        yield hanging(_request_rows(report))
    yield from _unchecked(report)
    yield from _held_back(report, listed=detail.held_back)


def _identity(report: Report) -> Text:
    organization = f"{visible(report.organization_name)} ({report.organization_id}) on {report.today}"
    return Text(f"{organization}\nwant {visible(report.document)}\nhave {visible(report.live)}", "dim")


def _verdict(report: Report) -> Text:
    plan = report.plan
    if not plan.changes:
        notes = [number(plan.matching, "entry matches", "entries match")]
        notes += [number(len(plan.held_back), "removal held back", "removals held back")] if plan.held_back else []
        notes += [f"{plan.unmanaged} not managed"] if plan.unmanaged else []
        notes += [f"{len(plan.unchecked)} cannot be checked"] if plan.unchecked else []
        return Text.assemble(("No changes.", "bold green"), f" {', '.join(notes)}.")
    effects = [change.effect for change in plan.changes]
    parts = [f"{n} to {effect}" for effect in Effect if (n := effects.count(effect))]
    steps = sum(len(each.steps) for each in report.by_hand)
    carried = [number(report.requests, "request", "requests")] if report.requests else []
    carried += [number(steps, "step by hand", "steps by hand")] if steps else []
    return Text.assemble((f"Plan {plan.id[:12]}: ", "bold"), f"{', '.join(parts)}; in {' and '.join(carried)}.")


def _counts(report: Report) -> Table:
    counts = count(report.plan.changes)
    effects = [effect for effect in Effect if any((kind, effect) in counts for kind in KINDS)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for effect in effects:
        table.add_column(str(effect), justify="right")
    for kind in KINDS:
        row = [counts.get((kind, effect), 0) for effect in effects]
        if any(row):
            table.add_row(f"  {kind}", *map(str, row))
    return table


def _section(title: str, changes: Sequence[Change], report: Report) -> Iterator[RenderableType]:
    if changes:
        by_hand = {change.address for operation in report.by_hand for change in operation.changes}
        ordered = sorted(changes, key=lambda each: (KINDS.index(kind_of(each)), each.address))
        yield heading(title, len(changes))
        yield hanging(_change_row(change, by_hand=change.address in by_hand) for change in ordered)


def _change_row(change: Change, *, by_hand: bool) -> tuple[Text, Text]:
    sign, style = SIGNS[change.effect]
    detail = what(change)
    cause = f"{change.place.file}:{change.place.line}" if change.place else ""
    notes = " · ".join(filter(None, (visible(cause), "by hand" if by_hand else "")))
    line = Text.assemble((visible_address(change.address), style), f"  {detail}" if detail else "")
    return Text(f"  {sign}", style), line.append(f"\n{notes}", "dim") if notes else line


def what(change: Change) -> str:
    """Say in a few words what an entry is, or what of it changes."""
    if change.before is not None and change.after is not None:
        values = change.differences().items()
        return visible("; ".join(f"{name} {_value(before)} => {_value(after)}" for name, (before, after) in values))
    match change.entry:
        case User(role=role) as user:
            name = f"{user.first_name} {user.last_name}".strip()
            return visible(", ".join(filter(None, (name, _value(role)))))
        case Team(leader=leader):
            return visible(f"leader {leader}") if leader else ""
        case Grant():
            return visible(", ".join(change.rights_added or change.rights_removed))
        case Membership():
            return ""


def _value(value: object) -> str:
    if value is None:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")


def by_hand_blocks(operations: Sequence[Operation]) -> Iterator[RenderableType]:
    """Yield the checklist of what a person does in the Manager."""
    steps = [(step, operation.why_manual) for operation in operations for step in operation.steps]
    if not steps:
        return
    yield heading("BY HAND, in the Manager", len(steps))
    positions = count_up(1)
    # Neighbours on one screen share its heading; the order stays, since a demotion may have to wait for a grant.
    for (path, who, why), visit in groupby(steps, key=lambda each: (each[0].path, each[0].who, each[1])):
        yield hanging([(" ", Text.assemble(path, (f"\n{who} · {why}", "dim")))])
        yield hanging((f"  {next(positions):>4}.", spelled_out(step.text)) for step, _ in visit)


def _request_rows(report: Report) -> Iterator[tuple[str, Text]]:
    for operation in report.operations:
        for request in operation.requests:
            body = json.dumps(fill_body(request.body, report.number), ensure_ascii=False) if request.body else ""
            path = spelled_out(fill_path(request, report.number))
            yield f"  {request.method}", Text.assemble(path, (f" {spelled_out(body)}", "dim"))


def _unchecked(report: Report) -> Iterator[RenderableType]:
    rows = [
        ("  ?", Text.assemble(f"{visible_address(change.address)}  {what(change)}", (f"\n{visible(reason)}", "dim")))
        for change, reason in report.unchecked
    ]
    told = {reason for _, reason in report.unchecked}
    sentences = [*(each for each in report.plan.blind if each not in told), *report.not_covered]
    rows += [("  ?", Text(spelled_out(sentence))) for sentence in sentences]
    if rows:
        yield heading("NOT CHECKED", len(rows))
        yield hanging(rows)


def _held_back(report: Report, *, listed: bool) -> Iterator[RenderableType]:
    held_back = report.plan.held_back
    if held_back:
        yield heading("HELD BACK", len(held_back))
        tail = "." if listed else "; --verbose lists them."
        yield Text(f"  policy.mode is additive: what the document does not name stays{tail}")
    if held_back and listed:
        yield hanging(("  =", f"{visible_address(change.address)}  {what(change)}") for change in held_back)
