"""action.yml and the pre-commit hook, run for real: what they install, and what they run."""

import os
import shutil
import subprocess

import pytest
import yaml
from tests.cli.repository import DOCUMENT
from tests.conftest import COMMAND, REPOSITORY
from tests.workflows.commands import told

from accessplan import __version__

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text())
SETUP, INSTALL, RUN = ACTION["runs"]["steps"]
PLACES = {
    "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
    "GITHUB_ACTION_PATH": str(REPOSITORY),
}
(HOOK,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())


@pytest.fixture
def bash(tmp_path):
    """Run a script as a step of the action."""

    def call(script, **environment):
        files = {name: str(tmp_path / name.lower()) for name in ("GITHUB_PATH", "GITHUB_ENV")}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), **files}
        return subprocess.run(
            command, cwd=tmp_path, env=plain | environment, capture_output=True, text=True, timeout=300, check=False
        )

    return call


@pytest.mark.slow
def test_it_installs_this_commit(bash, tmp_path):
    """The action installs accessplan from its own folder, and nothing from the folder that is checked out is run."""
    for name in ("venv.py", "pip.py"):
        (tmp_path / name).write_text("raise SystemExit('foreign code was run')\n")
    source = tmp_path / "action"
    shutil.copytree(REPOSITORY, source, ignore=lambda _, names: {each for each in names if each in LEFT_OUT})
    index = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} | {"PIP_COMPILE": "0"}
    done = bash(INSTALL["run"], GITHUB_ACTION_PATH=str(source), **index)
    assert done.returncode == 0, done.stderr
    path = (tmp_path / "github_path").read_text().strip()
    said = subprocess.run([f"{path}/accessplan", "--version"], capture_output=True, text=True, check=True).stdout
    assert said == f"accessplan {__version__}\n"
    assert (tmp_path / "github_env").read_text() == f"ACCESS_CI={source}/ci\n"


LEFT_OUT = frozenset(
    {".git", ".venv", ".accessplan", ".mypy_cache", ".ruff_cache", ".hypothesis", "tests", ".coverage"}
)


def test_it_runs_one_command(bash, tmp_path):
    """A command is split at blanks, over lines as well, and nothing in it is the shell's."""
    (tmp_path / "access.yaml").write_text(DOCUMENT)
    done = bash(RUN["run"], COMMAND="validate\n  access.yaml", **PLACES)
    assert (done.returncode, done.stdout) == (0, "access.yaml is valid: 3 users, 2 teams.\n")
    done = bash(RUN["run"], COMMAND="validate access.yaml; touch harm $(touch harm)", **PLACES)
    assert (done.returncode, (tmp_path / "harm").exists()) == (3, False)


def test_what_it_prints_is_no_command(bash, tmp_path):
    """Nothing that the command of the action prints is a command of the workflow, but what annotates."""
    (tmp_path / "access.yaml").write_text(DOCUMENT.replace("role: collaborator", 'role: "##[error]x"'))
    done = bash(RUN["run"], COMMAND="validate access.yaml", GITHUB_ACTIONS="true", **PLACES)
    assert ("##[error]x" in done.stdout, told(done.stdout), done.stderr) == (True, [], "")
    done = bash(RUN["run"], COMMAND="validate access.yaml --format=github", GITHUB_ACTIONS="true", **PLACES)
    assert (done.returncode, {name for name, _ in told(done.stdout)}) == (3, {"error"})


def test_what_the_workflows_rely_on():
    """The action takes what it says, and its first step is pinned."""
    assert set(ACTION["inputs"]) == {"command", "python-version"}
    assert SETUP["with"] == {"python-version": "${{ inputs.python-version }}"}
    assert RUN["env"] == {"COMMAND": "${{ inputs.command }}"}


def test_the_hook(command, tmp_path):
    """The pre-commit hook refuses an invalid document, by the lines that are wrong, and says nothing of a valid one."""
    program, *arguments = HOOK["entry"].split()
    (tmp_path / "access.yaml").write_text(DOCUMENT)
    good = command(*arguments)
    assert (program, good.code, good.stdout, good.stderr) == ("accessplan", 0, "", "")
    (tmp_path / "access.yaml").write_text(DOCUMENT.replace("role: collaborator", "role: king"))
    bad = command(*arguments)
    assert (bad.code, "access.yaml:" in bad.stderr) == (3, True)
