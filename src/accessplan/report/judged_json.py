"""What is judged of a plan, as JSON: rails, people, access tests and consent."""

from __future__ import annotations

from typing import Any

from accessplan.access import Difference, Path, Reached
from accessplan.expect import Outcome
from accessplan.finding import Finding, Place
from accessplan.rail import Refusal
from accessplan.report.change_json import addresses, kept_json
from accessplan.report.consent import consents_asked
from accessplan.report.report import Report


def rails_json(report: Report) -> list[dict[str, Any]]:
    """Return why the plan is refused, each with the changes it is about."""
    ids = {change.address: change.id for change in report.plan.changes}

    def rail(refusal: Refusal) -> dict[str, Any]:
        about = [ids[address] for address in refusal.changes if address in ids]
        return finding_json(refusal.finding) | {"changes": about, "may_consent": refusal.may_consent}

    return [rail(refusal) for refusal in report.judgement.refusals]


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding."""
    return {
        "code": finding.code,
        "level": str(finding.level),
        "message": finding.message,
        "place": _place(finding.place),
        "address": finding.address or None,
        "hint": finding.hint or None,
    }


def judged_json(report: Report) -> dict[str, Any]:
    """Return what the plan means to people, how the access tests came out, and what is or would be consented to."""
    judgement = report.judgement
    return {
        "effective_access": [_person(each) for each in judgement.people],
        "tests": [_test(each) for each in judgement.tests],
        "acknowledge": [
            {"change": each.change, "until": each.until.isoformat(), "reason": ""} for each in consents_asked(report)
        ],
        "consents": [
            {
                "change": f"{each.effect} {each.address}",
                "until": each.until.isoformat(),
                "reason": each.reason,
                "place": _place(each.place),
            }
            for _, each in sorted(judgement.consented.items())
        ],
    }


def _person(each: Difference) -> dict[str, Any]:
    return {
        "who": str(each.who),
        "gained": [_reached(one) for one in each.gained],
        "lost": [_reached(one) for one in each.lost],
        "kept": [kept_json(one) for one in each.kept],
        "takeovers": [
            {
                "becomes": str(one.becomes),
                "through": addresses(one.through),
                "gives": [_reached(thing) for thing in one.gives],
            }
            for one in each.takeovers
        ],
    }


def _test(outcome: Outcome) -> dict[str, Any]:
    test = outcome.test
    return {
        "name": test.name,
        "verdict": str(outcome.verdict),
        "message": outcome.message or None,
        "people": addresses(outcome.people),
        "paths": [_path(path) for path in outcome.paths],
        "warn_until": test.warn_until.isoformat() if test.warn_until else None,
        "place": _place(test.place),
    }


def _path(path: Path) -> dict[str, Any]:
    return {"who": str(path.who), **_reached(Reached(path.what, path.rights)), "through": addresses(path.through)}


def _reached(each: Reached) -> dict[str, Any]:
    return {"what": each.what, "rights": sorted(each.rights)}


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place else None
