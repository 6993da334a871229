"""The forms of a plan that machines read: each fits its public schema, and says what the plan says."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from tests.conftest import REPOSITORY
from tests.reports import EMPTY, EVERYTHING, NOTHING, REVIEWED, TODAY, change, grant, report
from tests.reports_hostile import HOSTILE, hostile

from accessplan.access import Difference
from accessplan.finding import Place, error, warning
from accessplan.model import User, user_address
from accessplan.rail import RAILS
from accessplan.report import csv_table, github, gitlab, junit, markdown, sarif, step_summary
from accessplan.report.formats import FORMATS, OF_FINDINGS, RENDERERS, by_suffix, chosen
from accessplan.report.marks import fingerprints, marks_of, marks_on
from accessplan.risk import RULES

DOCUMENT = (REPOSITORY / "docs" / "formats.md").read_text()
SCHEMAS = Path(__file__).with_name("schemas")
SARIF = jsonschema.Draft7Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text()))
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")

SAMPLES = {"everything": EVERYTHING, "reviewed": REVIEWED, "nothing": NOTHING, "empty": EMPTY}
ALL = [*SAMPLES.values(), *map(hostile, HOSTILE.values())]
every_sample = pytest.mark.parametrize("sample", ALL, ids=[*SAMPLES, *HOSTILE])

FINDINGS = (
    warning("leader-not-member", "she leads it", Place("access.yaml", 7, 2), address='team["Web"]', hint="add her"),
    error("unknown-role", "nobody knows boss", Place("access.yaml", 9, 5)),
    error("no-such-file", "it is not there"),
)
MARKS = marks_on(FINDINGS, "access.yaml")


# which form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("plan.json", "json"),
        ("plan.gitlab.json", "gitlab"),
        ("plan.md", "md"),
        ("plan.summary.md", "summary"),
        ("plan.txt", "text"),
        ("plan.github.txt", "github"),
        ("plan.v2.sarif", "sarif"),
        ("rails.xml", "junit"),
        ("changes.csv", "csv"),
    ],
)
def test_the_longest_suffix_chooses(name, form):
    """A file has the form of the longest suffix that fits its name."""
    assert chosen(by_suffix(RENDERERS), name) is FORMATS[form].render


@pytest.mark.parametrize("name", ["plan", "plan.yaml", "json", ".json", "plan.json.gz"])
def test_no_suffix_no_form(name):
    """A file whose suffix nobody knows has no form."""
    assert chosen(by_suffix(RENDERERS), name) is None


def test_suffixes_differ():
    """Every form has a suffix of its own."""
    assert len(by_suffix(RENDERERS)) == len(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_documented(form):
    """The table of formats has a row for every format, with its suffix."""
    assert re.search(rf"^\| `{form}` \| `{re.escape(FORMATS[form].suffix)}` \| \S", DOCUMENT, re.MULTILINE)


def test_no_other_format_is_documented():
    """What the table calls a format is one, and what it says of validate holds."""
    assert set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE)) == set(FORMATS)
    (of_validate,) = re.findall(r"^`accessplan validate` takes `--format` too: (.*),", DOCUMENT, re.MULTILINE)
    assert re.findall(r"`(\w+)`", of_validate.split(", with")[0]) == ["text", *OF_FINDINGS]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_plan_gives_the_same_bytes(form, sample):
    """The same plan gives the same bytes, and what is not empty ends with a line feed."""
    rendered = FORMATS[form].render(SAMPLES[sample])
    assert rendered == FORMATS[form].render(SAMPLES[sample])
    assert not rendered or rendered.endswith("\n")


# what is told


def test_marks_of_a_plan():
    """Rails, access tests, changes of high risk and findings are told, each at its line, and what blocks is first."""
    told = [(str(mark.about), mark.finding.code, mark.place.line) for mark in marks_of(EVERYTHING)]
    assert told == [
        ("rail", "no-legal-representative", 1),
        ("rail", "removals", 33),
        ("rail", "protected-entry", 9),
        ("test", "access-test", 145),
        ("test", "access-test", 146),
        ("risk", "new-administrator", 41),
        ("risk", "external-billing", 84),
        ("risk", "mailbox-takeover", 140),
        ("risk", "escalation", 140),
        ("risk", "full-partner", 134),
        ("risk", "wallet", 134),
        ("document", "until-passed", 17),
    ]


def test_changes_that_are_no_risk_are_not_told():
    """A plan in which nothing is dangerous has nothing to tell, however much it changes."""
    assert marks_of(replace(EVERYTHING, judgement=NOTHING.judgement, findings=())) == ()


def test_fingerprints_outlast_other_lines_and_counts():
    """A finding keeps its fingerprint when its line moves or a count in it varies, and no two are the same."""

    def marks(line, count):
        found = error("removals", f"{count} of 29 would go", Place("access.yaml", line))
        return marks_on((found, found, error("removals", "none would stay", Place("access.yaml", line))), "")

    before, after = fingerprints(marks(3, 9)), fingerprints(marks(40, 10))
    assert before == after
    assert len(set(before)) == 3


# SARIF


@every_sample
def test_sarif_fits_its_schema(sample):
    """SARIF of every sample fits the schema of SARIF 2.1.0."""
    SARIF.validate(json.loads(sarif.render(sample)))


def test_sarif_of_findings():
    """SARIF of a document's findings fits the schema, and does not take the place of the plan's in code scanning."""
    data = json.loads(sarif.render_marks(MARKS))
    SARIF.validate(data)
    assert data["runs"][0]["automationDetails"] == {"id": "accessplan/validate/"}
    assert json.loads(sarif.render(EVERYTHING))["runs"][0]["automationDetails"] == {"id": "accessplan/plan/"}


def test_sarif_of_a_plan():
    """A result names its rule by code and index, its level, file, line and entry, and keeps a fingerprint."""
    (run,) = json.loads(sarif.render(EVERYTHING))["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in results)
    risk = next(each for each in results if each["ruleId"] == "external-billing")
    assert risk["level"] == "warning"
    (place,) = risk["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "access.yaml"},
        "region": {"startLine": 84, "startColumn": 3},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": 'user["bob@webcraft.example"]'}]
    assert re.fullmatch("[0-9a-f]{32}", risk["partialFingerprints"]["accessplan/v1"])
    assert [each["level"] for each in results[:4]] == ["error"] * 4


def test_sarif_has_no_list_of_changes():
    """A change without risk is no result, so that code scanning shows what somebody has to look at."""
    assert (
        json.loads(sarif.render(report((change(None, grant(user_address("a@b.ch"), "domain/x", "technical")),))))[
            "runs"
        ][0]["results"]
        == []
    )


@pytest.mark.parametrize("rule", [*RAILS, *RULES], ids=lambda rule: rule.__name__)
def test_every_rail_and_risk_rule_has_a_help_text(rule):
    """SARIF explains every rail and every risk rule in a sentence."""
    assert sarif.HELP[rule.__name__.replace("_", "-")].partition("\n")[0].endswith(".")


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("access/new people.yaml", "access/new%20people.yaml"),
        ("C:x.yaml", "C%3Ax.yaml"),
        ("./access.yaml", "access.yaml"),
        ("a#b?c%20.yaml", "a%23b%3Fc%2520.yaml"),
        ("Zürich.yaml", "Z%C3%BCrich.yaml"),
    ],
)
def test_files_in_sarif_are_references(file, uri):
    """A file's name is written as a relative reference, in which nothing is a scheme, a query or a fragment."""
    (result,) = json.loads(sarif.render_marks(marks_on((error("code", "x", Place(file, 1)),), "")))["runs"][0][
        "results"
    ]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


