"""`accessplan history`, and the lock between runs."""

import json
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.asking import asking
from tests.cli.given import ESCAPE, HEAD, TODAY, input_error, is_clean
from tests.conftest import COMMAND
from tests.ledger.rows import note_invited

from accessplan.ledger import all_links, open_ledger

pytestmark = pytest.mark.usefixtures("example")

YARA = "yara@example.ch"
ADDRESS = f'user["{YARA}"]'
DOCUMENT = f"{HEAD}users:\n  {YARA}: {{first_name: Yara, last_name: Steiner, role: collaborator}}\n"


@pytest.fixture(autouse=True)
def _document(example):
    (example / "yara.yaml").write_text(DOCUMENT)


@pytest.fixture
def invited(cli, example):
    """An apply that invited Yara; tells where the ledger is."""
    assert cli("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0
    return example / ".accessplan" / "ledger.db"


@pytest.fixture
def history(cli):
    """The rows of the history, as data."""

    def call(*options):
        return json.loads(cli("history", "--document", "yara.yaml", "--format", "json", *options).stdout)["rows"]

    return call


def test_without_a_ledger_there_is_nothing(cli, example):
    """Before anything was done the history is empty, its chain holds, and no file is made."""
    assert cli("history").stdout.endswith("\nNothing is written down.\n")
    assert cli("history", "verify").stdout == f"The chain holds: 0 rows.\nHead: {'0' * 64}\n"
    assert not (example / ".accessplan").exists()


@pytest.mark.usefixtures("invited")
def test_the_history_in_plain_words(cli):
    """Each row is a sentence with its moment; the JSON has the row as it is stored beside it."""
    told = cli("history", "--document", "yara.yaml")
    assert (told.code, told.stderr) == (0, "")
    assert told.stdout.startswith("organization 4242 at")
    assert re.search(r"^  2026-11-21 12:00 yara@example\.ch was invited \(row \d+\)$", told.stdout, re.MULTILINE)
    plain = re.sub(r"receipt [0-9a-f]{8}", "receipt N", " ".join(told.stdout.split()))
    for sentence in (
        f"about to invite {ADDRESS} (receipt N)",
        f"done: {ADDRESS} (receipt N)",
        "receipt N ended with exit code 0: 1 done",
        "live at the end: ",
    ):
        assert sentence in plain
    assert re.search(r" began apply, plan [0-9a-f]{12} of yara\.yaml \(receipt N\) ", plain)
    told = cli("history", "--document", "yara.yaml", "--format", "json", "--out", "rows.json", "--out", "rows.txt")
    assert Path("rows.json").read_text() == told.stdout
    assert f"{YARA} was invited" in Path("rows.txt").read_text()
    whole = json.loads(told.stdout)
    (row,) = (each for each in whole["rows"] if each["kind"] == "invited")
    assert (whole["format_version"], whole["organization"], whole["ledger"]) == (
        "1.0",
        {"id": 4242},
        ".accessplan/ledger.db",
    )
    assert (row["says"], row["body"], row["addresses"]) == (
        "yara@example.ch was invited",
        {"email": YARA},
        [f'user["{YARA}"]'],
    )


def test_filters(cli, history, invited):
    """The history can be had of one person, one entry, one kind, and since a day."""
    origin = history()[0] and all_links(invited)[0].live
    cli("attest", "--all", "--by", "Claire@example.ch", *TODAY)
    with open_ledger(invited, 4242, origin, write=True) as ledger:
        note_invited(ledger, ["lena@example.ch"], datetime(2027, 1, 15, 12, tzinfo=UTC))
    with open_ledger(invited, 4243, origin, write=True) as ledger:
        note_invited(ledger, [YARA], datetime(2027, 1, 15, 12, tzinfo=UTC))
    assert {row["kind"] for row in history("--who", "Yara@Example.CH")} >= {"intent", "outcome", "invited"}
    assert not any("lena@example.ch" in json.dumps(row) for row in history("--who", YARA))
    assert [row["body"]["email"] for row in history("--since", "2027-01-15")] == ["lena@example.ch"]
    assert {row["kind"] for row in history("--kind", "attested", "--who", "claire@example.ch")} == {"attested"}
    assert {row["kind"] for row in history("--what", ADDRESS)} >= {"intent", "outcome", "invited"}
    partner = [row["addresses"] for row in history("--what", 'partner["WebAgency"]')]
    assert ['partner["WebAgency"]'] in partner
    assert ['partner["WebAgency"].grant["hosting/shop.example.ch"]'] in partner
    assert history("--who", "nobody@example.ch") == []


def test_a_history_needs_no_document(cli, example, invited):
    """With --live and --organization the history is told without a document, and of no other organization."""
    where = ("--live", "sandbox:organization.yaml", "--organization")
    assert "yara@example.ch was invited" in cli("history", *where, "4242").stdout
    assert "Nothing is written down." in cli("history", *where, "1").stdout
    cli("snapshot", *TODAY)
    assert "yara@example.ch was invited" in cli("history", "--live", "snapshot.json", "--document", "yara.yaml").stdout
    for file in (example / ".accessplan" / "sandbox").iterdir():
        file.unlink()
    assert "yara@example.ch was invited" in cli("history", "--document", "yara.yaml").stdout
    assert list((example / ".accessplan" / "sandbox").iterdir()) == [], "nobody was asked"
    assert invited.exists()


def test_a_history_asks_nobody(cli, example):
    """The history of an organization at another address is told without --live, since no token is sent there."""
    document = (example / "yara.yaml").read_text().replace("sandbox:organization.yaml", "https://other.example")
    (example / "elsewhere.yaml").write_text(document)
    told = cli("history", "--document", "elsewhere.yaml")
    assert (told.code, "Nothing is written down." in told.stdout) == (0, True)


def test_hostile_rows_are_made_harmless(cli, history, invited):
    """What a name or an unknown kind holds steers no terminal, and is no more than text."""
    origin = all_links(invited)[0].live
    hostile = f"{ESCAPE}[2J\u202e[bold]"
    with open_ledger(invited, 4242, origin, write=True) as ledger:
        note_invited(ledger, [hostile], datetime(2027, 1, 15, 12, tzinfo=UTC))
        for kind in ("attested", "seen", "plan applied", "word ended", "snoozed", "later", f"k{ESCAPE}"):
            ledger.add(kind, {"address": [hostile], "counts": hostile, "plan": hostile, "text": hostile}, TIME)
        for kind in ("sighted", "wanted"):
            ledger.add(
                kind, {"counts": {"live": hostile, "managed": hostile}, "gone": [hostile], "wanted": hostile}, TIME
            )
    told = cli("history", "--document", "yara.yaml")
    assert (told.code, ESCAPE in told.stdout, "\u202e" in told.stdout) == (0, False, False)
    assert r"\x1b[2J\u202e[bold] was invited" in told.stdout
    assert not any(ESCAPE in row["says"] for row in history())


TIME = datetime(2027, 1, 15, 12, tzinfo=UTC)


def test_verify(cli, invited):
    """A chain that was not touched holds; a head that was kept finds the end that was cut off."""
    good = cli("history", "verify")
    ((last, head),) = re.findall(r"^The chain holds: (\d+) rows\.\nHead: ([0-9a-f]{64})\n$", good.stdout)
    assert cli("history", "verify", "--head", head.upper()).code == 0
    with closing(sqlite3.connect(invited)) as database:
        database.execute("DELETE FROM rows WHERE number = ?", (last,))
        database.commit()
    assert cli("history", "verify").code == 0
    bad = cli("history", "verify", "--head", head)
    assert input_error(bad, "the chain of the ledger .accessplan/ledger.db is broken at its end", "from a copy")
    assert bad.stdout == f"no row has the hash {head}: rows were cut off at the end, or all was written anew.\n"
    with closing(sqlite3.connect(invited)) as database:
        database.execute("UPDATE rows SET kind = 'left' WHERE number = 1")
        database.commit()
    bad = cli("history", "verify")
    assert input_error(bad, "is broken at row 1")
    assert bad.stdout.startswith("row 1 was changed, or is not the first that was written.\n")


def test_verify_takes_another_ledger(cli, example, invited):
    """The chain of a ledger somewhere else is checked as well."""
    (example / "other").mkdir()
    invited.rename(example / "kept.db")
    assert re.search(r"holds: [1-9]\d* rows", cli("history", "verify", "--ledger", "kept.db").stdout)
    assert "holds: 0 rows" in cli("history", "verify", "--state", "other").stdout


@pytest.mark.parametrize("command", [["history"], ["plan"], ["history", "verify"]], ids=lambda words: words[-1])
def test_no_command_shows_the_password_of_a_ledger(cli, command):
    """A ledger by URL that does not answer is a fault, in which its password is not to be read."""
    result = cli(*command, "--ledger", "postgresql+psycopg://ana:hunter2@127.0.0.1:1/ledger")
    assert input_error(result, "the ledger postgresql+psycopg://ana:***@127.0.0.1:1/ledger cannot be used")
    assert "hunter2" not in result.stdout + result.stderr


def test_a_ledger_that_is_neither(cli):
    """A URL of something else is refused by name."""
    assert input_error(cli("plan", "--ledger", "mysql://ana:hunter2@host/x"), "no ledger can be kept by mysql")


# the lock


def test_of_two_applies_one_works(cli, command, example):
    """While one apply runs another is refused with who holds the lock; whoever reads is not; then the first works."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    with asking(example, "yara.yaml") as first:
        second = command("apply", "yara.yaml", "--auto-approve", *TODAY, cwd=example)
        assert (second.code, second.stdout, is_clean(second)) == (9, "", True)
        message = re.search(r"another run holds the lock: (\S+)@(\S+) since \d\d:\d\d \(apply\)", second.stderr)
        assert message, second.stderr
        assert f"Run this again when process {first.pid} there has ended. Nothing was changed." in second.stderr
        assert cli("plan", "yara.yaml", "--detailed-exitcode", *TODAY).code == 2
        assert cli("history", "verify").code == 0
        assert cli("sandbox", "seed", "organization.yaml", *TODAY).code == 9
        assert cli("attest", "--all", "--by", "Claire", *TODAY).code == 9
        out, _ = first.communicate("yes\n", timeout=60)
        assert (first.returncode, "1 done" in out or "✓" in out) == (0, True)
    assert cli("plan", "yara.yaml", "--detailed-exitcode", *TODAY).code == 0


def test_two_applies_at_the_same_moment(cli, example, shown):
    """However two applies fall over each other, Yara is invited once and the chain holds."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    words = [str(COMMAND), "apply", "yara.yaml", "--auto-approve", *TODAY]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both: Any = [subprocess.Popen(words, cwd=example, text=True, **pipes) for _ in range(2)]
    said = [each.communicate(timeout=60)[1] for each in both]
    assert sorted(each.returncode for each in both) in ([0, 9], [0, 0]), said
    assert [each["email"] for each in shown()["invitations"]].count(YARA) == 1
    assert cli("history", "verify").code == 0


def test_a_killed_apply_leaves_no_lock(cli, example):
    """The lock of an apply that was killed does not stand in the way of the next."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    with asking(example, "yara.yaml") as first:
        first.kill()
        first.wait(10)
        assert cli("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0


def test_an_apply_that_fills_its_sandbox_is_not_locked_out(cli):
    """An apply that finds its sandbox new fills it under its own lock."""
    assert cli("attest", "--all", "--by", "Claire", *TODAY).code == 0
    assert cli("apply", "yara.yaml", "--auto-approve", *TODAY).code == 0


def test_an_apply_to_a_snapshot_takes_no_lock(cli, example):
    """What cannot be changed needs no lock, and leaves no file."""
    cli("snapshot", *TODAY)
    result = cli("apply", "yara.yaml", "--auto-approve", "--live", "snapshot.json", *TODAY)
    assert input_error(result, "is a snapshot")
    assert list((example / ".accessplan").glob("*.lock")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--what", "nonsense"), "nonsense is no address of an entry"),
        (("verify", "--head", "0123abcd"), "--head is no head of a ledger"),
        (("--ledger", ""), "it names no file"),
    ],
    ids=lambda words: words[0] if isinstance(words, tuple) else "",
)
@pytest.mark.usefixtures("invited")
def test_what_cannot_be_asked(cli, arguments, words):
    """What is no address, no head and no file is a fault of the command line, not an empty history."""
    assert words in " ".join(cli("history", *arguments).stderr.split())


@pytest.mark.usefixtures("invited")
def test_an_entry_in_another_spelling(history):
    """An entry is found however its address is spelled, as other commands find it."""
    assert history("--what", f'user["{YARA.upper()}"]') == history("--what", f'user["{YARA}"]') != []


def test_a_row_that_nests_too_deep(cli, history, invited):
    """A row that no machine can read through is a damaged row, and no crash."""
    assert history() != []
    with closing(sqlite3.connect(invited)) as connection, connection:
        connection.execute("UPDATE rows SET body = ? WHERE number = 1", ("[" * 6000,))
    assert input_error(cli("history", *TODAY), "row 1 of the ledger is damaged")
    verified = cli("history", "verify")
    assert (verified.code, "row 1 was changed" in verified.stdout) == (3, True)


@pytest.mark.usefixtures("invited")
def test_filters_that_nothing_fits(cli):
    """Where rows are asked for that there are none of, that is said, and not that nothing is written down."""
    assert "No row is like that." in cli("history", "--who", "nobody@example.ch", *TODAY).stdout
