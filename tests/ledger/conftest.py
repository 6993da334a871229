"""The ledger is tested where it can be kept: in a SQLite file, and in PostgreSQL."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from tests.conftest import not_installed
from tests.ledger.server import binaries, running


@pytest.fixture(scope="session")
def postgresql():
    """A server of PostgreSQL; where there is none the tests that need it are skipped, unless that must not be."""
    if binaries() is None:
        not_installed("postgresql", "PostgreSQL is not installed (apt-get install postgresql)")
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a ledger is to be: a file that is not there yet, or the URL of an empty database."""
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    return request.getfixturevalue("postgresql").new_database()


@pytest.fixture
def run_sql(place):
    """Do something to a ledger behind its back."""

    def call(*statements):
        plain = str(place).replace("+psycopg", "")
        with closing(sqlite3.connect(place) if plain == str(place) else psycopg.connect(plain)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return call
