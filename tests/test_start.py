"""First steps, and how to take part: what these pages say is so."""

import re
import shlex

import pytest
from tests.conftest import REPOSITORY

START = (REPOSITORY / "docs" / "start.md").read_text()
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text()


def test_the_first_steps_work(cli, tmp_path, monkeypatch):
    """In an empty folder the commands work in their order as they are written, and the last plan has steps by hand."""
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^\$ accessplan (.*)$", START, re.MULTILINE)
    results = [cli(*shlex.split(line)) for line in lines]
    assert [each.code for each in results if each.code not in (0, 6)] == []
    assert "BY HAND, in the Manager" in results[-1].stdout


def test_what_contributors_are_sent_to_is_there():
    """Every file and folder that CONTRIBUTING names exists, but those that a contributor is to write."""
    named = re.findall(r"`((?:[\w.-]+/)[\w./-]*|[A-Z]+\.md)`", CONTRIBUTING)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", CONTRIBUTING) if "://" not in link]
    assert len(named) > 15
    for path in (*named, *links):
        assert (REPOSITORY / path).exists() or "NAME" in path, path


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("RULES", "stale.py"),
        ("RAILS", "rail/__init__.py"),
        ("FORMATS", "report/formats.py"),
        ("COMMANDS", "cli/main.py"),
    ],
)
def test_what_contributors_add_a_line_to_is_there(name, file):
    """Each table that CONTRIBUTING names is in the file that it names with it."""
    step = next(each for each in re.split(r"^\d\. ", CONTRIBUTING, flags=re.MULTILINE) if f"`{name}`" in each)
    assert f"`src/accessplan/{file}`" in step
    assert re.search(rf"^{name}\b", (REPOSITORY / "src" / "accessplan" / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("subject", ["stale rule", "rail", "format", "service", "command"])
def test_every_way_to_add_has_its_steps(subject):
    """For each thing that people add there are steps, the first of them numbered."""
    assert re.search(rf"^## Add a {subject}\n\n1\. \S", CONTRIBUTING, re.MULTILINE)


def test_security_names_nobody():
    """Vulnerabilities are reported through the forge: no address stands there that nobody reads."""
    text = (REPOSITORY / "SECURITY.md").read_text()
    assert "Report a vulnerability" in text
    assert not re.search(r"\S+@\S+", text)
