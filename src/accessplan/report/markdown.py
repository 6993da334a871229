"""A plan as Markdown, for a comment on a pull request or an issue: the verdict is open, what is long is folded.

What does not fit is counted, and every part keeps a share of the room; the checklist can be ticked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accessplan.access import Difference
from accessplan.change import Change
from accessplan.expect import Outcome, Verdict
from accessplan.finding import Finding
from accessplan.policy import Consent
from accessplan.report import summary
from accessplan.report.changes import SIGNS, TO_ATTEST, any_to_attest, what
from accessplan.report.checklist import visits
from accessplan.report.consent import KEY, as_yaml, consents_asked
from accessplan.report.frame import markdown_identity, markdown_title
from accessplan.report.judged import FEW, about, against, high_risk, remarks, sections, why
from accessplan.report.markdown_part import LONGEST, Part, laid_out
from accessplan.report.reach import lines_on, person, reached, risk_first, through
from accessplan.report.report import Report, Said
from accessplan.report.safe import code, markdown, markdown_value, visible, visible_address, visible_place

MOST = 20
"""How many people stand under an access test; the rest is counted."""


def render(report: Report) -> str:
    """Render a plan as Markdown of less than 60,000 characters."""
    head, tail = "".join(_head(report)), _tail(report)
    return head + laid_out(_parts(report), LONGEST - len(head) - len(tail)) + tail


def _head(report: Report) -> Iterator[str]:
    judged, (headline, rest) = summary.judged(report), summary.verdict(report)
    yield markdown_title(report, "plan", "Access to")
    yield f"**{judged}**\n\n" if judged else ""
    yield f"**{markdown(headline)}** {rest}\n\n"
    yield markdown_identity(report, report.day, base=report.base)
    if report.plan.changes:
        heads, rows = summary.count_table(report)
        ruler = ["---", *["---:"] * (len(heads) - 1)]
        yield from (f"| {' | '.join(row)} |\n" for row in (heads, ruler, *rows))
        yield "\n"


def _parts(report: Report) -> Iterator[Part]:
    plan, said = report.plan, remarks(report)
    yield Part("Blocked", tuple(_blocked(finding, changes, report) for finding, changes in against(report)))
    yield Part("High risk", tuple(_risky(change, report) for change in high_risk(report)))
    yield Part("Findings", tuple(map(_finding, report.findings)), folded=True)
    for group, title, changes in sections(report):
        name = f"{group}: {title.lower()}" if group else title
        yield Part(name, tuple(_change(change, report, said(change)) for change in changes), folded=True)
    yield Part("People affected", tuple(map(_person, risk_first(report))), folded=True)
    yield Part("By hand, in the Manager", tuple(_checklist(report)), folded=True)
    yield Part(
        "Acknowledge", tuple(as_yaml(consents_asked(report))), folded=True, begins=f"{KEY}  # fill in each reason"
    )
    consented = sorted(report.judgement.consented.items())
    yield Part("Consented", tuple(_consent(consent) for _, consent in consented), folded=True)
    yield Part("Access tests", tuple(_tests(report)), folded=True)
    waiting = (_line(change, markdown(what(change)), reason) for change, reason in plan.waiting)
    yield Part("Waiting", tuple(waiting), folded=True)
    unchecked = (_line(change, markdown(what(change)), reason) for change, reason in report.unchecked)
    sentences = (f"- {markdown(sentence)}" for sentence in report.not_checked)
    yield Part("Not checked", (*unchecked, *sentences), folded=True)
    yield Part("On somebody's word", tuple(map(_word, report.said)), folded=True)
    yield Part("Held back", tuple(_line(change, markdown(what(change)), "") for change in plan.held_back), folded=True)


def _shown(name: str) -> str:
    return markdown_value(visible(name)) if name.strip() else code(name)


def _blocked(finding: Finding, changes: Sequence[Change], report: Report) -> str:
    lines = [f"  {_line(change, about(change, report, _shown, markdown), '')}" for change in changes[:FEW]]
    lines += [f"  - and {len(changes) - FEW} more"] if len(changes) > FEW else []
    return "\n".join([_finding(finding), *lines])


def _risky(change: Change, report: Report) -> str:
    risks = report.judgement.risks[change.address]
    return "\n".join([
        _change(change, report, why(change, report)),
        *(f"  {_item(markdown(risk.message), code(visible(risk.rule)))}" for risk in risks),
    ])  # fmt: skip


def _change(change: Change, report: Report, note: str) -> str:
    return _line(change, about(change, report, _shown, markdown), note)


def _line(change: Change, detail: str, note: str) -> str:
    sign, _ = SIGNS[change.effect]
    parts = [f"- {code(sign)} {code(visible_address(change.address))}", detail]
    return " ".join(filter(None, [*parts, "—", markdown(note)] if note else parts))


def _person(each: Difference) -> str:
    lines = (f"  - {code(line.sign)} {line.words}" for line in lines_on(each, _shown))
    return "\n".join([f"- {person(each.who, _shown)}", *lines])


def _checklist(report: Report) -> Iterator[str]:
    for position, visit in enumerate(visits(report.by_hand)):
        gap = "\n" if position else ""
        heading = f"{gap}**{markdown(visit.path)}**\n\n{markdown(' · '.join(filter(None, [visit.who, visit.why])))}\n\n"
        for number, step in visit.steps:
            lines = "".join(f"\n  - {markdown_value(line)}" for line in step.lines)
            yield f"{heading}- [ ] **{number}.** {markdown(step.text)}{lines}"
            heading = ""


def _consent(consent: Consent) -> str:
    change = code(f"{consent.effect} {visible_address(consent.address)}")
    place = markdown(visible_place(consent.place))
    return _item(f"{change} {markdown(visible(consent.reason))}", f"{place} · until {consent.until}")


def _tests(report: Report) -> Iterator[str]:
    for verdict in reversed(Verdict):
        yield from (_test(each) for each in report.judgement.tests if each.verdict is verdict)


def _test(outcome: Outcome) -> str:
    test = outcome.test
    place = markdown(visible_place(test.place))
    until = f"warns until {test.warn_until}" if outcome.verdict is Verdict.WARNED and test.warn_until else ""
    notes = " · ".join(filter(None, (place, until)))
    message = f": {markdown(outcome.message)}" if outcome.message else ""
    against = [f"  - {line}" for line in _people_against(outcome)]
    against[MOST:] = [f"  - and {len(against) - MOST} more"] if len(against) > MOST else []
    return "\n".join([_item(f"{outcome.verdict}: {_shown(test.name)}{message}", notes), *against])


def _people_against(outcome: Outcome) -> Iterator[str]:
    for path in outcome.paths:
        yield f"{person(path.who, _shown)} reaches {reached(path, _shown)} through {through(path, _shown, path.what)}"
    on_paths = {path.who for path in outcome.paths}
    yield from (person(who, _shown) for who in outcome.people if who not in on_paths)


def _word(said: Said) -> str:
    return f"- {code(visible_address(said.address))} said by {markdown(visible(said.by))} on {said.on}"


def _finding(finding: Finding) -> str:
    place = visible(str(finding.place)) if finding.place else ""
    notes = map(markdown, (place, visible(finding.address), finding.hint))
    return _item(markdown(finding.message), " · ".join([*filter(None, notes), code(visible(finding.code))]))


def _item(said: str, note: str) -> str:
    return f"- {' — '.join(filter(None, (said, note)))}"


def _tail(report: Report) -> str:
    return f"Once done, say so: `{TO_ATTEST}` (`--all` for all of them)\n" if any_to_attest(report.plan.changes) else ""
