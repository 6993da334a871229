"""docs/ci.md says what is so: its YAML can be read, and what it names is there."""

import re

import pytest
import yaml
from tests.conftest import REPOSITORY
from tests.workflows import gitlab
from tests.workflows.runner import WORKFLOWS

PAGE = (REPOSITORY / "docs" / "ci.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CALLED = re.compile(r"OWNER/accessplan/\.github/workflows/([\w-]+\.yml)@COMMIT")


def workflow(name):
    return yaml.load((WORKFLOWS / name).read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - the plainest one


def callers():
    """The workflows that the page shows, by the one that each calls."""
    blocks = [yaml.load(block, Loader=yaml.BaseLoader) for block in BLOCKS]  # noqa: S506 - likewise
    jobs = [each["jobs"]["access"] for each in blocks if "jobs" in each]
    return {CALLED.sub(r"\1", job["uses"]): job for job in jobs}


def test_all_three_are_shown():
    """The page shows how each reusable workflow is called."""
    assert sorted(callers()) == sorted(file.name for file in WORKFLOWS.glob("access-*.yml"))


@pytest.mark.parametrize("name", ["access-plan.yml", "access-apply.yml", "access-drift.yml"])
def test_a_caller_gives_what_is_asked_for(name):
    """What is shown gives inputs and secrets that exist, those that are required, and all that the jobs may."""
    caller, called = callers()[name], workflow(name)
    taken = called["on"]["workflow_call"]
    required = {key for key, each in taken["inputs"].items() if each.get("required") == "true"}
    assert required <= set(caller["with"]) <= set(taken["inputs"])
    assert set(caller.get("secrets", {})) <= set(taken.get("secrets", {}))
    needed = {scope: level for job in called["jobs"].values() for scope, level in job["permissions"].items()}
    assert caller["permissions"] == needed


@pytest.mark.parametrize("name", ["access-plan.yml", "access-apply.yml", "access-drift.yml"])
def test_every_input_is_told(name):
    """The page names every input of the workflows."""
    assert [key for key in workflow(name)["on"]["workflow_call"]["inputs"] if f"`{key}`" not in PAGE] == []


def test_gitlab_s_inputs():
    """What is shown for GitLab gives inputs that exist, and those without a default; the page names all of them."""
    (block,) = (yaml.safe_load(each) for each in BLOCKS if "include:" in each)
    given, known = set(block["include"][0]["inputs"]), gitlab.template()[0]
    assert {key for key, each in known.items() if "default" not in each} <= given <= set(known)
    assert [key for key in known if f"`{key}`" not in PAGE] == []


def test_gitlab_s_jobs():
    """The page names every job of the template."""
    assert [name for name in gitlab.template()[1] if not name.startswith(".") and f"`{name}`" not in PAGE] == []


def test_the_other_blocks():
    """The action's input, the secrets of the ledger and the hook that are shown exist."""
    blocks = [yaml.load(block, Loader=yaml.BaseLoader) for block in BLOCKS]  # noqa: S506 - likewise
    (action,) = (each["steps"][0] for each in blocks if "steps" in each)
    assert set(action["with"]) <= set(yaml.safe_load((REPOSITORY / "action.yml").read_text())["inputs"])
    (ledger,) = (each for each in blocks if "with" in each)
    taken = workflow("access-apply.yml")["on"]["workflow_call"]
    assert (set(ledger["with"]) <= set(taken["inputs"]), set(ledger["secrets"])) == (True, set(taken["secrets"]))
    (hooks,) = (each["repos"][0]["hooks"] for each in blocks if "repos" in each)
    assert hooks[0]["id"] in (REPOSITORY / ".pre-commit-hooks.yaml").read_text()
