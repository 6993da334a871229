"""Whole runs, with the ledger in a file and in PostgreSQL."""

import re
import subprocess
from datetime import UTC, datetime

import psycopg
import pytest
from tests.cli.asking import asking
from tests.cli.given import HEAD, TODAY
from tests.conftest import COMMAND
from tests.ledger.rows import note_invited
from tests.ledger.server import PASSWORD

from accessplan.errors import InputError
from accessplan.ledger import Holder, all_links, hold, open_ledger, shown, times_invited, verify

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
YARA = "yara@example.ch"


@pytest.fixture
def run(cli, example, place):
    """A command with this ledger; no password is to be seen."""
    (example / "yara.yaml").write_text(
        f"{HEAD}users:\n  {YARA}: {{first_name: Yara, last_name: Steiner, role: collaborator}}\n"
    )
    cli("sandbox", "seed", "organization.yaml", *TODAY)

    def call(*words):
        result = cli(*words, "--ledger", place)
        assert PASSWORD not in result.stdout + result.stderr
        return result

    return call


def test_a_run_is_remembered(run, place):
    """What an apply did is in the history, in a chain that holds, and the next plan knows it."""
    assert run("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0
    told = run("history", "--document", "yara.yaml")
    assert (told.code, f"{YARA} was invited" in told.stdout) == (0, True)
    assert shown(place) in "".join(told.stdout.splitlines())
    assert re.search(r"^The chain holds: [1-9]\d* rows\.$", run("history", "verify").stdout, re.MULTILINE)
    expired = run("plan", "yara.yaml", "--detailed-exitcode", "--today", "2027-01-15")
    assert (expired.code, "anew: expired" in expired.stdout) == (2, True)


def test_a_run_that_holds_the_lock(run, place, example):
    """While a run holds the lock no other may apply, attest or fill the sandbox anew; reading goes on."""
    run("attest", "--all", "--by", "Claire", *TODAY)
    before = len(all_links(place))
    with hold(place, 4242, f"sandbox:{(example / 'organization.yaml').resolve()}", Holder("bob@host", 1, "apply")):
        refused = run("apply", "yara.yaml", "--auto-approve", *TODAY)
        assert (refused.code, refused.stdout) == (9, "")
        assert "error: another run holds the lock: bob@host since " in refused.stderr
        assert run("plan", "yara.yaml", *TODAY).code == 0
        assert run("history").code == 0
        assert len(all_links(place)) == before
    assert run("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0
    assert verify(all_links(place)) == ()


@pytest.mark.usefixtures("run")
def test_two_applies_race(place, example, command):
    """Of two applies at once one works; the other exits with 9, or finds nothing left to do."""
    words = [str(COMMAND), "apply", "yara.yaml", "--auto-approve", "--ledger", str(place), *TODAY]
    both = [
        subprocess.Popen(words, cwd=example, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60) for each in both]
    assert sorted(each.returncode for each in both) in ([0, 9], [0, 0]), said
    assert sum("1 done" in out for out, _ in said) == 1, said
    assert verify(all_links(place)) == ()
    with open_ledger(place, 4242, f"sandbox:{(example / 'organization.yaml').resolve()}") as ledger:
        assert times_invited(ledger) == {YARA: 1}
    assert command("plan", "yara.yaml", "--detailed-exitcode", "--ledger", place, *TODAY, cwd=example).code == 0


def test_an_apply_that_waits_for_its_yes_holds_the_lock(run, place, example):
    """While one apply waits to be approved another exits with 9 and says whose it is; killed, it leaves no lock."""
    with asking(example, "yara.yaml", "--ledger", place) as first:
        refused = run("apply", "yara.yaml", "--auto-approve", *TODAY)
        assert (refused.code, "(apply)" in refused.stderr, f"process {first.pid}" in refused.stderr) == (9, True, True)
    assert run("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0


def test_who_may_only_add_rows_can_write(postgresql):
    """In PostgreSQL, reading and adding are all the rights that a run needs; it can then change no row."""
    url = postgresql.new_database()
    with open_ledger(url, 4242, write=True):
        pass
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE ROLE runner LOGIN PASSWORD 'runs'")
        connection.execute("GRANT SELECT, INSERT ON rows, versions TO runner")
    own = url.replace(f"postgres:{PASSWORD}@", "runner:runs@")
    with hold(own, 4242, "", Holder("bob@host", 1, "apply")), open_ledger(own, 4242, write=True) as ledger:
        note_invited(ledger, [YARA], NOW)
        assert times_invited(ledger) == {YARA: 1}
    with (
        psycopg.connect(own.replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE rows SET kind = 'left'")


def test_a_schema_of_its_own(postgresql):
    """A ledger can be kept in a schema beside other tables, whatever these are called."""
    url = postgresql.new_database()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE SCHEMA accessplan")
        connection.execute("CREATE TABLE public.rows (something integer)")
        connection.execute("CREATE TABLE public.versions (version integer)")
    with pytest.raises(InputError, match="cannot be used"), open_ledger(url, 4242, write=True) as ledger:
        note_invited(ledger, [YARA], NOW)
    inside = f"{url}?options=-csearch_path%3Daccessplan"
    with open_ledger(inside, 4242, write=True) as ledger:
        note_invited(ledger, [YARA], NOW)
    assert len(all_links(inside)) == 1