# GitLab


@every_sample
def test_gitlab_has_the_documented_keys(sample):
    """Each issue has the keys that GitLab's documentation asks for, of that kind, and a fingerprint of its own."""
    issues = json.loads(gitlab.render(sample))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert isinstance(issue["description"], str)
        assert isinstance(issue["check_name"], str)
        assert re.fullmatch("[0-9a-f]{32}", issue["fingerprint"])
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(issue["location"]) == {"path", "lines"}
        assert not issue["location"]["path"].startswith("./")
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_severities_in_gitlab():
    """What blocks a plan is a blocker, a high risk major, a fault of the document critical, and a warning minor."""
    severities = {issue["check_name"]: issue["severity"] for issue in json.loads(gitlab.render(EVERYTHING))}
    assert (severities["protected-entry"], severities["escalation"], severities["until-passed"]) == (
        "blocker", "major", "minor",
    )  # fmt: skip
    assert [each["severity"] for each in json.loads(gitlab.render_marks(MARKS))] == ["critical", "critical", "minor"]


# JUnit


@every_sample
def test_junit_fits_its_schema(sample):
    """JUnit's XML of every sample fits the schema of Jenkins' plugin, and its counts are right."""
    rendered = junit.render(sample)
    JUNIT.validate(rendered)
    root = ET.fromstring(rendered)  # noqa: S314 - our own
    for each in (root, *root.iter("testsuite")):
        assert each.get("tests") == str(len([*each.iter("testcase")]))
        assert each.get("failures") == str(len([*each.iter("failure")]))


