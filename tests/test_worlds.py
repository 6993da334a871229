"""What holds for every organization and every document."""

import io
import json
import random
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds import documents, organizations

from accessplan.cli.main import run

TODAY = ("--today", "2026-03-02")


@st.composite
def worlds(draw):
    organization = draw(organizations())
    return organization, draw(documents(organization))


class World:
    """A folder with an organization and a document, in which commands run."""

    def __init__(self, folder, organization, document):
        self.folder = Path(folder)
        self.write("organization.yaml", organization)
        self.write("access.yaml", document)

    def write(self, name, data):
        (self.folder / name).write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))

    def run(self, *arguments, code=(0,)):
        out, err = io.StringIO(), io.StringIO()
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            exit_code = run([*arguments, *TODAY])
        assert exit_code in code, f"{arguments} gave {exit_code}\n{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue()

    def plan(self, *arguments):
        return json.loads(self.run("plan", "--format", "json", *arguments))


@pytest.fixture(scope="module")
def worlds_folder():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def world(folder, organization, document):
    return World(tempfile.mkdtemp(dir=folder), organization, document)


@given(sides=worlds())
def test_every_plan_comes_to_its_end(worlds_folder, sides):
    """Whatever the two sides: planned, applied, accepted and done by hand, nothing is left to change."""
    here = world(worlds_folder, *sides)
    here.plan("--out", "plan.json")
    here.run("apply", "--auto-approve", code=(0, 6))
    here.run("sandbox", "accept", "--all")
    here.run("sandbox", "perform", "plan.json")
    assert changes(here.plan()) == []


@given(sides=worlds())
def test_an_export_plans_nothing(worlds_folder, sides):
    """A document exported from an organization describes just that organization, and nothing of it unmanaged."""
    here = world(worlds_folder, *sides)
    (here.folder / "access.yaml").write_text(here.run("export"))
    plan = here.plan()
    assert (changes(plan), plan["summary"]["unmanaged"]) == ([], 0)


@given(sides=worlds(), seed=st.integers())
def test_the_order_of_the_input_changes_nothing(worlds_folder, sides, seed):
    """The same entries in another order, in the document and in the organization, make the same plan."""
    plans = [world(worlds_folder, *sides).plan(), world(worlds_folder, *shuffled(sides, seed)).plan()]
    assert plans[0]["plan_id"] == plans[1]["plan_id"]
    assert [each["id"] for each in plans[0]["resource_changes"]] == [
        each["id"] for each in plans[1]["resource_changes"]
    ]
    assert plans[0]["summary"] == plans[1]["summary"]


@given(sides=worlds())
@settings(max_examples=20)
def test_a_plan_is_repeatable(worlds_folder, sides):
    """The same inputs give the same bytes, as text and as JSON."""
    here = world(worlds_folder, *sides)
    for form in ("text", "json"):
        assert here.run("plan", "--format", form) == here.run("plan", "--format", form)


def changes(plan):
    return [f"{each['effect']} {each['address']}" for each in plan["resource_changes"]]


def shuffled(data, seed):
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret

    def shuffle(value):
        if isinstance(value, dict):
            items = [(key, shuffle(each)) for key, each in value.items()]
            chance.shuffle(items)
            return dict(items)
        if isinstance(value, list | tuple):
            items = [shuffle(each) for each in value]
            chance.shuffle(items)
            return items
        return value

    return [shuffle(side) for side in data]
