"""What machines are told of a plan or of a document: findings, each with a place, the gravest first."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from accessplan.expect import Verdict
from accessplan.finding import Finding, Level, Place, error, warning
from accessplan.report.changes import deed
from accessplan.report.report import Report

ACCESS_TEST = "access-test"
"""The code of every access test that does not pass; its message names the test."""

_NUMBER = re.compile(r"\d+")


class About(StrEnum):
    """What a finding is about."""

    RAIL = "rail"
    TEST = "test"
    RISK = "risk"
    DOCUMENT = "document"


class Mark(NamedTuple):
    """A finding that is held at a place."""

    about: About
    finding: Finding

    @property
    def place(self) -> Place:
        """Where it is held: a line of the document, the first where there is no better one."""
        if self.finding.place is None:
            raise AssertionError("a mark has a place")
        return self.finding.place

    @property
    def text(self) -> str:
        """All that it says, in one line."""
        finding = self.finding
        return " · ".join(filter(None, (finding.message, finding.address, finding.hint))) or finding.code


def marks_of(report: Report) -> tuple[Mark, ...]:
    """List what is to be told of a plan: rails that refuse it, access tests, changes of high risk, and findings."""
    placed = next((change.place for change in report.plan.changes if change.place), None)
    return _in_order(_marks(report), placed.file if placed else report.document)


def marks_on(findings: Iterable[Finding], document: str) -> tuple[Mark, ...]:
    """List what is to be told of a document."""
    return _in_order((Mark(About.DOCUMENT, each) for each in findings), document)


def fingerprints(marks: Sequence[Mark]) -> list[str]:
    """Give each mark 32 hexadecimal digits that stay the same while lines and counts vary; no two are the same."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for mark in marks:
        finding = mark.finding
        key = (mark.about, finding.code, mark.place.file, finding.address, _NUMBER.sub("#", finding.message))
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        found.append(hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:32])
    return found


def _in_order(marks: Iterable[Mark], file: str) -> tuple[Mark, ...]:
    """Put errors first, since some readers show no more than ten of a run."""
    somewhere = Place(file, 1)
    placed = (Mark(about, replace(each, place=each.place or somewhere)) for about, each in marks)
    return tuple(sorted(placed, key=lambda mark: mark.finding.level is not Level.ERROR))


def _marks(report: Report) -> Iterator[Mark]:
    changes = {change.address: change for change in report.plan.changes}
    for refusal in report.judgement.refusals:
        about = (changes[address].place for address in refusal.changes if address in changes)
        place = refusal.finding.place or next(filter(None, about), None)
        yield Mark(About.RAIL, replace(refusal.finding, place=place))
    for outcome in report.judgement.tests:
        if outcome.verdict is not Verdict.PASSED:
            make = error if outcome.verdict is Verdict.FAILED else warning
            yield Mark(About.TEST, make(ACCESS_TEST, f"{outcome.test.name}: {outcome.message}", outcome.test.place))
    for address, risks in report.judgement.risks.items():
        if change := changes.get(address):
            for risk in risks:
                message = f"{deed(change)}: {risk.message}"
                yield Mark(About.RISK, warning(risk.rule, message, change.place, address=str(address)))
    for finding in report.findings:
        yield Mark(About.DOCUMENT, finding)
