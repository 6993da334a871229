"""The JSON plan: a contract, held to its schema."""

import json
import re

import jsonschema
import pytest
from tests.conftest import REPOSITORY
from tests.reports import EMPTY, EVERYTHING, NOTHING, REVIEWED
from tests.reports_hostile import HOSTILE, hostile

from accessplan.report import plan_json

SCHEMA = json.loads((REPOSITORY / "schemas" / "plan.schema.json").read_text())
SAMPLES = {"everything": EVERYTHING, "reviewed": REVIEWED, "nothing": NOTHING, "empty": EMPTY}


def test_json_is_in_its_usual_order():
    """The JSON plan is ended by one line feed and in its usual order, so that it can be compared."""
    rendered = plan_json.render(EVERYTHING)
    assert rendered == json.dumps(json.loads(rendered), indent=2) + "\n"
    assert list(json.loads(rendered))[:3] == ["format_version", "tool", "plan_id"]


@pytest.mark.parametrize("sample", [*SAMPLES.values(), *map(hostile, HOSTILE.values())], ids=[*SAMPLES, *HOSTILE])
def test_json_fits_its_schema(sample):
    """The JSON plan of every sample fits its schema."""
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    validator.validate(json.loads(plan_json.render(sample)))


EXTENDED = {"#/$defs/entry", "#/$defs/finding", "#/$defs/reached"}
"""What other parts of the schema add members to: it is closed where it stands alone."""


def closed(schema):
    """Let a schema refuse members that it does not describe."""
    match schema:
        case dict():
            inner = {name: closed(value) for name, value in schema.items() if name != "allOf"}
            inner |= {"allOf": schema["allOf"]} if "allOf" in schema else {}
            ends = "properties" in schema or schema.get("$ref") in EXTENDED
            return inner | ({"unevaluatedProperties": False} if ends else {})
        case list():
            return [closed(each) for each in schema]
        case _:
            return schema


def test_json_has_no_member_that_is_not_described():
    """The schema names every member of the JSON plan: nothing slips into the contract."""
    strict = closed(SCHEMA)
    for name in EXTENDED:
        del strict["$defs"][name.removeprefix("#/$defs/")]["unevaluatedProperties"]
    data = json.loads(plan_json.render(REVIEWED))
    validator = jsonschema.Draft202012Validator(strict)
    validator.validate(data)
    for part in (data, data["findings"][0], data["rails"][0], data["effective_access"][0], data["resource_changes"][0]):
        part["more"] = 1
        assert not validator.is_valid(data)
        del part["more"]


def test_readers_of_the_minor_version_before_can_read_it():
    """A minor version only adds: what it writes fits the schema of the one before."""
    before = json.loads((REPOSITORY / "tests" / "plan-1.1.schema.json").read_text())
    for sample in SAMPLES.values():
        jsonschema.Draft202012Validator(before).validate(json.loads(plan_json.render(sample)))


def described(schema):
    """List the names of all members that a schema describes."""
    match schema:
        case dict():
            own = set(schema.get("properties", ()))
            return own.union(*(described(each) for name, each in schema.items() if name != "examples"))
        case list():
            return set().union(*map(described, schema))
        case _:
            return set()


def test_every_member_is_in_the_docs():
    """The contract in the docs names every member of the JSON plan."""
    contract = (REPOSITORY / "docs" / "plan-json.md").read_text()
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", contract))))
    assert described(SCHEMA) - named == set()


def changes_of(sample):
    """Return the changes of a JSON plan by their addresses."""
    return {each["address"]: each for each in json.loads(plan_json.render(sample))["resource_changes"]}


def test_json_of_causes():
    """Each change says why it is there, whether it is new, and what a renamed entry was called."""
    without, reviewed = changes_of(EVERYTHING), changes_of(REVIEWED)
    renamed = without['team["Support"]']
    assert renamed["cause"] == {
        "kind": "rename", "is_new": None, "of": 'team["Interns 2025"]', "reason": None, "file": "access.yaml",
        "line": 113,
    }  # fmt: skip
    assert reviewed['team["Support"]']["cause"]["is_new"] is True
    assert reviewed['user["gus@agency.example"].use["kchat/kChat"]']["cause"]["kind"] == "drift"
    assert json.loads(plan_json.render(REVIEWED))["summary"]["by_cause"] == {
        "config": 24, "drift": 4, "time": 1, "rename": 2,
    }  # fmt: skip


def test_json_of_reasons():
    """A reason says more of an action than its name does, for those who show it."""
    reasons = {address: each["action_reason"] for address, each in changes_of(EVERYTHING).items()}
    assert reasons['team["Support"]'] == "create_because_renamed"
    assert reasons['team["Interns 2025"]'] == "delete_because_renamed"
    assert reasons['user["lee@example.ch"]'] == "replace_because_other_names"
    assert reasons['user["mia@example.ch"]'] == "replace_because_expired"
    assert reasons['user["gus@agency.example"]'] == "delete_because_not_in_document"
    assert reasons['user["gus@agency.example"].use["kchat/kChat"]'] == "delete_because_owner_leaves"
    assert reasons['team["Web"].member["old@example.ch"]'] == "delete_because_ended"
    assert reasons['user["yara@example.ch"]'] is None