def test_junit_of_a_plan():
    """Every rail and every access test is a test case, which fails where it blocks the plan."""
    root = ET.fromstring(junit.render(EVERYTHING))  # noqa: S314 - our own
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert {rail.__name__.replace("_", "-") for rail in RAILS} <= set(cases)
    failing = [name for name, case in cases.items() if case.find("failure") is not None]
    assert failing == ["protected-entry", "no-legal-representative", "removals", "no outsider reaches the hostings"]
    assert (cases["two to four administrators"].findtext("system-out") or "").endswith("at least 2 are wanted")


def test_junit_of_findings():
    """A fault of the document fails, a warning passes with what it says, and a document without either passes."""
    rendered = junit.render_marks(MARKS)
    JUNIT.validate(rendered)
    cases = [*ET.fromstring(rendered).iter("testcase")]  # noqa: S314 - our own
    assert [case.find("failure") is not None for case in cases] == [True, True, False]
    assert 'tests="1" failures="0"' in junit.render_marks(())


# GitHub


def annotations(rendered):
    """Read workflow commands as a runner does, and undo their escaping: level, properties, message."""
    for line in rendered.split("\n")[:-1]:
        ((command, message),) = re.findall(r"\A::([a-z]+ [^:]*)::(.*)\Z", line)
        level, _, properties = command.partition(" ")
        pairs = (each.partition("=") for each in properties.split(","))
        yield level, {name: unescaped(value) for name, _, value in pairs}, unescaped(message)


def unescaped(text):
    """Undo the escaping of a workflow command, in one pass."""
    known = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
    return re.sub("%[0-9A-F]{2}", lambda found: known[found[0]], text)


def test_annotations_of_a_plan():
    """What is told stands at its line, with the code as its title."""
    level, properties, message = list(annotations(github.render(EVERYTHING)))[1]
    assert level == "error"
    assert properties == {"file": "access.yaml", "line": "33", "col": "3", "title": "accessplan removals"}
    assert message == "9 of 29 entries would go, 31 %; the limit is 25 %\nConsent to each of them."


def test_annotations_begin_with_errors():
    """Errors come before warnings, since GitHub shows ten of each and no more."""
    levels = [level for level, _, _ in annotations(github.render(EVERYTHING))]
    assert levels == sorted(levels)


@every_sample
def test_annotations_are_one_command_a_line(sample):
    """Whatever things are called, each line is one error or warning, and no name becomes a property or a command."""
    for level, properties, message in annotations(github.render(sample)):
        assert level in {"error", "warning"}
        assert list(properties) == ["file", "line", "col", "title"]
        assert message


def test_annotations_give_back_what_was_said():
    """Whoever undoes the escaping reads the same text and the same file."""
    said = "100 %, a:b, c=d %0A %25 ::error::x"
    (found,) = annotations(github.render_marks(marks_on((error("code", said, Place("a,b:c%0A.yaml", 3)),), "")))
    assert found == (
        "error", {"file": "a,b:c%0A.yaml", "line": "3", "col": "1", "title": "accessplan code"}, said,
    )  # fmt: skip


# the summary of a step


def test_the_step_summary():
    """The summary is the comment without the marker by which a comment is found, and without boxes to tick."""
    summary, comment = step_summary.render(EVERYTHING), markdown.render(EVERYTHING)
    assert summary == comment.split("\n", 1)[1].replace("- [ ] ", "- ")
    assert summary.startswith("## Access to ")


# CSV


def rows(rendered):
    """Read CSV."""
    return list(csv.DictReader(io.StringIO(rendered, newline="")))


@every_sample
def test_csv_has_a_row_for_every_change(sample):
    """CSV has one line a change, in the order of execution, and every line has every column."""
    rendered = csv_table.render(sample)
    assert rendered.splitlines()[0] == ",".join(csv_table.COLUMNS)
    assert [row["effect"] for row in rows(rendered)] == [str(each.effect) for each in sample.plan.changes]
    assert all(None not in row and None not in row.values() for row in rows(rendered))


