"""A pull request never goes red because a date passed elsewhere: what main has is not its doing."""

import json

import pytest
from tests.cli.repository import begin

BEFORE, AFTER = ("--today", "2026-12-31"), ("--today", "2027-01-01")
"""The last day of what ends on main, and the day after."""

LUCA = "  luca@example.ch:\n    first_name: Luca\n    last_name: Roth\n"
TIDY = ("ana@example.ch: {first_name: Ana,", "ana@example.ch: {first_name: Anna,")
"""Luca as the document has him, and what a pull request does that touches something else."""


@pytest.fixture
def main(tmp_path, monkeypatch):
    """Put something on main, and begin a branch that touches something else."""
    repository = begin(tmp_path)
    monkeypatch.chdir(tmp_path)

    def call(*changes, more=""):
        repository.change(*changes)
        repository.add(more)
        repository.commit("Dates", at="2026-11-20T12:00:00+01:00")
        repository.git("checkout", "-q", "-b", "tidy")
        repository.change(TIDY)
        repository.commit("Tidy up", at="2026-12-20T12:00:00+01:00")
        return repository

    return call


@pytest.fixture
def against_main(cli):
    """The plan of the branch against main: its exit code, each cause, what refuses it, and its first lines."""

    def call(*options):
        told = cli("plan", "--base", "main", *options)
        data = json.loads(cli("plan", "--base", "main", "--format", "json", *options).stdout)
        causes = {(row["cause"]["kind"], row["cause"]["is_new"]) for row in data["resource_changes"]}
        return told.code, causes, [each["code"] for each in data["rails"]], " ".join(told.stdout.split())

    return call


def ends(until="2026-12-31"):
    """Luca's entry on main ends."""
    return (LUCA, f"{LUCA}    until: {until}\n")


def test_an_entry_that_ends_on_main_turns_no_pull_request_red(cli, main, against_main):
    """The day after something ended on main, a branch is valid, and its plan says that it is not from this change."""
    main(
        (LUCA, f"{LUCA}    until: 2026-12-31\n"),
        ("leader: luca@example.ch", "leader: ana@example.ch"),
        ("members: [luca@example.ch]", "members: [luca@example.ch, ana@example.ch]"),
    )
    assert cli("validate", *AFTER).code == 0
    assert against_main(*BEFORE)[1] <= {("config", True), ("drift", False)}
    code, causes, rails, told = against_main(*AFTER)
    assert (code, ("time", False) in causes, rails) == (0, True, [])
    assert "NOT FROM THIS CHANGE" in told
    assert "a date passed" in told


def test_a_rail_that_a_date_runs_into_turns_no_pull_request_red(cli, main, against_main):
    """Where what ended on main is refused by a rail, that is shown, and is not the branch's fault; apply is refused."""
    main(ends())
    assert against_main(*BEFORE)[0] == 0
    code, _, rails, told = against_main(*AFTER)
    assert (code, "last-holder" in rails) == (0, True)
    assert "Blocked by 1 rail, since a date passed; not by this change." in told
    assert cli("plan", *AFTER).code == 4
    assert cli("apply", "--auto-approve", "--base", "main", *AFTER).code == 4


def test_a_rail_that_the_branch_runs_into_still_refuses(main, against_main):
    """What the branch itself does is refused as ever, whatever ended on main."""
    main(ends()).change(
        ("members: [ana@example.ch]", "members: []"), ("leader: ana@example.ch\n    members", "members")
    )
    code, _, rails, told = against_main(*AFTER)
    assert (code, rails.count("last-holder")) == (4, 2)
    assert "Blocked by 1 rail" in told
    assert "not by this change" not in told


def test_a_branch_that_asks_more_of_plans_is_refused(main, against_main):
    """Where the rail that refuses what ended is the branch's own, the branch is refused."""
    moved = (
        ("leader: luca@example.ch", "leader: ana@example.ch"),
        ("members: [luca@example.ch]", "members: [luca@example.ch, ana@example.ch]"),
    )
    repository = main(ends(), *moved)
    assert against_main(*AFTER)[0] == 0
    repository.change(("  rails: {", "  rails: {protect: ['user[\"luca@example.ch\"]'], "))
    assert against_main(*AFTER)[::2] == (4, ["protected-entry"])


TEST = (
    "tests:\n  - {name: nobody but Web, nobody: {user: luca@example.ch, reaches: hosting/*}, warn_until: 2026-12-31}\n"
)


def test_an_access_test_that_warned_until_a_day_turns_no_pull_request_red(cli, main, against_main):
    """An access test of main that only warned until a day fails from then on, and not by the branch's doing."""
    main(more=TEST)
    assert against_main(*BEFORE)[0] == 0
    code, _, _, told = against_main(*AFTER)
    assert (code, "Blocked by 1 access test, since a date passed; not by this change." in told) == (0, True)
    assert cli("plan", *AFTER).code == 4


def test_an_access_test_of_the_branch_fails_it(main, against_main):
    """An access test that the branch adds, and that fails, is the branch's own."""
    main().add(TEST.replace("2026-12-31", "2026-12-30"))
    assert against_main(*AFTER)[0] == 4


def test_an_access_test_that_failed_before(main, against_main):
    """An access test that main failed on the day that it was committed refuses a branch as ever."""
    main(more=TEST.replace(", warn_until: 2026-12-31", ""))
    assert against_main(*BEFORE)[0] == against_main(*AFTER)[0] == 4


def test_somebody_more_against_an_access_test(main, against_main):
    """Where the branch gives more people what a failing access test forbids, it is the branch's fault too."""
    repository = main(
        more=TEST.replace("user: luca@example.ch, reaches: hosting", "role: collaborator, reaches: email_hosting")
    )
    assert against_main(*AFTER)[0] == 0
    repository.change(
        ("role: collaborator}\n  luca", "role: collaborator, grants: {email_hosting/*: technical}}\n  luca")
    )
    assert against_main(*AFTER)[0] == 4
