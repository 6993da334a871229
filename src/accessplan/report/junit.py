"""Rails, access tests and the findings on a document as JUnit's XML: a test case each.

It fits the schema of Jenkins' xUnit plugin, and GitLab reads it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from accessplan.expect import Verdict
from accessplan.finding import Level
from accessplan.rail import RAILS
from accessplan.report.marks import About, Mark, marks_of
from accessplan.report.report import Report
from accessplan.report.safe import spelled_out


class Case(NamedTuple):
    """A test case: it fails with a message, or passes, with something to say where there is one all the same."""

    name: str
    fails: bool = False
    message: str = ""


def render(report: Report) -> str:
    """Render the rails, the access tests and the findings of a plan; changes of high risk are no tests."""
    marks = marks_of(report)
    suites = {
        "rails": tuple(_rails(marks)),
        "access tests": tuple(_tests(report)),
        "document": tuple(_findings(marks)),
    }
    return _write(suites)


def render_marks(marks: Sequence[Mark]) -> str:
    """Render the findings on a document."""
    return _write({"document": tuple(_findings(marks))})


def _rails(marks: Iterable[Mark]) -> Iterator[Case]:
    refusing: dict[str, list[str]] = {rail.__name__.replace("_", "-"): [] for rail in RAILS}
    for mark in marks:
        if mark.about is About.RAIL:
            refusing.setdefault(mark.finding.code, []).append(_located(mark))
    for code, messages in refusing.items():
        yield Case(code, bool(messages), "\n".join(messages))


def _tests(report: Report) -> Iterator[Case]:
    for outcome in report.judgement.tests:
        place = outcome.test.place
        where = f"{place}: " if place and outcome.message else ""
        yield Case(outcome.test.name, outcome.verdict is Verdict.FAILED, f"{where}{outcome.message}")


def _findings(marks: Iterable[Mark]) -> Iterator[Case]:
    found = [mark for mark in marks if mark.about is About.DOCUMENT]
    for mark in found:
        finding = mark.finding
        name = f"{finding.code} {finding.address or mark.place}"
        yield Case(name, finding.level is Level.ERROR, _located(mark))
    if not found:
        yield Case("nothing to say of it")


def _located(mark: Mark) -> str:
    return f"{mark.place}: {mark.text}"


def _write(suites: dict[str, tuple[Case, ...]]) -> str:
    every = [case for cases in suites.values() for case in cases]
    root = Element("testsuites", {"name": "accessplan"} | _counts(every))
    for name, cases in suites.items():
        suite = SubElement(root, "testsuite", {"name": name} | _counts(cases))
        for case in cases:
            _write_case(suite, f"accessplan.{name}", case)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _write_case(suite: Element, group: str, case: Case) -> None:
    element = SubElement(suite, "testcase", {"name": spelled_out(case.name), "classname": group})
    message = "\n".join(map(spelled_out, case.message.split("\n")))
    if case.fails:
        first, _, _ = message.partition("\n")
        SubElement(element, "failure", {"message": first}).text = message
    elif message:
        SubElement(element, "system-out").text = message


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    return {"tests": str(len(cases)), "failures": str(sum(case.fails for case in cases)), "errors": "0"}
