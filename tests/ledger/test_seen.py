"""The ledger keeps how much was live at the end of the last apply."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.given import HEAD, TODAY

from accessplan.errors import InputError
from accessplan.ledger import ANEW, last_seen, note_seen, open_ledger

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_last_counts_count(place):
    """Of several counts the last one is told, until a new start; before there was any, none."""
    with open_ledger(place, 4242, write=True) as ledger:
        assert last_seen(ledger) is None
        note_seen(ledger, {"users": 8, "teams": 3}, NOW)
        note_seen(ledger, {"users": 9, "teams": 3}, NOW + timedelta(hours=1))
        assert last_seen(ledger) == {"users": 9, "teams": 3}
        ledger.add(ANEW, {}, NOW)
        assert last_seen(ledger) is None


@pytest.mark.parametrize("body", [{}, {"counts": [1]}, {"counts": {"users": "8"}}, {"counts": {"users": True}}])
def test_damaged_counts(place, body):
    """Counts that are none are a damaged row, named by its number."""
    with open_ledger(place, 4242, write=True) as ledger:
        ledger.add("seen", body, NOW)
        with pytest.raises(InputError, match="row 1 of the ledger is damaged"):
            last_seen(ledger)


@pytest.fixture
def seen(example):
    """What the ledger says was last seen."""

    def call():
        where = f"sandbox:{(example / 'organization.yaml').resolve()}"
        with open_ledger(example / ".accessplan" / "ledger.db", 4242, where) as ledger:
            return last_seen(ledger)

    return call


def test_an_apply_notes_what_is_live(cli, example, seen):
    """The end of an apply notes how many entries of each kind are live then; plans, and reads, note nothing."""
    (example / "team.yaml").write_text(f"{HEAD}teams: {{Ops: {{leader: claire@example.ch}}}}\n")
    for command in (["plan"], ["export"], ["snapshot"]):
        assert cli(*command, "team.yaml", *TODAY).code == 0
    assert seen() is None
    assert cli("apply", "team.yaml", "--auto-approve", *TODAY).code == 0
    counts = seen()
    assert (set(counts), counts["users"]) == ({"users", "teams", "grants", "mailboxes", "partners"}, 10)
    assert counts["teams"] == 3 + 4  # three teams with four members
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    assert seen() is None


def test_an_apply_that_is_declined_notes_nothing(cli, example, seen, monkeypatch):
    """An apply that nobody approved leaves no trace."""
    (example / "team.yaml").write_text(f"{HEAD}teams: {{Ops: {{leader: claire@example.ch}}}}\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert cli("apply", "team.yaml", *TODAY).code == 8
    assert seen() is None
