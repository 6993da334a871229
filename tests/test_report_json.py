"""The JSON plan: a contract, held to its schema."""

import json

import jsonschema
import pytest
from tests.conftest import REPOSITORY
from tests.reports import EMPTY, EVERYTHING, NOTHING
from tests.reports_hostile import HOSTILE, hostile

from accessplan.report import plan_json

SCHEMA = json.loads((REPOSITORY / "schemas" / "plan.schema.json").read_text())
SAMPLES = {"everything": EVERYTHING, "nothing": NOTHING, "empty": EMPTY}


def test_json_is_in_its_usual_order():
    """The JSON plan is ended by one line feed and in its usual order, so that it can be compared."""
    rendered = plan_json.render(EVERYTHING)
    assert rendered == json.dumps(json.loads(rendered), indent=2) + "\n"
    assert list(json.loads(rendered))[:4] == ["format_version", "tool", "plan_id", "organization"]


@pytest.mark.parametrize("sample", [*SAMPLES.values(), *map(hostile, HOSTILE.values())], ids=[*SAMPLES, *HOSTILE])
def test_json_fits_its_schema(sample):
    """The JSON plan of every sample fits its schema."""
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    validator.validate(json.loads(plan_json.render(sample)))


def closed(schema):
    """Let a schema refuse members that it does not describe."""
    match schema:
        case dict():
            inner = {name: closed(value) for name, value in schema.items()}
            return inner | ({"unevaluatedProperties": False} if "properties" in schema else {})
        case list():
            return [closed(each) for each in schema]
        case _:
            return schema


def test_json_has_no_member_that_is_not_described():
    """The schema names every member of the JSON plan: nothing slips into the contract."""
    strict = closed(SCHEMA)
    del strict["$defs"]["entry"]["unevaluatedProperties"]  # closed by those who extend it
    jsonschema.Draft202012Validator(strict).validate(json.loads(plan_json.render(EVERYTHING)))


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
