"""What is built of the project works where nothing of the repository is: a wheel in an empty environment."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser

import pytest
from tests.conftest import REPOSITORY

from accessplan import __version__

pytestmark = pytest.mark.slow

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")

SECONDS = 300
"""How long an installer may take: it loads what it needs."""


def run(*command, cwd=None):
    """Run a command to its end, with nothing of the repository or the test's own environment in its way."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACCESSPLAN", "INFOMANIAK"))}
    environment = {name: value for name, value in kept.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def done(*command, cwd=None):
    """Run a command that has to succeed, and return what it said."""
    result = run(*command, cwd=cwd)
    assert result.returncode == 0, (command, result.stdout, result.stderr)
    return result.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist of the repository, and the wheel that is built of the sdist alone.

    Skipped where the installer reaches no index.
    """
    folder = tmp_path_factory.mktemp("dist")
    asked = run(*PIP, "download", "-q", "--no-deps", "--retries=0", "-d", folder / "index", "hatchling")
    if asked.returncode:
        pytest.skip(f"the installer reaches no index: {asked.stderr.strip().splitlines()[-1]}")

    done(sys.executable, "-m", "build", "--outdir", folder, REPOSITORY)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def environment(tmp_path_factory, built):
    """A fresh virtual environment with the wheel and what it asks for, and nothing else; its folder of commands."""
    folder = tmp_path_factory.mktemp("environment")
    done(sys.executable, "-m", "venv", "--without-pip", folder)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    done(*PIP, "--python", commands / "python", "install", "-q", "--no-compile", built[1])
    return commands


def test_the_version_stands_in_one_place(built):
    """Both are called and marked with the version of the package, which stands in no other file."""
    sdist, wheel = built
    assert sdist.name == f"accessplan-{__version__}.tar.gz"
    with zipfile.ZipFile(wheel) as files:
        metadata = Parser().parsestr(files.read(f"accessplan-{__version__}.dist-info/METADATA").decode())
    assert metadata["Version"] == __version__
    assert f'"{__version__}"' not in (REPOSITORY / "pyproject.toml").read_text()


def test_what_is_in_the_wheel(built):
    """The wheel has every file of the package, its schemas and templates byte by byte, and nothing else."""
    with zipfile.ZipFile(built[1]) as files:
        names = set(files.namelist())
        packed = {
            name: files.read(name) for name in names if name.startswith("accessplan/") and "__pycache__" not in name
        }
    assert {name.partition("/")[0] for name in names} == {"accessplan", f"accessplan-{__version__}.dist-info"}
    for folder, inside in ((REPOSITORY / "schemas", "schemas"), (REPOSITORY / "src" / "accessplan", "")):
        for file in folder.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                name = "/".join(filter(None, ("accessplan", inside, file.relative_to(folder).as_posix())))
                assert name in packed
                assert file.suffix == ".py" or packed[name] == file.read_bytes(), name
    assert f"accessplan-{__version__}.dist-info/licenses/LICENSE" in names


def test_what_is_in_the_sdist(built):
    """The sdist has what somebody needs who builds, reads or changes it."""
    with tarfile.open(built[0]) as files:
        top = {name.split("/")[1] for name in files.getnames()}
    assert {"src", "schemas", "examples", "tests", "docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
            "SECURITY.md", "LICENSE", "pyproject.toml"} <= top  # fmt: skip
    assert not top & {".venv", ".accessplan", ".git", "dist"}


def test_it_works_in_an_empty_environment(environment, tmp_path):
    """Outside of the repository the installed command says its version, prints schemas, and plans a sandbox."""
    accessplan = environment / "accessplan"
    assert done(accessplan, "--version", cwd=tmp_path) == f"accessplan {__version__}\n"
    for name in ("access", "organization", "plan"):
        schema = (REPOSITORY / "schemas" / f"{name}.schema.json").read_text()
        assert done(accessplan, "schema", name, cwd=tmp_path) == schema
    done(*PIP, "--python", environment / "python", "check")
    where = done(environment / "python", "-c", "import accessplan; print(accessplan.__file__)", cwd=tmp_path)
    assert not where.startswith(str(REPOSITORY))
    done(accessplan, "init", "--sandbox", "--ci", "github", cwd=tmp_path)
    plan = done(accessplan, "plan", cwd=tmp_path)
    assert re.search(r"^Plan [0-9a-f]{12}: 1 to invite, 5 to grant, 2 to revoke;", plan, re.MULTILINE)


def test_the_first_command_of_the_readme_works_there(environment, tmp_path):
    """What the README gives for an installed command, word by word, plans a sandbox in an empty folder."""
    readme = (REPOSITORY / "README.md").read_text()
    (line,) = re.findall(r"`(accessplan init --sandbox && accessplan plan)`", readme)
    for part in line.split(" && "):
        done(environment / "accessplan", *part.split()[1:], cwd=tmp_path)
