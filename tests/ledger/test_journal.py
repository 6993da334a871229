"""The journal of a run that writes: what it keeps when things go wrong, and what the next run makes of it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from accessplan.apply import Applied, Outcome, Status
from accessplan.change import Change
from accessplan.errors import InputError
from accessplan.ledger import (
    Journal,
    all_links,
    attest,
    open_ledger,
    receipts,
    runs,
    settle,
    times_invited,
    unfinished,
    words,
)
from accessplan.model import Delegation, Grant, State, Team, User, team_address
from accessplan.past import Coverage, Word
from accessplan.receipt import Ground, Receipt
from accessplan.route import Operation, Request

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB = team_address("Web")
EVERY = Grant(WEB, "hosting/*", frozenset({"technical"}))
ONE = Grant(WEB, "domain/example.ch", frozenset({"technical"}))
EVA = User("eva@example.ch", "collaborator", first_name="Eva", last_name="Egli")
OPENS = Delegation("info@example.ch", "eva@example.ch", frozenset())


@pytest.fixture
def ledger(tmp_path):
    """The ledger of an organization, in a file."""
    with open_ledger(tmp_path / "ledger.db", 4242, write=True) as ledger:
        yield ledger


@pytest.fixture
def begin(ledger):
    """Open the journal of a run."""
    ids = iter(("aaaaaaaa", "bbbbbbbb"))

    def call(*entries):
        begun = Receipt(next(ids), "apply", "bob@host", NOW)
        return Journal(ledger, begun, side(*entries), lambda: NOW)

    return call


def side(*entries, mailboxes=()):
    shown = Coverage(mailboxes=frozenset(mailboxes))
    return Ground(State({entry.address: entry for entry in entries}), shown, numbers={WEB: 7})


def operation(before, after):
    change = Change((after or before).address, before, after)
    return Operation("row", (change,), (Request("POST", "/1/x", {}, {}),))


def told(path, kind):
    return [json.loads(link.body) for link in all_links(path) if link.kind == kind]


def run_sql(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_what_could_not_be_kept_is_kept_later(begin, ledger, tmp_path):
    """An outcome that the ledger did not take at first is written down at the end of the run, with whom it invited."""
    journal, path = begin(), tmp_path / "ledger.db"
    invites = operation(None, EVA)
    journal.intend(invites)
    run_sql(path, "CREATE TRIGGER full_disk BEFORE INSERT ON rows BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    done = Outcome(invites, Status.DONE, sent=1)
    with pytest.raises(InputError, match="cannot be used: disk is full"):
        journal.note(done)
    run_sql(path, "DROP TRIGGER full_disk")
    journal.end(Applied((done,)))
    assert [each["status"] for each in told(path, "outcome")] == ["done"]
    assert times_invited(ledger) == {EVA.email: 1}
    assert unfinished(ledger) == ()


def test_words_end_where_a_run_died(begin, ledger):
    """What somebody said of a team's single products ends once its services were sent, though the run died of it."""
    attest(ledger, Word(ONE.address, ONE, "Claire", NOW, 7))
    begin(Team("Web"), ONE).intend(operation(None, EVERY))
    settle(ledger, side(Team("Web"), ONE), NOW)
    assert words(ledger, {WEB: 7}).keys() == {ONE.address}, "it was not sent"
    begin(Team("Web"), ONE).intend(operation(None, EVERY))
    settle(ledger, side(Team("Web"), ONE, EVERY), NOW)
    assert words(ledger, {WEB: 7}) == {}


def test_who_left_where_a_run_died(begin, ledger):
    """Whose invitation was cancelled by a run that died begins from the start, should they come again."""
    ledger.add("invited", {"email": EVA.email}, NOW)
    begin(EVA).intend(operation(EVA, None))
    settle(ledger, side(), NOW)
    assert times_invited(ledger) == {EVA.email: 0}


@pytest.mark.parametrize(("mailboxes", "found"), [((), "not shown"), (("info@example.ch",), "not done")])
def test_what_was_not_read_is_not_judged(begin, ledger, tmp_path, mailboxes, found):
    """Whether a run that died did something is told only where the next run has read it."""
    begin(EVA).intend(operation(None, OPENS))
    settle(ledger, side(EVA, mailboxes=mailboxes), NOW)
    assert [each["found"] for each in told(tmp_path / "ledger.db", "outcome")] == [found]


def test_a_renewal_that_died_before_it_was_sent(begin, ledger):
    """An invitation that was to be sent anew under another name counts once it bears that name."""
    other = User(EVA.email, "collaborator", first_name="Ewa", last_name="Egli", invited=True)
    begin(other).intend(operation(other, EVA))
    settle(ledger, side(other), NOW)
    assert times_invited(ledger) == {}


@pytest.mark.parametrize("before", [7, "x", ["x"], {"manage": 1}, {"manage": [[]]}])
def test_a_row_that_was_damaged(begin, ledger, before):
    """A row that was changed by hand is a fault that names it."""
    begin()
    row = {"address": list(ONE.address), "before": before, "after": None}
    ledger.add("intent", {"run": "aaaaaaaa", "operation": 1, "changes": [row]}, NOW)
    with pytest.raises(InputError, match="row 2 of the ledger is damaged"):
        receipts(ledger, runs(ledger))
