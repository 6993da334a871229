"""`accessplan export` and `accessplan snapshot`."""

import json

import pytest
import yaml
from tests.cli.given import HEAD, TODAY, input_error

from accessplan.errors import Exit

pytestmark = pytest.mark.usefixtures("example")


def test_export_and_plan(cli, example):
    """A document that was exported, to stdout or to a file elsewhere, describes what is there."""
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    (example / "sub").mkdir()
    result = cli("export", "--out", "sub/now.yaml", *TODAY)
    assert (result.code, result.stdout) == (0, "")
    for name in ("now.yaml", "sub/now.yaml"):
        assert "No changes." in cli("plan", name, "--detailed-exitcode", *TODAY).stdout


def test_export_of_a_snapshot(cli, example):
    """A document exported from a snapshot names it so that it is found, from another folder too."""
    cli("snapshot", *TODAY)
    (example / "sub").mkdir()
    for name in ("now.yaml", "sub/now.yaml"):
        cli("export", "--live", "snapshot.json", "--organization", "4242", "--out", name)
        assert "No changes." in cli("plan", name, *TODAY).stdout


def test_a_plan_from_a_snapshot_is_the_same(cli, plan, example):
    """`plan --live snapshot.json` needs neither sandbox nor token, and gives the same plan."""
    live = plan()
    assert cli("snapshot", *TODAY).stdout == ""
    (example / "organization.yaml").unlink()
    snapshot = plan("--live", "snapshot.json")
    assert snapshot["plan_id"] == live["plan_id"]
    assert snapshot["resource_changes"] == live["resource_changes"]
    assert snapshot["operations"] == live["operations"]


def test_a_snapshot_without_a_document(cli, example):
    """With --live and --organization no document is needed, for a snapshot and for an export."""
    (example / "access.yaml").unlink()
    where = ("--live", "sandbox:organization.yaml", "--organization", "4242", *TODAY)
    assert cli("snapshot", "--out", "s.json", *where).code == 0
    assert json.loads((example / "s.json").read_text())["organization"] == {"id": 4242, "name": "Example SA"}
    assert yaml.safe_load(cli("export", *where).stdout)["organization"]["id"] == 4242


def test_a_snapshot_of_another_organization(cli, example):
    """A snapshot of one organization makes no plan for another."""
    cli("snapshot", *TODAY)
    document = (example / "access.yaml").read_text()
    (example / "access.yaml").write_text(document.replace("id: 4242", "id: 4243"))
    assert input_error(cli("plan", "--live", "snapshot.json"), "4242", "4243")


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "no JSON"), ("[]", "no JSON object"), ("{}", "no `format_version`"), ('{"format_version": "3.0"}', "2.x"),
     ('{"format_version": "1.0"}', "2.x"), ('{"format_version": "2.0"}', "no whole snapshot")],
)  # fmt: skip
def test_what_is_no_snapshot(cli, example, text, words):
    """A file that is no snapshot, or one of another format, says so."""
    (example / "x.json").write_text(text)
    assert input_error(cli("plan", "--live", "x.json"), "x.json", words)


def test_a_snapshot_that_was_changed(cli, example):
    """A snapshot whose digest does not fit is refused."""
    cli("snapshot", *TODAY)
    changed = (example / "snapshot.json").read_text().replace("daniel@", "dan@")
    (example / "snapshot.json").write_text(changed)
    assert input_error(cli("plan", "--live", "snapshot.json"), "was changed", "accessplan snapshot")


# the whole domain: everything there is to read, and what cannot be seen

WHOLE = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "tags": ["production"]},
        {"id": 201, "service": "hosting", "name": "www.example.ch"},
        {"id": 401, "service": "drive", "name": "Team Drive"},
        {"id": 402, "service": "drive", "name": "Shut Drive"},
        {"id": 801, "service": "ksuite", "name": "kSuite"},
        {"id": 802, "service": "kchat", "name": "kChat"},
    ],
    "users": [
        {"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"},
        {"email": "ana@example.ch", "first_name": "Ana", "last_name": "Keller", "role": "normal", "billing": True,
         "notifications": {"billing": True},
         "grants": [{"service": "hosting", "rights": ["technical"], "apply_to_all": True}]},
        {"email": "gus@agency.example", "first_name": "Gus", "last_name": "Guest", "role": "normal", "external": True},
        {"email": "out@example.ch", "first_name": "Otto", "last_name": "Out", "role": "normal"},
        {"email": "kim@example.ch", "first_name": "Kim", "last_name": "Kunz", "role": "normal"},
    ],
    "invitations": [
        {"email": "late@example.ch", "first_name": "Lee", "last_name": "Late", "role": "normal", "sent": "-40d",
         "expires": "-10d", "grants": [{"product": 101, "rights": ["technical"]}]},
        {"email": "nova@example.ch", "first_name": "Nova", "last_name": "Neu", "role": "normal", "teams": ["Web"]},
        {"email": "nein@example.ch", "first_name": "Nils", "last_name": "Nein", "role": "normal", "status": "rejected"},
    ],
    "teams": [{"name": "Web", "leader": "claire@example.ch", "services": ["hosting"], "members": ["ana@example.ch"]}],
    "mail_hostings": [
        {"id": 301, "domain": "example.ch", "family": "webmail", "mailboxes": [
            {"name": "info", "accesses": [{"user": "ana@example.ch", "permissions": ["can_manage_rules"]}]},
            {"name": "claire", "accesses": [{"user": "claire@example.ch", "permissions": [], "primary": True}]}]},
        {"id": 302, "domain": "old.example", "family": "legacy", "mailboxes": [
            {"name": "shop", "accesses": [{"user": "ana@example.ch", "permissions": ["can_manage_filters"]}]}]},
    ],
    "drives": [
        {"product": 401,
         "users": [{"email": "ana@example.ch", "role": "admin"},
                   {"email": "out@example.ch", "role": "user", "status": "locked"}],
         "invitations": [{"email": "ext@agency.example", "role": "external"},
                         {"email": "gone@agency.example", "role": "external", "expires": "-10d"}]},
        {"product": 402, "maintenance": True},
    ],
    "ksuites": [{"product": 801, "users": [{"email": "kim@example.ch", "role": "user"}]}],
    "partners": [{"name": "OldAgency", "email": "hello@oldagency.example", "full_access": False, "wallet": False,
                  "status": "accepted", "products": [{"product": 201, "rights": ["technical"]}]}],
}  # fmt: skip

