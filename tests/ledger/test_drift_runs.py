"""Drift from night to night, wherever the ledger is kept, and beside a run that holds the lock."""

import json
import os

import pytest
from tests.cli.given import HEAD
from tests.cli.repository import begin

from accessplan.ledger import Holder, hold

TODAY, TOMORROW = ("--today", "2026-11-21"), ("--today", "2026-11-22")
LUCA_IN_WEB = 'team["Web"].member["luca@example.ch"]'


@pytest.fixture
def night(cli, place, tmp_path, monkeypatch):
    """A command with that ledger, in a folder whose document says just what is live."""
    monkeypatch.chdir(tmp_path)
    begin(tmp_path)
    return lambda *words: cli(*words, "--ledger", place)


@pytest.fixture
def luca_joins(cli, tmp_path):
    """Put Luca into the team Web, behind the back of the ledger."""

    def call():
        (tmp_path / "theirs.yaml").write_text(f"{HEAD}teams: {{Web: {{members: [ana@example.ch, luca@example.ch]}}}}\n")
        assert cli("apply", "theirs.yaml", "--auto-approve", "--ledger", "theirs.db", *TODAY).code == 0

    return call


def test_from_night_to_night(night, luca_joins):
    """Drift is found, ages, is snoozed and taken back, in a file as in a database."""
    assert night("apply", *TODAY).code == 0
    assert night("drift", *TODAY).code == 0
    luca_joins()
    assert night("drift", *TODAY).code == 2
    (one,) = json.loads(night("drift", "--format", "json", *TOMORROW).stdout)["drift"]
    assert (one["address"], one["age_days"]) == (LUCA_IN_WEB, 1)
    word = ("--until", "2026-11-30", "--reason", "covers for Ana", "--by", "Claire")
    assert night("drift", "snooze", LUCA_IN_WEB, *word, *TOMORROW).code == 0
    assert night("drift", *TOMORROW).code == 0
    assert night("apply", "--auto-approve", *TOMORROW).code == 0
    assert "No drift. 10 of 10" in night("drift", *TOMORROW).stdout
    assert night("history", "verify").code == 0


def test_while_an_apply_is_at_work(night, place, tmp_path):
    """While another run holds the lock drift is not told, as nobody knows what is half done; unrecorded it is."""
    assert night("apply", *TODAY).code == 0
    origin = f"sandbox:{(tmp_path / 'organization.yaml').resolve()}"
    with hold(place, 4242, origin, Holder("ana@laptop", os.getpid(), "apply")):
        refused = night("drift", *TODAY)
        assert (refused.code, refused.stdout, "another run holds the lock: ana@laptop" in refused.stderr) == (
            9,
            "",
            True,
        )
        assert night("drift", "--no-record", *TODAY).code == 0
    assert night("drift", *TODAY).code == 0


def test_an_apply_that_ended_while_live_was_read(night, luca_joins):
    """Where an apply ended after the read began, what was read is old, and the run is to be repeated."""
    assert night("apply", *TOMORROW).code == 0
    luca_joins()
    refused = night("drift", *TODAY)
    assert (refused.code, "an apply ended while the live organization was read" in refused.stderr) == (9, True)
