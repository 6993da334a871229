"""The command line: every command, every option, every exit code."""

import io
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
import yaml
from tests.conftest import COMMAND, REPOSITORY

from accessplan import __version__
from accessplan.cli.main import COMMANDS

TODAY = ("--today", "2026-11-21")
ESCAPE = "\x1b"
HEAD = "accessplan: 1\norganization: {id: 4242, live: 'sandbox:organization.yaml'}\n"
ONE_USER = f"{HEAD}users:\n  ana@example.ch: {{first_name: Ana, last_name: Keller, role: collaborator"

pytestmark = pytest.mark.usefixtures("example")


@pytest.fixture
def answer(monkeypatch):
    """Type something at the next question."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def shown(cli):
    """The sandbox as it stands."""
    return lambda: yaml.safe_load(cli("sandbox", "show", *TODAY).stdout)


@pytest.fixture
def plan(cli):
    """The plan as data."""
    return lambda *arguments: json.loads(cli("plan", "--format", "json", *TODAY, *arguments).stdout)


def is_clean(result):
    """Tell whether a run ended without showing its insides."""
    return "Traceback" not in result.stdout + result.stderr and "This is a bug" not in result.stderr


def input_error(result, *words):
    """Check that a run ended with 3 and says all of this on stderr, and nothing of its insides."""
    assert (result.code, is_clean(result)) == (3, True), result
    assert [word for word in words if word not in result.stderr] == [], result.stderr
    return True


# the command itself


def test_version():
    """`--version` gives the version, and loads neither click nor httpx nor anything else that is heavy."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", COMMAND, "--version"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert run.stdout == f"accessplan {__version__}\n"
    assert "accessplan" in loaded
    assert not loaded & {"click", "httpx", "rich", "yaml", "jsonschema", "jsonschema_rs", "sqlite3"}


def test_python_m():
    """`python -m accessplan` is the same command."""
    run = subprocess.run([sys.executable, "-m", "accessplan", "validate"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "access.yaml is valid: 9 users, 2 teams.\n")


def test_version_in_click(cli):
    """`--version` beside other words is answered too."""
    result = cli("--version", "plan")
    assert (result.code, result.stdout) == (0, f"accessplan {__version__}\n")


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(cli, words, option):
    """Every command explains itself."""
    result = cli(*words, option)
    assert result.code == 0
    assert result.stdout.startswith(f"Usage: {' '.join(['accessplan', *words])} ")


@pytest.mark.parametrize("name", ["seed", "serve", "show", "accept", "perform"])
def test_help_of_the_sandbox(cli, name):
    """Every command of the sandbox explains itself, and is in the list of its group."""
    assert cli("sandbox", name, "--help").stdout.startswith(f"Usage: accessplan sandbox {name} ")
    assert re.search(rf"^  {name} ", cli("sandbox", "--help").stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["--fly"],
        ["plan", "--fly"],
        ["plan", "a.yaml", "b.yaml"],
        ["plan", "--format", "html"],
        ["plan", "--format"],
        ["plan", "--today", "yesterday"],
        ["plan", "--today", "2026-02-30"],
        ["plan", "--state", "access.yaml"],
        ["apply", "--detailed-exitcode"],
        ["export", "--organization", "many"],
        ["schema", "weather"],
        ["sandbox"],
        ["sandbox", "fly"],
        ["sandbox", "seed"],
        ["sandbox", "serve"],
        ["sandbox", "serve", "organization.yaml", "--port", "65536"],
        ["sandbox", "serve", "organization.yaml", "--rate-limit", "0"],
        ["sandbox", "accept"],
        ["sandbox", "accept", "ana@example.ch", "--all"],
        ["sandbox", "perform"],
        ["sandbox", "perform", "missing.json"],
    ],
    ids=" ".join,
)
def test_wrong_command_lines(cli, arguments, example):
    """A wrong command, option or argument is input that cannot be used: 3, where click itself would say 2."""
    result = cli(*arguments)
    assert (result.code, result.stdout, is_clean(result)) == (3, "", True)
    assert result.stderr
    assert not (example / ".accessplan").exists()


# validate


def test_validate(cli):
    """A valid document is counted; --quiet has nothing to add."""
    assert cli("validate").stdout == "access.yaml is valid: 9 users, 2 teams.\n"
    assert cli("validate", "access.yaml").code == 0
    assert cli("validate", "--quiet") == cli("validate", "-q")
    assert cli("validate", "-q").stdout == ""


