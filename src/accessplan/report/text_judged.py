"""What is judged of a plan, as text: the verdict, what blocks it, what is dangerous, and what it means to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from accessplan.change import Change
from accessplan.expect import Outcome, Verdict
from accessplan.report import summary
from accessplan.report.changes import SIGNS
from accessplan.report.consent import KEY, as_yaml, consents_asked
from accessplan.report.console import hanging, heading
from accessplan.report.findings import finding_blocks
from accessplan.report.judged import FEW, about, against, high_risk, why
from accessplan.report.reach import lines_on, person, reached, risk_first, through
from accessplan.report.report import Report
from accessplan.report.safe import spelled_out, visible, visible_address, visible_place

MOST = 20
"""How many people, consents, and people against an access test are listed, unless all are asked for."""

GAP = 2

TEST_SIGNS = {Verdict.FAILED: ("x", "bold red"), Verdict.WARNED: ("!", "yellow")}


def verdict_line(report: Report) -> Iterator[RenderableType]:
    """Yield the verdict, and what there is to do."""
    if judged := summary.judged(report):
        yield Text(judged, "bold red" if report.judgement.is_blocked else "bold yellow")
    headline, rest = summary.verdict(report)
    yield Text.assemble((headline, "bold" if report.plan.changes else "bold green"), f" {rest}")


def count_blocks(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the counts in one table, or in two, one above the other, where the screen is too narrow."""
    if not report.plan.changes:
        return
    effects, causes = summary.effect_table(report), summary.origin_table(report)
    both = summary.count_table(report, bar="|")
    for table in [both] if _width(both) <= width or both == effects else [effects, causes]:
        yield ""
        yield _drawn(table)


def blocked_blocks(report: Report) -> Iterator[RenderableType]:
    """Yield what blocks the plan, each with a few of the changes it is about."""
    blocks = list(against(report))
    if blocks:
        yield heading("BLOCKED", len(blocks))
    for finding, changes in blocks:
        yield from finding_blocks([finding])
        yield hanging(_blocked_row(change, report) for change in changes[:FEW])
        if len(changes) > FEW:
            yield hanging([("     ", f"and {len(changes) - FEW} more")])


def high_risk_blocks(report: Report) -> Iterator[RenderableType]:
    """Yield the changes of high risk, each with its cause and what makes it so."""
    changes = high_risk(report)
    if changes:
        yield heading("HIGH RISK", len(changes))
        yield hanging(_risk_row(change, report) for change in changes)


def people_blocks(report: Report, *, listed: bool) -> Iterator[RenderableType]:
    """Yield what the plan means for people, a block each; those at risk first, and the last ones only counted."""
    people = risk_first(report)
    if not people:
        return
    yield heading("PEOPLE AFFECTED", len(people))
    shown = people if listed else people[:MOST]
    for each in shown:
        yield hanging([(" ", person(each.who, visible))])
        lines = lines_on(each, visible, None) if listed else lines_on(each, visible)
        yield hanging((Text(f"    {line.sign}", line.style), line.words) for line in lines)
    if len(people) > len(shown):
        yield hanging([(" ", f"and {len(people) - len(shown)} more, --verbose lists them")])


def consent_blocks(report: Report, width: int, *, listed: bool) -> Iterator[RenderableType]:
    """Yield the consents that would lift rails, ready to paste, and those that are in force."""
    asked = consents_asked(report)
    shown = asked if listed else asked[:MOST]
    if asked:
        yield heading("ACKNOWLEDGE", len(asked))
        yield Text("To allow what is blocked, paste this into the document and fill in each reason:\n", "dim")
        yield Text("\n".join([KEY, *as_yaml(shown, width)]), no_wrap=True, overflow="ignore")
    if len(asked) > len(shown):
        yield f"  # and {len(asked) - len(shown)} more, --verbose lists them"
    consented = report.judgement.consented
    if consented:
        yield heading("CONSENTED", len(consented))
    for address, consent in sorted(consented.items()):
        place = visible_place(consent.place)
        line = f"{visible(consent.effect)} {visible_address(address)}  {visible(consent.reason)}"
        yield hanging([("  =", Text.assemble(line, (f"\n{place} · until {consent.until}", "dim")))])


def test_blocks(report: Report) -> Iterator[RenderableType]:
    """Yield how the access tests came out: those that passed are counted, the others told with who is against them."""
    tests = report.judgement.tests
    counts = Counter(each.verdict for each in tests)
    if not tests or (not report.plan.changes and not set(counts) & TEST_SIGNS.keys()):
        return
    yield heading("ACCESS TESTS", len(tests))
    yield hanging([(" ", ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]))])
    for verdict, (sign, style) in TEST_SIGNS.items():
        chosen = (each for each in tests if each.verdict is verdict)
        yield hanging((Text(f"  {sign}", style), _outcome(outcome)) for outcome in chosen)


def _outcome(outcome: Outcome) -> Text:
    test = outcome.test
    place = visible_place(test.place)
    until = f"warns until {test.warn_until}" if outcome.verdict is Verdict.WARNED and test.warn_until else ""
    text = Text(f"{visible(test.name)}: {spelled_out(outcome.message)}")
    if note := " · ".join(filter(None, (place, until))):
        text.append(f"\n{note}", "dim")
    return text.append("".join(f"\n{line}" for line in _people_against(outcome)))


def _people_against(outcome: Outcome) -> Iterator[str]:
    lines = [
        f"{person(path.who, visible)} reaches {reached(path, visible)} through {through(path, visible, path.what)}"
        for path in outcome.paths
    ]
    on_paths = {path.who for path in outcome.paths}
    lines += [person(who, visible) for who in outcome.people if who not in on_paths]
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"and {len(lines) - MOST} more"


def _blocked_row(change: Change, report: Report) -> tuple[Text, str]:
    sign, style = SIGNS[change.effect]
    return Text(f"    {sign}", style), f"{visible_address(change.address)}  {about(change, report, visible)}".rstrip()


def _risk_row(change: Change, report: Report) -> tuple[Text, Text]:
    sign, style = SIGNS[change.effect]
    said = about(change, report, visible)
    line = Text.assemble((visible_address(change.address), style), f"  {said}" if said else "")
    line.append(f"\n{why(change, report)}", "dim")
    for risk in report.judgement.risks[change.address]:
        line.append(f"\n{spelled_out(risk.message)}", "red").append(f" [{visible(risk.rule)}]", "dim")
    return Text(f"  {sign}", style), line


def _width(table: summary.Table) -> int:
    heads, rows = table
    columns = zip(heads, *rows, strict=True)
    return GAP + sum(max(map(cell_len, column)) + GAP for column in columns)


def _drawn(table: summary.Table) -> Table:
    heads, rows = table
    drawn = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for position, head in enumerate(heads):
        drawn.add_column(head, justify="right" if position else "left")
    for kind, *numbers in rows:
        drawn.add_row(f"  {kind}", *numbers)
    return drawn
