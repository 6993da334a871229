"""What the tests share: the command line, run in this process or as the installed command."""

import gc
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, Phase, settings

from accessplan.cli.main import run

# The same cases each time, so that a change is judged by what it changes; ACCESSPLAN_EXAMPLES says how many random ones
# to try instead, as every night. A failing case prints how to repeat it.
settings.register_profile(
    "accessplan",
    max_examples=int(os.environ.get("ACCESSPLAN_EXAMPLES", "30")),
    derandomize="ACCESSPLAN_EXAMPLES" not in os.environ,
    deadline=None,
    print_blob=True,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
        *([Phase.shrink] if os.environ.get("ACCESSPLAN_SHRINK") else []),
    ],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("accessplan")

SAID = "said"
"""The property of a test whose value is printed at the end of a run."""

REPOSITORY = Path(__file__).parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
COMMAND = Path(sys.executable).with_name("accessplan")


LONGEST = (
    "tests/test_worlds.py", "tests/conformance/", "tests/invariants/", "tests/ledger/test_dying.py", "tests/workflows/",
    "tests/docs/test_tutorial.py", "tests/test_docs.py", "tests/test_adopt_worlds.py", "tests/browser/",
    "tests/test_package.py",
)  # fmt: skip
"""What takes minutes begins first: a file is run by one process, and the others must have something to do meanwhile."""


def pytest_collection_modifyitems(items):
    """Put what takes longest first."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if item.nodeid.startswith(name)), 99))


def pytest_terminal_summary(terminalreporter):
    """Print what tests have to say, whichever process ran them."""
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == SAID:
                terminalreporter.write_line(f"{report.nodeid}: {value}")


def not_installed(name: str, reason: str) -> NoReturn:
    """Skip a test for want of a program, unless it must not be skipped here."""
    if name in os.environ.get("ACCESSPLAN_MUST_NOT_SKIP", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Result:
    code: int
    stdout: str
    stderr: str


@pytest.fixture
def cli(capsys):
    """Run a command in this process."""

    def call(*arguments):
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        gc.enable()  # a command that lives for seconds does without; this process lives on
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def command(tmp_path):
    """Run the installed `accessplan` as a process of its own, in a folder of its own."""

    def call(*arguments, cwd=tmp_path, stdin="", **environment):
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("INFOMANIAK", "ACCESSPLAN"))}
        done = subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            env=plain | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Stand in a folder of its own, with the document and the organization of the examples."""
    for file in (REPOSITORY / "examples").glob("*.yaml"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
