"""What holds for every organization and every document."""

import json
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds import worlds
from tests.worlds.mended import mended
from tests.worlds.world import World

from accessplan.errors import Exit

EXAMPLES = int(os.environ.get("ACCESSPLAN_EXAMPLES", "200"))
"""How many worlds are brought to their end."""


@pytest.fixture(scope="module")
def worlds_folder():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def world(folder, organization, document):
    return World(tempfile.mkdtemp(dir=folder), organization, document)


@pytest.mark.parametrize("fault", mended(), ids=lambda fault: fault.was)
def test_a_fault_stays_mended(tmp_path, fault):
    """Where something once went wrong, all goes well."""
    here = World(tmp_path, fault.organization)
    for document in fault.documents:
        here.write("access.yaml", document)
        _, left = here.carry_out()
        assert changes(left) == []


def test_every_plan_comes_to_its_end(worlds_folder):
    """Whatever the two sides: planned, applied, accepted, done by hand and attested, nothing is left to change."""
    refused = []

    @settings(max_examples=EXAMPLES)
    @given(sides=worlds(most_documents=2, alone=True))
    def come_to_its_end(sides):
        organization, documents = sides
        here = world(worlds_folder, organization, documents[0])
        for document in documents:
            here.write("access.yaml", document)
            is_refused = refuses(here, organization)
            refused.append(is_refused)
            if is_refused:  # where nobody's kSuite is taken, it stays with the places that it comes with
                here.write("access.yaml", additive(document))
            if not (is_refused and refuses(here, organization)):
                _, left = here.carry_out()
                assert changes(left) == []

    come_to_its_end()
    assert sum(refused) < len(refused) / 10


@given(sides=worlds())
def test_an_export_plans_nothing(worlds_folder, sides):
    """A document exported from an organization describes just that, and what it leaves out it says."""
    organization, (document,) = sides
    here = world(worlds_folder, organization, document)
    exported = here.run("export")
    (here.folder / "access.yaml").write_text(exported)
    plan = here.plan()
    # Whether somebody may send shows at times only beside others who may, whom the export leaves out: then it is asked.
    assert [each for each in plan["resource_changes"] if not each["attest"]] == []
    assert plan["summary"]["unmanaged"] == 0 or "# Left out: " in exported


@given(sides=worlds(), seed=st.integers())
def test_the_order_of_the_input_changes_nothing(worlds_folder, sides, seed):
    """The same entries in another order, in the document and in the organization, make the same plan."""
    organization, (document,) = sides
    plans = [world(worlds_folder, organization, document).plan()]
    plans += [world(worlds_folder, *shuffled([organization, document], seed)).plan()]
    assert plans[0]["plan_id"] == plans[1]["plan_id"]
    assert [each["id"] for each in plans[0]["resource_changes"]] == [
        each["id"] for each in plans[1]["resource_changes"]
    ]
    assert plans[0]["summary"] == plans[1]["summary"]


@given(sides=worlds())
@settings(max_examples=20)
def test_a_plan_is_repeatable(worlds_folder, sides):
    """The same inputs give the same bytes, as text and as JSON."""
    organization, (document,) = sides
    here = world(worlds_folder, organization, document)
    for form in ("text", "json"):
        one, other = (here.run("plan", "--format", form, code=(Exit.OK, Exit.BLOCKED)) for _ in range(2))
        assert one == other


@given(sides=worlds(gentle=True))
def test_additive_takes_nothing_away(worlds_folder, sides):
    """With every mode additive, nothing removed and nothing ended, nobody loses what the document does not name."""
    organization, (document,) = sides
    here = world(worlds_folder, organization, document)
    before = here.entries()
    plan, _ = here.carry_out()
    assert [each for each in changes(plan) if each.startswith(("revoke", "cancel"))] == []
    weakened = [each["address"] for each in plan["resource_changes"] if each["effect"] == "weaken"]
    assert [each for each in weakened if not is_named(each, document)] == []
    planned = {each["address"] for each in plan["resource_changes"]}
    after = here.entries()
    lost = [at for at, entry in before.items() if loses(entry, after.get(at)) and written(at) not in planned]
    assert [at for at in lost if not {*at} & noted(plan)] == []


def refuses(here, organization):
    """Tell whether a document is refused that gives a place in a kDrive, and takes the kSuite that it comes with."""
    return any("ksuite" in each for each in organization["drives"]) and here.refuses("place-without-ksuite")


def is_other_chat(left):
    """Tell whether only places in a kChat are left: of who has a kSuite none but its own is shown, until that goes."""
    return bool(left) and all(each.startswith("revoke user[") and '.use["kchat/' in each for each in left)


def additive(document):
    return document | {"policy": {"mode": document["policy"]["mode"] | {"grants": "additive"}}}


def noted(plan):
    """List those whose invitation a person cancels, who is told to note what it gives: nobody here does."""
    steps = [step for each in plan["operations"] for step in each["steps"]]
    return {step["values"]["user"] for step in steps if step["act"] == "cancel_invitation"}


def changes(plan):
    return [f"{each['effect']} {each['address']}" for each in plan["resource_changes"]]


def written(at):
    kind, name, part, key = at
    entry = f"{kind}[{json.dumps(name, ensure_ascii=False)}]"
    return f"{entry}.{part}[{json.dumps(key, ensure_ascii=False)}]" if part else entry


def loses(before, after):
    """Tell whether somebody has less: what is a list has fewer items, what is pending counts as had."""
    if after is None:
        return True
    lists = [name for name, value in before.items() if isinstance(value, list) and name != "at"]
    return any(not {*before[name]} <= {*after.get(name, ())} for name in lists)


def is_named(address, document):
    """Tell whether a document speaks of whom, or what, an entry hangs on."""
    name = json.loads(address[address.index("[") + 1 : address.index("]")])
    sections = (document.get(each, {}) for each in ("users", "teams", "mailboxes", "partners"))
    return any(name.casefold() == each.casefold() for section in sections for each in section)


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