def test_validate_needs_no_live_side(cli, example):
    """Neither an organization file nor a network is needed, and nothing is left behind."""
    (example / "organization.yaml").unlink()
    assert cli("validate").code == 0
    assert [each.name for each in example.iterdir()] == ["access.yaml"]


def test_validate_warns(cli, example):
    """Warnings are shown with their place, counted, and no reason to fail."""
    text = (example / "access.yaml").read_text().replace("until: 2027-03-31", "until: 2026-01-31")
    (example / "access.yaml").write_text(text)
    result = cli("validate", *TODAY)
    assert (result.code, result.stderr) == (0, "")
    assert re.search(r"^access\.yaml:\d+:\d+: warning: ", result.stdout, re.MULTILINE)
    assert "warning." in result.stdout


def test_a_folder_is_one_document(cli, example):
    """The YAML files of a folder are read together; PATH may name it, and `access/` is looked for."""
    parts = yaml.safe_load((example / "access.yaml").read_text())
    folder = example / "access"
    folder.mkdir()
    for name in ("users", "teams"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({name: parts.pop(name)}))
    parts["organization"]["live"] = "sandbox:../organization.yaml"
    (folder / "main.yml").write_text(yaml.safe_dump(parts))
    (example / "access.yaml").rename(example / "whole.yaml")
    assert cli("validate", "access").stdout == "access is valid: 9 users, 2 teams.\n"
    assert cli("validate").stdout == "access is valid: 9 users, 2 teams.\n"
    assert "access/users.yaml:" in cli("plan", *TODAY).stdout


def test_the_document_that_is_looked_for(cli, example):
    """Without a PATH it is access.yaml; where there is none, the error names it."""
    (example / "access").mkdir()
    assert cli("validate").code == 0
    (example / "access").rmdir()
    (example / "access.yaml").unlink()
    assert input_error(cli("plan"), "access.yaml does not exist")


@pytest.mark.parametrize("code", ["validate", "plan"])
def test_hints_name_only_what_there_is(cli, code):
    """A hint that names a command names one that exists."""
    hint = cli(code, "missing.yaml").stderr
    assert set(re.findall(r"accessplan ([a-z]+)", hint)) <= set(COMMANDS), hint


# documents that cannot be used

BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)

