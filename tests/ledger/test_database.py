"""A ledger by URL: what is taken, and that its password is shown nowhere."""

import pytest
from tests.ledger.server import PASSWORD

from accessplan.errors import InputError
from accessplan.ledger import open_ledger, shown

SECRET = "hunter2"  # noqa: S105 - one for looking after


def fault(url):
    with pytest.raises(InputError) as caught, open_ledger(url, 4242, write=True):
        pass
    error: BaseException | None = caught.value
    told = [str(error), caught.value.remedy]
    while error := error and error.__cause__:
        told.append(str(error))
    return "\n".join(told)


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://ana:{SECRET}@host/ledger",
        f"https://ana:{SECRET}@host/ledger",
        f"postgresql+asyncpg://ana:{SECRET}@host/ledger",
        f"postgresql://ana:{SECRET}@host:port/ledger",
        f"postgresql://ana:x@{SECRET}@host/ledger",
        f"postgresql://ana:{SECRET}@127.0.0.1:1/ledger",
        f"postgresql://127.0.0.1:1/ledger?password={SECRET}&connect_timeout=x",
        f"postgresql://127.0.0.1:1/ledger?password={SECRET}&user=ana",
        f"://ana:{SECRET}@host",
    ],
)
def test_no_fault_shows_a_password(url):
    """A URL that cannot be used is a fault of the command line, in which no password is to be read."""
    message = fault(url)
    assert (SECRET in message, "ledger" in message) == (False, True)


def test_where_a_ledger_is_can_be_shown(tmp_path):
    """A ledger is named with who opens it and where it is, without what opens it."""
    url = f"postgresql+psycopg://ana:{SECRET}@db.example:5432/ledger?sslpassword={SECRET}"
    assert shown(url) == "postgresql+psycopg://ana:***@db.example:5432/ledger"
    assert shown(tmp_path) == str(tmp_path)


def test_a_wrong_password_is_refused(postgresql):
    """A server that refuses is named with its reason, and none of the passwords."""
    message = fault(postgresql.url(password=SECRET))
    assert "password authentication failed" in message
    assert (SECRET in message, PASSWORD in message, "postgres:***@127.0.0.1" in message) == (False, False, True)


def test_the_short_scheme_is_taken_too(postgresql):
    """What other tools call postgresql:// is opened by the one driver there is."""
    url = postgresql.new_database().replace("+psycopg", "")
    with open_ledger(url, 4242, write=True):
        pass
    with open_ledger(url, 4242) as ledger:
        assert ledger.rows("invited") == []
