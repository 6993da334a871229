"""The ledger keeps what was done and said."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from accessplan.errors import InputError
from accessplan.ledger import Word, attest, note_invited, note_left, open_ledger, times_invited, words
from accessplan.model import Grant, Partner, partner_address, team_address

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB = team_address("Web")
GRANT = Grant(WEB, "domain/example.ch", frozenset({"technical"}))
NUMBERS = {WEB: 2001}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db"


def test_a_ledger_that_is_only_read_is_not_made(path):
    """Reading leaves no file behind, and an absent ledger is empty."""
    with open_ledger(path, 4242) as ledger:
        assert (words(ledger, {}), times_invited(ledger)) == ({}, {})
    assert not path.exists()


def test_the_last_word_counts(path):
    """Of several words on one entry the last one counts, until what it hangs on is another."""
    with open_ledger(path, 4242, write=True) as ledger:
        attest(ledger, Word(GRANT.address, None, "Bob", NOW, 2001))
        attest(ledger, Word(GRANT.address, GRANT, "Ana", NOW + timedelta(hours=1), 2001))
    with open_ledger(path, 4242) as ledger:
        found = words(ledger, NUMBERS)[GRANT.address]
        assert (found.entry, found.by, found.at) == (GRANT, "Ana", NOW + timedelta(hours=1))
        assert words(ledger, {WEB: 2002}) == {}


def test_a_word_on_a_partner_needs_no_number(path):
    """The live system has no number for a partner, so a word on one lasts until the next."""
    agency = Partner("WebAgency", "limited")
    with open_ledger(path, 4242, write=True) as ledger:
        attest(ledger, Word(agency.address, agency, "Ana", NOW))
        assert words(ledger, NUMBERS)[partner_address("WebAgency")].entry == agency


def test_organizations_do_not_share_words(path):
    """What was said of one organization is not said of another."""
    with open_ledger(path, 4242, write=True) as ledger:
        attest(ledger, Word(GRANT.address, GRANT, "Ana", NOW, 2001))
    with open_ledger(path, 4243) as ledger:
        assert words(ledger, NUMBERS) == {}


def test_invitations_are_counted_since_a_person_left(path):
    """Who left and comes back is invited as if for the first time."""
    with open_ledger(path, 4242, write=True) as ledger:
        note_invited(ledger, ["ana@example.ch", "bob@example.ch"], NOW)
        note_left(ledger, ["ana@example.ch"], NOW)
        note_invited(ledger, ["ana@example.ch", "bob@example.ch"], NOW)
        assert dict(times_invited(ledger)) == {"ana@example.ch": 1, "bob@example.ch": 2}


def test_another_file_is_refused(path):
    """A file that is no ledger is refused by name, and left as it is."""
    path.write_text("no database at all, and long enough to look like one")
    with pytest.raises(InputError, match=r"the ledger .*ledger\.db cannot be used"), open_ledger(path, 4242) as ledger:
        ledger.rows("attested")
    assert path.read_text().startswith("no database")


def test_a_newer_ledger_is_refused(path):
    """A ledger of a later accessplan is not touched."""
    with open_ledger(path, 4242, write=True):
        pass
    with sqlite3.connect(path) as database:
        database.execute("UPDATE versions SET version = 99")
    database.close()
    with pytest.raises(InputError, match="newer accessplan"), open_ledger(path, 4242):
        pass