FAULTS = {
    "unknown key": (f"{HEAD}userz: {{}}\n", 'unknown key "userz"', 'did you mean "users"?'),
    "tab": (f"{HEAD}users:\n\tana@example.ch: {{}}\n", "a tab indents this line", "bad.yaml:4:"),
    "duplicate key": (f"{HEAD}users: {{}}\nusers: {{}}\n", '"users" is given twice', "bad.yaml:3:1"),
    "duplicate user": (f"{ONE_USER}}}\n  ANA@example.ch: {{role: external}}\n", "is given twice", "bad.yaml:4:3"),
    "no such day": (f"{ONE_USER}, until: 2026-02-30}}\n", "2026-02-30", "invalid-date"),
    "no date": (f"{ONE_USER}, until: soon}}\n", "soon", "bad.yaml:4:"),
    "tag": (f"{HEAD}users: !!python/object/apply:os.system ['touch pwned']\n", "YAML tags are not allowed"),
    "anchor bomb": (HEAD + BOMB, "1,000,000", "too-many-aliases"),
    "null": (f"{HEAD}users: null\n", '"users" is null'),
    "list": ("- a\n", "must be"),
    "text": ("hello\n", "must be"),
    "empty": ("", "holds nothing"),
    "second document": (f"{HEAD}---\nusers: {{}}\n", "a second YAML document"),
    "control character": (f"{HEAD}users: {{a\0b: 1}}\n", "U+0000"),
    "deep": (f"{HEAD}users: {'[' * 5000}{']' * 5000}\n", "more than 100 deep"),
    "open quote": (f"{HEAD}users: {{'ana: 1}}\n", "never closed"),
    "not UTF-8": (f"{HEAD}# Zürich\n".encode("latin-1"), "not UTF-8"),
    "UTF-16": (HEAD.encode("utf-16"), "UTF-16"),
    "time zone": ("accessplan: 1\norganization: {id: 4242, timezone: ../../etc/passwd}\n", "is no time zone"),
    "other version": ("accessplan: 2\norganization: {id: 4242}\n", '"accessplan" must be 1'),
    "no product": (f"{ONE_USER}, grants: {{hosting/nope: technical}}}}\n", "matches no product"),
    "live": ("accessplan: 1\norganization: {id: 4242, live: 'ftp://example.ch'}\n", "is neither a URL"),
    "missing live": ("accessplan: 1\norganization: {id: 4242, live: 'sandbox:no.yaml'}\n", "no organization file"),
    "endless live": (f"accessplan: 1\norganization: {{id: 1, live: 'sandbox:{'a' * 5000}'}}\n", "aaaa"),
}
NEED_LIVE = {"no product", "live", "missing live", "endless live"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_document_that_cannot_be_used(cli, example, name):
    """Each fault is named on stderr with how to mend it; the code is 3, and no file is made or run."""
    content, *words = FAULTS[name]
    (example / "bad.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    before = sorted(example.iterdir())
    for command in ["plan", "apply"] if name in NEED_LIVE else ["validate", "plan", "apply"]:
        result = cli(command, "bad.yaml")
        assert input_error(result, *words)
        assert result.stdout == ""
    assert [each for each in sorted(example.iterdir()) if each.name != ".accessplan"] == before
    assert name == "no product" or not (example / ".accessplan").exists()


def test_every_fault_is_told_at_once(cli, example):
    """A document with several faults is read to its end, and the faults are counted."""
    (example / "bad.yaml").write_text(f"{ONE_USER}, until: soon, rolle: x}}\nteamz: {{}}\n")
    assert input_error(cli("validate", "bad.yaml"), "soon", "rolle", "teamz", "bad.yaml has 3 faults")


def test_files_that_cannot_be_read(cli, example):
    """A missing file, an empty folder, a folder of nothing and a huge file are faults that say so."""
    assert input_error(cli("plan", "no.yaml"), "no.yaml does not exist")
    (example / "empty").mkdir()
    assert input_error(cli("plan", "empty"), "empty holds no YAML files")
    with (example / "huge.yaml").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert input_error(cli("plan", "huge.yaml"), "huge.yaml is larger than 64 MiB")
    assert input_error(cli("plan", "access.yaml/x"), "access.yaml/x")
    assert not (example / ".accessplan").exists()


def test_a_document_that_cannot_be_read(cli, example):
    """A document that is there and cannot be read is a fault that says so."""
    (example / "loop.yaml").symlink_to("loop.yaml")
    assert input_error(cli("plan", "loop.yaml"), "loop.yaml cannot be read")


# plan


def test_plan(cli):
    """A plan is shown on stdout, what it cost on stderr; changes are no failure."""
    result = cli("plan", *TODAY)
    assert result.code == 0
    assert result.stdout.startswith(
        "Example SA (4242) on 2026-11-21\nwant access.yaml\nhave sandbox:organization.yaml\n"
    )
    assert result.stderr == "5 requests to sandbox:organization.yaml.\n"


def test_detailed_exitcode(cli, example):
    """With --detailed-exitcode changes are 2, and none are 0."""
    assert cli("plan", "--detailed-exitcode", *TODAY).code == 2
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    assert cli("plan", "now.yaml", "--detailed-exitcode", *TODAY).code == 0


def test_quiet(cli):
    """--quiet keeps the plan and drops the rest."""
    result = cli("plan", "--quiet", *TODAY)
    assert (result.stdout, result.stderr) == (cli("plan", *TODAY).stdout, "")


def test_verbose_lists_what_is_held_back(cli, example):
    """What an additive document does not name is counted, and with --verbose listed."""
    (example / "some.yaml").write_text(f"{HEAD}teams: {{}}\n")
    held_back = 'team["Web"]  leader claire@example.ch'
    short, long = (cli("plan", "some.yaml", *TODAY, *option).stdout for option in [(), ("--verbose",)])
    assert ("HELD BACK (2)" in short, held_back in short) == (True, False)
    assert ("HELD BACK (2)" in long, held_back in long) == (True, True)


def test_show_requests(cli):
    """--show-requests tells what an apply would send."""
    requests = "REQUESTS (9)\n  POST   /1/accounts/4242/teams"
    assert requests in cli("plan", "--show-requests", *TODAY).stdout
    assert "REQUESTS" not in cli("plan", *TODAY).stdout


def test_today(cli, plan):
    """--today is the day of the plan: who is there until an earlier day is not wanted any more."""
    bob = 'user["bob@webcraft.example"]'
    assert [each["address"] for each in plan()["resource_changes"]].count(bob) == 1
    later = json.loads(cli("plan", "--format", "json", "--today", "2027-04-01").stdout)
    assert later["inputs"]["today"] == "2027-04-01"
    assert bob not in [each["address"] for each in later["resource_changes"]]


def test_the_last_day_is_included(cli):
    """An `until` is the last day: the day itself still counts."""
    for day, wanted in (("2027-03-31", True), ("2027-04-01", False)):
        result = json.loads(cli("plan", "--format", "json", "--today", day).stdout)
        assert ('user["bob@webcraft.example"]' in str(result["resource_changes"])) is wanted


def test_json(plan):
    """The JSON plan fits its schema, and says what the text says."""
    schema = json.loads((REPOSITORY / "schemas" / "plan.schema.json").read_text())
    data = plan()
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(data)
    assert data["summary"]["changes"] == len(data["resource_changes"]) == 26
    assert data["exit"] == {"code": 0, "name": "ok"}


def test_json_of_no_changes_and_of_differences(cli, plan, example):
    """The JSON plan tells its own exit code, and fits its schema where there is nothing to do."""
    schema = json.loads(cli("schema", "plan").stdout)
    assert plan("--detailed-exitcode")["exit"] == {"code": 2, "name": "differences"}
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    data = plan("now.yaml")
    jsonschema.validate(data, schema)
    assert (data["resource_changes"], data["operations"]) == ([], [])


def test_out(cli, example):
    """--out writes the format of each suffix, beside what goes to stdout."""
    result = cli("plan", "--out", "a.json", "--out", "b.txt", *TODAY)
    assert json.loads((example / "a.json").read_text())["format_version"] == "1.0"
    assert (example / "b.txt").read_text() == result.stdout
    assert (example / "a.json").read_text() == cli("plan", "--format", "json", *TODAY).stdout


def test_out_of_no_known_format(cli, example):
    """A suffix without a format is refused before anything is read or written."""
    for name in ("c.html", "plan", ".json"):
        assert input_error(cli("plan", "--out", "a.json", "--out", name), f"no format is known for {name}", "json, txt")
    assert sorted(each.name for each in example.iterdir()) == ["access.yaml", "organization.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [["plan", "--out", "no/plan.json"], ["export", "--out", "no/a.yaml"], ["snapshot", "--out", "no/a.json"],
     ["snapshot", "--out", "."], ["export", "--out", "."], ["plan", "--state", "access.yaml/x"]],
    ids=" ".join,
)  # fmt: skip
def test_files_that_cannot_be_written(cli, arguments):
    """A file that cannot be written is a fault of the command line, not of accessplan."""
    assert input_error(cli(*arguments), "error: ", arguments[-1])


# where the live side is


def test_a_plan_from_a_snapshot_is_the_same(cli, plan, example):
    """`plan --live snapshot.json` needs neither sandbox nor token, and gives the same plan."""
    live = plan()
    assert cli("snapshot", *TODAY).stdout == ""
    (example / "organization.yaml").unlink()
    snapshot = plan("--live", "snapshot.json")
    assert snapshot["plan_id"] == live["plan_id"]
    assert snapshot["resource_changes"] == live["resource_changes"]
    assert snapshot["operations"] == live["operations"]


def test_a_snapshot_without_a_document(cli, example):
    """With --live and --organization no document is needed, for a snapshot and for an export."""
    (example / "access.yaml").unlink()
    where = ("--live", "sandbox:organization.yaml", "--organization", "4242", *TODAY)
    assert cli("snapshot", "--out", "s.json", *where).code == 0
    assert json.loads((example / "s.json").read_text())["organization"] == {"id": 4242, "name": "Example SA"}
    assert yaml.safe_load(cli("export", *where).stdout)["organization"]["id"] == 4242


def test_a_snapshot_of_another_organization(cli, example):
    """A snapshot of one organization makes no plan for another."""
    cli("snapshot", *TODAY)
    document = (example / "access.yaml").read_text()
    (example / "access.yaml").write_text(document.replace("id: 4242", "id: 4243"))
    assert input_error(cli("plan", "--live", "snapshot.json"), "4242", "4243")


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "no JSON"), ("[]", "no JSON object"), ("{}", "no `format_version`"), ('{"format_version": "2.0"}', "1.x"),
     ('{"format_version": "1.0"}', "no whole snapshot")],
)  # fmt: skip
def test_what_is_no_snapshot(cli, example, text, words):
    """A file that is no snapshot, or one of a newer format, says so."""
    (example / "x.json").write_text(text)
    assert input_error(cli("plan", "--live", "x.json"), "x.json", words)


