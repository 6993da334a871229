"""`accessplan apply`."""

import re

import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean

pytestmark = pytest.mark.usefixtures("example")


def test_apply_after_a_yes(cli, answer):
    """Apply shows the plan, asks, carries it out, and ends with 6 where steps are left to a person."""
    answer("yes\n")
    result = cli("apply", *TODAY)
    assert (result.code, is_clean(result)) == (6, True)
    assert "Only 'yes' is taken as a yes" in result.stderr
    assert result.stdout.startswith("Example SA (4242) on 2026-11-21\n")
    assert "Applied: 37 done, 19 by hand." in result.stdout
    assert result.stdout.count("BY HAND, in the Manager (14)") == 1
    assert re.search(r"\d+ requests to sandbox:organization\.yaml\.\n$", result.stderr)


@pytest.mark.parametrize("typed", ["no\n", "", "y\n", "YES\n", "yes please\n", "\n"])
def test_apply_without_a_yes(cli, answer, shown, typed):
    """Whatever is not 'yes' is a no, an empty stdin too: 8, and nothing is changed."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = shown()
    answer(typed)
    result = cli("apply", *TODAY)
    assert (result.code, is_clean(result)) == (8, True)
    assert "nothing was changed" in result.stderr
    assert "Applied" not in result.stdout
    assert shown() == before


def test_auto_approve(cli, shown):
    """With --auto-approve nothing is asked."""
    result = cli("apply", "--auto-approve", *TODAY)
    assert (result.code, "Only 'yes'" in result.stderr) == (6, False)
    assert [team["name"] for team in shown()["teams"]] == ["Web", "Support"]


def test_apply_again(cli):
    """What is done is not done again; what is left by hand is still left, and needs no question."""
    cli("apply", "--auto-approve", *TODAY)
    again = cli("apply", *TODAY)
    assert again.code == 6
    assert "Only 'yes'" not in again.stderr
    assert re.search(r"Applied: \d+ by hand\.", again.stdout)


def test_apply_with_nothing_to_do(cli, example):
    """An apply of what is there already ends with 0, and asks nothing."""
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    result = cli("apply", "now.yaml", *TODAY)
    assert (result.code, "No changes." in result.stdout) == (0, True)


def test_apply_all_by_request(cli, example):
    """Where every change has a request, an apply ends with 0, and the next plan is empty."""
    (example / "team.yaml").write_text(f"{HEAD}teams: {{Ops: {{leader: claire@example.ch}}}}\n")
    assert cli("apply", "team.yaml", "--auto-approve", *TODAY).code == 0
    assert cli("plan", "team.yaml", "--detailed-exitcode", *TODAY).code == 0


def test_apply_to_a_snapshot(cli, answer):
    """A snapshot cannot be changed, which apply says before it asks."""
    cli("snapshot", *TODAY)
    answer("yes\n")
    result = cli("apply", "--live", "snapshot.json", *TODAY)
    assert input_error(result, "snapshot.json is a snapshot")
    assert "Only 'yes'" not in result.stderr


def test_to_the_end(cli):
    """Planned, applied, accepted, done by hand and attested: the last plan has nothing left."""
    cli("plan", "--out", "plan.json", *TODAY)
    assert cli("apply", "--auto-approve", *TODAY).code == 6
    assert cli("sandbox", "accept", "--all", *TODAY).code == 0
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    left = cli("plan", "--detailed-exitcode", *TODAY)
    assert (left.code, left.stdout.count(" · cannot be read back: attest\n")) == (2, 6)
    assert cli("attest", "--all", "--by", "Claire", "--document", "access.yaml", *TODAY).code == 0
    end = cli("plan", "--detailed-exitcode", *TODAY)
    assert end.code == 0
    assert "No changes. 56 entries match, 6 on somebody's word, 3 not managed, 3 access" in end.stdout
    assert cli("apply", *TODAY).code == 0


def test_a_kdrive_that_is_full(cli, example, organization):
    """Where a kDrive has room for one of two, one comes in, the other is named with the reason, and the code is 6."""
    (example / "d.yaml").write_text(
        f"{HEAD}users:\n"
        "  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator,"
        " grants: {drive/Team Drive: {use: user}}}\n"
        "  petra@treuhand.example: {first_name: Petra, last_name: Frei, role: collaborator,"
        " grants: {drive/Team Drive: {use: user}}}\n"
    )
    organization(lambda data: data["drives"][0].update(quota=4))
    result = cli("apply", "d.yaml", "--auto-approve", *TODAY)
    assert (result.code, "Applied: 1 done, 1 failed." in result.stdout) == (6, True), result.stdout
    assert '✓ grant user["ana@example.ch"].use["drive/Team Drive"]' in result.stdout
    failed = " ".join(result.stdout.split("FAILED (1)")[1].split())
    assert failed.startswith('x grant user["petra@treuhand.example"].use["drive/Team Drive"] drive_user_quota_reached')
    again = cli("apply", "d.yaml", "--auto-approve", *TODAY)
    assert (again.code, "Applied: 1 failed." in again.stdout) == (5, True), again.stdout