WANTED = f"""{HEAD}policy: {{mode: {{users: enforce, teams: enforce, grants: enforce, mailboxes: enforce}}}}
users:
  claire@example.ch: {{first_name: Claire, last_name: Favre, role: legal_representative}}
  ana@example.ch:
    first_name: Ana
    last_name: Keller
    role: collaborator
    grants: {{drive/Team Drive: {{use: user}}, drive/Shut Drive: {{use: user}}, kchat/kChat: {{use: user}}}}
  out@example.ch: {{first_name: Otto, last_name: Out, role: collaborator, grants: {{drive/Team Drive: {{use: user}}}}}}
  late@example.ch: {{first_name: Lee, last_name: Late, role: collaborator}}
  nein@example.ch: {{first_name: Nils, last_name: Nein, role: collaborator}}
  gone@agency.example:
    {{first_name: Gone, last_name: Guest, role: external, grants: {{drive/Team Drive: {{use: external}}}}}}
teams: {{Web: {{members: [out@example.ch], grants: {{domain/example.ch: technical}}}}}}
mailboxes:
  info@example.ch: {{delegates: {{out@example.ch: read_write}}}}
  shop@old.example: {{delegates: {{}}}}
partners: {{WebAgency: {{access: limited}}}}
"""


@pytest.fixture
def whole(example):
    """An organization with something of everything, and a document that wants much of it otherwise."""
    (example / "organization.yaml").write_text(yaml.safe_dump(WHOLE))
    (example / "access.yaml").write_text(WANTED)
    return example


def test_an_export_of_everything_plans_nothing(cli, whole):
    """Mailboxes, places, invitations and billing are exported too, and nothing of it is planned; gaps are said."""
    (whole / "now.yaml").write_text(cli("export", *TODAY).stdout)
    exported = yaml.safe_load((whole / "now.yaml").read_text())
    assert set(exported["mailboxes"]) == {"info@example.ch", "shop@old.example"}
    assert exported["users"]["ana@example.ch"]["billing"] is True
    assert exported["users"]["ana@example.ch"]["grants"]["drive/Team Drive"] == {"use": "admin"}
    text = (whole / "now.yaml").read_text()
    assert "# Who uses drive/Shut Drive was not read: it is in maintenance.\n" in text
    assert '# Left out: the grants of user "kim@example.ch" ("kchat/kChat", "ksuite/kSuite").\n' in text
    for mode in ("additive", "enforce"):
        (whole / "now.yaml").write_text(text.replace(": additive", f": {mode}"))
        result = cli("plan", "now.yaml", "--detailed-exitcode", *TODAY)
        assert (result.code, "No changes." in result.stdout) == (0, True), result.stdout


@pytest.mark.parametrize("form", ["text", "md", "json"])
@pytest.mark.parametrize("verbose", [(), ("--verbose", "--show-requests")], ids=["short", "long"])
def test_a_plan_from_a_snapshot_of_everything(cli, whole, form, verbose):
    """A plan from a snapshot is the live plan byte for byte, apart from where it was read."""
    words = ("plan", "--format", form, *verbose, *TODAY)
    cli("attest", "--all", "--by", "Claire", *TODAY)
    live = cli(*words).stdout
    assert cli("snapshot", *TODAY).code == 0
    (whole / "organization.yaml").unlink()
    snapshot = cli(*words, "--live", "snapshot.json")
    assert (snapshot.code, snapshot.stderr) == (Exit.BLOCKED, "")
    assert snapshot.stdout.replace("snapshot.json", "sandbox:organization.yaml") == live
    assert "WebAgency" in live


def test_a_snapshot_of_a_snapshot(cli, whole):
    """A snapshot that is taken of a snapshot is the same one."""
    cli("snapshot", "--out", "one.json", *TODAY)
    cli("snapshot", "--out", "two.json", "--live", "one.json", *TODAY)
    assert (whole / "one.json").read_text() == (whole / "two.json").read_text()