def test_a_snapshot_that_was_changed(cli, example):
    """A snapshot whose digest does not fit is refused."""
    cli("snapshot", *TODAY)
    changed = (example / "snapshot.json").read_text().replace("daniel@", "dan@")
    (example / "snapshot.json").write_text(changed)
    assert input_error(cli("plan", "--live", "snapshot.json"), "was changed", "accessplan snapshot")


def test_an_organization_file_in_json(cli, example):
    """An organization file may be JSON, which is YAML too; `sandbox:` says that it is no snapshot."""
    data = yaml.safe_load((example / "organization.yaml").read_text())
    (example / "organization.json").write_text(json.dumps(data, default=str))
    result = cli("plan", "--live", "sandbox:organization.json", *TODAY)
    assert result.code == 0, result.stderr


def test_live_beats_the_document(cli, example):
    """--live is looked for from the working directory, the document's `live` from the document."""
    (example / "deep").mkdir()
    (example / "access.yaml").rename(example / "deep" / "access.yaml")
    assert input_error(cli("plan", "deep/access.yaml"), "no organization file")
    assert cli("plan", "deep/access.yaml", "--live", "sandbox:organization.yaml", *TODAY).code == 0
    (example / "organization.yaml").rename(example / "deep" / "organization.yaml")
    assert cli("plan", "deep/access.yaml", *TODAY).code == 0


