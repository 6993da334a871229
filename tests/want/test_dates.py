"""Dates of a document: inclusive, in the organization's time zone, whatever clock and zone the machine has."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from accessplan.finding import Finding, Level
from accessplan.model import Product, State, User
from accessplan.select import Catalogue
from accessplan.want.load import Loaded, load
from accessplan.want.resolve import resolve

Load = Callable[[str], Loaded]

ANA = "ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator"
EVE = "eve@example.ch: {first_name: Eve, last_name: Senn, role: legal_representative"
BOB = "bob@example.ch: {first_name: Bob, last_name: Meyer, role: legal_representative"

LAST = date(2026, 12, 31)
"""The last day of what ends, in these tests."""


def document(zone: str, *users: str, more: str = "") -> str:
    listed = "".join(f"  {user}}}\n" for user in users)
    return f"accessplan: 1\norganization: {{id: 4242, timezone: {zone}}}\n{more}users:\n{listed}"


def is_wanted(text: str, now: datetime) -> bool:
    """Tell whether Ana is wanted at a moment."""
    Path("access.yaml").write_text(text)
    loaded = load(Path("access.yaml"), now)
    want, _ = resolve(loaded.document, Catalogue([]), State({}), loaded.today)
    return want.state.user("ana@example.ch") is not None


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


ZONES = ("Europe/Zurich", "Pacific/Kiritimati", "America/St_Johns", "Etc/GMT+12", "Asia/Kathmandu")
HERE = ("UTC", "Pacific/Kiritimati", "America/St_Johns")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("here", HERE)
def test_the_last_day_counts_to_its_end(zone: str, here: str) -> None:
    """What ends on a day is wanted until 23:59:59 there, and not from 00:00 on, wherever the machine is."""
    text = document(zone, f"{ANA}, until: {LAST}")
    last_second = datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(zone))
    moments = (last_second, last_second + timedelta(seconds=1))
    assert [is_wanted(text, moment.astimezone(ZoneInfo(here))) for moment in moments] == [True, False]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("here", HERE)
def test_the_first_day_counts_from_its_start(zone: str, here: str) -> None:
    """What begins on a day is wanted from 00:00 there, and not at 23:59:59 of the day before."""
    text = document(zone, f"{ANA}, since: 2027-01-01")
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moments = (midnight - timedelta(seconds=1), midnight)
    assert [is_wanted(text, moment.astimezone(ZoneInfo(here))) for moment in moments] == [False, True]


CHANGES = {
    "an hour is left out": ("Europe/Zurich", "2026-03-29", "2026-03-28T22:59:59+00:00", "2026-03-29T21:59:59+00:00"),
    "an hour comes twice": ("Europe/Zurich", "2026-10-25", "2026-10-24T21:59:59+00:00", "2026-10-25T22:59:59+00:00"),
    "no midnight in Chile": (
        "America/Santiago",
        "2026-09-06",
        "2026-09-06T03:59:59+00:00",
        "2026-09-07T02:59:59+00:00",
    ),
    "no midnight in Egypt": ("Africa/Cairo", "2026-04-24", "2026-04-23T21:59:59+00:00", "2026-04-24T20:59:59+00:00"),
    "no midnight in Lebanon": ("Asia/Beirut", "2026-03-29", "2026-03-28T21:59:59+00:00", "2026-03-29T20:59:59+00:00"),
    "midnight twice in Chile": (
        "America/Santiago",
        "2026-04-05",
        "2026-04-05T03:59:59+00:00",
        "2026-04-06T03:59:59+00:00",
    ),
}
"""Days on which clocks change: the zone, the day, the last second before it, and its last second."""


@pytest.mark.parametrize("case", CHANGES)
def test_a_day_on_which_clocks_change(case: str) -> None:
    """A day of 23 or 25 hours, or one that begins at 01:00, counts from its first second to its last."""
    zone, day, before, last = CHANGES[case]
    text = document(zone, f"{ANA}, since: {day}, until: {day}")
    second = timedelta(seconds=1)
    moments = [datetime.fromisoformat(each) + more for each in (before, last) for more in (timedelta(), second)]
    assert [is_wanted(text, moment) for moment in moments] == [False, True, True, False]


def test_a_leap_day(load_text: Load) -> None:
    """The 29th of February of a leap year is a day like any other; of another year it is a fault."""
    leap = document("Europe/Zurich", f"{ANA}, until: 2028-02-29")
    noon = datetime(2028, 2, 28, 12, tzinfo=UTC)
    assert [is_wanted(leap, noon + timedelta(days)) for days in (0, 1, 2)] == [True, True, False]
    findings = load_text(document("Europe/Zurich", f"{ANA}, until: 2027-02-29")).findings
    assert [(each.code, each.message) for each in findings] == [("invalid-date", "the calendar has no 2027-02-29")]


@pytest.mark.parametrize(
    ("since", "days", "last"),
    [("2028-02-29", 365, "2029-02-28"), ("2027-03-01", 366, "2028-03-01"), ("2027-02-28", 366, "2028-02-29")],
)
def test_durations_are_days(since: str, days: int, last: str, load_text: Load) -> None:
    """A lifetime is so many days, leap days counted like all others; not the same day of another year."""
    lifetime = f"policy: {{lifetime: {{collaborator: {days}d}}}}\n"

    def findings(until: date) -> list[str]:
        text = document("Europe/Zurich", f"{ANA}, since: {since}, until: {until}", more=lifetime)
        return [each.code for each in load_text(text).findings]

    longest = date.fromisoformat(last)
    assert (findings(longest), findings(longest + timedelta(1))) == ([], ["lifetime-exceeded"])


# a document never becomes invalid because a date passed


def errors(text: str, day: date) -> list[Finding]:
    Path("access.yaml").write_text(text)
    loaded = load(Path("access.yaml"), datetime(2026, 6, 30, 12, tzinfo=UTC), day)
    _, findings = resolve(loaded.document, CATALOGUE, State({entry.address: entry for entry in LIVE}), day)
    return [each for each in (*loaded.findings, *findings) if each.level is Level.ERROR]


CATALOGUE = Catalogue([Product(1, "hosting", "www.example.ch")], mailboxes=["info@example.ch"])
LIVE = (User("ana@example.ch", "collaborator"), User("eve@example.ch", "legal_representative"))

DATED = {
    "who is left as the sole legal representative": document(
        "Europe/Zurich", f"{EVE}, notifications: {{billing: false}}", f"{BOB}, until: {LAST}",
        more="policy: {mode: {users: enforce}}\n",
    ),
    "a second legal representative who follows": document(
        "Europe/Zurich", f"{EVE}, until: {LAST}", f"{BOB}, since: 2027-01-01, notifications: {{billing: false}}",
        more="policy: {mode: {users: enforce}}\n",
    ),
    "a leader who leaves": document("Europe/Zurich", EVE, f"{ANA}, until: {LAST}")
    + "teams: {Web: {leader: ana@example.ch, members: [ana@example.ch]}}\n",
    "a delegate who leaves": document("Europe/Zurich", EVE, f"{ANA}, until: {LAST}")
    + "mailboxes: {info@example.ch: {delegates: {ana@example.ch: read_write}}}\n",
    "an owner who leaves": document("Europe/Zurich", f"{EVE}, owner: ana@example.ch", f"{ANA}, until: {LAST}"),
    "what must carry an end": document(
        "Europe/Zurich", EVE, f"{ANA}, until: {LAST}", more="policy: {lifetime: {collaborator: 400d}}\n"
    ),
    "a consent, an exemption and a test that run out": document("Europe/Zurich", EVE, ANA)
    + f"acknowledge: [{{change: 'revoke user[\"ana@example.ch\"]', until: {LAST}, reason: x}}]\n"
    + f"policy: {{exempt: [{{finding: inactive-user, on: 'user[\"ana@example.ch\"]', reason: x, until: {LAST}}}]}}\n"
    + f"tests: [{{name: none, nobody: {{role: collaborator, reaches: organization}}, warn_until: {LAST}}}]\n",
    "a required representative who leaves": document(
        "Europe/Zurich", EVE, f"{BOB}, until: {LAST}",
        more="policy: {rails: {legal_representatives: {min: 2, required: [bob@example.ch]}}}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", DATED.values(), ids=DATED.keys())
def test_no_document_becomes_invalid_because_a_date_passed(text: str) -> None:
    """What is valid on the last day of something is valid on the next day, and years after."""
    assert errors(text, LAST) == []
    assert [errors(text, day) for day in (date(2027, 1, 1), date(2027, 2, 1), date(2036, 1, 1))] == [[], [], []]


def test_the_reminders_of_the_sole_legal_representative_to_come() -> None:
    """What is a fault from somebody's first day on is one before."""
    text = document("Europe/Zurich", f"{EVE}, since: 2027-01-01, notifications: {{billing: false}}")
    text += "policy: {mode: {users: enforce}}\n"
    on_each_day = [errors(text, day) for day in (LAST, date(2027, 1, 1))]
    assert [[each.code for each in found] for found in on_each_day] == [["reminders-stay"]] * 2


