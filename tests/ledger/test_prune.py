"""Pruning takes the content of old rows away; what counts stays, and the chain shows that nothing else is gone."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.ledger.rows import end_words, note_invited, note_left
from tests.ledger.server import PASSWORD
from tests.ledger.test_chain import VERSION_1

from accessplan.errors import InputError
from accessplan.ledger import (
    ANEW,
    all_links,
    attest,
    head,
    losses,
    note_applied,
    note_seen,
    open_ledger,
    prune,
    times_invited,
    verify,
    words,
)
from accessplan.ledger.counting import PRUNABLE
from accessplan.ledger.link import Link, seal
from accessplan.model import Delegation, Grant, Partner, team_address, user_address
from accessplan.past import Word

LIVE = "https://api.infomaniak.com"
OLD, YOUNG = datetime(2023, 3, 2, 12, tzinfo=UTC), datetime(2026, 9, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=730)
ANA, BOB, GUS = "ana@example.ch", "bob@example.ch", "gus@agency.example"
WEB = Grant(team_address("Web"), "domain/example.ch", frozenset({"technical"}))
ON_GUS = Grant(user_address(GUS), "domain/example.ch", frozenset({"technical"}))
TO_GUS = Delegation("info@example.ch", GUS, frozenset({"can_manage_rules"}))


@pytest.fixture
def opened(place):
    """The ledger of an organization, to be written to."""
    return lambda organization=4242: open_ledger(place, organization, LIVE, write=True)


@pytest.fixture
def lived(place, opened):
    """A ledger in which Gus came and left, and Ana is still being invited."""
    with opened() as ledger:
        note_invited(ledger, [GUS, ANA], OLD)
        attest(ledger, Word(ON_GUS.address, ON_GUS, BOB, OLD, 7))
        attest(ledger, Word(WEB.address, WEB, BOB, OLD, 9))
        note_left(ledger, [GUS], OLD)
        note_seen(ledger, {"users": 8}, OLD)
        note_applied(ledger, "0" * 12, OLD, OLD)
    with opened(1) as ledger:
        note_invited(ledger, [GUS], YOUNG)
    return place


def pruned(where, before=BEFORE):
    return {loss.organization: sorted(loss.numbers) for loss in prune(where, before, "claire@laptop", NOW)}


def contents(where):
    return {link.number: link.body for link in all_links(where)}


def told(where, known=""):
    return {fault.number: fault.message for fault in verify(all_links(where), known)}


# what goes, and what stays


def test_who_left_is_gone_and_the_chain_holds(lived):
    """What was written of somebody who left is taken away after the time, and the chain holds without it."""
    known = head(all_links(lived))
    assert pruned(lived) == {4242: [1, 3, 5]}
    left = contents(lived)
    assert [number for number, body in left.items() if not body] == [1, 3, 5]
    assert GUS not in "".join(left[number] for number in left if number != 8)
    assert (told(lived), told(lived, known)) == ({}, {})


def test_a_row_says_what_was_pruned(lived):
    """Each organization that lost content has a row that says up to when, how many of which kind, and by whom."""
    prune(lived, BEFORE, "claire@laptop", NOW)
    with open_ledger(lived, 4242, LIVE) as ledger:
        ((_, row),) = ledger.rows("pruned")
    assert row.body["before"] == "2024-11-21T12:00:00+00:00"
    assert row.body["kinds"] == {"invited": 1, "attested": 1, "left": 1}
    assert (row.body["by"], row.body["rows"], row.at) == ("claire@laptop", [[1, 1], [3, 3], [5, 5]], NOW)
    with open_ledger(lived, 1, LIVE) as ledger:
        assert ledger.rows("pruned") == []


def test_what_counts_is_not_pruned(lived):
    """Invitations since somebody last left, words, counts and plans are the same after pruning as before."""

    def remembered():
        with open_ledger(lived, 4242, LIVE) as ledger:
            rest = ledger.rows("seen", "plan applied")
            return words(ledger, {WEB.address.owner: 9}), {**times_invited(ledger), GUS: 0}, rest

    before = remembered()
    assert (before[0].keys(), before[1][ANA]) == ({WEB.address}, 1)
    pruned(lived)
    assert remembered() == before


def test_a_word_goes_with_who_it_is_about(place, opened):
    """A word on a mailbox that somebody opens, or on a grant of theirs, counts no more once they left."""
    with opened() as ledger:
        for entry in (TO_GUS, ON_GUS, WEB):
            attest(ledger, Word(entry.address, entry, BOB, OLD, 7))
        note_left(ledger, [GUS], YOUNG)
        attest(ledger, Word(TO_GUS.address, TO_GUS, BOB, YOUNG, 8))
    assert pruned(place) == {4242: [1, 2]}


def test_a_word_that_was_overruled_goes(place, opened):
    """Of several words on an entry only the last stays; one that ended goes, and a partner's with the partner."""
    agency = Partner("WebAgency", "limited")
    on_shop = Grant(agency.address, "hosting/shop", frozenset({"technical"}))
    with opened() as ledger:
        attest(ledger, Word(WEB.address, None, BOB, OLD, 9))
        attest(ledger, Word(WEB.address, WEB, ANA, OLD, 9))
        attest(ledger, Word(ON_GUS.address, ON_GUS, BOB, OLD, 7))
        end_words(ledger, [ON_GUS.address], OLD)
        attest(ledger, Word(on_shop.address, on_shop, BOB, OLD))
        attest(ledger, Word(agency.address, None, BOB, OLD))
    assert pruned(place) == {4242: [1, 3, 4, 5]}
    with open_ledger(place, 4242, LIVE) as ledger:
        found = words(ledger, {WEB.address.owner: 9})
    assert {address: word.entry for address, word in found.items()} == {WEB.address: WEB, agency.address: None}