def test_another_organization_than_the_live_one(cli, example):
    """An organization that the live side does not know cannot be read: 5."""
    (example / "other.yaml").write_text(HEAD.replace("4242", "4243"))
    result = cli("plan", "other.yaml", *TODAY)
    assert (result.code, result.stdout) == (5, "")
    assert "organization.id" in result.stderr


def test_state(cli, example, tmp_path_factory):
    """--state is where the sandbox lives, and nothing else is written."""
    elsewhere = tmp_path_factory.mktemp("state")
    assert cli("apply", "--auto-approve", "--state", elsewhere, *TODAY).code == 6
    assert sorted(each.name for each in example.iterdir()) == ["access.yaml", "organization.yaml"]
    first = cli("plan", *TODAY).stdout
    assert first != cli("plan", "--state", elsewhere, *TODAY).stdout


# apply


def test_apply_after_a_yes(cli, answer):
    """Apply shows the plan, asks, carries it out, and ends with 6 where steps are left to a person."""
    answer("yes\n")
    result = cli("apply", *TODAY)
    assert (result.code, is_clean(result)) == (6, True)
    assert "Only 'yes' is taken as a yes" in result.stderr
    assert result.stdout.startswith("Example SA (4242) on 2026-11-21\n")
    assert "Applied: 13 done, 13 by hand." in result.stdout
    assert result.stdout.count("BY HAND, in the Manager (11)") == 1
    assert re.search(r"\d+ requests to sandbox:organization\.yaml\.\n$", result.stderr)


