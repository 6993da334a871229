"""What holds of every workflow, and of the runner that these tests rely on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.conftest import REPOSITORY
from tests.workflows import gitlab
from tests.workflows.expression import UnknownExpression, filled, holds, value
from tests.workflows.runner import PLAYED, WORKFLOWS

REUSABLE = sorted(WORKFLOWS.glob("access-*.yml"))
OURS = [*sorted(WORKFLOWS.glob("*.yml")), REPOSITORY / "action.yml"]
PINNED = re.compile(r"- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
SHELLCHECK = Path(sys.executable).with_name("shellcheck")


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_actions_are_pinned(file):
    """Other people's actions are pinned to a commit, with the version beside it."""
    used = [line.strip() for line in file.read_text().splitlines() if " uses: " in line and "uses: $/" not in line]
    assert [
        line for line in used if not PINNED.fullmatch(line.replace("uses", "- uses") if line[0] != "-" else line)
    ] == []


@pytest.mark.parametrize("file", REUSABLE, ids=lambda file: file.name)
def test_what_every_job_says(file):
    """Nothing is permitted but what a job names, and every job has an end."""
    workflow = yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - the plainest one
    assert workflow["permissions"] == {}
    assert list(workflow["on"]) == ["workflow_call"]
    for job in workflow["jobs"].values():
        assert {"permissions", "timeout-minutes"} <= set(job)


def test_the_played_actions_are_used():
    """The runner plays no action that no workflow uses."""
    used = {each for file in REUSABLE for each in re.findall(r"uses: ([^@\s]+)", file.read_text())}
    assert used == set(PLAYED)


def test_scripts_in_workflows(tmp_path):
    """What workflows and the GitLab template run is sound as shell scripts."""
    scripts = []
    for file in OURS:
        jobs = yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - likewise
        steps = [step for job in jobs.get("jobs", {"": jobs.get("runs")}).values() for step in job["steps"]]
        scripts += [step["run"] for step in steps if "run" in step and "${{" not in step["run"]]
    _, jobs = gitlab.template()
    for job in jobs.values():
        lines = [line for line in job.get("script", job.get("before_script")) if isinstance(line, str)]
        scripts.append(gitlab.INPUT.sub("$INPUT", "\n".join(lines)))
    assert len(scripts) > 20
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.sh").write_text(f"#!/usr/bin/env bash\n{script}\n")
    # What is not to be checked: the outputs of run.sh, which scripts read in.
    command = [SHELLCHECK, "--exclude", "SC1090,SC1091,SC2154", *sorted(tmp_path.glob("*.sh"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def names(name):
    return {"inputs.yes": True, "inputs.no": False, "inputs.text": "it's", "inputs.none": ""}[name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("inputs.yes && 'a' || 'b'", "a"),
        ("!inputs.yes && 'a' || 'b'", "b"),
        ("inputs.text == 'it''s'", True),
        ("(inputs.no || inputs.text != '') && inputs.yes", True),
        ("inputs.none || 'other'", "other"),
        ("true", True),
    ],
)
def test_expressions(text, found):
    """Expressions are worth what they are to GitHub."""
    assert value(text, names) == found


@pytest.mark.parametrize(
    "text", ["always()", "contains('a', 'b')", "1 < 2", "inputs.yes ==", "'a' 'b'", "inputs.yes == 'true'"]
)
def test_unknown_expressions(text):
    """What the runner does not know is no expression that a test could pass on."""
    with pytest.raises(UnknownExpression):
        value(text, names)
    with pytest.raises(UnknownExpression):
        holds(f"${{{{ {text} }}}}", names, well=True)
    with pytest.raises(UnknownExpression):
        filled(f"before ${{{{ {text} }}}}", names)
