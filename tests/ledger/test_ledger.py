"""The ledger keeps what was done and said."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.ledger.rows import note_invited, note_left

from accessplan.errors import InputError
from accessplan.ledger import (
    all_links,
    attest,
    open_ledger,
    times_invited,
    verify,
    words,
)
from accessplan.ledger.database import connect, take_turn
from accessplan.model import Grant, Partner, partner_address, team_address
from accessplan.past import Word

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB = team_address("Web")
GRANT = Grant(WEB, "domain/example.ch", frozenset({"technical"}))
NUMBERS = {WEB: 2001}


def test_a_ledger_that_is_only_read_is_not_made(tmp_path):
    """Reading leaves no file behind, and an absent ledger is empty."""
    path = tmp_path / "ledger.db"
    with open_ledger(path, 4242) as ledger:
        assert (words(ledger, {}), times_invited(ledger)) == ({}, {})
    assert not path.exists()


def test_the_last_word_counts(place):
    """Of several words on one entry the last one counts, until what it hangs on is another."""
    with open_ledger(place, 4242, write=True) as ledger:
        attest(ledger, Word(GRANT.address, None, "Bob", NOW, 2001))
        attest(ledger, Word(GRANT.address, GRANT, "Ana", NOW + timedelta(hours=1), 2001))
    with open_ledger(place, 4242) as ledger:
        found = words(ledger, NUMBERS)[GRANT.address]
        assert (found.entry, found.by, found.at) == (GRANT, "Ana", NOW + timedelta(hours=1))
        assert words(ledger, {WEB: 2002}) == {}


def test_a_word_on_a_partner_needs_no_number(place):
    """The live system has no number for a partner, so a word on one lasts until the next."""
    agency = Partner("WebAgency", "limited")
    with open_ledger(place, 4242, write=True) as ledger:
        attest(ledger, Word(agency.address, agency, "Ana", NOW))
        assert words(ledger, NUMBERS)[partner_address("WebAgency")].entry == agency


def test_organizations_do_not_share_words(place):
    """What was said of one organization is not said of another."""
    with open_ledger(place, 4242, write=True) as ledger:
        attest(ledger, Word(GRANT.address, GRANT, "Ana", NOW, 2001))
    with open_ledger(place, 4243) as ledger:
        assert words(ledger, NUMBERS) == {}


def test_invitations_are_counted_since_a_person_left(place):
    """Who left and comes back is invited as if for the first time."""
    with open_ledger(place, 4242, write=True) as ledger:
        note_invited(ledger, ["ana@example.ch", "bob@example.ch"], NOW)
        note_left(ledger, ["ana@example.ch"], NOW)
        note_invited(ledger, ["ana@example.ch", "bob@example.ch"], NOW)
        assert dict(times_invited(ledger)) == {"ana@example.ch": 1, "bob@example.ch": 2}


def test_a_database_that_is_only_read_stays_empty(postgresql):
    """Reading makes no tables, and a database without them is an empty ledger."""
    url = postgresql.new_database()
    with open_ledger(url, 4242) as ledger:
        assert (words(ledger, {}), times_invited(ledger), all_links(url)) == ({}, Counter(), [])
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_another_file_is_refused(tmp_path):
    """A file that is no ledger is refused by name, and left as it is."""
    path = tmp_path / "ledger.db"
    path.write_text("no database at all, and long enough to look like one")
    with pytest.raises(InputError, match=r"the ledger .*ledger\.db cannot be used"), open_ledger(path, 4242) as ledger:
        ledger.rows("attested")
    assert path.read_text().startswith("no database")


def test_a_newer_ledger_is_refused(place, run_sql):
    """A ledger of a later accessplan is not touched, nor read."""
    with open_ledger(place, 4242, write=True):
        pass
    run_sql("UPDATE versions SET version = 99")
    for write in (False, True):
        with pytest.raises(InputError, match="newer accessplan"), open_ledger(place, 4242, write=write):
            pass


def test_who_reads_cannot_write(place):
    """A ledger that was opened to be read takes no row, by our own word and by the database's."""
    with open_ledger(place, 4242, write=True) as ledger:
        note_invited(ledger, ["ana@example.ch"], NOW)
    with open_ledger(place, 4242) as ledger, pytest.raises(AssertionError, match="opened to be read"):
        note_invited(ledger, ["ana@example.ch"], NOW)
    with (
        pytest.raises(InputError, match=r"read-?only"),
        connect(place, write=False) as connection,
        connection.begin(),
    ):
        connection.exec_driver_sql("DELETE FROM rows")
    assert len(all_links(place)) == 1


def test_a_reader_does_not_wait_for_a_writer(place):
    """While a row is being added, others read what was there before."""
    with open_ledger(place, 4242, write=True) as ledger:
        note_invited(ledger, ["ana@example.ch"], NOW)
    with connect(place, write=True) as writer, writer.begin():
        take_turn(writer)
        writer.exec_driver_sql("UPDATE rows SET kind = 'left'")
        begun = time.monotonic()
        with open_ledger(place, 4242) as ledger:
            assert times_invited(ledger) == {"ana@example.ch": 1}
        assert time.monotonic() - begun < 5


def test_any_text_is_kept(place):
    """Whatever a name holds comes back as it was: quotes, zero bytes, halves of letters."""
    names = ["é\u202e\x00'\"\\", "\ud800", "名前"]
    with open_ledger(place, 4242, "sandbox:/tmp/é", write=True) as ledger:
        note_invited(ledger, names, NOW)
    with open_ledger(place, 4242, "sandbox:/tmp/é") as ledger:
        assert list(times_invited(ledger)) == names
    assert verify(all_links(place)) == ()