@pytest.mark.parametrize("typed", ["no\n", "", "y\n", "YES\n", "yes please\n", "\n"])
def test_apply_without_a_yes(cli, answer, shown, typed):
    """Whatever is not 'yes' is a no, an empty stdin too: 8, and nothing is changed."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = shown()
    answer(typed)
    result = cli("apply", *TODAY)
    assert (result.code, is_clean(result)) == (8, True)
    assert "nothing was changed" in result.stderr
    assert "Applied" not in result.stdout
    assert shown() == before


def test_auto_approve(cli, shown):
    """With --auto-approve nothing is asked."""
    result = cli("apply", "--auto-approve", *TODAY)
    assert (result.code, "Only 'yes'" in result.stderr) == (6, False)
    assert [team["name"] for team in shown()["teams"]] == ["Web", "Support"]


def test_apply_again(cli):
    """What is done is not done again; what is left by hand is still left, and needs no question."""
    cli("apply", "--auto-approve", *TODAY)
    again = cli("apply", *TODAY)
    assert again.code == 6
    assert "Only 'yes'" not in again.stderr
    assert re.search(r"Applied: \d+ by hand\.", again.stdout)


def test_apply_with_nothing_to_do(cli, example):
    """An apply of what is there already ends with 0, and asks nothing."""
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    result = cli("apply", "now.yaml", *TODAY)
    assert (result.code, "No changes." in result.stdout) == (0, True)


def test_apply_all_by_request(cli, example):
    """Where every change has a request, an apply ends with 0, and the next plan is empty."""
    (example / "team.yaml").write_text(f"{HEAD}teams: {{Ops: {{leader: claire@example.ch}}}}\n")
    assert cli("apply", "team.yaml", "--auto-approve", *TODAY).code == 0
    assert cli("plan", "team.yaml", "--detailed-exitcode", *TODAY).code == 0


def test_apply_to_a_snapshot(cli, answer):
    """A snapshot cannot be changed, which apply says before it asks."""
    cli("snapshot", *TODAY)
    answer("yes\n")
    result = cli("apply", "--live", "snapshot.json", *TODAY)
    assert input_error(result, "snapshot.json is a snapshot")
    assert "Only 'yes'" not in result.stderr


def test_to_the_end(cli):
    """Planned, applied, accepted and done by hand: the last plan has nothing left."""
    cli("plan", "--out", "plan.json", *TODAY)
    assert cli("apply", "--auto-approve", *TODAY).code == 6
    assert cli("sandbox", "accept", "--all", *TODAY).code == 0
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    end = cli("plan", "--detailed-exitcode", *TODAY)
    assert (end.code, "No changes. 31 entries match, 1 cannot be checked." in end.stdout) == (0, True)
    assert cli("apply", *TODAY).code == 0


# export


def test_export_and_plan(cli, example):
    """A document that was exported, to stdout or to a file elsewhere, describes what is there."""
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    (example / "sub").mkdir()
    result = cli("export", "--out", "sub/now.yaml", *TODAY)
    assert (result.code, result.stdout) == (0, "")
    for name in ("now.yaml", "sub/now.yaml"):
        assert "No changes." in cli("plan", name, "--detailed-exitcode", *TODAY).stdout


def test_export_of_a_snapshot(cli, example):
    """A document exported from a snapshot names it so that it is found, from another folder too."""
    cli("snapshot", *TODAY)
    (example / "sub").mkdir()
    for name in ("now.yaml", "sub/now.yaml"):
        cli("export", "--live", "snapshot.json", "--organization", "4242", "--out", name)
        assert "No changes." in cli("plan", name, *TODAY).stdout


# schema


@pytest.mark.parametrize("name", ["access", "organization", "plan"])
def test_schema(cli, name):
    """Each schema is printed as it stands in the repository, and is a valid JSON Schema."""
    text = cli("schema", name).stdout
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert text == (REPOSITORY / "schemas" / f"{name}.schema.json").read_text()


def test_the_usual_schema(cli):
    """Without a name it is the schema of the document."""
    assert cli("schema") == cli("schema", "access")


# sandbox


def test_seed_and_show(cli, shown, example):
    """A sandbox holds what its file says; what was done to it is gone once it is seeded again."""
    result = cli("sandbox", "seed", "organization.yaml", *TODAY)
    assert (result.code, result.stdout) == (0, "The sandbox holds what organization.yaml says.\n")
    first = shown()
    assert first["organization"] == {"id": 4242, "name": "Example SA"}
    assert len(first["users"]) == 8
    cli("apply", "--auto-approve", *TODAY)
    assert shown() != first
    assert cli("sandbox", "seed", "organization.yaml", "--quiet", *TODAY).stdout == ""
    assert shown() == first
    assert (example / ".accessplan" / ".gitignore").read_text() == "*\n"


def test_what_is_shown_can_be_seeded(cli, example):
    """`sandbox show` is an organization file of what stands."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    (example / "copy.yaml").write_text(cli("sandbox", "show", *TODAY).stdout)
    cli("sandbox", "seed", "copy.yaml", *TODAY)
    copy = yaml.safe_load(cli("sandbox", "show", "--live", "sandbox:copy.yaml", *TODAY).stdout)
    assert copy == yaml.safe_load(cli("sandbox", "show", "--live", "sandbox:organization.yaml", *TODAY).stdout)


def test_accept(cli, shown):
    """An invited person accepts and is an active user; so do all with --all, until nobody is invited."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    one = cli("sandbox", "accept", "Noor@example.ch", *TODAY)
    assert one.stdout == "noor@example.ch accepted the invitation: active as collaborator\n"
    assert "noor@example.ch" in [user["email"] for user in shown()["users"]]
    assert cli("sandbox", "accept", "--all", *TODAY).stdout.startswith("late@agency.example accepted")
    assert cli("sandbox", "accept", "--all", *TODAY).stdout == "Nobody is invited.\n"


def test_accept_refused(cli):
    """Nobody accepts who is not invited, or too late."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    for email in ("nobody@example.ch", "claire@example.ch"):
        assert input_error(cli("sandbox", "accept", email, *TODAY), f"{email} has no pending invitation")
    late = cli("sandbox", "accept", "late@agency.example", "--today", "2027-11-21")
    assert input_error(late, "the invitation of late@agency.example expired")


