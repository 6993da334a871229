"""The log of a job, read as GitHub's runner reads it: no name in it is a command."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.conftest import COMMAND, REPOSITORY
from tests.workflows.commands import taken, told

HOSTILE = f"a ##[stop-commands]x{' b' * 20} ::error::forged ::stop-commands::y"
"""A name that is commands in the old way and, where its line is broken, in the new one."""

DOCUMENT = f"""\
accessplan: 1
organization: {{id: 4242, live: 'sandbox:organization.yaml'}}
users:
  claire@example.ch: {{first_name: Claire, last_name: Favre, role: legal_representative}}
teams:
  "{HOSTILE}": {{leader: claire@example.ch}}
"""

ORGANIZATION = """\
organization: {id: 4242, name: Example SA}
token_user: claire@example.ch
users:
  - {email: claire@example.ch, first_name: Claire, last_name: Favre, role: owner}
"""


@pytest.fixture
def run(tmp_path):
    """Run a command of accessplan by run.sh, on GitHub or not."""
    (tmp_path / "access.yaml").write_text(DOCUMENT)
    (tmp_path / "organization.yaml").write_text(ORGANIZATION)

    def call(*arguments, **environment):
        path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", REPOSITORY / "ci" / "run.sh", *arguments],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), **environment},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip

    return call


def test_a_name_is_no_command(run):
    """What a plan prints is no command of the workflow, and what comes after it may be."""
    done = run("plan", "access.yaml", GITHUB_ACTIONS="true")
    assert ("##[stop-commands]x" in done.stdout, told(done.stdout)) == (True, [])
    assert taken(f"{done.stdout}::notice::after\n")[-1] == ("notice", "after")


def test_the_reader_of_the_log(run):
    """Not on GitHub the same plan is printed as it is, and its names would be commands."""
    done = run("plan", "access.yaml")
    assert [each for each in taken(done.stdout) if each[0] == "stop-commands"] != []
    assert "::add-mask::" not in done.stdout


def test_what_is_said_of_a_document(run, tmp_path):
    """Where a document is refused, what stderr says is no command either; annotations still are."""
    (tmp_path / "access.yaml").write_text(DOCUMENT.replace("legal_representative", '"##[stop-commands]abc"'))
    done = run("plan", "access.yaml", "--format", "github", GITHUB_ACTIONS="true")
    assert ("##[stop-commands]abc" in done.stdout, told(done.stdout), done.stderr) == (True, [], "")
    done = run("validate", "access.yaml", "--format", "github", GITHUB_ACTIONS="true")
    assert {name for name, _ in told(done.stdout)} == {"error"}


def test_the_streams_stay_in_order(run):
    """All goes one way: two would be read at the same time, and one could be read without the other's stop."""
    done = run("plan", "no.yaml", GITHUB_ACTIONS="true")
    assert (done.stderr, "no.yaml" in done.stdout) == ("", True)
    done = run("plan", "no.yaml")
    assert ("no.yaml" in done.stderr, done.stdout) == (True, "")


def test_nobody_guesses_the_token(run):
    """What ends a stop is another token each time, long, and masked in the log before it is used."""
    tokens = [
        said
        for _ in range(2)
        for name, said in taken(run("plan", "access.yaml", GITHUB_ACTIONS="true").stdout)
        if name == "add-mask"
    ]
    assert len(set(tokens)) == len(tokens) == 4
    assert {len(each) for each in tokens} == {64}


def test_nothing_of_the_checkout_is_run(run, tmp_path):
    """A module in the folder that is checked out is not what makes the token."""
    (tmp_path / "secrets.py").write_text("token_hex = lambda *_: 'guessed'\n")
    assert "guessed" not in run("plan", "access.yaml", GITHUB_ACTIONS="true").stdout


def test_what_is_kept_is_as_it_was(run, tmp_path):
    """What is kept for the page and the comment has none of the commands that were put around it."""
    kept = [
        run("plan", "access.yaml", **on) and Path(tmp_path / "access" / "plan.out").read_text()
        for on in ({}, {"GITHUB_ACTIONS": "true"})
    ]
    assert kept[0] == kept[1]