def test_young_rows_stay(lived):
    """Nothing that was written since the moment is touched, and where there is nothing older nothing is written."""
    before = all_links(lived)
    assert pruned(lived, OLD) == {}
    assert all_links(lived) == before


def test_what_overrules_does_not_go_before_what_it_overrules(place, opened):
    """A row of a clock that went back stays as long as the younger ones before it: else an ended word would count."""
    with opened() as ledger:
        attest(ledger, Word(WEB.address, WEB, BOB, YOUNG, 9))
        end_words(ledger, [WEB.address], OLD)
    assert pruned(place) == {}
    with open_ledger(place, 4242, LIVE) as ledger:
        assert words(ledger, {WEB.address.owner: 9}) == {}


def test_what_was_before_a_new_start_goes(place, opened):
    """Where a sandbox was filled anew nothing that was said before counts, whoever it was about."""
    with opened() as ledger:
        note_invited(ledger, [ANA], OLD)
        attest(ledger, Word(WEB.address, WEB, BOB, OLD, 9))
        ledger.add(ANEW, {}, OLD)
        note_invited(ledger, [BOB], OLD)
    assert pruned(place) == {4242: [1, 2]}
    with open_ledger(place, 4242, LIVE) as ledger:
        assert times_invited(ledger) == {BOB: 1}


@pytest.mark.parametrize("kind", ["seen", "plan applied", "filled anew", "of a later accessplan"])
def test_other_kinds_are_kept(place, opened, kind):
    """Only kinds that are listed lose their content: of others it is not known what builds upon them."""
    with opened() as ledger:
        ledger.add(kind, {"email": GUS}, OLD)
    assert (kind in PRUNABLE, pruned(place)) == (False, {})


def test_each_organization_by_itself(place, opened):
    """An organization whose rows are young keeps them, whatever lies between them; each has a row of its own."""
    for organization, at in ((1, OLD), (2, YOUNG), (1, OLD), (3, OLD)):
        with opened(organization) as ledger:
            note_invited(ledger, [GUS], at)
            note_left(ledger, [GUS], at)
    assert pruned(place) == {1: [1, 2, 5, 6], 3: [7, 8]}
    assert told(place) == {}
    assert [(link.organization, link.number) for link in all_links(place) if link.kind == "pruned"] == [(1, 9), (3, 10)]


# again, and half way


def test_a_second_time_there_is_nothing_to_prune(lived):
    """Pruning once more changes nothing; what has become old since is pruned by a row of its own."""
    pruned(lived)
    once = all_links(lived)
    assert (pruned(lived), all_links(lived)) == ({}, once)
    with open_ledger(lived, 1, LIVE, write=True) as ledger:
        note_left(ledger, [GUS], YOUNG)
    assert pruned(lived, NOW) == {1: [8, 10]}
    assert pruned(lived, NOW + timedelta(days=1)) == {}, "what a prune wrote is kept"
    assert (told(lived), told(lived, head(once))) == ({}, {})


