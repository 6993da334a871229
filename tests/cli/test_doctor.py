"""`accessplan doctor`: what the token may do, and which requests this organization has."""

import json
from pathlib import Path

import pytest
from tests.cli.given import TODAY, input_error
from tests.cli.served import TOKEN, run, served
from tests.conftest import REPOSITORY

ORGANIZATION = (REPOSITORY / "examples" / "organization.yaml").read_text()
OWNER_SAYS = {
    "token": ("ok", "It is that of Claire Favre <claire@example.ch>."),
    "organization": ("ok", "Example SA, number 4242."),
    "owner's role": ("ok", "Legal representative."),
    "clock": ("ok", "It agrees with the live system's within 60 s."),
    "rights of users": ("ok", "They are shown."),
    "rights of teams": ("note", "The live system does not show the rights of teams on single products."),
    "mailboxes of example.ch": ("ok", "4, with the new family of requests."),
    "kDrives": ("ok", "2 shown."),
}


def checks(result):
    """Read the lines of a `doctor --format json`, by name."""
    document = json.loads(result.stdout)
    assert document["format_version"] == "1.0"
    assert all(set(each) == {"name", "status", "fact", "meaning"} for each in document["checks"])
    return {each["name"]: (each["status"], each["fact"]) for each in document["checks"]}


@pytest.mark.usefixtures("example")
def test_doctor(cli):
    """The owner of an organization is told what works, line by line, and what it cost on stderr."""
    result = cli("doctor", *TODAY)
    assert (result.code, result.stderr) == (0, "10 requests to sandbox:organization.yaml.\n")
    said = " ".join(result.stdout.split())
    for name, (status, fact) in OWNER_SAYS.items():
        assert f"{'✓' if status == 'ok' else '–'} {name} {fact}" in said  # noqa: RUF001 - a dash is meant
    assert cli("doctor", "--quiet", *TODAY).stderr == ""


@pytest.mark.usefixtures("example")
def test_json(cli):
    """--format json gives the same lines as data, and so does a file."""
    result = cli("doctor", "--format", "json", "--out", "checks.json", *TODAY)
    assert (result.code, Path("checks.json").read_text()) == (0, result.stdout)
    assert checks(result).items() >= OWNER_SAYS.items()


def test_without_a_document(cli, example):
    """With --live and --organization no document is needed; a snapshot has nothing to examine."""
    (example / "access.yaml").unlink()
    assert cli("doctor", "--live", "sandbox:organization.yaml", "--organization", "4242", *TODAY).code == 0
    snapshot = cli("doctor", "--live", "snapshot.json", "--organization", "4242")
    assert input_error(snapshot, "snapshot.json is a snapshot")


@pytest.mark.parametrize("where", ["served", "embedded"])
def test_the_old_family(cli, example, tmp_path, where):
    """A Mail Service with the old family of requests is told apart, and what that means is said."""
    (example / "organization.yaml").write_text(ORGANIZATION.replace("family: webmail", "family: legacy"))
    if where == "embedded":
        result = cli("doctor", "--format", "json", *TODAY)
    else:
        with served(tmp_path) as here:
            result = here.run("doctor", "--format", "json")
    assert result.code == 0
    assert checks(result)["mailboxes of example.ch"] == ("note", "4, with the old family of requests.")


@pytest.mark.parametrize(
    ("email", "status", "role"),
    [
        ("claire@example.ch", "ok", "Legal representative."),
        ("daniel@example.ch", "note", "Administrator."),
        ("luca@example.ch", "warning", "Collaborator."),
    ],
)
def test_whose_token_it_is(tmp_path, email, status, role):
    """A token acts as its owner: what an administrator or a collaborator may not do is said."""
    with served(tmp_path / "world", "--as", email) as here:
        result = here.run("doctor", "--format", "json")
        made = here.requests()
    found = checks(result)
    assert (result.code, set(made)) == (0, {"GET"})
    assert f"<{email}>" in found["token"][1]
    assert found["owner's role"] == (status, role)
    if role == "Collaborator.":
        assert "The token's owner is a collaborator" in found["not covered"][1]


def test_a_bad_day(tmp_path, command):
    """What cannot be examined is a line with a warning; only where nothing can be read at all the code is 5."""
    with served(tmp_path / "world") as here:
        here.ask("POST", "faults", {"path": "/2/accounts/4242/users$", "status": 403, "code": "forbidden", "times": 1})
        some = here.run("doctor", "--format", "json")
        assert (some.code, checks(some)["people"][0]) == (0, "warning")
        here.ask("POST", "faults", {"path": "/2/drive$", "status": 403, "code": "forbidden", "times": 1})
        drives = here.run("doctor", "--format", "json")
        assert (drives.code, checks(drives)["kDrives"][0]) == (0, "warning")
        skewed = run(here.folder, "doctor", "--format", "json", "--live", here.url, "--today", "2026-11-20")
        assert checks(skewed)["clock"] == ("warning", "It is 86,400 s behind the live system's.")
        here.ask("POST", "faults", {"path": ".", "status": 401, "code": "not_authorized", "times": 99})
        here.requests()
        none = here.run("doctor", "--format", "json")
        assert (none.code, {status for status, _ in checks(none).values()}) == (5, {"warning"})
        assert here.requests() == {"GET": 2}
        missing = command("doctor", "--live", here.url, cwd=here.folder)
        assert (missing.code, missing.stdout, "there is no token" in missing.stderr) == (5, "", True)
        assert TOKEN not in none.stdout + none.stderr
