"""`accessplan plan`: its formats, and where the live side is."""

import json

import jsonschema
import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.usefixtures("example")


def test_plan(cli):
    """A plan is shown on stdout, what it cost on stderr; changes are no failure."""
    result = cli("plan", *TODAY)
    assert result.code == 0
    assert result.stdout.startswith(
        "Example SA (4242) on 2026-11-21\nwant access.yaml\nhave sandbox:organization.yaml\n"
    )
    assert result.stderr == "16 requests to sandbox:organization.yaml.\n"


def test_detailed_exitcode(cli, example):
    """With --detailed-exitcode changes are 2, and none are 0."""
    assert cli("plan", "--detailed-exitcode", *TODAY).code == 2
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    assert cli("plan", "now.yaml", "--detailed-exitcode", *TODAY).code == 0


def test_quiet(cli):
    """--quiet keeps the plan and drops the rest."""
    result = cli("plan", "--quiet", *TODAY)
    assert (result.stdout, result.stderr) == (cli("plan", *TODAY).stdout, "")


def test_verbose_lists_what_is_held_back(cli, example):
    """What an additive document does not name is counted, and with --verbose listed."""
    (example / "some.yaml").write_text(f"{HEAD}teams: {{}}\n")
    held_back = 'team["Web"]  leader claire@example.ch'
    short, long = (cli("plan", "some.yaml", *TODAY, *option).stdout for option in [(), ("--verbose",)])
    assert ("HELD BACK (2)" in short, held_back in short) == (True, False)
    assert ("HELD BACK (2)" in long, held_back in long) == (True, True)


def test_show_requests(cli):
    """--show-requests tells what an apply would send."""
    requests = "REQUESTS (25)\n  POST   /1/accounts/4242/teams"
    assert requests in cli("plan", "--show-requests", *TODAY).stdout
    assert "REQUESTS" not in cli("plan", *TODAY).stdout


def test_today(cli, plan):
    """--today is the day of the plan: who is there until an earlier day is not wanted any more."""
    bob = 'user["bob@webcraft.example"]'
    assert [each["address"] for each in plan()["resource_changes"]].count(bob) == 1
    later = json.loads(cli("plan", "--format", "json", "--today", "2027-04-01").stdout)
    assert later["inputs"]["today"] == "2027-04-01"
    assert bob not in [each["address"] for each in later["resource_changes"]]


def test_the_last_day_is_included(cli):
    """An `until` is the last day: the day itself still counts."""
    for day, wanted in (("2027-03-31", True), ("2027-04-01", False)):
        result = json.loads(cli("plan", "--format", "json", "--today", day).stdout)
        assert ('user["bob@webcraft.example"]' in str(result["resource_changes"])) is wanted


def test_json(plan):
    """The JSON plan fits its schema, and says what the text says."""
    schema = json.loads((REPOSITORY / "schemas" / "plan.schema.json").read_text())
    data = plan()
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(data)
    assert data["summary"]["changes"] == len(data["resource_changes"]) == 56
    assert data["exit"] == {"code": 0, "name": "ok"}


def test_json_of_no_changes_and_of_differences(cli, plan, example):
    """The JSON plan tells its own exit code, and fits its schema where there is nothing to do."""
    schema = json.loads(cli("schema", "plan").stdout)
    assert plan("--detailed-exitcode")["exit"] == {"code": 2, "name": "differences"}
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    data = plan("now.yaml")
    jsonschema.validate(data, schema)
    assert (data["resource_changes"], data["operations"]) == ([], [])


def test_out(cli, example):
    """--out writes the format of each suffix, beside what goes to stdout."""
    result = cli("plan", "--out", "a.json", "--out", "b.txt", "--out", "c.md", *TODAY)
    assert json.loads((example / "a.json").read_text())["format_version"] == "1.2"
    assert (example / "b.txt").read_text() == result.stdout
    assert (example / "a.json").read_text() == cli("plan", "--format", "json", *TODAY).stdout
    assert (example / "c.md").read_text() == cli("plan", "--format", "md", *TODAY).stdout
    assert (example / "c.md").read_text().startswith("<!-- accessplan plan 4242 -->\n## Access to Example SA\n")


