"""`plan --at`: the plan of a day to come, for live as it is now."""

import json

import pytest
from tests.cli.given import HEAD, TODAY, input_error
from tests.cli.repository import begin

pytestmark = pytest.mark.usefixtures("example")

USER = "ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator"
SCHEDULED = f"""{HEAD}users:
  {USER}, grants: {{swiss_backup/*: {{manage: technical, since: 2027-02-01}}}}}}
  gus@agency.example: {{first_name: Gus, last_name: Guest, role: external, until: 2026-12-31}}
"""
GUS, GRANT = 'user["gus@agency.example"]', 'user["ana@example.ch"].grant["swiss_backup/*"]'


@pytest.fixture(autouse=True)
def _document(example):
    (example / "scheduled.yaml").write_text(SCHEDULED)


@pytest.fixture
def changes(cli):
    """What a plan has about the two dates of the document: each address with its actions and its cause."""

    def call(*options):
        result = cli("plan", "scheduled.yaml", "--format", "json", *TODAY, *options)
        rows = json.loads(result.stdout)["resource_changes"]
        return {
            row["address"]: (row["change"]["actions"], row["cause"]["kind"])
            for row in rows
            if row["address"] in (GUS, GRANT)
        }

    return call


def test_what_begins_and_ends_by_then(changes):
    """On a day to come what began by then is granted, and what ended is revoked; the day itself is still within."""
    begins, ends = (["create"], "config"), (["delete"], "time")
    assert changes() == {}
    assert changes("--at", "2026-12-31") == {}
    assert changes("--at", "2027-01-01") == {GUS: ends}
    assert changes("--at", "2027-02-01") == {GUS: ends, GRANT: begins}


def test_the_plan_says_for_which_day_it_is(cli, example):
    """The heading says of which day the plan is and that live is as it is now; JSON has both days."""
    at = ("--at", "2027-01-01")
    files = ("--out", "plan.json", "--out", "plan.md")
    told = cli("plan", "scheduled.yaml", *TODAY, *at, *files)
    assert told.stdout.startswith("Example SA (4242) as of 2027-01-01, for live as it is now\n")
    assert "Organization 4242 as of 2027-01-01, for live as it is now · " in (example / "plan.md").read_text()
    saved = json.loads((example / "plan.json").read_text())
    assert (saved["inputs"]["today"], saved["inputs"]["at"]) == ("2026-11-21", "2027-01-01")
    assert saved["created_at"].startswith("2026-11-21")
    cli("plan", "scheduled.yaml", *TODAY, "--out", "plan.json")
    assert "at" not in json.loads((example / "plan.json").read_text())["inputs"]


def test_a_plan_of_another_day_is_not_applied(cli):
    """A saved plan of a day to come is refused, on that day too: nobody knows how live will be then."""
    cli("plan", "scheduled.yaml", *TODAY, "--at", "2027-01-01", "--out", "plan.json")
    for today in (TODAY, ("--today", "2027-01-01")):
        refused = cli("apply", "plan.json", *today)
        assert (refused.code, "the saved plan is made for 2027-01-01" in refused.stderr) == (7, True)
    assert "No such option '--at'" in cli("apply", "scheduled.yaml", "--at", "2027-01-01").stderr


def test_a_day_that_has_passed(cli):
    """A day before today is a fault of the command line; today is a day like any other."""
    result = cli("plan", "scheduled.yaml", *TODAY, "--at", "2026-11-20")
    assert input_error(result, "--at 2026-11-20 has passed: it is 2026-11-21", "explain --on")
    assert cli("plan", "scheduled.yaml", *TODAY, "--at", "2026-11-21").code == 0
    assert cli("plan", "scheduled.yaml", *TODAY, "--at", "soon").code == 3


def test_live_is_as_it_is_now(cli, example):
    """Unlike --today, --at moves no clock: an invitation that expires by then stands as it stands now."""
    yara = "yara@example.ch: {first_name: Yara, last_name: Steiner, role: collaborator}"
    (example / "yara.yaml").write_text(f"{HEAD}users:\n  {yara}\n")
    assert cli("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0
    assert cli("plan", "yara.yaml", "--detailed-exitcode", "--today", "2027-03-01").code == 2
    assert cli("plan", "yara.yaml", "--detailed-exitcode", *TODAY, "--at", "2027-03-01").code == 0


def test_access_tests_and_consents_of_then(cli, example):
    """What an access test tolerates for a while, it does not tolerate on a day after."""
    nobody = "{role: external, reaches: domain/example-shop.ch}"
    tests = f"tests:\n  - {{name: no outsider, nobody: {nobody}, warn_until: 2026-12-01}}\n"
    (example / "scheduled.yaml").write_text(SCHEDULED.replace("2026-12-31", "2027-12-31") + tests)
    assert cli("plan", "scheduled.yaml", *TODAY, "--at", "2026-12-01").code == 0
    assert cli("plan", "scheduled.yaml", *TODAY, "--at", "2026-12-02").code == 4


def test_a_base_is_read_for_the_same_day(cli, tmp_path, monkeypatch):
    """With a base, what ends by then is not from the change under review."""
    (folder := tmp_path / "git").mkdir()
    repository = begin(folder)
    repository.change(
        ("hosting/www.example.ch: technical", "hosting/www.example.ch: {manage: technical, until: 2026-12-31}")
    )
    repository.commit("Luca's grant ends")
    monkeypatch.chdir(folder)
    told = cli("plan", "--base", "main", *TODAY, "--at", "2027-01-01", "--format", "json")
    causes = [row["cause"] for row in json.loads(told.stdout)["resource_changes"]]
    assert [(each["kind"], each["is_new"]) for each in causes] == [("time", False)]
