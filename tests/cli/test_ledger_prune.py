"""`accessplan ledger prune`."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.given import ESCAPE, input_error, is_clean
from tests.ledger.rows import note_invited, note_left

from accessplan.ledger import (
    Sighting,
    all_links,
    note_sighting,
    open_ledger,
    times_invited,
)
from accessplan.model import User
from accessplan.past import Counts, Coverage

LIVE = "https://api.infomaniak.com"
GUS, ANA = "gus@agency.example", "ana@example.ch"
OLD = datetime.now(UTC) - timedelta(days=800)
PRUNE = ("ledger", "prune", "--older-than", "730d")


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """The ledger of a folder of its own: more than two years ago Gus came and left, and Ana was invited."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".accessplan").mkdir()
    path = tmp_path / ".accessplan" / "ledger.db"
    with open_ledger(path, 4242, LIVE, write=True) as book:
        note_invited(book, [GUS, ANA], OLD)
        note_left(book, [GUS], OLD)
    return path


@pytest.mark.usefixtures("ledger")
def test_a_prune_says_what_goes_and_asks(cli, answer, ledger):
    """Before anything goes it is said how many rows of which kinds lose their content; only a yes takes it away."""
    before = ledger.read_bytes()
    answer("no\n")
    refused = cli(*PRUNE)
    assert (refused.code, ledger.read_bytes()) == (8, before)
    assert "To lose their content: 2 rows written before 20" in refused.stdout
    assert f"  organization 4242 at {LIVE}: 1 invited, 1 left\n" in refused.stdout
    assert "Take their content away, for good? Only 'yes' is taken as a yes" in refused.stderr
    answer("yes\n")
    done = cli(*PRUNE)
    assert (done.code, done.stdout.endswith("\nDone: 2 rows lost their content.\n")) == (0, True)
    assert (GUS.encode() in ledger.read_bytes(), ANA.encode() in ledger.read_bytes()) == (False, True)


def test_a_dry_run_shows_only(cli, ledger):
    """--dry-run says what would go, asks nobody and leaves the file as it is."""
    before = ledger.read_bytes()
    shown = cli(*PRUNE, "--dry-run")
    assert (shown.code, shown.stderr, "1 invited, 1 left" in shown.stdout) == (0, "", True)
    assert ledger.read_bytes() == before


def test_the_chain_holds_after_a_prune(cli, ledger):
    """After a prune the chain holds, by the head of before too, and says how many rows lost their content."""
    head = cli("history", "verify").stdout.split()[-1]
    assert cli(*PRUNE, "--auto-approve").code == 0
    told = cli("history", "verify", "--head", head)
    assert (told.code, told.stdout.splitlines()[0]) == (0, "The chain holds: 4 rows, the content of 2 pruned.")
    with open_ledger(ledger, 4242, LIVE) as book:
        assert times_invited(book) == {ANA: 1}
    assert all_links(ledger)[-1].kind == "pruned"


def test_a_row_that_was_emptied_is_told_from_one_that_was_pruned(cli, ledger):
    """A row whose content somebody took away is named, beside others that were pruned."""
    cli(*PRUNE, "--auto-approve")
    with closing(sqlite3.connect(ledger)) as database:
        database.execute("UPDATE rows SET body = '' WHERE number = 2")
        database.commit()
    told = cli("history", "verify")
    assert input_error(told, "is broken at row 2")
    assert told.stdout == "row 2 has no content, and no later row says that it was pruned.\n"
    assert input_error(cli(*PRUNE, "--auto-approve"), "is broken at row 2", "Nothing was pruned.")


@pytest.mark.usefixtures("ledger")
def test_the_history_shows_what_was_pruned(cli):
    """The history keeps the rows with their kind and moment, and says who pruned."""
    cli(*PRUNE, "--auto-approve")
    of_it = ("history", "--live", LIVE, "--organization", "4242")
    told = " ".join(cli(*of_it).stdout.split())
    assert "invited: the content was pruned (row 1)" in told
    assert "left: the content was pruned (row 3)" in told
    assert "the content of 1 invited, 1 left (row 4)" in told
    assert GUS not in told
    assert '"body": null' in cli(*of_it, "--format", "json").stdout


def test_the_history_shows_what_stands_for_pruned_rows(cli, ledger):
    """Sightings that were summed up are one short line each, not everything that was live."""
    gus = User(GUS, "external")
    with open_ledger(ledger, 1, LIVE, write=True) as book:
        note_sighting(book, Sighting({gus.address: gus}, Coverage(), Counts(1, 1, 1)), OLD)
    cli(*PRUNE, "--auto-approve")
    told = cli("history", "--live", LIVE, "--organization", "1")
    assert "summed up: sighted, as of" in told.stdout
    assert GUS not in told.stdout


def test_a_second_prune_has_nothing_to_do(cli, ledger):
    """Where nothing is old enough, or all of it was pruned, nothing is asked and no row is written."""
    cli(*PRUNE, "--auto-approve")
    rows = all_links(ledger)
    again = cli(*PRUNE)
    assert (again.code, again.stderr, again.stdout.startswith("Nothing to prune: ")) == (0, "", True)
    assert all_links(ledger) == rows


def test_without_a_ledger_there_is_nothing_to_prune(cli, tmp_path, monkeypatch):
    """Where no ledger is none is made."""
    monkeypatch.chdir(tmp_path)
    told = cli(*PRUNE)
    assert (told.code, told.stdout.startswith("Nothing to prune: "), list(tmp_path.iterdir())) == (0, True, [])


@pytest.mark.parametrize("days", ["730", "two years", "-3d", "99999d", ""])
@pytest.mark.usefixtures("ledger")
def test_a_time_that_is_none(cli, days):
    """How old is said in days, as in documents; anything else is a fault of the command line."""
    result = cli("ledger", "prune", "--older-than", days, "--auto-approve")
    assert (result.code, is_clean(result), "no number of days" in result.stderr) == (3, True, True)


def test_hostile_names_are_made_harmless(cli, ledger):
    """The name of a live system that steers terminals is written out."""
    with open_ledger(ledger, 1, f"{ESCAPE}[2J\u202e", write=True) as book:
        note_left(book, [GUS], OLD)
    told = cli(*PRUNE, "--dry-run")
    assert (told.code, ESCAPE in told.stdout, r"\x1b[2J\u202e" in told.stdout) == (0, False, True)