def test_json_of_what_stands_against_a_change():
    """A change has its risks and the codes of the rails that refuse it; a rail has the ids of its changes."""
    data = json.loads(plan_json.render(EVERYTHING))
    changes = {each["address"]: each for each in data["resource_changes"]}
    assert changes['partner["Reseller"]']["risk"] == {
        "level": "high",
        "rules": [
            {"rule": "full-partner", "message": "reaches every product"},
            {"rule": "wallet", "message": "can spend from the wallet"},
        ],
    }
    gus = changes['user["gus@agency.example"]']
    assert (gus["blocked_by"], gus["risk"]["level"]) == (["removals", "protected-entry"], "normal")
    assert [rail["may_consent"] for rail in data["rails"]] == [False, True, True]
    assert data["rails"][2]["changes"] == [gus["id"]]
    assert data["summary"]["by_risk"] == {"high": 4, "normal": 27}


def test_json_of_access():
    """Who gains, loses and keeps what is told as data, with every right and the whole path."""
    people = {each["who"]: each for each in json.loads(plan_json.render(EVERYTHING))["effective_access"]}
    ana, old = people['user["ana@example.ch"]'], people['user["old@example.ch"]']
    assert {"what": "drive/Team Drive", "rights": ["use", "use as user"]} in ana["gained"]
    assert ana["takeovers"][0]["becomes"] == 'user["director@example.ch"]'
    kept = {
        "who": 'user["old@example.ch"]',
        "what": "hosting/*",
        "rights": ["technical"],
        "through": ['team["Ops"].member["old@example.ch"]', 'team["Ops"].grant["hosting/*"]'],
    }
    assert old["kept"] == changes_of(EVERYTHING)['team["Web"].member["old@example.ch"]']["kept"] == [kept]


def test_json_of_consent():
    """Consents that would lift rails are data to paste, without a reason; those in force have theirs."""
    data = json.loads(plan_json.render(EVERYTHING))
    first = {"change": 'revoke user["gus@agency.example"]', "until": "2026-12-05", "reason": ""}
    assert data["acknowledge"][0] == first
    assert len(data["acknowledge"]) == 8
    assert data["consents"] == [
        {
            "change": 'revoke team["Interns 2025"]',
            "until": "2026-12-01",
            "reason": "the internship is over",
            "place": {"file": "access.yaml", "line": 152, "column": 5},
        }
    ]


def test_json_of_access_tests():
    """Each access test has its verdict, and who stands against it by which path."""
    tests = json.loads(plan_json.render(EVERYTHING))["tests"]
    assert [each["verdict"] for each in tests] == ["passed", "passed", "warned", "failed"]
    assert (tests[2]["warn_until"], tests[2]["people"]) == ("2027-01-31", ['user["lee@example.ch"]'])
    assert tests[3]["paths"][0]["what"] == "hosting/*"


def test_json_names_both_sides_of_a_review():
    """The commit and the base are inputs; they are null where there are none."""
    inputs = [json.loads(plan_json.render(sample))["inputs"] for sample in (REVIEWED, EVERYTHING)]
    assert [(each["commit"], each["base"]) for each in inputs] == [("4f2c1e9+", "origin/main"), (None, None)]


def test_json_of_what_nobody_can_read():
    """JSON tells what to attest, what waits and why, and what is so on whose word."""
    data = json.loads(plan_json.render(EVERYTHING))
    attest = {each["address"]: each["attest"] for each in data["resource_changes"]}
    assert attest['partner["WebAgency"]'] == "The live system does not show partners."
    assert attest['team["Support"]'] is None
    assert data["waiting"][0]["address"] == 'user["rex@example.ch"]'
    assert data["waiting"][0]["reason"].startswith("they rejected the invitation")
    assert data["attested"][1] == {"address": 'partner["Old Agency"]', "by": "claire@example.ch", "on": "2026-09-30"}


def test_json_of_operations():
    """Operations name their row in the table of routes, and steps have their lines."""
    operations = {each["name"]: each for each in json.loads(plan_json.render(EVERYTHING))["operations"]}
    assert operations["delete-team"]["route"] == "api"
    (step,) = operations["add-partner"]["steps"]
    assert step["lines"][-1] == "Continue"


def test_json_of_a_renewal():
    """An invitation that is sent anew is deleted and created."""
    data = {each["address"]: each for each in json.loads(plan_json.render(EVERYTHING))["resource_changes"]}
    renewal = data['user["lee@example.ch"]']
    assert (renewal["effect"], renewal["change"]["actions"]) == ("invite", ["delete", "create"])


def test_paths_are_shown_as_people_read_them():
    """In the path of a request, what has no number yet stands there by its address, as it is."""
    paths = [each["path"] for each in json.loads(plan_json.render(EVERYTHING))["operations"][0]["requests"]]
    assert paths[1] == '/1/accounts/4242/invitations/user["yara@example.ch"]'
