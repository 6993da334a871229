"""The command itself: its help, its options, its exit codes."""

import json
import re
import subprocess
import sys

import jsonschema
import pytest
from tests.cli.given import TODAY, input_error, is_clean
from tests.conftest import COMMAND, REPOSITORY

from accessplan import __version__
from accessplan.cli.main import COMMANDS

pytestmark = pytest.mark.usefixtures("example")


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
    assert run.returncode == 0
    assert run.stdout.endswith("access.yaml is valid: 11 users, 2 teams.\n")


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


@pytest.mark.parametrize("name", ["seed", "serve", "show", "accept", "reject", "perform"])
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
        ["sandbox", "reject"],
        ["sandbox", "perform"],
        ["attest", "--all"],
        ["doctor", "--format", "md"],
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


@pytest.mark.parametrize("code", ["validate", "plan"])
def test_hints_name_only_what_there_is(cli, code):
    """A hint that names a command names one that exists."""
    hint = cli(code, "missing.yaml").stderr
    assert set(re.findall(r"accessplan ([a-z]+)", hint)) <= set(COMMANDS), hint


def test_every_fault_says_how_to_mend_it(cli, example):
    """A role that is near to none, such as the API's own word for one, is answered with those there are."""
    (example / "access.yaml").write_text(
        "accessplan: 1\norganization: {id: 4242}\n"
        "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: owner}\n"
    )
    said = " ".join(cli("validate").stderr.split())
    assert "access.yaml:4:62: error: there is no role" in said
    assert "write external, collaborator, administrator, legal_representative, or describe it under roles" in said


@pytest.mark.parametrize(
    "arguments",
    [["plan", "--out", "no/plan.json"], ["export", "--out", "no/a.yaml"], ["snapshot", "--out", "no/a.json"],
     ["snapshot", "--out", "."], ["export", "--out", "."], ["plan", "--state", "access.yaml/x"]],
    ids=" ".join,
)  # fmt: skip
def test_files_that_cannot_be_written(cli, arguments):
    """A file that cannot be written is a fault of the command line, not of accessplan."""
    assert input_error(cli(*arguments), "error: ", arguments[-1])


def test_state(cli, example, tmp_path_factory):
    """--state is where the sandbox lives, and nothing else is written."""
    elsewhere = tmp_path_factory.mktemp("state")
    assert cli("apply", "--auto-approve", "--state", elsewhere, *TODAY).code == 6
    assert sorted(each.name for each in example.iterdir()) == ["access.yaml", "organization.yaml"]
    first = cli("plan", *TODAY).stdout
    assert first != cli("plan", "--state", elsewhere, *TODAY).stdout


@pytest.mark.parametrize("name", ["access", "organization", "plan"])
def test_schema(cli, name):
    """Each schema is printed as it stands in the repository, and is a valid JSON Schema."""
    text = cli("schema", name).stdout
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert text == (REPOSITORY / "schemas" / f"{name}.schema.json").read_text()


def test_the_usual_schema(cli):
    """Without a name it is the schema of the document."""
    assert cli("schema") == cli("schema", "access")
