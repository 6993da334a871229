"""What the page on 60 requests a minute says that things cost is what they cost."""

import re
import shlex
import shutil

import pytest
from tests.cli.given import TODAY
from tests.conftest import REPOSITORY, SHARED_DATA

PAGE = (REPOSITORY / "docs" / "rate-limit.md").read_text()
COSTS = re.findall(r"^\| `([^`]+)` \| (\d+) \|$", PAGE, re.MULTILINE)
KUBERNETES = SHARED_DATA / "kubernetes"


def requests(result):
    """Read from what a run says of itself how many requests it sent."""
    said = re.search(r"^(\d+) requests? to ", result.stderr, re.MULTILINE)
    return int(said[1]) if said else 0


@pytest.mark.usefixtures("example")
def test_commands_cost_what_is_said(cli):
    """On a fresh sandbox, one after the other, each command of the table sends as many requests as stand there."""
    told = {command: (requests(cli(*shlex.split(command), *TODAY)), int(number)) for command, number in COSTS}
    assert {command: paid for command, (paid, said) in told.items() if paid != said} == {}
    assert len(told) == 10


def test_the_parts_of_an_apply_add_up():
    """Reading, sending and reading back are as many requests as an apply sends."""
    said = r"`apply` reads \((\d+)\), sends what the plan says \((\d+)\), and reads once more \((\d+)\)"
    (parts,) = re.findall(said, PAGE)
    assert sum(int(each) for each in parts) == int(dict(COSTS)["apply --auto-approve"])


EMPTY = "accessplan: 1\norganization: {id: 4242, live: sandbox:organization.yaml}\nusers: {}\n"
"""A document that names nobody."""


def test_an_organization_without_more_costs_five(cli, example):
    """Where a document names no mailbox and no kDrive, a read takes the five requests that any organization costs."""
    (example / "access.yaml").write_text(EMPTY)
    assert requests(cli("plan", *TODAY)) == 5
    assert re.search(r"^\| any organization: .* \| 5, and 1 for each further page \|$", PAGE, re.MULTILINE)


@pytest.mark.skipif(not KUBERNETES.exists(), reason="the data of a real organization is not here")
def test_a_big_organization(cli, tmp_path, monkeypatch):
    """An organization of so many people is read in as many requests as the page says."""
    ((people, number),) = re.findall(r"of ([\d,]+) people is read in (\d+) requests", PAGE)
    shutil.copy(KUBERNETES / "organization.yaml", tmp_path)
    (tmp_path / "access.yaml").write_text(EMPTY)
    monkeypatch.chdir(tmp_path)
    assert requests(cli("plan")) == int(number)
    assert (tmp_path / "organization.yaml").read_text().count("last_name:") == int(people.replace(",", ""))
