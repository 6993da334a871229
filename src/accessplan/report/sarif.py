"""What there is to tell of a plan or a document as SARIF 2.1.0, for code scanning; the list of changes is not in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from inspect import getdoc
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from accessplan import __version__
from accessplan.rail import RAILS
from accessplan.report.marks import ACCESS_TEST, About, Mark, fingerprints, marks_of
from accessplan.report.report import Report
from accessplan.report.safe import sarif_text, spelled_out
from accessplan.risk import RULES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

FINGERPRINT = "accessplan/v1"
"""What our fingerprints are called; another way to make them has another number."""

HELP = {rule.__name__.replace("_", "-"): getdoc(rule) or "" for rule in (*RAILS, *RULES)} | {
    ACCESS_TEST: "An access test of the document is not true of the access that would result.",
}
"""What a rule is about, by its code: rails and risk rules say it in their docstrings."""

_FAMILIES = {
    About.RAIL: "A rail: the plan may not be carried out.",
    About.TEST: "An access test, written under `tests` in the document.",
    About.RISK: "A change of high risk: somebody has to look at it twice.",
    About.DOCUMENT: "A remark on the document: the message says what is wrong, and how to mend it.",
}

_SEVERITIES = {About.RAIL: "9.0", About.TEST: "8.0", About.RISK: "7.5"}
"""From 7 on, code scanning shows a result as high, from 9 on as critical."""


def render(report: Report) -> str:
    """Render what there is to tell of a plan."""
    return render_marks(marks_of(report), "plan")


def render_marks(marks: Sequence[Mark], run: str = "validate") -> str:
    """Render marks; results of different commands (`run`) do not take each other's place in code scanning."""
    rules = {mark.finding.code: mark.about for mark in marks}
    indexes = {code: position for position, code in enumerate(rules)}
    results = [
        _result(mark, indexes[mark.finding.code], each) for mark, each in zip(marks, fingerprints(marks), strict=True)
    ]
    driver = {"name": "accessplan", "version": __version__, "rules": [_rule(*rule) for rule in rules.items()]}
    once = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"accessplan/{run}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [once]}, indent=2) + "\n"


def _rule(code: str, about: About) -> dict[str, Any]:
    long = HELP.get(code) or sarif_text(code.replace("-", " ").capitalize()) or str(about)
    severity = {"security-severity": _SEVERITIES[about]} if about in _SEVERITIES else {}
    return {
        "id": spelled_out(code),
        "shortDescription": {"text": long.partition("\n\n")[0]},
        "help": {"text": f"{long}\n\n{_FAMILIES[about]}"},
        "properties": {"tags": _tags(about), **severity},
    }


def _tags(about: About) -> list[str]:
    return ["access", str(about), *(["security"] if about in _SEVERITIES else [])]


def _result(mark: Mark, rule: int, fingerprint: str) -> dict[str, Any]:
    place, finding = mark.place, mark.finding
    physical = {
        "artifactLocation": {"uri": _uri(place.file)},
        "region": {"startLine": place.line, "startColumn": place.column},
    }
    address = sarif_text(finding.address)
    logical = {"logicalLocations": [{"fullyQualifiedName": address}]} if address else {}
    return {
        "ruleId": spelled_out(finding.code),
        "ruleIndex": rule,
        "level": str(finding.level),
        "message": {"text": sarif_text(mark.text)},
        "locations": [{"physicalLocation": physical, **logical}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }


def _uri(file: str) -> str:
    return quote(PurePath(file).as_posix(), errors="backslashreplace")
