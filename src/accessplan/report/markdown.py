"""A plan as Markdown, for a comment on a pull request or an issue: what is long is folded, the checklist can be ticked.

GitHub takes 65,536 characters. What does not fit is counted, and every part keeps a share of the room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accessplan.change import Change
from accessplan.finding import Finding
from accessplan.report.changes import SECTIONS, SIGNS, TO_ATTEST, any_to_attest, notes, what
from accessplan.report.checklist import visits
from accessplan.report.report import Report, Said, in_order_of_reading
from accessplan.report.safe import code, markdown, markdown_value, visible, visible_address
from accessplan.report.summary import count_table, verdict

LONGEST = 59_000
"""How many characters a comment has at most."""

MORE = 100
"""Room for the line that counts what does not fit."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the comment: `items` are lines of Markdown, one for each thing that is counted."""

    title: str
    items: tuple[str, ...]
    folded: bool = False

    def render(self, room: int) -> str:
        """Render as many items as there is room for, and count the rest."""
        title = f"{self.title} ({len(self.items)})"
        begin, end = ("<details><summary>", "</summary>\n\n") if self.folded else ("### ", "\n\n")
        close = "\n</details>\n\n" if self.folded else "\n"
        room -= len(begin + title + end + close) + MORE
        shown = []
        for item in self.items:
            room -= len(item) + 1
            if room < 0:
                break
            shown.append(f"{item}\n")
        left = len(self.items) - len(shown)
        rest = f"\n… and {left:,} more, which `accessplan plan` lists.\n" if left else ""
        return f"{begin}{title}{end}{''.join(shown)}{rest}{close}"


def render(report: Report) -> str:
    """Render a plan as Markdown of less than 60,000 characters."""
    head, tail = "".join(_head(report)), _tail(report)
    parts = [part for part in _parts(report) if part.items]
    shares = share_out(LONGEST - len(head) - len(tail), [len(part.render(LONGEST**2)) + MORE for part in parts])
    return head + "".join(part.render(room) for part, room in zip(parts, shares, strict=True)) + tail


def share_out(room: int, wishes: Sequence[int]) -> list[int]:
    """Share room out so that small wishes are met, and large ones get equal parts of what is left."""
    shares = [0] * len(wishes)
    smallest_first = sorted(range(len(wishes)), key=wishes.__getitem__)
    for met, position in enumerate(smallest_first):
        shares[position] = min(wishes[position], room // (len(wishes) - met))
        room -= shares[position]
    return shares


def _head(report: Report) -> Iterator[str]:
    headline, rest = verdict(report)
    yield f"<!-- accessplan plan {report.organization_id} -->\n"
    yield f"## Access to {markdown(visible(report.organization_name))}\n\n"
    yield f"**{markdown(headline)}** {rest}\n\n"
    sides = f"want {code(visible(report.document))} · have {code(visible(report.live))}"
    yield f"Organization {report.organization_id} on {report.today} · {sides}\n\n"
    if report.plan.changes:
        heads, rows = count_table(report)
        ruler = ["---", *["---:"] * (len(heads) - 1)]
        yield from (f"| {' | '.join(row)} |\n" for row in (heads, ruler, *rows))
        yield "\n"


def _parts(report: Report) -> Iterator[Part]:
    plan, by_hand = report.plan, report.addresses_by_hand
    yield Part("Blocked", tuple(map(_finding, report.refusals)))
    yield Part("Findings", tuple(map(_finding, report.findings)))
    for title, effects in SECTIONS:
        chosen = in_order_of_reading(change for change in plan.changes if change.effect in effects)
        lines = (_line(each, " · ".join(notes(each, by_hand=each.address in by_hand))) for each in chosen)
        yield Part(title, tuple(lines), folded=True)
    yield Part("By hand, in the Manager", tuple(_checklist(report)))
    yield Part("Waiting", tuple(_line(change, reason) for change, reason in plan.waiting))
    unchecked = (_line(change, reason) for change, reason in report.unchecked)
    yield Part("Not checked", (*unchecked, *(f"- {markdown(sentence)}" for sentence in report.not_checked)))
    yield Part("On somebody's word", tuple(map(_word, report.said)), folded=True)
    yield Part("Held back", tuple(_line(change, "") for change in plan.held_back), folded=True)


def _checklist(report: Report) -> Iterator[str]:
    for position, visit in enumerate(visits(report.by_hand)):
        gap = "\n" if position else ""
        heading = f"{gap}**{markdown(visit.path)}**\n\n{markdown(' · '.join(filter(None, [visit.who, visit.why])))}\n\n"
        for number, step in visit.steps:
            lines = "".join(f"\n  - {markdown_value(line)}" for line in step.lines)
            yield f"{heading}- [ ] **{number}.** {markdown(step.text)}{lines}"
            heading = ""


def _line(change: Change, note: str) -> str:
    sign, _ = SIGNS[change.effect]
    parts = [f"- {code(sign)} {code(visible_address(change.address))}", markdown(what(change)), "—", markdown(note)]
    return " ".join(filter(None, parts if note else parts[:2]))


def _word(said: Said) -> str:
    return f"- {code(visible_address(said.address))} said by {markdown(visible(said.by))} on {said.on}"


def _finding(finding: Finding) -> str:
    place = visible(str(finding.place)) if finding.place else ""
    notes_ = [markdown(each) for each in (place, visible(finding.address), finding.hint) if each]
    return f"- {markdown(finding.message)} — {' · '.join([*notes_, code(finding.code)])}"


def _tail(report: Report) -> str:
    return f"Once done, say so: `{TO_ATTEST}` (`--all` for all of them)\n" if any_to_attest(report.plan.changes) else ""
