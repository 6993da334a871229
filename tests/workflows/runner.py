"""Runs a workflow as GitHub's runner does: its steps by bash, in a folder of its own, with what it may and no more.

Other people's actions are played, each by one function of PLAYED; whatever else stands in a workflow runs as it is, and
what this runner does not know fails the test.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.conftest import COMMAND, REPOSITORY
from tests.workflows import hub as github
from tests.workflows.expression import UnknownExpression, filled, holds, spelled

WORKFLOWS = REPOSITORY / ".github" / "workflows"
SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}
REVIEWED = "access"
"""The environment whose reviewers are asked."""

KNOWN_OF_A_STEP = {"name", "id", "if", "uses", "with", "run", "env"}
KNOWN_OF_A_JOB = {
    "name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions", "concurrency", "defaults", "env",
    "steps", "outputs",
}  # fmt: skip


@dataclass
class Event:
    """What set a workflow off; `fork` holds for a pull request from one, whose jobs may only read."""

    name: str
    commit: str
    ref: str = "refs/heads/main"
    base: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    fork: bool = False

    @property
    def origin(self):
        """Where the commit is from, as GitHub notes it of a run."""
        branch = self.payload.get("pull_request", {}).get("head", {}).get("ref", "main")
        return {"head_branch": branch, "head_repository_id": 2 if self.fork else 1}


@dataclass
class Job:
    """A job that ran, or was skipped."""

    name: str
    conclusion: str = "success"
    log: str = ""
    summary: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    uploaded: list[str] = field(default_factory=list)
    group: str = ""

    @property
    def is_well(self):
        return self.conclusion == "success"


@dataclass
class Runner:
    """Runs workflows of this project for a repository; `secrets` are those of its environments, by their names."""

    folder: Path
    origin: Path
    hub: github.Hub
    secrets: dict[str, dict[str, str]]
    extra: dict[str, Any] = field(default_factory=dict)

    def run(self, workflow, event, *, inputs=None, approve=None):
        """Run a workflow; `approve` is called before a job in the environment that has reviewers begins."""
        text = yaml.load((WORKFLOWS / workflow).read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - the plainest one
        number = next(self.hub.numbers)
        run = {"id": number, "from": event.origin}
        called = text["on"]["workflow_call"]
        jobs: dict[str, Job] = {}
        for name, job in text["jobs"].items():
            assert set(job) <= KNOWN_OF_A_JOB, set(job) - KNOWN_OF_A_JOB
            place = _Place(self, event, run, _inputs(called, inputs or {}), called.get("secrets", {}), jobs)
            jobs[name] = place.job(name, job, approve)
        conclusion = (
            "success" if all(each.conclusion in ("success", "skipped") for each in jobs.values()) else "failure"
        )
        self.hub.runs.append({
            "id": number, "path": workflow, "head_branch": "main", "head_sha": event.commit, "event": event.name,
            "conclusion": conclusion, "head_repository": {"full_name": github.REPOSITORY},
        })  # fmt: skip
        return jobs


def _inputs(called, given):
    """Return the inputs with what is left out, each of its kind, and none that is not declared."""
    declared = called["inputs"]
    assert set(given) <= set(declared), set(given) - set(declared)
    assert [name for name, each in declared.items() if each.get("required") == "true" and name not in given] == []
    values = {}
    for name, each in declared.items():
        value = given.get(name, each.get("default", ""))
        values[name] = value in (True, "true") if each["type"] == "boolean" else value
    return values


@dataclass
class _Place:
    """One job being run."""

    runner: Runner
    event: Event
    run: dict[str, Any]
    inputs: dict[str, Any]
    secrets: dict[str, Any]
    jobs: dict[str, Any]
    job_so_far: Job = field(default_factory=lambda: Job(""))
    steps: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    token: str = ""
    environment_name: str = ""

    def job(self, name, job, approve):
        done = self.job_so_far = Job(name)
        self.needs = tuple(filter(None, [job.get("needs")]))
        if not holds(job.get("if"), self.find, well=all(self.jobs[each].is_well for each in self.needs)):
            done.conclusion = "skipped"
            return done
        self.environment_name = self.fill(job.get("environment", ""))
        if self.environment_name == REVIEWED and approve is not None:
            approve()
        done.group = self.fill(job["concurrency"]["group"]) if "concurrency" in job else ""
        permissions = {scope: "read" if self.event.fork else level for scope, level in job["permissions"].items()}
        self.token = self.runner.hub.token(permissions)
        self.work, self.temp = (self.runner.folder / str(self.run["id"]) / name / part for part in ("work", "temp"))
        self.work.mkdir(parents=True)
        self.temp.mkdir()
        (self.temp / "summary.md").touch()
        self.environment = self.base_environment() | {key: self.fill(each) for key, each in job.get("env", {}).items()}
        assert job["defaults"] == {"run": {"shell": "bash"}}
        assert int(job["timeout-minutes"]) <= 60
        for step in job["steps"]:
            self.step(step)
        done.summary = (self.temp / "summary.md").read_text()
        done.outputs = {key: self.fill(each) for key, each in job.get("outputs", {}).items()}
        return done

    def step(self, step):
        assert set(step) <= KNOWN_OF_A_STEP, set(step) - KNOWN_OF_A_STEP
        if "id" in step:
            self.steps.setdefault(step["id"], {})
        if not holds(step.get("if"), self.find, well=self.job_so_far.is_well):
            return
        given = {key: self.fill(each) for key, each in step.get("with", {}).items()}
        if "uses" in step:
            PLAYED[step["uses"].partition("@")[0]](self, given)
            return
        assert "${{" not in step["run"], "an expression in a script could become part of it"
        environment = self.environment | {key: spelled(self.fill(each)) for key, each in step.get("env", {}).items()}
        self.bash(step["run"], environment, step.get("id"))

    def bash(self, script, environment, name):
        """Run a script, and take up what it wrote into the runner's files."""
        files = {key: self.temp / key.lower() for key in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        path = self.temp / "step.sh"
        path.write_text(script)
        done = subprocess.run(
            [*SHELLS["bash"], path],
            cwd=self.work,
            env=environment | {key: str(file) for key, file in files.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self.job_so_far.log += done.stdout
        if done.returncode:
            self.job_so_far.conclusion = f"failure: {done.returncode}"
        if name:
            self.steps[name].update(_lines(files["GITHUB_OUTPUT"]))
        self.environment.update(_lines(files["GITHUB_ENV"]))
        self.add_paths(files["GITHUB_PATH"].read_text().splitlines())

    def add_paths(self, paths):
        self.environment["PATH"] = os.pathsep.join([*map(str, paths), self.environment["PATH"]])

    def base_environment(self):
        """What the runner itself sets; nothing of the machine's but where programs are, and no accessplan."""
        home = self.temp / "home"
        home.mkdir()
        theirs = os.environ["PATH"].split(os.pathsep)
        return self.runner.extra | {
            "PATH": os.pathsep.join(each for each in theirs if not (Path(each) / "accessplan").exists()),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.runner.hub.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": github.REPOSITORY,
            "GITHUB_RUN_ID": str(self.run["id"]),
            "GITHUB_REF_NAME": self.event.ref.removeprefix("refs/heads/"),
            "GITHUB_BASE_REF": self.event.base,
            "GITHUB_WORKFLOW_REF": f"{github.REPOSITORY}/.github/workflows/access-apply.yml@{self.event.ref}",
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
            "RUNNER_TEMP": str(self.temp),
        }

    def fill(self, text):
        return filled(text, self.find)

    def find(self, name):
        """Give the value of a name in an expression."""
        match name.split("."):
            case ["inputs", key]:
                return self.inputs[key]
            case ["secrets", key] if key in self.secrets:
                return self.runner.secrets.get(self.environment_name, {}).get(key, "")
            case ["steps", step, "outputs", key]:
                return self.steps[step].get(key, "")
            case ["needs", job, "outputs", key] if job in self.needs:
                return self.jobs[job].outputs[key]
            case ["runner", "temp"]:
                return str(self.temp)
            case ["github", "token"]:
                return self.token
            case ["github", "ref"]:
                return self.event.ref
            case ["github", "repository"]:
                return github.REPOSITORY
            case ["github", "event", *keys]:
                return _within(self.event.payload, keys)
        raise UnknownExpression(name)


def _within(payload, keys):
    for key in keys:
        payload = payload.get(key, "") if isinstance(payload, dict) else ""
    return payload


def _lines(file):
    """Read NAME=VALUE lines; a value of several lines is not used, and would be one that was slipped in."""
    lines = file.read_text().splitlines()
    assert all(re.fullmatch(r"\w+=.*", line) for line in lines), lines
    return dict(line.split("=", 1) for line in lines)


# other people's actions, played


def _checkout(place, given):
    """Check the commit of the event out, with all branches, as with fetch-depth: 0."""
    assert given == {"fetch-depth": "0", "persist-credentials": "false"}
    for command in (
        ["init", "-q", "."],
        ["remote", "add", "origin", str(place.runner.origin)],
        ["fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", place.event.commit],
        ["checkout", "-q", "--detach", place.event.commit],
    ):
        subprocess.run(["git", *command], cwd=place.work, env=place.environment, check=True)


def _install(place, given):
    """Have accessplan on the PATH, and know where the scripts are, as action.yml does (test_action.py)."""
    assert given == {}
    place.add_paths([COMMAND.parent])
    place.environment["ACCESS_CI"] = str(REPOSITORY / "ci")


def _upload(place, given):
    assert set(given) <= {"name", "path", "overwrite", "retention-days"}, given
    path = place.work / given["path"]
    place.runner.hub.keep(given["name"], {path.name: path.read_bytes()}, place.run)
    place.job_so_far.uploaded.append(given["name"])


def _download(place, given):
    """Take an artifact of this run by its name, or of another run by its number."""
    hub, target = place.runner.hub, place.work / given["path"]
    if "artifact-ids" in given:
        assert set(given) == {"artifact-ids", "run-id", "github-token", "path"}
        assert hub.tokens[given["github-token"]]["actions"] == "read"
        wanted = {"id": int(given["artifact-ids"]), "run": int(given["run-id"])}
    else:
        assert set(given) == {"name", "path"}
        wanted = {"name": given["name"], "run": place.run["id"]}
    rows = [row for row in hub.artifacts if wanted.items() <= (row | {"run": row["workflow_run"]["id"]}).items()]
    target.mkdir(parents=True, exist_ok=True)
    for name, content in hub.files[rows[-1]["id"]].items():
        (target / name).write_bytes(content)


def _code_scanning(place, given):
    """Keep what would be uploaded."""
    assert set(given) == {"sarif_file", "category"}
    shutil.copy(given["sarif_file"], place.runner.folder / f"{given['category']}.sarif")
    place.job_so_far.uploaded.append(given["category"])


PLAYED = {
    "actions/checkout": _checkout,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
    "github/codeql-action/upload-sarif": _code_scanning,
    "$/": _install,
}
