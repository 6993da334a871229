"""The chain shows what was done to a ledger behind its back."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.ledger.rows import note_invited

from accessplan.errors import InputError
from accessplan.ledger import all_links, head, open_ledger, times_invited, verify
from accessplan.ledger.link import BEGINNING, Link, seal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

VERSION_1 = """
CREATE TABLE versions (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE rows (
    number INTEGER NOT NULL, at VARCHAR(32) NOT NULL, live TEXT NOT NULL, organization INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL, body TEXT NOT NULL, PRIMARY KEY (number)
);
INSERT INTO versions VALUES (1);
INSERT INTO rows VALUES (1, '2026-02-01T12:00:00+00:00', '', 4242, 'invited', '{"email": "ana@example.ch"}');
INSERT INTO rows VALUES (2, '2026-02-02T12:00:00+00:00', '', 4242, 'invited', '{"email": "élo@example.ch"}');
INSERT INTO rows VALUES (4, '2026-02-04T12:00:00+00:00', '', 4242, 'invited', '{"email": "bob@example.ch"}');
""".strip().split(";\n")
"""A ledger as accessplan made it before there was a chain; its third row was lost."""

TAMPERED = {
    "a body": ('UPDATE rows SET body = \'{"email": "eve@example.ch"}\' WHERE number = 3', {3: "row 3 was changed"}),
    "a moment": ("UPDATE rows SET at = '2020-01-01T12:00:00+00:00' WHERE number = 3", {3: "row 3 was changed"}),
    "an organization": ("UPDATE rows SET organization = 1 WHERE number = 5", {5: "row 5 was changed"}),
    "a live system": ("UPDATE rows SET live = 'x' WHERE number = 1", {1: "row 1 was changed, or is not the first"}),
    "a kind": ("UPDATE rows SET kind = 'left' WHERE number = 2", {2: "row 2 was changed"}),
    "a hash": ("UPDATE rows SET hash = '' WHERE number = 5", {5: "row 5 has no hash"}),
    "one removed": ("DELETE FROM rows WHERE number = 3", {4: "row 3 is missing before row 4"}),
    "some removed": ("DELETE FROM rows WHERE number IN (2, 3)", {4: "rows 2 to 3 are missing before row 4"}),
    "the first removed": ("DELETE FROM rows WHERE number = 1", {2: "row 1 is missing before row 2"}),
}


def fill(place):
    with open_ledger(place, 4242, write=True) as ledger:
        note_invited(ledger, [f"{name}@example.ch" for name in ("ana", "bob", "cleo", "dana", "elio")], NOW)
    return place


@pytest.fixture
def filled(place):
    return fill(place)


def told(where, known=""):
    return {fault.number: fault.message for fault in verify(all_links(where), known)}


def test_an_untouched_ledger_holds(filled):
    """The chain of a ledger that nobody touched holds, also of several organizations, and when it grows."""
    assert told(filled) == {}
    with open_ledger(filled, 1, "https://elsewhere", write=True) as ledger:
        note_invited(ledger, ["ana@example.ch"], NOW)
    assert ([link.number for link in all_links(filled)], told(filled)) == ([1, 2, 3, 4, 5, 6], {})


def test_an_empty_ledger_holds(place):
    """A ledger without rows has a head: the beginning."""
    assert (told(place), head(all_links(place))) == ({}, BEGINNING)


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_done_to_a_row_is_found(filled, run_sql, case):
    """A row that was changed or removed is named; no other is."""
    statement, expected = TAMPERED[case]
    run_sql(statement)
    found = told(filled)
    assert found.keys() >= expected.keys()
    assert all(found[number].startswith(message) for number, message in expected.items())
    assert found.keys() <= {number + more for number in expected for more in (0, 1)}


@pytest.mark.parametrize("column", ["at", "live", "organization", "kind", "body", "hash", "salt", "body_hash"])
def test_bytes_in_place_of_a_text_are_found(tmp_path, column):
    """Where SQLite was given bytes, the row is found to be changed, though the bytes spell the same."""
    path = fill(tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE rows SET {column} = CAST({column} AS BLOB) WHERE number = 2")  # noqa: S608
    assert told(path)[2] == "row 2 was changed, or does not follow row 1 as it was"


@pytest.mark.parametrize(
    "statement", ["DELETE FROM versions", "DROP TABLE versions", "UPDATE versions SET version = 1"]
)
def test_rows_without_their_version(filled, run_sql, statement):
    """A ledger that has rows and says that it has none, or that they are older than they are, is damaged, not empty."""
    run_sql(statement)
    with pytest.raises(InputError, match=r"is damaged: version [01] is not that of its tables"):
        all_links(filled)
    for write in (False, True):
        with pytest.raises(InputError, match="is damaged"), open_ledger(filled, 4242, write=write):
            pass


def test_rows_that_changed_places_are_found(filled, run_sql):
    """Two rows that took each other's number are both named."""
    moves = ("SET number = 99 WHERE number = 2", "SET number = 2 WHERE number = 3", "SET number = 3 WHERE number = 99")
    run_sql(*(f"UPDATE rows {move}" for move in moves))
    assert told(filled).keys() == {2, 3, 4}


def test_a_row_that_was_sealed_anew_is_found(filled, run_sql):
    """Who changes a row and computes its hash breaks the next one."""
    links = all_links(filled)
    forged = links[2]._replace(kind="left")
    run_sql(f"UPDATE rows SET kind = 'left', hash = '{seal(links[1].hash, forged)}' WHERE number = 3")  # noqa: S608
    assert told(filled) == {4: "row 4 was changed, or does not follow row 3 as it was"}


def test_rows_cut_off_at_the_end_are_found_by_a_head_kept_elsewhere(filled, run_sql):
    """The end that was cut off shows only to who knows the hash that was the last; an older one is still there."""
    before, known = all_links(filled)[1].hash, head(all_links(filled))
    assert told(filled, known) == {}
    run_sql("DELETE FROM rows WHERE number > 3")
    assert told(filled) == told(filled, before) == {}
    assert told(filled, known) == {
        0: f"no row has the hash {known}: rows were cut off at the end, or all was written anew"
    }


def test_the_hash_covers_every_word():
    """The hash of a row is what it was when this was written: another would break every ledger there is."""
    link = Link(1, "2026-03-02T12:00:00+00:00", "sandbox:/é", 4242, "invited", '{"email": "ana@example.ch"}')
    assert seal(BEGINNING, link) == "c5e7081ade52e22590898ef32ee0e06b6c7a547a3e8dc36efd9fc68d38c4261d"
    others = [link._replace(number=2), link._replace(at=""), link._replace(live=""), link._replace(organization=1)]
    others += [link._replace(kind=""), link._replace(body="{}")]
    assert len({seal(BEGINNING, each) for each in (link, *others)} | {seal("1" * 64, link)}) == 8


def test_an_earlier_ledger_is_brought_forward(place, run_sql):
    """The first who writes to a ledger without a chain chains what is there; who reads reads it as it is."""
    run_sql(*VERSION_1)
    with open_ledger(place, 4242) as ledger:
        assert len(times_invited(ledger)) == 3
    assert told(place).keys() == {1, 2, 4}
    with open_ledger(place, 4242, write=True) as ledger:
        note_invited(ledger, ["ana@example.ch"], NOW)
        assert times_invited(ledger) == {"ana@example.ch": 2, "élo@example.ch": 1, "bob@example.ch": 1}
    assert ([link.number for link in all_links(place)], told(place).keys()) == ([1, 2, 4, 5], set())


def test_a_ledger_that_cannot_be_brought_forward_stays_as_it_was(place, run_sql):
    """The way forward is gone as a whole or not at all."""
    first, *rest = VERSION_1
    run_sql(first.replace("NOT NULL", "NOT NULL CHECK (version = 1)"), *rest)
    with pytest.raises(InputError, match="cannot be used"), open_ledger(place, 4242, write=True):
        pass
    with open_ledger(place, 4242) as ledger:
        assert len(times_invited(ledger)) == 3


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from accessplan.ledger import invited, open_ledger
where = sys.argv[1] if "://" in sys.argv[1] else Path(sys.argv[1])
sys.stdin.readline()
with open_ledger(where, int(sys.argv[2]), write=True) as ledger:
    for number in range(30):
        ledger.add_all([invited(f"{number}@example.ch")], datetime.now(UTC))
"""


def test_writers_at_once_do_not_fork_the_chain(place):
    """Four processes that make the ledger and add rows at once give one chain with all their rows."""
    command = [sys.executable, "-c", WRITER, str(place)]
    writers: Any = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(4)
    ]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [(writer.communicate(timeout=60)[1], writer.returncode) for writer in writers] == [("", 0)] * 4
    links = all_links(place)
    assert (len(links), verify(links)) == (120, ())
    assert sorted(link.organization for link in links) == [number for number in range(4) for _ in range(30)]
