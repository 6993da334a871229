"""What reads cannot write: every command but apply sends GET requests, and no others."""

import ast

import pytest
from tests.cli.given import TODAY
from tests.cli.served import served
from tests.conftest import REPOSITORY

from accessplan.cli.main import COMMANDS

WRITE = {"apply", "undo"}
"""The commands that write to the live system."""

NOT_ASKING = {"ledger", "sandbox"}
"""Commands that ask no live system: one is it, and the other looks after the ledger."""

ARGUMENTS = {
    "completion": [["bash"]],
    "init": [["first.yaml", "--from-live", "--organization", "4242"]],
    "attest": [["--all", "--by", "Claire"]],
    "explain": [["ana@example.ch"], ["mailbox/billing@example.ch"], ["ana@example.ch", "hosting/*"]],
    "export": [[], ["--out", "exported.yaml"]],
    "plan": [[], ["--show-requests", "--out", "plan.json", "--format", "json"]],
    "schema": [["access"]],
    "snapshot": [[], ["--out", "other.json"]],
    "stale": [[], ["--announce"]],
}
"""How a command is called that takes more than its name; each without arguments otherwise."""

TO_NOWHERE = {"codeowners", "completion", "history", "schema", "validate"}
"""The commands that ask nobody, and so take no --live or read nothing from there."""

CALLS = [(name, more) for name in COMMANDS if name not in WRITE | NOT_ASKING for more in ARGUMENTS.get(name, [[]])]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with served(tmp_path_factory.mktemp("here")) as here:
        yield here


@pytest.mark.parametrize(
    ("command", "more"), CALLS, ids=lambda each: " ".join(each) if isinstance(each, list) else each
)
def test_what_reads_only_reads(here, cli, monkeypatch, command, more):
    """Whatever is planned, explained, exported or examined, the live system gets GET requests and no others."""
    monkeypatch.chdir(here.folder)
    monkeypatch.setenv("INFOMANIAK_TOKEN", "any")
    before = here.ask("GET", "organization")
    here.requests()
    words = () if command in TO_NOWHERE else ("--live", here.url, *TODAY)
    assert cli(command, *more, *words).code in (0, 2, 4)
    made = here.requests()
    assert set(made) == (set() if command in TO_NOWHERE else {"GET"})
    assert here.ask("GET", "organization") == before


def test_apply_only_reads_until_it_may_write(here, cli, monkeypatch, answer):
    """An apply that is declined, blocked, or of a plan that is refused has sent nothing but GET requests."""
    monkeypatch.chdir(here.folder)
    monkeypatch.setenv("INFOMANIAK_TOKEN", "any")
    head = "accessplan: 1\norganization: {id: 4242}\n"
    (here.folder / "team.yaml").write_text(f"{head}teams: {{Ops: {{leader: claire@example.ch}}}}\n")
    (here.folder / "nobody.yaml").write_text(
        f"{head}users: {{claire@example.ch: {{first_name: Claire, last_name: Favre, role: collaborator}}}}\n"
    )
    at = ("--live", here.url, *TODAY)
    assert cli("plan", "team.yaml", "--out", "team.json", *at).code == 0
    (here.folder / "team.yaml").write_text(f"{head}teams: {{Two: {{leader: claire@example.ch}}}}\n")
    here.requests()
    answer("no\n")
    assert cli("apply", "team.yaml", *at).code == 8
    assert cli("apply", "nobody.yaml", "--auto-approve", *at).code == 4
    assert cli("apply", "team.json", *at).code == 7
    assert set(here.requests()) == {"GET"}


def test_what_writes_is_opened_in_one_place():
    """No module of the command line asks a live side for what writes to it but the one that carries a plan out."""
    asked = {"to_write", "open_backend"}
    found = {
        path.stem
        for path in (REPOSITORY / "src" / "accessplan").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in asked
    }
    assert found == {"approved", "source", "writing"}