def test_csv_of_a_plan():
    """A row says who gets or loses what, why, where that is written, what is dangerous and what blocks it."""
    found = {row["address"]: row for row in rows(csv_table.render(REVIEWED))}
    partner = found['partner["WebAgency"].grant["hosting/www.example.ch"]']
    assert partner == {
        "address": 'partner["WebAgency"].grant["hosting/www.example.ch"]',
        "kind": "grants",
        "effect": "grant",
        "subject": "WebAgency",
        "object": "hosting/www.example.ch",
        "what": "technical, statistic",
        "rights_added": "technical, statistic",
        "rights_removed": "",
        "cause": "drift",
        "from_this_change": "no",
        "file": "access.yaml",
        "line": "131",
        "risk": "",
        "route": "manual",
        "blocked_by": "",
    }
    gus = found['user["gus@agency.example"]']
    assert (gus["subject"], gus["object"], gus["blocked_by"]) == (
        "gus@agency.example", "", "removals, protected-entry",
    )  # fmt: skip
    opened = found['mailbox["director@example.ch"].delegate["ana@example.ch"]']
    assert (opened["subject"], opened["object"]) == ("ana@example.ch", "mailbox/director@example.ch")
    assert opened["risk"] == "mailbox-takeover, escalation"
    member = found['team["Web"].member["yara@example.ch"]']
    assert (member["subject"], member["object"]) == ("yara@example.ch", "team/Web")


@every_sample
def test_csv_has_no_formula(sample):
    """No cell begins with what a spreadsheet takes for a formula."""
    for row in rows(csv_table.render(sample)):
        assert [cell for cell in row.values() if cell.lstrip()[:1] in {*"=+-@＝＋－＠\t\r"}] == []  # noqa: RUF001


# findings of a document


def test_json_of_findings():
    """JSON of findings has a version, says whether the document is valid, and lists what is to be said of it."""
    data = json.loads(OF_FINDINGS["json"](MARKS))
    assert (data["format_version"], data["valid"]) == ("1.0", False)
    assert data["findings"][-1] == {
        "code": "leader-not-member",
        "level": "warning",
        "message": "she leads it",
        "place": {"file": "access.yaml", "line": 7, "column": 2},
        "address": 'team["Web"]',
        "hint": "add her",
    }
    assert json.loads(OF_FINDINGS["json"](()))["valid"] is True


# the command line


@pytest.mark.usefixtures("example")
def test_several_files_in_one_run(cli, tmp_path):
    """One run writes as many files as are named, each in the form of its suffix."""
    names = [f"out{suffix}" for suffix in by_suffix(RENDERERS)]
    result = cli("plan", "--today", TODAY, *(word for name in names for word in ("--out", name)))
    assert result.code in {0, 4}
    SARIF.validate(json.loads((tmp_path / "out.sarif").read_text()))
    JUNIT.validate((tmp_path / "out.xml").read_text())
    assert isinstance(json.loads((tmp_path / "out.gitlab.json").read_text()), list)
    assert json.loads((tmp_path / "out.json").read_text())["format_version"]
    assert [name for name in names if not (tmp_path / name).exists()] == []


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("form", OF_FINDINGS)
def test_validate_in_every_form(cli, tmp_path, form):
    """A document is validated in every form; its faults are told on stderr too, and the exit code is the same."""
    document = tmp_path / "access.yaml"
    document.write_text(document.read_text().replace("role: collaborator", "role: boss", 1))
    result = cli("validate", "--format", form, "--today", TODAY)
    assert result.code == 3
    assert "boss" in result.stdout
    assert "boss" in result.stderr
    if form == "sarif":
        SARIF.validate(json.loads(result.stdout))


@pytest.mark.usefixtures("example")
def test_validate_a_valid_document_in_a_form(cli):
    """A valid document gives a form without errors, and nothing but that on stdout."""
    result = cli("validate", "--format", "json", "--today", TODAY)
    assert (result.code, json.loads(result.stdout)["valid"]) == (0, True)


def test_people_are_not_in_machine_formats_twice():
    """What a plan means to people is no finding: it is in the text, in Markdown and in JSON."""
    people = (Difference(user_address("zoe@example.ch")),)
    changed = report((change(None, User("a@b.ch", "collaborator")),), judgement=replace(EMPTY.judgement, people=people))
    assert marks_of(changed) == ()
