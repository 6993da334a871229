"""The GitLab template, run for real: a merge request, a merge, a night."""

import json
import shutil
import subprocess

import pytest
from tests.cli.repository import ORGANIZATION
from tests.cli.served import TOKEN
from tests.workflows import gitlab
from tests.workflows.conftest import LUCA_IN_WEB, snapshot_of
from tests.workflows.test_plan import BOTH_LEAVE, LOOSER

MINE = {"ACCESSPLAN_GITLAB_TOKEN": gitlab.TOKENS["project"]}


@pytest.fixture
def lab():
    with gitlab.served() as whole:
        whole.files["access-snapshot/snapshot.json"] = snapshot_of(ORGANIZATION)
        yield whole


@pytest.fixture
def job(team, lab, tmp_path):
    """Run a job on a new checkout of a commit."""

    def call(name, commit="main", keep=(), live="", *, stale=False, **variables):
        folder, kept = tmp_path / "builds" / "access", {path: (tmp_path / "kept" / path) for path in keep}
        shutil.rmtree(folder, ignore_errors=True)
        clone = ["git", "clone", "-q", "--no-checkout", team.repository.folder, folder]
        subprocess.run(clone, check=True)
        subprocess.run(["git", "-C", folder, "checkout", "-q", "--detach", f"origin/{commit}"], check=True)
        for path, file in kept.items():
            (folder / path).parent.mkdir(exist_ok=True)
            shutil.copy(file, folder / path)
        of_gitlab = {
            "CI_API_V4_URL": lab.url, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": gitlab.TOKENS["job"],
            "CI_DEFAULT_BRANCH": "main", "CI_JOB_URL": "https://gitlab.example/job", "LOCK_WAIT": "0",
        }  # fmt: skip
        inputs = {"organization": "4242", "live": live, "ledger": str(tmp_path / "ledger.db"), "stale": stale}
        code, log = gitlab.run(name, folder, inputs, of_gitlab | variables)
        shutil.copytree(folder / "access-out", tmp_path / "kept" / "access-out", dirs_exist_ok=True)
        return code, log, folder / "access-out"

    return call


def branch(team, *replacements):
    """Push a change to a branch."""
    team.repository.git("checkout", "-q", "-b", "change")
    team.repository.change(*replacements)
    team.repository.commit()
    team.repository.git("checkout", "-q", "main")


def test_a_merge_request(team, job):
    """A merge request is planned without a token, by the rails of its target; what blocks it shows in its reports."""
    branch(team, *BOTH_LEAVE, LOOSER)
    code, log, out = job("access-plan", "change", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert code == 4, log
    assert "**Blocked by" in (out / "plan.md").read_text()
    assert "too-many-removals" in {each["check_name"] for each in json.loads((out / "plan.gitlab.json").read_text())}
    assert 'failures="' in (out / "plan.xml").read_text()


def test_without_a_snapshot(team, job, lab):
    """Where there is no snapshot the job fails, and plans on nothing else."""
    lab.files.clear()
    branch(team, LUCA_IN_WEB)
    code, log, out = job("access-plan", "change", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert (code, "404" in log, list(out.iterdir())) == (22, True, [])


def test_a_merge(living, job):
    """What was merged is planned and, when somebody starts that job, carried out."""
    event = living.push(LUCA_IN_WEB)
    how = {"live": living.live.url, "INFOMANIAK_TOKEN": TOKEN, "CI_COMMIT_BEFORE_SHA": event.payload["before"]}
    assert job("access-plan-merged", **how)[0] == 0
    assert living.members("Web") == ["ana@example.ch"]
    code, log, _ = job("access-apply", keep=["access-out/plan.json"], **how)
    assert (code, "Applied: 1 done." in log) == (0, True), log
    assert living.members("Web") == ["ana@example.ch", "luca@example.ch"]


def test_a_night(living, job, lab):
    """Drift opens an issue, an expired token is written into the same one and fails the job, and it closes itself."""
    how = {"live": living.live.url, "INFOMANIAK_TOKEN": TOKEN, **MINE}
    assert job("access-drift", **how)[0] == 0
    assert lab.issues == []
    living.click(LUCA_IN_WEB)
    assert job("access-drift", stale=True, **how)[0] == 0
    (issue,) = lab.issues
    assert 'team["Web"].member["luca@example.ch"]' in issue["description"]
    assert "## Stale access" in issue["description"]
    living.refuse_tokens()
    assert job("access-drift", **how)[0] == 5
    assert "exit code 5" in issue["description"]
    living.live.ask("DELETE", "faults")
    living.click()
    assert job("access-drift", **how)[0] == 0
    assert (issue["state"], len(lab.issues)) == ("closed", 1)
    assert lab.notes == ["Nothing is left to tell: https://gitlab.example/job"]


def test_a_night_without_a_token_for_issues(living, job):
    """Without a token to write issues a quiet night ends well; one that found something fails, as nobody is told."""
    how = {"live": living.live.url, "INFOMANIAK_TOKEN": TOKEN}
    code, log, _ = job("access-drift", **how)
    assert (code, "ACCESSPLAN_GITLAB_TOKEN" in log) == (0, False)
    code, log, _ = job("access-drift", stale=True, **how)
    assert (code, "there is no ACCESSPLAN_GITLAB_TOKEN" in log) == (3, True)
    code, log, _ = job("access-drift", **how | dict.fromkeys(MINE, "a token that may nothing"))
    assert (code, "GET /user was answered with 401" in log) == (3, True)


def test_a_name_is_no_section_of_the_log(team, job, lab):
    """A live name, or one in a fault of the document, begins no section of a job's log: that takes controls."""
    section = "section_start:1:x[collapsed=true]\r\x1b[0K"
    snapshot = json.loads(snapshot_of(ORGANIZATION).replace(b'"Web"', json.dumps(section).encode()))
    del snapshot["digest"]
    lab.files["access-snapshot/snapshot.json"] = json.dumps(snapshot).encode()
    branch(team, LUCA_IN_WEB)
    _, log, _ = job("access-plan", "change", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert ("section_start:1:x[collapsed=true]\\r\\u001b[0K" in log, controls_in(log)) == (True, set()), log
    team.repository.git("checkout", "-q", "change")
    team.repository.change(("role: legal_representative", f"role: {json.dumps(section)}"))
    team.repository.commit()
    code, log, _ = job("access-plan", "change", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert (code, "access.yaml:7" in log, controls_in(log)) == (3, True, set()), log


def controls_in(log):
    return {each for each in log if ord(each) < ord(" ")} - {"\n"}


def test_the_snapshot(living, job, tmp_path):
    """The snapshot that merge requests are planned on is read with the token, and kept where they look for it."""
    assert job("access-snapshot", live=living.live.url, INFOMANIAK_TOKEN=TOKEN)[0] == 0
    snapshot = tmp_path / "builds" / "access" / "access-snapshot" / "snapshot.json"
    assert json.loads(snapshot.read_text())["organization"]["id"] == 4242
