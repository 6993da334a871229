"""What drifted, in every form: whatever names and reasons hold, it steers nothing."""

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.reports_hostile import HALF, HOSTILE
from tests.test_report_hostile import harmful, too_long

from accessplan.change import Change
from accessplan.drift import Drift, Found, Kind, Pending, Snooze, Why
from accessplan.finding import Place
from accessplan.model import Address, Delegation, Grant, Membership, Team, Use, User
from accessplan.past import Counts
from accessplan.report import drift_text
from accessplan.report.drift_formats import FORMATS
from accessplan.report.drift_report import DriftReport

TODAY = date(2026, 11, 21)
APPLIED = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def report(found, **more: Any):
    usual: dict[str, Any] = {"organization_id": 4242, "organization_name": "Example SA", "document": "access.yaml",
                             "live": "sandbox:organization.yaml", "today": TODAY, "applied_at": APPLIED}  # fmt: skip
    return DriftReport(found=found, **(usual | more))


COUNTS = Counts(65, 62, 60)


def found(*drifts, snoozed=(), pending=(), counts=COUNTS):
    return Found(tuple(drifts), tuple(snoozed), tuple(pending), 1, 3, counts)


def hostile(name):
    """Make a report in which whatever can have a name has this one."""
    subject, place = Address("user", name), Place(name, 3)
    entries = (
        User(name, name, first_name=name, last_name=name),
        Team(name, name),
        Membership(name, name),
        Grant(subject, f"hosting/{name}", frozenset({"technical", name})),
        Use(name, f"drive/{name}", name),
        Delegation(name, name, frozenset({name})),
    )
    moves = [Change(each.address, None, each, place) for each in entries]
    drifts = [
        Drift(kind, move.address, move.before, move.after, Change(move.address, move.after, None, place), along=(move,))
        for kind, move in zip([*Kind, *Kind], moves, strict=True)
    ]
    snooze = Snooze(moves[0].address, {}, TODAY, name, name)
    pending = [Pending(move, why, APPLIED, name) for why in Why for move in moves]
    return report(
        found(*drifts, snoozed=[(drifts[0], snooze)], pending=pending),
        organization_name=name, document=name, live=name, not_covered=(name,), commit=name,
        by_hand=frozenset({moves[0].address}),
    )  # fmt: skip


BAD = pytest.mark.parametrize("bad", [*HOSTILE.values(), HALF], ids=[*HOSTILE, "half"])


@BAD
@pytest.mark.parametrize("form", FORMATS)
def test_hostile_names_in_every_format(form, bad):
    """Whatever things are called, every form steers nothing, hides nothing, and can be written to a file."""
    rendered = FORMATS[form](hostile(bad))
    assert harmful(rendered) == set()
    rendered.encode()
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(rendered)))
        assert not [cell for row in rows for cell in row.values() if cell and cell.lstrip()[:1] in set("=+-@")]


@BAD
@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit(width, bad):
    """No line of the text is wider than the terminal, whatever is listed."""
    rendered = drift_text.render(hostile(bad), width=width, listed=True)
    assert (harmful(rendered), too_long(rendered, width)) == (set(), [])


def test_the_same_report_gives_the_same_bytes():
    """Nothing in a form comes from the clock or the order of a set."""
    for render in FORMATS.values():
        assert render(hostile("a")) == render(hostile("a"))


def test_many_fit_a_comment():
    """Of thousands of entries a comment shows as many as fit, and counts the rest."""
    users = [User(f"u{n}@x.example", "external") for n in range(5000)]
    drifts = [Drift(Kind.UNMANAGED, each.address, None, each, Change(each.address, each, None)) for each in users]
    text = FORMATS["md"](report(found(*drifts)))
    assert len(text) < 60_000
    assert "more, which `accessplan drift` lists" in text
    assert "5000 entries drifted" in text


ONE = User("ana@example.ch", "collaborator")


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (report(found()), "No drift. 62 of 65 live entries managed (95 %), 3 unmanaged as before."),
        (report(found(counts=Counts(0, 0, 0))), "No drift. 0 of 0 live entries managed, 3 unmanaged as before."),
        (report(found(), applied_at=None), "Nothing differs; no apply is on record. 62 of 65"),
        (report(found(counts=Counts(1000, 999, 1))), "No drift. 999 of 1000 live entries managed (99 %)"),
    ],
)
def test_verdict(report, verdict):
    """The verdict says whether anything drifted, and how much of what is live is managed, rounded down."""
    assert report.verdict.startswith(verdict)


def test_days_are_of_the_organization():
    """Days are those of the organization's calendar, and nobody sees what is to come."""
    zone = timezone(timedelta(hours=1))
    drift = Drift(Kind.UNMANAGED, ONE.address, None, ONE, Change(ONE.address, ONE, None), APPLIED)
    assert report(found(drift)).first_seen(drift) == date(2026, 11, 20)
    there = report(found(drift), zone=zone)
    assert (there.first_seen(drift), there.age(drift)) == (TODAY, 0)
    assert report(found(drift), today=date(2026, 11, 1)).age(drift) == 0