def test_perform(cli, shown):
    """The steps of a saved plan are done; a second time there is nothing to do."""
    cli("plan", "--out", "plan.json", *TODAY)
    cli("apply", "--auto-approve", *TODAY)
    first = cli("sandbox", "perform", "plan.json", *TODAY)
    assert (first.code, len(first.stdout.splitlines())) == (0, 11)
    assert "old@example.ch" not in [user["email"] for user in shown()["users"]]
    again = cli("sandbox", "perform", "plan.json", *TODAY)
    assert [line for line in again.stdout.splitlines() if not line.startswith("nothing to do: ")] == []
    assert again.code == 0
    assert cli("sandbox", "perform", "plan.json", "--quiet", *TODAY).stdout == ""


def test_perform_too_early(cli):
    """A step that a person could not do yet is refused by name, the others are done, and the code is 6."""
    cli("plan", "--out", "plan.json", *TODAY)
    result = cli("sandbox", "perform", "plan.json", *TODAY)
    assert result.code == 6
    refused = [line for line in result.stdout.splitlines() if line.startswith("refused: ")]
    assert refused == ["refused: Team Support, domain/example.ch: tick technical, Save: there is no team 'Support'"]


def test_perform_without_steps(cli, example):
    """A plan without steps by hand leaves nothing to perform."""
    (example / "team.yaml").write_text(f"{HEAD}teams: {{Ops: {{}}}}\n")
    cli("plan", "team.yaml", "--out", "plan.json", *TODAY)
    assert cli("sandbox", "perform", "plan.json", *TODAY).stdout == "The plan has no manual steps.\n"


@pytest.mark.parametrize(
    "text",
    ["accessplan: 1", "{}", "[]", "3", '{"operations": 3}', '{"operations": [{"steps": [{}]}]}',
     '{"operations": [{"steps": [3]}]}', '{"operations": [{"steps": [{"act": "edit_role", "values": [1]}]}]}'],
)  # fmt: skip
def test_what_is_no_saved_plan(cli, example, text):
    """A file that is no saved plan is refused, and nothing is done."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    (example / "plan.json").write_text(text)
    assert input_error(cli("sandbox", "perform", "plan.json", *TODAY), "plan.json is no saved plan")


@pytest.mark.parametrize(
    "arguments", [["show"], ["accept", "--all"], ["accept", "ana@example.ch"], ["perform", "p.json"]]
)
def test_no_sandbox_yet(cli, example, arguments):
    """Where there is no sandbox the command says how to make one, and makes none."""
    (example / "p.json").write_text('{"operations": []}')
    assert input_error(cli("sandbox", *arguments), "there is no sandbox yet", "accessplan sandbox seed FILE")
    assert not (example / ".accessplan").exists()


def test_two_sandboxes(cli, example):
    """Of two sandboxes one has to be named."""
    (example / "other.yaml").write_text((example / "organization.yaml").read_text().replace("Example SA", "Other SA"))
    for name in ("organization.yaml", "other.yaml"):
        cli("sandbox", "seed", name, *TODAY)
    assert input_error(cli("sandbox", "show"), "organization, other", "--live sandbox:FILE")
    chosen = cli("sandbox", "show", "--live", "sandbox:other.yaml", *TODAY)
    assert yaml.safe_load(chosen.stdout)["organization"]["name"] == "Other SA"
    assert input_error(cli("sandbox", "show", "--live", "https://example.ch"), "https://example.ch is no sandbox")


@pytest.mark.parametrize(
    "text",
    ["organization: {id: 1}\n", "users: 3\n", "organization: {id: 1, name: A}\ntoken_user: x@example.ch\n", "", "\t"],
)
def test_an_organization_file_with_faults(cli, example, text):
    """An organization file with faults makes no sandbox, and leaves the one that stands as it is."""
    file = example / "organization.yaml"
    good = file.read_text()
    file.write_text(text)
    for arguments in (["sandbox", "seed", "organization.yaml"], ["plan"]):
        assert input_error(cli(*arguments, *TODAY), "organization.yaml")
    assert input_error(cli("sandbox", "show"), "there is no sandbox yet")
    file.write_text(good)
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = cli("sandbox", "show", *TODAY).stdout
    file.write_text(text)
    assert cli("sandbox", "seed", "organization.yaml", *TODAY).code == 3
    assert cli("sandbox", "show", *TODAY).stdout == before


def test_a_damaged_sandbox(cli, example):
    """A database that is none is named, with what to do."""
    cli("plan", *TODAY)
    (database,) = (example / ".accessplan" / "sandbox").glob("*.db")
    for each in database.parent.glob("*.db*"):
        each.unlink()
    database.write_text("no database\n" * 100)
    assert input_error(cli("plan", *TODAY), database.name, "delete it")


def test_serve_refused(cli, command):
    """A sandbox is not served on a port that is taken, nor as somebody who is no user."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = command("sandbox", "serve", "organization.yaml", "--port", port, *TODAY)
        assert input_error(result, f"port {port} cannot be used", "--port")
    result = cli("sandbox", "serve", "organization.yaml", "--port", "0", "--as", "no@example.ch", *TODAY)
    assert input_error(result, "no@example.ch is no user")


