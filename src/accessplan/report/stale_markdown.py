"""What is stale as Markdown, for an issue or a comment: the verdict is open, what matters least is folded."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.report.frame import markdown_identity, markdown_title
from accessplan.report.markdown_part import LONGEST, Part, laid_out
from accessplan.report.safe import code, markdown, visible, visible_address, visible_place
from accessplan.report.stale_report import NOTHING_NEW, OR_ELSE, TO_KEEP, StaleReport
from accessplan.stale import Severity, Stale


def render(report: StaleReport) -> str:
    """Render what is stale as Markdown of less than 60,000 characters."""
    head = "".join(_head(report))
    return head + laid_out(_parts(report), LONGEST - len(head))


def _head(report: StaleReport) -> Iterator[str]:
    yield markdown_title(report, "stale", "Stale access to")
    yield f"**{markdown(report.verdict)}**\n\n"
    ahead = f" · looked {report.within} days ahead" if report.within is not None else ""
    yield markdown_identity(report, f"on {report.today}", note=ahead)
    if report.announcing is not None and not report.announcing.new:
        yield f"{NOTHING_NEW}\n\n"
    if report.found:
        yield "| rule | findings |\n|---|---:|\n"
        yield from (f"| {code(rule)} | {count} |\n" for rule, count in report.by_rule.items())
        yield "\n"


def _parts(report: StaleReport) -> Iterator[Part]:
    for severity in report.by_severity:
        items = tuple(_item(each, report) for each in report.of(severity))
        yield Part(severity.capitalize(), items, folded=severity is Severity.LOW, command="stale")
    if report.announcing is not None:
        over = report.announcing.over.items()
        withdrawn = tuple(f"- {code(visible_address(address))}: {markdown(reason)}" for address, reason in over)
        yield Part("Announced", tuple(_announced(report)), command="history --kind announced")
        yield Part("Withdrawn", withdrawn, command="history --kind 'announcement ended'")
    yield Part(
        "Not looked at", tuple(f"- {markdown(each)}" for each in report.not_covered), folded=True, command="stale"
    )


def _announced(report: StaleReport) -> Iterator[str]:
    """Yield what this run announced, by who answers for it; how to keep it stands on top."""
    heading = f"To keep one: {code(TO_KEEP)}, {markdown(OR_ELSE)}\n\n"
    for owner, theirs in report.by_owner.items():
        who = f"Owner {code(visible(owner))}" if owner else "No owner"
        heading += f"**{who}**, {report.grace(theirs[0])}\n\n"
        for each in theirs:
            yield f"{heading}- [ ] {code(visible_address(each.address))}: {markdown(report.why(each))}"
            heading = ""
        heading = "\n"


def _item(stale: Stale, report: StaleReport) -> str:
    parts = (
        code(stale.rule),
        f"owner {code(visible(stale.owner))}" if stale.owner else "",
        code(visible_place(stale.place)) if stale.place else "",
        markdown(stale.remedy),
        f"not shown: {markdown('; '.join(stale.missing))}" if stale.missing else "",
        report.announcement_of(stale),
    )
    since = report.since(stale)
    told = f"{markdown(stale.message)} ({since})" if since else markdown(stale.message)
    return f"- {code(visible_address(stale.address))}: {told}<br>{' · '.join(filter(None, parts))}"