REFUSE = {
    "sqlite": ["CREATE TRIGGER no BEFORE INSERT ON rows BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"],
    "postgresql": [
        "CREATE FUNCTION no() RETURNS trigger AS $$ BEGIN RAISE 'the disk is full'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER no BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION no()",
    ],
}


def test_half_a_prune_is_none(lived, run_sql):
    """A prune that fails at its last row has taken nothing away."""
    before = all_links(lived)
    run_sql(*REFUSE["postgresql" if "://" in str(lived) else "sqlite"])
    with pytest.raises(InputError, match="the disk is full"):
        prune(lived, BEFORE, "claire@laptop", NOW)
    assert (all_links(lived), told(lived)) == (before, {})


def test_a_touched_ledger_is_not_pruned(lived, run_sql):
    """Where the chain is broken pruning would take evidence away, and refuses."""
    run_sql("UPDATE rows SET kind = 'left' WHERE number = 2")
    before = all_links(lived)
    with pytest.raises(InputError, match="is broken at row 2"):
        prune(lived, BEFORE, "claire@laptop", NOW)
    assert all_links(lived) == before


# what was done behind its back


TAMPERED = {
    "content taken from a row that was not pruned": (
        "SET body = '', salt = '' WHERE number = 2",
        "row 2 has no content",
    ),
    "content put into a row that was": ("SET body = '{}' WHERE number = 1", "row 1 was changed"),
    "another digest of what is gone": (f"SET body_hash = '{'0' * 64}' WHERE number = 3", "row 3 was changed"),
    "no digest of what is gone": ("SET body_hash = '' WHERE number = 3", "row 3 was changed"),
    "another moment": ("SET at = '2020-01-01T12:00:00+00:00' WHERE number = 3", "row 3 was changed"),
    "the digest passed off as the content": (
        "SET body = body_hash, body_hash = '' WHERE number = 4",
        "row 4 was changed",
    ),
    "what the pruning says": ("SET body = replace(body, 'claire', 'nobody') WHERE number = 9", "row 9 was changed"),
    "the content of what the pruning says": ("SET body = '' WHERE number = 9", "row 1 has no content"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_done_to_a_pruned_ledger_is_found(lived, run_sql, case):
    """A row that lost its content by pruning is told from one that was tampered with."""
    pruned(lived)
    statement, message = TAMPERED[case]
    run_sql(f"UPDATE rows {statement}")
    assert any(each.startswith(message) for each in told(lived).values()), told(lived)


def test_rows_removed_from_a_pruned_ledger_are_found(lived, run_sql):
    """That a row lost its content does not let it go missing."""
    pruned(lived)
    run_sql("DELETE FROM rows WHERE number = 3")
    assert told(lived)[4] == "row 3 is missing before row 4"


def test_another_organizations_row_covers_nothing(lived, run_sql):
    """What one organization pruned says nothing of the rows of another."""
    pruned(lived)
    run_sql("UPDATE rows SET body = '', salt = '' WHERE number = 8")
    assert told(lived) == {8: "row 8 has no content, and no later row says that it was pruned"}


def test_what_is_left_confirms_no_guess(place, opened):
    """The digest of the same words is another in each row, and what made it so goes with the words."""
    with opened() as ledger:
        note_left(ledger, [GUS, GUS], OLD)
    first, second = all_links(place)
    assert (first.body == second.body, first.body_hash == second.body_hash) == (True, False)
    pruned(place)
    assert [(link.body, link.salt) for link in all_links(place)[:2]] == [("", ""), ("", "")]


# ledgers from before


@pytest.fixture
def version_2(place, run_sql):
    """A ledger as accessplan made it when hashes covered the content itself: Gus left, and Ana did not."""
    previous, rows = "0" * 64, []
    for number, (kind, email) in enumerate((("invited", ANA), ("invited", GUS), ("left", GUS)), 1):
        link = Link(number, OLD.isoformat(), LIVE, 4242, kind, f'{{"email": "{email}"}}')
        previous = seal(previous, link)
        rows.append(f"INSERT INTO rows VALUES {(*link[:6], previous)}")  # noqa: S608 - words of this test
    table = VERSION_1[1].replace("body TEXT NOT NULL,", "body TEXT NOT NULL, hash VARCHAR(64) DEFAULT '' NOT NULL,")
    run_sql(VERSION_1[0], table, "INSERT INTO versions VALUES (2)", *rows)
    return place


def test_a_chain_of_contents_goes_on(version_2, opened):
    """A ledger of before stays chained as it is: its head is valid later, and what is added is chained to it."""
    known = head(all_links(version_2))
    assert told(version_2) == {}
    with opened() as ledger:
        note_invited(ledger, [BOB], YOUNG)
        assert times_invited(ledger) == {ANA: 1, BOB: 1, GUS: 0}
    assert (told(version_2), told(version_2, known)) == ({}, {})
    assert [bool(link.body_hash) for link in all_links(version_2)] == [False, False, False, True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rows SET kind = 'invited' WHERE number = 3",
        "UPDATE rows SET hash = '' WHERE number = 3",
        "UPDATE rows SET body = '{}' WHERE number = 2",
        "UPDATE rows SET body = '{}' WHERE number = 1",
        "UPDATE rows SET body = '' WHERE number = 1",
        "DELETE FROM rows WHERE number = 1",
        "DELETE FROM rows WHERE number = 2",
    ],
)
def test_rows_of_before_can_be_pruned_too(version_2, run_sql, statement):
    """Rows whose hashes cover what is gone hold by what the pruning says of them, and show what was done to them."""
    known = head(all_links(version_2))
    assert pruned(version_2) == {4242: [2, 3]}
    assert (told(version_2), told(version_2, known)) == ({}, {})
    run_sql(statement)
    assert told(version_2) != {}


# traces


def test_nothing_of_who_left_is_in_the_file(tmp_path):
    """After pruning the bytes of the file do not hold the address of who left, also where it was moved about before."""
    path = tmp_path / "ledger.db"
    with open_ledger(path, 4242, LIVE, write=True) as ledger:
        note_invited(ledger, [GUS, ANA, *(f"{number}@example.ch" for number in range(300))], OLD)
        attest(ledger, Word(ON_GUS.address, ON_GUS, BOB, OLD, 7))
        note_left(ledger, [GUS], OLD)
    assert GUS.encode() in path.read_bytes()
    prune(path, BEFORE, "claire@laptop", NOW)
    assert (GUS.encode() in path.read_bytes(), ANA.encode() in path.read_bytes()) == (False, True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ledger.db"]


def test_traces_that_others_left_go_too(tmp_path):
    """What an earlier program left in the free space of the file goes with a prune, though no row has it any more."""
    path = tmp_path / "ledger.db"
    with open_ledger(path, 4242, LIVE, write=True) as ledger:
        note_invited(ledger, [ANA], OLD)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute(
            "INSERT INTO rows (number, at, live, organization, kind, body) VALUES (2, '', '', 1, '', ?)", [GUS]
        )
        database.commit()
        database.execute("DELETE FROM rows WHERE number = 2")
        database.commit()
    assert GUS.encode() in path.read_bytes()
    assert prune(path, BEFORE, "claire@laptop", NOW) == []
    assert GUS.encode() not in path.read_bytes()


def test_who_may_only_add_rows_cannot_prune(postgresql):
    """In PostgreSQL pruning needs the right to update: without it nothing is pruned, and the fault says why."""
    url = postgresql.new_database()
    with open_ledger(url, 4242, write=True) as ledger:
        note_invited(ledger, [GUS], OLD)
        note_left(ledger, [GUS], OLD)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE ROLE pruner LOGIN PASSWORD 'prunes'")
        connection.execute("GRANT SELECT, INSERT ON rows, versions TO pruner")
    own = url.replace(f"postgres:{PASSWORD}@", "pruner:prunes@")
    with pytest.raises(InputError, match="permission denied for table rows"):
        prune(own, BEFORE, "claire@laptop", NOW)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("GRANT UPDATE ON rows TO pruner")
    assert pruned(own) == {4242: [1, 2]}


def test_what_would_be_pruned_is_known_before(lived):
    """What a prune takes away can be told without taking it away, also of a ledger of before."""
    before = all_links(lived)
    (loss,) = losses(before, BEFORE)
    assert (loss.organization, loss.live, dict(loss.kinds)) == (4242, LIVE, {"invited": 1, "attested": 1, "left": 1})
    assert all_links(lived) == before
