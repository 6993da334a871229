"""A team's repository on a GitHub that is played, and its organization: in a snapshot, or in a served sandbox."""

import functools
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli import served as sandbox
from tests.cli.repository import ORGANIZATION, Repository, begin
from tests.workflows import hub as github
from tests.workflows.runner import Event, Runner

from accessplan.cli.main import run

LUCA_IN_WEB = ("    members: [ana@example.ch]", "    members: [ana@example.ch, luca@example.ch]")


@dataclass
class Team:
    """A repository whose main says just what is live, its forge, and the runner of its jobs."""

    repository: Repository
    hub: github.Hub
    runner: Runner
    live: Any = None
    inputs: dict[str, Any] = field(default_factory=dict)

    def pull_request(self, *replacements, add="", **how):
        """Push a change to a branch, and run the job of its pull request."""
        git = self.repository.git
        git("checkout", "-q", *([] if git("branch", "--list", "change") else ["-b"]), "change")
        self.repository.change(*replacements)
        self.repository.add(add)
        self.repository.commit("Change who may do what")
        return self.plan(**how)

    def plan(self, *, fork=False, **inputs):
        """Run the job of the pull request: it is given what main would be after a merge."""
        git = self.repository.git
        git("checkout", "-q", "--detach", "main")
        git("merge", "-q", "--no-ff", "-m", "Merge", "change")
        commit = git("rev-parse", "HEAD")
        git("update-ref", "refs/pull/7/merge", commit)
        git("checkout", "-q", "main")
        head = {"ref": "change", "repo": {"full_name": "stranger/access" if fork else github.REPOSITORY}}
        payload = {"pull_request": {"number": 7, "head": head}, "repository": {"default_branch": "main"}}
        event = Event("pull_request", commit, "refs/pull/7/merge", "main", payload, fork)
        return self.runner.run("access-plan.yml", event, inputs={"organization": "4242", **inputs})["plan"]

    def push(self, *replacements, add=""):
        """Merge a change into main, and return the push that this is."""
        before = self.repository.git("rev-parse", "main")
        self.repository.change(*replacements)
        self.repository.add(add)
        self.repository.commit("Change who may do what")
        return Event("push", self.repository.git("rev-parse", "main"), payload={"before": before})

    def apply(self, event, approve=None, **inputs):
        """Run the jobs of a push to main."""
        return self.runner.run("access-apply.yml", event, inputs={**self.inputs, **inputs}, approve=approve)

    def night(self, *, stale=False):
        """Run the job of the night on main."""
        event = Event("schedule", self.repository.git("rev-parse", "main"))
        return self.runner.run("access-drift.yml", event, inputs={**self.inputs, "stale": stale})["drift"]

    def click(self, *replacements):
        """Have somebody change the live organization past this repository."""
        text = (self.repository.folder / "access.yaml").read_text()
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (self.live.folder / "clicked.yaml").write_text(text)
        where = ("--live", self.live.url, "--state", self.live.folder / "clicked")
        assert run(["apply", str(self.live.folder / "clicked.yaml"), "--auto-approve", *map(str, where)]) == 0

    def members(self, team):
        """List who is in a team, live."""
        teams = self.live.ask("GET", "organization")["teams"]
        return next(each.get("members", []) for each in teams if each["name"] == team)

    def refuse_tokens(self):
        """Have the live system answer that the token is not valid any more."""
        self.live.ask("POST", "faults", {"path": ".*", "status": 401, "code": "not_authorized", "times": 1000})

    def keep_snapshot(self, organization=ORGANIZATION):
        """Keep the snapshot that a night would have left of an organization."""
        run = {"id": 1, "from": {"head_branch": "main", "head_repository_id": 1}}
        self.hub.keep("access-snapshot-4242", {"snapshot.json": snapshot_of(organization)}, run)

    def comments(self):
        return [row["body"] for row in self.hub.comments]


@functools.cache
def snapshot_of(organization):
    """Take a snapshot of an organization in the embedded sandbox."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "organization.yaml").write_text(organization)
        where = ("--live", f"sandbox:{folder}/organization.yaml", "--organization", "4242", "--state", folder / "state")
        code = run(["snapshot", "--out", str(folder / "snapshot.json"), *map(str, where), "-q"])
        assert code == 0
        return (folder / "snapshot.json").read_bytes()


@pytest.fixture
def team(tmp_path):
    """A team that has set pull requests up; they have no secret, and a night has left its snapshot."""
    for name in ("repository", "runner"):
        (tmp_path / name).mkdir()
    with github.served() as hub:
        runner = Runner(tmp_path / "runner", tmp_path / "repository", hub, {})
        whole = Team(begin(tmp_path / "repository"), hub, runner)
        whole.keep_snapshot()
        yield whole


@pytest.fixture
def living(team, tmp_path, monkeypatch):
    """The same team with its live organization, and the token for it; nothing waits between tries."""
    world = tmp_path / "world"
    world.mkdir()
    (world / "organization.yaml").write_text(ORGANIZATION)
    monkeypatch.setenv("INFOMANIAK_TOKEN", sandbox.TOKEN)
    with sandbox.served(world) as live:
        inputs = {"organization": "4242", "live": live.url, "ledger": str(tmp_path / "ledger" / "ledger.db")}
        secrets = {name: {"INFOMANIAK_TOKEN": sandbox.TOKEN} for name in ("access", "access-read")}
        runner = replace(team.runner, secrets=secrets, extra={"LOCK_WAIT": "0"})
        yield replace(team, runner=runner, live=live, inputs=inputs)
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(sandbox.TOKEN.encode() in each for each in written), sandbox.HAS_IT
