"""The documents keep pace with the code: what they name is there, and what is there they name."""

import ast
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

from accessplan.cli.main import COMMANDS
from accessplan.cli.sandbox import sandbox
from accessplan.errors import EXIT_MEANINGS
from accessplan.report.formats import RENDERERS, by_suffix

README = (REPOSITORY / "README.md").read_text()
ARCHITECTURE = (REPOSITORY / "docs" / "architecture.md").read_text()
DOCUMENTS = [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").glob("**/*.md"))]
CONSOLE = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
TESTS = sorted(path for path in (REPOSITORY / "tests").rglob("*.py") if "__" not in path.name)

ROOTS = (REPOSITORY, REPOSITORY / "src" / "accessplan")
"""Where a path that a document names may begin."""

FILE = re.compile(r"`(?![A-Z]+/)((?:[\w.-]+/)+[\w.-]*)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


# README


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    """The README's table has a row for every command."""
    assert re.search(rf"^\| `{command}` \| \S", README, re.MULTILINE)


def test_the_readme_names_no_other_command():
    """What the README's table calls a command is one."""
    table = README.split("| command | what it does |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("command", sandbox.commands)
def test_every_command_of_the_sandbox_is_in_the_readme(command):
    """The README names every command of the sandbox."""
    (row,) = re.findall(r"^\| `sandbox` \|.*$", README, re.MULTILINE)
    assert f"`{command}`" in row


@pytest.mark.parametrize("code", EXIT_MEANINGS, ids=int)
def test_every_exit_code_is_in_the_readme(code):
    """The README's table has every exit code with the meaning that --help gives."""
    (row,) = re.findall(rf"^\| {int(code)} \| (.*) \|$", README, re.MULTILINE)
    assert row.replace("`", "") == EXIT_MEANINGS[code]


def test_the_readme_names_no_other_exit_code():
    """What the README's table calls an exit code is one."""
    assert re.findall(r"^\| (\d+) \|", README, re.MULTILINE) == [str(int(code)) for code in EXIT_MEANINGS]


@pytest.mark.parametrize("suffix", by_suffix(RENDERERS))
def test_every_format_is_in_the_readme(suffix):
    """The README names every format that --out writes, by its suffix."""
    assert re.search(rf"\w\{suffix}\b", README)


def test_commands_in_prose_exist(cli):
    """Every `accessplan …` that the documents show is a command, with options it has."""
    shown = re.findall(r"accessplan ([a-z]+(?: [a-z]+)?)((?: --?[a-z-]+)*)", "\n".join(CONSOLE))
    shown += re.findall(r"`(?:accessplan )((?:[a-z]+)(?: [a-z]+)?)([^`]*)`", README + ARCHITECTURE)
    for words, rest in shown:
        command, *more = words.split()
        assert command in COMMANDS, words
        known = cli(command, *(more if command == "sandbox" else []), "--help").stdout
        options = re.findall(r"(?<!\S)--[a-z-]+", rest)
        assert [option for option in options if option not in known] == [], (words, rest)


def test_nothing_is_left_to_fill_in():
    """No document holds a place to fill in."""
    for document in DOCUMENTS:
        assert not re.search(r"\b(?:TODO|TBD|FIXME|XXX|TRANSCRIPT|PLACEHOLDER)\b", document.read_text()), document


# the commands that the README gives


def plain_commands():
    """The console blocks to paste as they are."""
    return [line for block in CONSOLE if not block.startswith("$ ") for line in block.splitlines()]


def shown_commands():
    """The commands after a prompt, in their order."""
    return [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines() if line.startswith("$ ")]


def test_the_commands_to_paste_are_well_formed():
    """Each part of them runs something that the virtual environment or the project has, on files that are there."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    scripts = {"pip", "pytest", "python", *project["scripts"]}
    first, tests = plain_commands()
    parts = [shlex.split(part) for part in first.split(" && ")]
    assert parts[0] == ["python3", "-m", "venv", ".venv"]
    assert all(part[0].removeprefix(".venv/bin/") in scripts for part in parts[1:])
    (extra,) = re.findall(r"\[(\w+)\]", first)
    assert extra in project["optional-dependencies"]
    assert (REPOSITORY / parts[-1][-1]).is_file()
    assert tests == ".venv/bin/pytest"


def test_the_commands_that_are_shown_run(cli, tmp_path, monkeypatch):
    """In their order, in a copy of the examples, they end with 0 or 6, and the last with nothing left."""
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    results = []
    for line in shown_commands():
        program, *arguments = shlex.split(line)
        assert program == "accessplan"
        results.append(cli(*arguments))
    assert [each.code for each in results if each.code not in (0, 6)] == []
    assert "No changes." in results[-1].stdout


# links and paths


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    """Every relative link names a file or folder of the repository, and every #place a heading."""
    for link in LINK.findall(document.read_text()):
        path, _, place = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = document.parent / path if path else document
        assert target.exists(), link
        assert target.resolve().is_relative_to(REPOSITORY), link
        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE) if place else []
        assert not place or place in [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings], link


def test_paths_are_there():
    """Every path that the architecture names in backticks exists; where NAME stands for something, its folder does."""
    for path in FILE.findall(ARCHITECTURE):
        known = Path(path).parent if "NAME" in path else path
        assert any((root / known).exists() for root in ROOTS), path


def test_the_architecture_names_every_folder():
    """The walk through the code passes every package and every file that stands alone."""
    package = ROOTS[1]
    for path in sorted(package.iterdir()):
        if (path / "__init__.py").is_file():
            assert f"{path.name}/" in ARCHITECTURE, path.name
        elif path.suffix == ".py" and not path.name.startswith("_"):
            assert re.search(rf"\b{path.stem}\b", ARCHITECTURE), path.name


def test_the_floors_are_those_that_are_checked():
    """The picture of the floors shows the layers that import-linter checks, in their order."""
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer for each in contracts if each["type"] == "layers" for layer in each["layers"]]
    assert re.findall(r"^[ \d]\d  (\w+(?: [|:] \w+)*)  ", ARCHITECTURE, re.MULTILINE) == layers


# examples and tests


@pytest.mark.parametrize("name", ["access.yaml", "organization.yaml"])
def test_the_examples_are_valid(cli, example, name):
    """The example document is valid, and a sandbox can be filled from the organization."""
    command = ["validate", name] if name == "access.yaml" else ["sandbox", "seed", name]
    result = cli(*command, "--today", "2026-11-21")
    warnings = re.findall(r"\[([a-z-]+)\]", result.stdout)
    assert (result.code, result.stderr, warnings) == (0, "", [])
    assert f"schemas/{name.removesuffix('.yaml')}.schema.json" in (example / name).read_text().splitlines()[0]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(REPOSITORY / "tests")))
def test_every_test_says_what_is_true(path):
    """Every test has a docstring: one sentence, that begins with a capital and ends with a full stop."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    for each in functions:
        sentence = " ".join((ast.get_docstring(each) or "").split())
        assert sentence.endswith("."), f"{each.name}: {sentence!r}"
        assert len(re.findall(r"[.!?](?= [A-Z])", sentence)) == 0, f"{each.name}: {sentence!r}"
        assert not sentence[0].islower() or sentence[0] == "`", f"{each.name}: {sentence!r}"


def test_the_plan_in_the_readme_is_the_plan(cli, monkeypatch, tmp_path):
    """The README shows, to the letter, parts of what its first command prints on that day; `…` stands for the rest."""
    monkeypatch.chdir(REPOSITORY)
    (shown,) = re.findall(r"^```text\n(Example SA.*?)^```$", README, re.MULTILINE | re.DOTALL)
    plan = cli("plan", "examples/access.yaml", "--today", "2026-11-21", "--state", tmp_path).stdout
    for part in shown.split("  …\n"):
        assert part in plan
        plan = plan.partition(part)[2]