WAITING = {
    "a user": ('user["ana@example.ch"]', document("Europe/Zurich", EVE, f"{ANA}, since: 2027-01-01")),
    "a grant": (
        'user["ana@example.ch"].grant["hosting/*"]',
        document("Europe/Zurich", EVE, f"{ANA}, grants: {{hosting/*: {{manage: technical, since: 2027-01-01}}}}"),
    ),
    "a delegate": (
        'mailbox["info@example.ch"].delegate["ana@example.ch"]',
        document("Europe/Zurich", EVE, ANA)
        + "mailboxes: {info@example.ch: {delegates: {ana@example.ch: {access: read_write, since: 2027-01-01}}}}\n",
    ),
    "a partner": (
        'partner["WebAgency"]',
        document("Europe/Zurich", EVE) + "partners: {WebAgency: {access: full, since: 2027-01-01}}\n",
    ),
}


@pytest.mark.parametrize("case", WAITING)
def test_what_is_to_begin_cannot_be_said_to_be_gone(case: str) -> None:
    """What is described as wanted from a day on contradicts `removed` from the start, not only from that day on."""
    address, text = WAITING[case]
    text += f"removed: [{{entry: '{address}', reason: x}}]\n"
    on_each_day = [errors(text, day) for day in (date(2026, 6, 30), date(2027, 1, 1))]
    assert [{each.code for each in found} for found in on_each_day] == [{"removed-and-described"}] * 2
