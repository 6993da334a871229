"""`accessplan sandbox …`."""

import json
import socket

import pytest
import yaml
from tests.cli.given import HEAD, TODAY, input_error

pytestmark = pytest.mark.usefixtures("example")


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


def test_an_organization_file_in_json(cli, example):
    """An organization file may be JSON, which is YAML too; `sandbox:` says that it is no snapshot."""
    data = yaml.safe_load((example / "organization.yaml").read_text())
    (example / "organization.json").write_text(json.dumps(data, default=str))
    result = cli("plan", "--live", "sandbox:organization.json", *TODAY)
    assert result.code == 0, result.stderr


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
    assert (first.code, len(first.stdout.splitlines())) == (0, 14)
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


CHANGED = (
    "organization.yaml was changed after its sandbox was filled:"
    " `accessplan sandbox seed organization.yaml` fills it anew.\n"
)


def test_a_file_that_was_changed(cli, example):
    """A sandbox whose file has changed since says so on stderr, unless --quiet, until it is filled anew."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    file = example / "organization.yaml"
    file.write_text(file.read_text().replace("name: Example SA", "name: Other SA"))
    result = cli("plan", *TODAY)
    assert (result.code, result.stderr.startswith(CHANGED)) == (0, True)
    assert "Other SA" not in result.stdout
    assert cli("plan", "--quiet", *TODAY).stderr == ""
    assert cli("sandbox", "show", "--live", "sandbox:organization.yaml", *TODAY).stderr == CHANGED
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    after = cli("plan", *TODAY)
    assert ("Other SA" in after.stdout, "was changed" in after.stderr) == (True, False)


def test_a_file_that_was_touched(cli, example):
    """Only what the file says counts, not when it was written."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    file = example / "organization.yaml"
    file.write_text(file.read_text())
    assert "was changed" not in cli("plan", *TODAY).stderr


def test_reject(cli, shown):
    """An invited person rejects: they are invited no more, and no user; nobody rejects who is not invited."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    rejected = cli("sandbox", "reject", "Noor@example.ch", *TODAY)
    assert (rejected.code, rejected.stdout) == (0, "Noor@example.ch rejected the invitation\n")
    assert "noor@example.ch" not in [user["email"] for user in shown()["users"]]
    for email in ("noor@example.ch", "claire@example.ch", "nobody@example.ch"):
        assert input_error(cli("sandbox", "reject", email, *TODAY), f"{email} has no pending invitation")
    assert cli("sandbox", "reject", "late@agency.example", "--quiet", *TODAY).stdout == ""