# terminals, pipes, signals


def on_a_terminal(*arguments, **environment):
    """Run the command with a terminal for stdout, and return what it wrote there."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [COMMAND, *arguments], stdout=theirs, stderr=subprocess.DEVNULL, env={**plain, "TERM": "xterm", **environment}
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other side is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(20) == 0
    return b"".join(parts).decode()


def test_colour_on_a_terminal(example):
    """A terminal gets colour, and none with NO_COLOR or --no-color."""
    (example / "warned.yaml").write_text(f"{ONE_USER}, until: 2026-01-31}}\n")
    validate = ("validate", "warned.yaml", *TODAY)
    assert ESCAPE in on_a_terminal(*validate)
    assert ESCAPE not in on_a_terminal(*validate, NO_COLOR="1")
    assert ESCAPE not in on_a_terminal(*validate, "--no-color")


def test_no_colour_in_a_pipe(command):
    """What goes into a pipe has no escape codes, errors neither."""
    for arguments in (["apply", "--auto-approve"], ["plan", "missing.yaml"]):
        result = command(*arguments)
        assert ESCAPE not in result.stdout + result.stderr


def piped_to_a_short_reader(*arguments, until):
    """Run the command into a pipe whose reader reads until it has seen something, and goes away."""
    process: Any = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seen = b""
    while until not in seen:
        part = os.read(process.stdout.fileno(), 1024)
        assert part, process.stderr.read()
        seen += part
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    return process.wait(20), error


def many_users(example, count):
    """Write a document that invites many people."""
    users = {
        f"u{i}@example.ch": {"first_name": "U", "last_name": "x" * 120, "role": "collaborator"} for i in range(count)
    }
    organization = {"id": 4242, "live": "sandbox:organization.yaml"}
    (example / "many.yaml").write_text(
        json.dumps({"accessplan": 1, "organization": organization, "users": users}, indent=1)
    )


@pytest.mark.parametrize("until", [b"", b"Example SA"], ids=["at once", "after a line"])
def test_a_reader_that_has_seen_enough(example, until):
    """`accessplan plan | head -1` ends without an error, however much was still to come."""
    many_users(example, 600 if until else 1)
    code, error = piped_to_a_short_reader("plan", "many.yaml", until=until)
    assert ("Traceback" in error, "This is a bug" in error, code) == (False, False, 0), error


def test_an_apply_whose_reader_has_seen_enough(cli):
    """An apply whose output nobody reads any more has still changed something, and says so by its code."""
    code, error = piped_to_a_short_reader("apply", "--auto-approve", *TODAY, until=b"GRANTS")
    changed = "Support" in cli("sandbox", "show", *TODAY).stdout
    assert "Traceback" not in error
    assert code == 6 if changed else code not in (1, 6)


def test_a_terminal_that_knows_few_characters(command):
    """Where the output can take only ASCII, what it cannot take is written otherwise, and nothing fails."""
    result = command("plan", *TODAY, PYTHONIOENCODING="ascii")
    assert (result.code, is_clean(result)) == (0, True), result.stderr
    assert 'team["Web"]' in result.stdout


def test_interrupted_at_the_question(cli):
    """Ctrl-C at the question ends with 130, says so in a word, and nothing is changed."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = cli("sandbox", "show", *TODAY).stdout
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    started: Any = subprocess.Popen([COMMAND, "apply", *TODAY], **pipes)
    with started as process:
        asked = b""
        while b"yes" not in asked:
            asked += os.read(process.stderr.fileno(), 1024)
        process.send_signal(signal.SIGINT)
        error = process.stderr.read().decode()
        assert (process.wait(20), "Interrupted." in error, "Traceback" in error) == (130, True, False)
    assert cli("sandbox", "show", *TODAY).stdout == before


def test_every_fault_says_how_to_mend_it(cli, example):
    """A role that is near to none, such as the API's own word for one, is answered with those there are."""
    (example / "access.yaml").write_text(
        "accessplan: 1\norganization: {id: 4242}\n"
        "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: owner}\n"
    )
    said = " ".join(cli("validate").stderr.split())
    assert "access.yaml:4:62: error: there is no role" in said
    assert "write external, collaborator, administrator, legal_representative, or describe it under roles" in said
