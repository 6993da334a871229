"""One drift from the night it is found to the day it is settled, by the installed command."""

import difflib
import re

import pytest
import yaml
from tests.cli.given import HEAD

DAYS = [("--today", f"2026-11-{day}") for day in range(21, 26)]

DOCUMENT = f"""\
# who works here
{HEAD}policy: {{mode: {{teams: enforce}}}}

teams:
  Web:    # the website
    leader: claire@example.ch
    members:
      - ana@example.ch      # since 2024
      - old@example.ch
    grants:
      hosting/*: max   # every website
"""

THEIRS = f"""\
{HEAD}
teams: {{Web: {{members: [luca@example.ch]}}}}
"""

LUCA = 'team["Web"].member["luca@example.ch"]'


@pytest.fixture
def organization(example, command):
    """A team as the document wants it, and a way to change it behind the document's back."""
    (example / "access.yaml").write_text(DOCUMENT)
    (example / "theirs.yaml").write_text(THEIRS)
    assert command("apply", "--auto-approve", *DAYS[0]).code == 0

    def meanwhile():
        assert command("apply", "theirs.yaml", "--auto-approve", "--ledger", "theirs.db", *DAYS[1]).code == 0

    return meanwhile


def members(command):
    organization = yaml.safe_load(command("sandbox", "show", *DAYS[0]).stdout)
    (web,) = (team for team in organization["teams"] if team["name"] == "Web")
    return sorted(web["members"])


def test_drift_is_found_aged_and_adopted(organization, command, example):
    """What somebody did in the Manager is told at night, is older the next, and one line takes it into the document."""
    assert command("drift", *DAYS[1]).code == 0
    organization()
    first, second = command("drift", *DAYS[2]), command("drift", *DAYS[4])
    assert (first.code, second.code) == (2, 2)
    assert (LUCA in first.stdout, "first seen today" in first.stdout) == (True, True)
    assert "first seen 2026-11-23, 2 days ago" in " ".join(second.stdout.split())
    assert command("export", "--adopt", LUCA, *DAYS[4]).code == 0
    diff = difflib.ndiff(DOCUMENT.splitlines(), (example / "access.yaml").read_text().splitlines())
    assert [line for line in diff if line[0] != " "] == ["+       - luca@example.ch"]
    assert command("drift", *DAYS[4]).code == 0
    assert "No changes." in command("plan", *DAYS[4]).stdout


def test_drift_is_reverted_and_that_undone(organization, command):
    """An apply takes drift back, and its undo returns the organization to its state before."""
    organization()
    drifted = members(command)
    assert command("drift", *DAYS[2]).code == 2
    reverted = command("apply", "--auto-approve", *DAYS[2])
    assert (reverted.code, "luca@example.ch" in members(command)) == (0, False)
    assert command("drift", *DAYS[3]).code == 0
    (receipt,) = re.findall(r"accessplan undo ([0-9a-f]{8})", reverted.stdout)
    assert command("undo", receipt, "--auto-approve", *DAYS[3]).code == 0
    assert members(command) == drifted
    assert command("history", "verify").code == 0
