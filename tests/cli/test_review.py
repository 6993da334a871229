"""`accessplan review`: what is due in a real sandbox, its calendar and evidence, and decisions in the document."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from difflib import unified_diff
from pathlib import Path

import icalendar
import pytest
from tests.cli.given import HEAD, TODAY, input_error
from tests.cli.repository import Repository
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.usefixtures("example")

DOCUMENT = (REPOSITORY / "examples" / "access.yaml").read_text()
PETRA = 'mailbox["billing@example.ch"].delegate["petra@treuhand.example"]'
WEB = 'team["Web"].grant["hosting/*"]'


@pytest.fixture
def record(cli, example):
    """Record a decision; returns the result, and the lines of the document that differ."""

    def call(address, how, *arguments):
        before = (example / "access.yaml").read_text()
        result = cli("review", "record", address, how, "--by", "Ana", *TODAY, *arguments)
        after = (example / "access.yaml").read_text()
        lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        return result, [line for line in lines if not line.startswith(("---", "+++", "@@"))]

    return call


def test_what_is_due(cli):
    """Who has to look at what, the oldest first; with --within also what is due later; exit 0."""
    result = cli("review", *TODAY)
    assert result.code == 0
    assert "5 reviews are due today, of 7." in result.stdout
    assert result.stdout.index("2026-08-28 mailbox") < result.stdout.index("2026-11-21 team")
    assert "by claire@example.ch · last reviewed on 2026-03-01" in result.stdout
    later = cli("review", "access.yaml", "--within", "200d", *TODAY)
    assert "7 reviews are due by 2027-06-09, of 7." in later.stdout


def test_json(cli):
    """The same as data, with who, what and until when, also in a file."""
    result = cli("review", "--format", "json", "--out", "due.json", *TODAY)
    assert Path("due.json").read_text() == result.stdout
    data = json.loads(result.stdout)
    assert (data["format_version"], data["summary"]) == ("1.2", {"due": 5, "reviewed_entries": 7})
    first = data["due"][0]
    assert (first["address"], first["due"], first["overdue"]) == (PETRA, "2026-08-28", True)
    assert (first["who"], first["what"], first["reviewers"]) == (
        "petra@treuhand.example", "mailbox/billing@example.ch", ["claire@example.ch"],
    )  # fmt: skip
    assert first["place"] == {
        "file": "access.yaml",
        "line": DOCUMENT[: DOCUMENT.index("petra@treuhand.example: {access")].count("\n") + 1,
    }


def test_of_which_document(cli, example):
    """It says by which commit of the document it is; outside of a repository there is none."""
    assert "\nwant access.yaml\n" in cli("review", *TODAY).stdout
    repository = Repository(example)
    repository.git("init", "-q")
    repository.commit()
    commit = repository.git("rev-parse", "--short=7", "HEAD")
    assert f"\nwant access.yaml at {commit}\n" in cli("review", *TODAY).stdout
    assert json.loads(cli("review", "--format", "json", *TODAY).stdout)["inputs"]["commit"] == commit


def test_calendar(cli, example):
    """A calendar that others read: an event a day, with the same identifiers in every run, and a reminder."""
    assert cli("review", "--ics", "r.ics", *TODAY).code == 0
    written = (example / "r.ics").read_bytes()
    calendar = icalendar.Calendar.from_ical(written)
    events = calendar.walk("VEVENT")
    assert [str(each["UID"]) for each in events] == [
        f"reviews-4242-{name}@accessplan" for name in ("overdue", "2026-11-21", "2027-05-19", "2027-05-20")
    ]
    days = [str(each.decoded("DTSTART")) for each in events]
    assert days == ["2026-11-21", "2026-11-21", "2027-05-19", "2027-05-20"]
    assert [len(each.walk("VALARM")) for each in events] == [0, 1, 1, 1]
    assert PETRA in str(events[0]["DESCRIPTION"])
    assert len(str(events[1]["DESCRIPTION"]).splitlines()) == 4
    assert written.count(b"\n") == written.count(b"\r\n")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    cli("review", "--ics", "again.ics", *TODAY)
    assert (example / "again.ics").read_bytes() == written


def test_a_calendar_of_hostile_names(cli, example, organization):
    """Names with commas, line breaks of all sorts and letters of many bytes stay values."""
    name = "Wéb 🎈; BEGIN:VEVENT, \\n " + "ä" * 90

    def change(data):
        data["teams"][0]["name"] = name

    organization(change)
    quoted = json.dumps(name, ensure_ascii=False)
    (example / "some.yaml").write_text(f"{HEAD}teams: {{{quoted}: {{grants: {{hosting/*: technical}}}}}}\n")
    assert cli("review", "some.yaml", "--ics", "r.ics", *TODAY).code == 0
    written = (example / "r.ics").read_bytes()
    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert "ä" * 90 in str(event["DESCRIPTION"])
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    written.decode()


def test_evidence(cli, example):
    """Every entry that is reviewed has a line: who, what, since when, why, and both reviews."""
    assert cli("review", "--csv", "e.csv", *TODAY).code == 0
    rows = list(csv.DictReader(io.StringIO((example / "e.csv").read_text())))
    assert len(rows) == 7
    assert rows[0] == rows[0] | {
        "who": "petra@treuhand.example", "what": "mailbox/billing@example.ch", "last_review": "2026-03-01",
        "next_review": "2026-08-28", "address": PETRA,
    }  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_no_evidence_of_a_partial_read(cli, example):
    """Where something was not shown that another token might see, nothing is written, and the run fails with 5."""
    cli("snapshot", "--out", "live.json", *TODAY)
    data = json.loads((example / "live.json").read_text())
    spot = {"kind": "mailbox", "part": "delegate", "reason": "Who opens mailboxes of x.ch was not shown."}
    (example / "live.json").write_text(json.dumps(data | {"blind": [*data["blind"], spot], "digest": None}))
    whole = json.loads((example / "live.json").read_text())
    del whole["digest"]
    (example / "live.json").write_text(json.dumps(whole))
    result = cli("review", "--live", "live.json", "--csv", "e.csv", *TODAY)
    assert (result.code, result.stdout) == (5, "")
    assert "no evidence was written, since the read was partial: Who opens mailboxes of x.ch" in result.stderr
    assert not (example / "e.csv").exists()
    assert cli("review", "--live", "live.json", *TODAY).code == 0


# decisions


def test_keep(record, cli):
    """A review is noted in the entry alone, a short form becomes a map; it is due no more, and nothing else changes."""
    plan = cli("plan", *TODAY).stdout
    result, lines = record(WEB, "--keep")
    assert result.code == 0
    assert lines == [
        "-      hosting/*: [technical, statistic]",
        "+      hosting/*: {manage: [technical, statistic], reviewed: 2026-11-21}",
    ]
    assert f"{WEB}: kept, reviewed on 2026-11-21 (access.yaml:137)." in result.stdout
    assert f"Review {WEB}: kept by Ana" in result.stdout
    due = json.loads(cli("review", "--format", "json", *TODAY).stdout)["due"]
    assert WEB not in [each["address"] for each in due]
    assert cli("validate", *TODAY).code == 0
    assert cli("plan", *TODAY).stdout == plan


def test_by_whom(record, cli, example):
    """Who decided stands in the evidence and in the history, as long as nobody has reviewed it by hand since."""
    record(WEB, "--keep")
    record(PETRA, "--revoke")

    def evidence():
        cli("review", "--csv", "e.csv", *TODAY)
        rows = csv.DictReader((example / "e.csv").read_text().splitlines())
        return {row["address"]: row["reviewed_by"] for row in rows if row["reviewed_by"]}

    assert evidence() == {WEB: "Ana"}
    rows = json.loads(cli("history", "--kind", "reviewed", "--format", "json").stdout)["rows"]
    assert [row["says"] for row in rows] == [
        f"Ana keeps {WEB}, in a review on 2026-11-21",
        f"Ana revokes {PETRA}, in a review on 2026-11-21",
    ]
    file = example / "access.yaml"
    file.write_text(file.read_text().replace("statistic], reviewed: 2026-11-21", "statistic], reviewed: 2026-11-20"))
    assert evidence() == {}


def test_keep_again(record):
    """What was reviewed before has its day replaced; the comment stays."""
    result, lines = record(PETRA, "--keep")
    assert result.code == 0
    assert [line.partition("reviewed: ")[2][:10] for line in lines] == ["2026-03-01", "2026-11-21"]
    assert lines[0].partition("#")[2] == lines[1].partition("#")[2] != ""
    assert record('user["petra@treuhand.example"]', "--keep")[1] == ["+    reviewed: 2026-11-21"]


def test_keep_by_another_name(record):
    """The line is found however the selector is written, where it means one product today."""
    result, lines = record('user["bob@webcraft.example"].grant["hosting/shop.example.ch"]', "--keep")
    assert result.code == 0
    assert lines[1].startswith("+      hosting/#202: {manage: [technical, statistic], reviewed: 2026-11-21}    # by")


def test_revoke(record, cli):
    """The entry goes, its map stays as an empty one, and the next plan revokes it."""
    result, lines = record(PETRA, "--revoke")
    assert result.code == 0
    assert [line[:20] for line in lines] == ["-    delegates:", "-      petra@treuhan", "+    delegates: {}"]
    assert f"- {PETRA}" in cli("plan", *TODAY).stdout


def test_revoke_one_of_two(record):
    """Of a line that gives a place and rights, the other stays."""
    _, lines = record('user["ana@example.ch"].use["drive/Team Drive"]', "--revoke")
    assert lines[1].strip("+ ").startswith("drive/Team Drive: {manage: [technical, statistic], reason:")


def test_revoke_while_additive(record, example):
    """Where the mode holds removals back, the run says so."""
    file = example / "access.yaml"
    file.write_text(file.read_text().replace("mailboxes: enforce", "mailboxes: additive"))
    result, lines = record('mailbox["info@example.ch"].delegate["emma@example.ch"]', "--revoke")
    assert (result.code, len(lines)) == (0, 1)
    assert "mode is additive: name it under removed as well" in result.stdout


REFUSED = {
    "a tag": ('user["ana@example.ch"].grant["domain/example.ch"]', "access.yaml:61", "more than one entry"),
    "a role": ('user["luca@example.ch"].grant["mailing/Newsletter"]', "access.yaml:35", "more than one entry"),
    "a team": ('user["noor@example.ch"].use["drive/Team Drive"]', "access.yaml:143", "more than one entry"),
    "no line": ('user["gus@agency.example"]', "is on no line of the document"),
    "nobody": ('user["nobody@example.ch"]', "is on no line of the document"),
    "no address": ("petra", "is no address of an entry"),
}


@pytest.mark.parametrize("how", ["--keep", "--revoke"])
@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_people_must_edit(record, case, how):
    """What stands for more than one thing, or on no line, is refused with the line, and the document stays."""
    address, *words = case
    result, lines = record(address, how)
    assert input_error(result, *words)
    assert lines == []


def test_what_would_break_the_document(record):
    """Somebody whom other lines name is not taken out; those lines are named where they stand now."""
    result, lines = record('user["petra@treuhand.example"]', "--revoke")
    number = DOCUMENT[: DOCUMENT.index("petra@treuhand.example: {access")].count("\n") + 1
    assert input_error(result, f"access.yaml:{number}:7", "the document would have faults without it")
    assert lines == []


def test_two_lines_for_one_entry(record, example):
    """What a second line gives as well would not go, so both are named."""
    file = example / "access.yaml"
    file.write_text(
        file.read_text().replace(
            "hosting/*: technical   ", "hosting/*: technical\n      hosting/www.example.ch: statistic\n      #"
        )
    )
    file.write_text(
        file.read_text().replace(
            "    role: lead-editor\n", "    role: lead-editor\n    grants: {mailing/Newsletter: technical}\n"
        )
    )
    result, lines = record('user["luca@example.ch"].grant["mailing/Newsletter"]', "--revoke")
    assert input_error(result, "is also given by access.yaml:35")
    assert lines == []


@pytest.mark.parametrize("how", [(), ("--keep", "--revoke")])
def test_a_decision_is_one(cli, how):
    """A review keeps or revokes, and somebody decides it."""
    assert input_error(cli("review", "record", WEB, *how, "--by", "Ana", *TODAY), "either keeps or revokes")
    assert input_error(cli("review", "record", WEB, "--keep", "--by", " ", *TODAY), "--by says nothing")


def test_a_folder(cli, example):
    """Of a document in several files, the one that holds the line is edited, and no other."""
    head, _, rest = DOCUMENT.partition("\nteams:\n")
    (example / "access").mkdir()
    (example / "access" / "a.yaml").write_text(
        head.replace("sandbox:organization.yaml", "sandbox:../organization.yaml")
    )
    (example / "access" / "b.yaml").write_text(f"teams:\n{rest}")
    before = (example / "access" / "a.yaml").read_text()
    result = cli("review", "record", WEB, "--keep", "--by", "Ana", "--document", "access", *TODAY)
    assert result.code == 0, result
    assert (example / "access" / "a.yaml").read_text() == before
    assert "reviewed: 2026-11-21" in (example / "access" / "b.yaml").read_text()


def test_the_installed_command(command, example):
    """As people run it, also from a snapshot and with a link in place of the file."""
    (example / "real.yaml").write_text(DOCUMENT)
    (example / "access.yaml").unlink()
    (example / "access.yaml").symlink_to("real.yaml")
    result = command("review", "record", WEB, "--keep", "--by", "Ana", *TODAY, cwd=example)
    assert (result.code, (example / "access.yaml").is_symlink()) == (0, True)
    assert "reviewed: 2026-11-21" in (example / "real.yaml").read_text()
    assert command("review", *TODAY, cwd=example).code == 0


def test_a_decision_that_cannot_be_kept_edits_nothing(record, example, cli):
    """Where the ledger takes no row, the document stays as it was: else nobody could say who reviewed it."""
    cli("stale", "--announce", *TODAY)
    with closing(sqlite3.connect(example / ".accessplan" / "ledger.db")) as connection, connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON rows BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    result, lines = record(WEB, "--keep")
    assert input_error(result, "cannot be used: disk is full")
    assert lines == []


def test_a_review_at_the_end_of_the_calendar(cli):
    """Days that would lie behind the year 9999 are its last."""
    assert "due by 9999-12-31" in cli("review", "--within", "9999d", "--today", "9990-12-31").stdout


@pytest.mark.parametrize("how", ["--keep", "--revoke"])
@pytest.mark.parametrize("mark", ["\ufeff", ""], ids=["with a mark", "without"])
def test_a_mark_of_the_byte_order_stays(record, example, mark, how):
    """A file that begins with a mark of its byte order is edited like any other, within lines too, and keeps it."""
    file = example / "access.yaml"
    text = file.read_text()
    file.write_text(mark + text)
    result, lines = record(WEB, how)
    assert (result.code, len(lines)) == (0, 2 if how == "--keep" else 3), result
    assert file.read_text().startswith(mark + text[:40])


def test_an_item_of_a_list_is_left_to_people(record):
    """Who is in a team stands in a list, whose items are edited by hand."""
    result, lines = record('team["Web"].member["ana@example.ch"]', "--revoke")
    assert input_error(result, "Edit the line by hand")
    assert lines == []


@pytest.mark.parametrize("address", ['team["Web"]', 'team["Web"].member["ana@example.ch"]'])
def test_teams_are_not_reviewed(record, address):
    """A team has no review to note, nor has who is in it; both are said, and nothing is written."""
    result, lines = record(address, "--keep")
    assert input_error(result, "is not reviewed: teams and members are not", "accessplan review")
    assert lines == []


def test_line_ends_of_two_sorts(record, example):
    """In a file whose lines end in two ways no empty line is added."""
    file = example / "access.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 5))
    for address in (WEB, PETRA):
        result, lines = record(address, "--keep")
        assert (result.code, [line for line in lines if line.strip() == "+"]) == (0, []), result