def test_out_of_no_known_format(cli, example):
    """A suffix without a format is refused before anything is read or written."""
    for name in ("c.html", "plan", ".json"):
        assert input_error(
            cli("plan", "--out", "a.json", "--out", name), f"no format is known for {name}", ".txt, .json, .md"
        )
    assert sorted(each.name for each in example.iterdir()) == ["access.yaml", "organization.yaml"]


def test_live_beats_the_document(cli, example):
    """--live is looked for from the working directory, the document's `live` from the document."""
    (example / "deep").mkdir()
    (example / "access.yaml").rename(example / "deep" / "access.yaml")
    assert input_error(cli("plan", "deep/access.yaml"), "no organization file")
    assert cli("plan", "deep/access.yaml", "--live", "sandbox:organization.yaml", *TODAY).code == 0
    (example / "organization.yaml").rename(example / "deep" / "organization.yaml")
    assert cli("plan", "deep/access.yaml", *TODAY).code == 0


def test_another_organization_than_the_live_one(cli, example):
    """An organization that the live side does not know cannot be read: 5."""
    (example / "other.yaml").write_text(HEAD.replace("4242", "4243"))
    result = cli("plan", "other.yaml", *TODAY)
    assert (result.code, result.stdout) == (5, "")
    assert "organization.id" in result.stderr


# what cannot be read, or is not there


def test_a_mailbox_that_is_not_there(cli, example):
    """A mailbox that does not exist is a fault of the document, with the one that is near to it."""
    (example / "m.yaml").write_text(
        f"{HEAD}mailboxes:\n  infos@example.ch: {{delegates: {{}}}}\n  info@example.ch: {{delegates: {{}}}}\n"
    )
    result = cli("plan", "m.yaml", *TODAY)
    assert input_error(result, '"infos@example.ch" is no mailbox', "m.yaml:4:3", 'did you mean "info@example.ch"?')
    assert result.stdout == ""


def test_one_kdrive_in_maintenance(cli, plan, organization):
    """A kDrive in maintenance is not checked; everything else is planned as ever."""
    before = plan()
    organization(lambda data: data["drives"][0].update(maintenance=True))
    after = plan()
    reason = "Who uses drive/Team Drive was not read: it is in maintenance."
    assert {each["reason"] for each in after["unchecked"]} == {reason}
    places = [each for each in before["resource_changes"] if each["address"].endswith('.use["drive/Team Drive"]')]
    hidden = {each["address"] for each in places if not each["depends_on"]}
    assert {each["address"] for each in after["unchecked"]} < hidden
    left = {each["address"]: each["route"] for each in after["resource_changes"]}
    assert left.keys() == {each["address"] for each in before["resource_changes"]} - hidden
    assert left['user["yara@example.ch"].use["drive/Team Drive"]'] == "manual"
    text = cli("plan", *TODAY)
    assert (text.code, reason in " ".join(text.stdout.split())) == (0, True)


def test_a_mail_service_that_the_token_may_not_read(cli, example, organization):
    """Where the token may not read a Mail Service there is no plan, and the error says what the token needs."""
    (example / "m.yaml").write_text(f"{HEAD}mailboxes: {{info@example.ch: {{delegates: {{}}}}}}\n")
    organization(
        lambda data: (
            data.update(token_user="luca@example.ch"),  # noqa: S106 - a person
            data["users"][3]["grants"].append({"product": 301, "rights": ["statistic"]}),
        )
    )
    result = cli("plan", "m.yaml", *TODAY)
    assert (result.code, result.stdout, is_clean(result)) == (5, "", True)
    said = " ".join(result.stderr.split())
    assert "the token may not do GET /1/mail_hostings/301/mailboxes/info/accesses/webmail" in said
    assert "The token needs the scope `mail`, and its owner the right technical on the Mail Service example.ch" in said
