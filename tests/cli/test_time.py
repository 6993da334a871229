"""Days and moments on the command line: the organization's clock counts, not the machine's."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.cli.given import HEAD, TODAY
from tests.cli.repository import begin

from accessplan.errors import PlanRefused
from accessplan.have.moments import Moments, signals
from accessplan.model import Grant, State, User
from accessplan.plan import Want
from accessplan.policy import Life
from accessplan.record import Record
from accessplan.review import reviews
from accessplan.saved import LIFETIME, SavedPlan, check_age
from accessplan.signals import Signal
from accessplan.stale import Look, find

ZURICH = ZoneInfo("Europe/Zurich")
GUS = User("gus@agency.example", "external")


# the machine's zone


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Pacific/Kiritimati", "America/St_Johns"])
def test_the_machines_zone_does_not_matter(command, example, zone):
    """A plan is of the day that it is in the organization's zone, wherever the runner's clock is set."""
    (example / "there.yaml").write_text(HEAD.replace("live:", f"timezone: {zone}, live:"))

    def day(here):
        return json.loads(command("plan", "there.yaml", "--format", "json", cwd=example, TZ=here).stdout)["inputs"][
            "today"
        ]

    before = datetime.now(ZoneInfo(zone)).date()
    days = {day(here) for here in ("Pacific/Kiritimati", "America/St_Johns", "Etc/GMT+12")}
    after = datetime.now(ZoneInfo(zone)).date()
    assert days <= {before.isoformat(), after.isoformat()}


def test_a_ledger_is_the_same_in_every_zone(command, example):
    """What one machine writes down another reads, whatever the zone of each: the moment is the same."""
    (example / "yara.yaml").write_text(
        f"{HEAD}users: {{y@example.ch: {{first_name: Y, last_name: S, role: external}}}}\n"
    )
    command("attest", "--all", "--by", "Claire", *TODAY, cwd=example, TZ="Pacific/Kiritimati")
    rows = json.loads(command("history", "--format", "json", cwd=example, TZ="America/St_Johns").stdout)["rows"]
    assert {row["at"] for row in rows} == {"2026-11-21T12:00:00+00:00"}
    assert command("history", "verify", cwd=example, TZ="America/St_Johns").code == 0


def test_on_whose_word_since_when(cli, example):
    """The day of somebody's word is the day that it was in the organization's zone."""
    document = (example / "access.yaml").read_text()
    (example / "access.yaml").write_text(document.replace("Europe/Zurich", "Pacific/Kiritimati"))
    assert cli("attest", "--all", "--by", "Claire", *TODAY).code == 0
    told = json.loads(cli("plan", "--format", "json", "--today", "2026-11-25").stdout)["attested"]
    assert {each["on"] for each in told} == {"2026-11-22"}


def test_the_day_of_a_commit_is_its_authors(cli, tmp_path, monkeypatch):
    """The day of a commit is told as Git tells it: by the clock of who made it."""
    monkeypatch.chdir(tmp_path)
    repository = begin(tmp_path)
    repository.change(("members: [ana@example.ch]", "members: [ana@example.ch] # by night"))
    repository.commit("After midnight", at="2026-11-10T00:30:00+01:00")
    repository.change(("grants: {hosting/*: [technical, statistic]}", "grants: {hosting/*: [statistic, technical]}"))
    repository.commit("Before midnight", at="2026-11-12T23:30:00-03:30")
    told = json.loads(cli("explain", "ana@example.ch", "--format", "json", *TODAY).stdout)
    written = [station["commit"] for path in told["paths"] for station in path["through"]]
    days = {each["subject"]: each["date"] for each in written}
    assert (days["After midnight"], days["Before midnight"]) == ("2026-11-10", "2026-11-12")


# ages across time changes, and leap days


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:59+00:00", date(2026, 3, 28)),
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
    ],
)
def test_the_day_of_a_login(moment, day):
    """A login counts on the day that it was in the organization, also when clocks change."""
    seconds = int(datetime.fromisoformat(moment).timestamp())
    found = signals({GUS.address: Moments(used=seconds)}, ZURICH)
    assert found[GUS.address].used == day


def look(day, used, **life):
    have = State({each.address: each for each in (GUS, Grant(GUS.address, "hosting/*", frozenset({"technical"})))})
    records = {GUS.address: Record(since=date(2026, 1, 1), reviewed=used)}
    signal = {GUS.address: Signal(since=date(2026, 1, 1), used=used)}
    want = Want(have, {}, {}, {})
    return Look(have, want, signal, records, {}, Life(**life), day)


@pytest.mark.parametrize("used", [date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28)])
def test_an_age_is_a_number_of_days(used):
    """Without use for so many days means days of the calendar, be they 23 or 25 hours long, or a leap day."""

    def is_inactive(day):
        return "inactive-user" in {each.rule for each in find(look(day, used, inactive=30))}

    last = used + timedelta(30)
    assert [is_inactive(last + timedelta(more)) for more in (0, 1)] == [False, True]


@pytest.mark.parametrize(
    ("reviewed", "every", "due"),
    [
        (date(2026, 3, 28), 1, date(2026, 3, 29)),
        (date(2026, 10, 25), 1, date(2026, 10, 26)),
        (date(2028, 2, 29), 365, date(2029, 2, 28)),
        (date(2027, 2, 28), 366, date(2028, 2, 29)),
        (date(9999, 12, 30), 180, date.max),
    ],
)
def test_a_review_is_due_so_many_days_later(reviewed, every, due):
    """A review is due so many days after the last, as the calendar counts them, and never after its end."""
    assert {each.due for each in reviews(look(date(2026, 11, 21), reviewed, every=every)) if each.reviewed} == {due}


# the 24 hours of a saved plan


@pytest.mark.parametrize("made", ["2026-03-28T15:00:00+01:00", "2026-10-24T15:00:00+02:00"])
@pytest.mark.parametrize("here", [UTC, ZURICH])
def test_a_saved_plan_lives_24_hours(made, here):
    """A saved plan expires 24 hours after it was made, though clocks changed: not at the same time of the next day."""
    at = datetime.fromisoformat(made)
    saved = SavedPlan("id", 4242, "access.yaml", "live", at, ())
    end = at.astimezone(UTC) + LIFETIME
    check_age(saved, (end - timedelta(seconds=1)).astimezone(here))
    with pytest.raises(PlanRefused, match="expired"):
        check_age(saved, end.astimezone(here))
