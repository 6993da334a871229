"""What holds at every instant of an apply, whatever fails.

Nobody has access beyond what they have before and what they are to have after, and an active legal representative
stands. Each state is read from the sandbox itself, all of it, after each request that was to change something.
"""

import os
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.invariants.bench import bench, write
from tests.invariants.faults import FAIR, FAULTS, Weather, weathers
from tests.invariants.moves import moves
from tests.worlds import worlds
from tests.worlds.names import OWNER
from tests.worlds.world import World

from accessplan.apply import Status, read_back

EXAMPLES = int(os.environ.get("ACCESSPLAN_EXAMPLES", "300"))
"""How many random plans are carried out on a bad day."""

EVERY_FAULT_EVERYWHERE = "ACCESSPLAN_EXAMPLES" in os.environ
"""Every night each request of the example fails in each way; by day each fails in some, and each way befalls some."""

EXAMPLE = Path(__file__).parents[2] / "examples"

sides = st.one_of(moves(), worlds().map(lambda world: (world[0], world[1][0])))


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@settings(max_examples=EXAMPLES)
@given(sides=sides, weather=weathers())
def test_nobody_has_more_in_between(folder, sides, weather):
    """Whichever requests fail, nobody has more than before and after at any instant, and all is done in the end."""
    organization, document = sides
    carry_out(organization, write(document, folder / "access.yaml"), weather)


@settings(max_examples=max(EXAMPLES // 5, 1))
@given(sides=sides)
def test_nobody_has_more_while_people_do_their_part(folder, sides):
    """With each step by hand, in the order of the plan, nobody has more than before and after either."""
    organization, document = sides
    with bench(organization) as here:
        planned = here.plan(write(document, folder / "access.yaml"))
        here.watch(planned)
        here.apply(planned)
        here.perform(planned.operations)


@pytest.mark.parametrize(("number", "fault"), [*enumerate(FAULTS)])
def test_the_example_withstands_a_fault_anywhere(number, fault):
    """Whichever single request of the example fails, in whatever way, nobody has more, and all is done in the end."""
    organization = yaml.safe_load((EXAMPLE / "organization.yaml").read_text())
    requests = carry_out(organization, EXAMPLE / "access.yaml", FAIR)
    assert requests > 10
    first, step = (1, 1) if EVERY_FAULT_EVERYWHERE else (1 + number % 4, 4)
    for position in range(first, requests + 1, step):
        carry_out(organization, EXAMPLE / "access.yaml", Weather({position: fault}))


@settings(max_examples=10)
@given(sides=worlds())
def test_a_blocked_plan_sends_nothing(folder, sides):
    """Where no active legal representative would be left, nothing is sent."""
    organization, (document,) = sides
    for user in organization["users"]:
        user["role"] = "owner" if user["email"] == OWNER else "normal"
    owner = {"first_name": "Olga", "last_name": "Owner", "role": "collaborator"}
    wanted = {name: document[name] for name in ("accessplan", "organization", "policy")}
    here = World(tempfile.mkdtemp(dir=folder), organization, wanted | {"users": {OWNER: owner}})
    here.run("apply", "--auto-approve", code=(4,))
    assert here.writes() == []


def carry_out(organization, document, weather):
    """Apply on a bad day, then until nothing is left to send; return how many requests were tried the first time."""
    with bench(organization) as here:
        planned = here.plan(document)
        here.watch(planned)
        outcomes = here.apply(planned, weather)
        attempts = here.attempts
        left = here.plan(document)
        undone = [each for each in read_back(outcomes, left.plan) if each.status is Status.WITHOUT_EFFECT]
        assert not undone, "what was done is not there any more"
        for _ in range(2):  # the last admin of a kDrive stays until another one is there
            if left.requests:
                assert failures(here.apply(left)) == []
                left = here.plan(document)
        assert not left.requests, "with fair weather there is still something to send"
        return attempts


def failures(outcomes):
    return [each.reason for each in outcomes if each.status in (Status.FAILED, Status.SKIPPED)]
