"""`accessplan stale`: what is stale in a real sandbox, in every form, and what was not looked at."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from tests.cli.given import HEAD, TODAY, input_error
from tests.conftest import REPOSITORY

from accessplan.stale import CODES

pytestmark = pytest.mark.usefixtures("example")

DOCS = (REPOSITORY / "docs" / "stale.md").read_text()
EMMA = 'user["emma@example.ch"]'


@pytest.fixture
def stale(cli):
    """What is stale, as data."""

    def found(*arguments):
        result = cli("stale", "--format", "json", *TODAY, *arguments)
        assert result.code in (0, 2), result
        return json.loads(result.stdout)

    return found


def of(data):
    return {(each["rule"], each["address"]) for each in data["stale"]}


def test_the_example_names_what_is_planted(stale):
    """On the example the report names exactly what the documentation lists, no more and no less."""
    listed = re.findall(r"^\| `([a-z-]+)` \| `(.+)` \|", DOCS.split("## In the example")[1], re.MULTILINE)
    assert of(stale()) == set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("rule", CODES)
def test_every_rule_is_in_the_documentation(rule):
    """Each rule has a row: what it flags, its signals, what can be missing."""
    rules = DOCS.split("## Rules")[1].split("## In the example")[0]
    assert len(re.findall(rf"^\| `{rule}` \| .+ \| .+ \| .+ \|$", rules, re.MULTILINE)) == 1


def test_text(cli):
    """The verdict comes first, then what weighs most, with its line and what to do; exit 2."""
    result = cli("stale", *TODAY)
    assert result.code == 2
    lines = result.stdout.splitlines()
    assert lines[0] == "Example SA (4242) on 2026-11-21"
    assert re.fullmatch(r"\d+ entries are stale: \d+ findings, 1 high, \d+ medium, \d+ low\.", lines[4])
    text = result.stdout
    assert text.index("HIGH (1)") < text.index("MEDIUM (") < text.index("LOW (") < text.index("NOT LOOKED AT (")
    assert f"{EMMA}: an administrator without a second factor" in text
    assert "administrator-without-second-factor · access.yaml:71 ·" in text
    assert "not shown: when they joined" in text
    assert "16 requests" in result.stderr


def test_it_reads_no_more_than_a_plan(cli):
    """The signals cost no request."""
    cost = [cli(command, *TODAY).stderr.splitlines()[-1] for command in ("plan", "stale", "review")]
    assert len(set(cost)) == 1


def test_nothing_is_stale(cli, example):
    """Where nothing is, that is one sentence, and exit 0."""
    people = "  claire@example.ch: {first_name: Claire, last_name: Favre, role: legal_representative}\n"
    (example / "organization.yaml").write_text(
        "organization: {id: 4242, name: Example SA}\ntoken_user: claire@example.ch\nproducts: []\n"
        "users: [{email: claire@example.ch, first_name: Claire, last_name: Favre, role: owner, last_login: -1d,"
        " two_factor: true}]\n"
    )
    (example / "some.yaml").write_text(f"{HEAD}users:\n{people}")
    result = cli("stale", "some.yaml", *TODAY)
    assert (result.code, "Nothing is stale." in result.stdout) == (0, True)
    for form in ("json", "md", "sarif", "github", "gitlab", "junit", "csv"):
        assert cli("stale", "some.yaml", "--format", form, *TODAY).code == 0


def test_every_format(cli, example):
    """Each form tells the same findings, on stdout as in a file whose suffix chooses it."""
    names = ("s.txt", "s.json", "s.md", "s.sarif", "s.github.txt", "s.gitlab.json", "s.xml", "s.csv")
    outs = [part for name in names for part in ("--out", name)]
    result = cli("stale", *TODAY, *outs)
    assert result.code == 2
    written = {name: (example / name).read_text() for name in names}
    assert written["s.txt"] == result.stdout
    data = json.loads(written["s.json"])
    count = len(data["stale"])
    assert data["summary"]["findings"] == count == sum(data["summary"]["by_rule"].values())
    assert (data["format_version"], data["exit"]) == ("1.1", {"code": 2, "name": "differences"})
    assert len(list(csv.DictReader(io.StringIO(written["s.csv"])))) == count
    sarif = json.loads(written["s.sarif"])["runs"][0]
    assert len(sarif["results"]) == count
    assert sarif["automationDetails"]["id"] == "accessplan/stale/"
    assert len(written["s.github.txt"].splitlines()) == count
    assert written["s.github.txt"].startswith("::error file=access.yaml,line=71,")
    assert len(json.loads(written["s.gitlab.json"])) == count
    suite = ET.fromstring(written["s.xml"])  # noqa: S314 - our own
    assert (suite.attrib["tests"], suite.attrib["failures"]) == (str(count), "1")
    assert written["s.md"].startswith("<!-- accessplan stale 4242 -->\n## Stale access to Example SA\n")
    assert written["s.md"].count("<br>") == count


def test_what_each_finding_says(stale):
    """A finding has its signals, age, owner and place, and whether it may be announced."""
    found = {(each["rule"], each["address"]): each for each in stale()["stale"]}
    left = found["owner-left", 'user["petra@treuhand.example"]']
    assert (left["owner"], left["place"]["file"], left["since"]) == ("marc@example.ch", "access.yaml", None)
    delegation = found["unused-delegation", 'mailbox["info@example.ch"].delegate["old@example.ch"]']
    assert (delegation["signals"], delegation["since"], delegation["age_days"]) == (
        {"used": ["last opened"], "missing": []}, "2026-08-03", 110,
    )  # fmt: skip
    assert found["pending-invitation", 'user["late@agency.example"]']["revocable"]
    assert not delegation["revocable"]


def test_exempt(stale, example):
    """An exemption of the document holds, and without it the entry is flagged."""
    daniel = ("inactive-user", 'user["daniel@example.ch"]')
    assert daniel not in of(stale())
    file = example / "access.yaml"
    file.write_text(re.sub(r"^  exempt: .*\n", "", file.read_text(), flags=re.MULTILINE))
    assert daniel in of(stale())
    file.write_text(file.read_text().replace("policy:\n", "policy:\n  break_glass: [Daniel@example.ch]\n"))
    assert daniel not in of(stale())


def test_durations(stale, example):
    """What the document calls long counts."""
    file = example / "access.yaml"
    file.write_text(file.read_text().replace("inactive: 90d", "inactive: 200d"))
    assert {address for rule, address in of(stale()) if rule == "inactive-user"} == {'user["old@example.ch"]'}


def test_within(cli, stale, example):
    """Looking ahead names what ends, and what is due for review, in so many days, and no more."""
    file = example / "access.yaml"
    file.write_text(
        file.read_text()
        .replace("reason: Keeps the books", "reason: Keeps the books\n    until: 2026-12-20\n    since: 2026-01-10")
        .replace("reviewed: 2026-03-01}", "reviewed: 2026-06-20}")
    )
    petra = 'user["petra@treuhand.example"]'
    delegate = 'mailbox["billing@example.ch"].delegate["petra@treuhand.example"]'
    asked = {("expiring-soon", petra), ("review-due", delegate)}
    assert of(stale()) & asked == set()
    assert of(stale("--within", "28d")) & asked == {("review-due", delegate)}
    assert of(stale("--within", "29d")) & asked == asked
    assert stale("--within", "29d")["inputs"]["within_days"] == 29
    assert "within 29 days" in cli("stale", "--within", "29d", *TODAY).stdout
    assert input_error(cli("stale", "--within", "month", *TODAY), "no number of days, as in 30d") or True


def test_days_are_of_the_organization(stale, example):
    """A login just after midnight in Zurich is of the day before in Midway."""
    file = example / "access.yaml"

    def since():
        return {each["address"]: each["since"] for each in stale()["stale"] if each["rule"] == "inactive-user"}

    zurich = since()
    file.write_text(file.read_text().replace("timezone: Europe/Zurich", "timezone: Pacific/Midway"))
    assert [midway < zurich[address] for address, midway in since().items()] == [True, True]


def test_a_snapshot_tells_the_same(cli, stale):
    """A snapshot keeps the signals, and looks at all mailboxes and drives."""
    assert cli("snapshot", "--out", "live.json", *TODAY).code == 0
    live, kept = stale(), stale("--live", "live.json")
    assert of(live) <= of(kept)
    assert "Mailboxes that the document does not name were not read." in live["not_covered"]
    assert not any("not read" in sentence for sentence in kept["not_covered"])


def test_signals_that_are_not_shown(cli, example, stale):
    """An older snapshot, which has no signals, flags nobody by them, and that is said."""
    cli("snapshot", "--out", "live.json", *TODAY)
    data = json.loads((example / "live.json").read_text())
    (example / "live.json").write_text(
        json.dumps(
            {k: v for k, v in data.items() if k not in ("moments", "expiries", "digest")} | {"format_version": "2.0"}
        )
    )
    found = stale("--live", "live.json")
    told = {each["rule"] for each in found["stale"]}
    assert not told & {"inactive-user", "never-logged-in", "unused-delegation", "unused-drive-seat", "expired-product"}
    for words in ("last logged in", "a second factor", "last opened", "last used", "any product expires"):
        assert any(words in sentence for sentence in found["not_covered"]), words


ENDED = "hosting/*: {manage: [technical, statistic], until: 2026-11-20, reason: x}"
ANA = "ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator"
GUS = "gus@agency.example: {first_name: Gus, last_name: Guest, role: external"
BY_DATE = {
    "expired-grant": (f"{ANA}, grants: {{{ENDED}}}}}", 'user["ana@example.ch"].grant["hosting/*"]'),
    "expiring-soon": (f"{ANA}, until: 2026-12-05}}", 'user["ana@example.ch"]'),
    "lifetime-exceeded": (f"{GUS}, since: 2025-11-01, until: 2026-10-31}}", 'user["gus@agency.example"]'),
}


@pytest.mark.parametrize(("rule", "user", "address"), [(rule, *story) for rule, story in BY_DATE.items()], ids=BY_DATE)
def test_what_ends_by_date(stale, example, rule, user, address):
    """What the document ends soon, what it ended, and what is there for longer than it allows, is told."""
    (example / "some.yaml").write_text(f"{HEAD}policy: {{lifetime: {{external: 365d}}}}\nusers:\n  {user}\n")
    assert (rule, address) in of(stale("some.yaml"))


def test_invitations(stale, organization):
    """An invitation that expired, and one that was turned down by somebody who is wanted, are told apart."""

    def change(data):
        data["invitations"] = [
            {"email": "late@agency.example", "first_name": "L", "last_name": "L", "role": "normal", "sent": "-40d",
             "expires": "-10d"},
            {"email": "noor@example.ch", "first_name": "Noor", "last_name": "Haddad", "role": "normal",
             "sent": "-5d", "status": "rejected"},
        ]  # fmt: skip

    organization(change)
    found = of(stale())
    assert ("expired-invitation", 'user["late@agency.example"]') in found
    assert ("rejected-invitation", 'user["noor@example.ch"]') in found
    assert not [rule for rule, _ in found if rule == "pending-invitation"]


def test_names_are_hostile(cli, organization, example):
    """Whatever names hold, no form lets it steer a terminal, a page or a spreadsheet."""
    name = "=cmd|'/c calc'!A1 <img src=x onerror=alert(1)>\u202e"

    def change(data):
        data["teams"].append({"name": name, "services": [], "members": []})

    organization(change)
    (example / "some.yaml").write_text(f"{HEAD}teams: {{Web: {{}}}}\n")
    for form in ("text", "json", "md", "sarif", "github", "gitlab", "junit", "csv"):
        result = cli("stale", "some.yaml", "--format", form, *TODAY)
        assert result.code == 2, result
        assert "\u202e" not in result.stdout
    rows = list(csv.DictReader(io.StringIO(cli("stale", "some.yaml", "--format", "csv", *TODAY).stdout)))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    comment = cli("stale", "some.yaml", "--format", "md", *TODAY).stdout
    assert "<img" not in re.sub(r"`[^`]*`", "", comment)


def test_a_file_of_no_known_format(cli):
    """A suffix that chooses nothing is refused before anything is read."""
    assert input_error(cli("stale", "--out", "s.pdf", *TODAY), "no format is known for s.pdf", ".sarif")


def test_the_installed_command(command, example):
    """As people run it: exit 2, the report on stdout, the cost on stderr."""
    result = command("stale", *TODAY, cwd=example)
    assert (result.code, "requests to sandbox:organization.yaml" in result.stderr) == (2, True)
    assert "HIGH (1)" in result.stdout
