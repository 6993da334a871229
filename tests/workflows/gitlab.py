"""Runs a job of the GitLab template by bash, and stands in for the few requests of GitLab's API that the jobs make."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from tests.conftest import COMMAND, REPOSITORY
from tests.workflows.expression import spelled
from tests.workflows.hub import listening

TEMPLATE = REPOSITORY / "ci" / "gitlab" / "access.yml"
TOKENS = {"project": "glpat-1", "job": "job-1"}
INPUT = re.compile(r"\$\[\[ inputs\.([\w-]+) \]\]")
INSTALLED_BY = "export PATH="
"""What begins the line of the preparation after which accessplan is there: up to it, it is played."""


class _Loader(yaml.SafeLoader):
    """Knows `!reference [job, key]`."""


def _reference(loader: yaml.SafeLoader, node: yaml.Node) -> tuple[Any, ...]:
    assert isinstance(node, yaml.SequenceNode)
    return tuple(loader.construct_sequence(node))


_Loader.add_constructor("!reference", _reference)


def template():
    """Read the template: what it takes, and its jobs."""
    spec, jobs = yaml.load_all(TEMPLATE.read_text(), Loader=_Loader)
    return spec["spec"]["inputs"], jobs


@dataclass
class Lab:
    """What GitLab remembers; files are those of the newest `access-snapshot`, as a job's token may read them."""

    url: str = ""
    issues: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    files: dict[Any, Any] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answer(self, method, target, headers, body):
        path, body = urlsplit(target).path, json.loads(body or b"{}")
        if match := re.fullmatch(r"/projects/1/jobs/artifacts/main/raw/(.*)", path):
            may = headers.get("job-token") == TOKENS["job"]
            return (200, self.files[match[1]]) if may and match[1] in self.files else (404, b"{}")
        if headers.get("private-token") != TOKENS["project"]:
            return 401, b"{}"
        return 200, json.dumps(self._said(method, path, body)).encode()

    def _said(self, method, path, body):
        match method, path.split("/")[3:]:
            case "GET", []:
                return {"id": 5}
            case "GET", ["issues"]:
                return [row for row in self.issues if row["state"] == "opened"]
            case "POST", ["issues"]:
                self.issues.append({"iid": next(self.numbers), "state": "opened", **body})
                return self.issues[-1]
            case "POST", ["issues", _, "notes"]:
                self.notes.append(body["body"])
                return {}
            case "PUT", ["issues", number]:
                (row,) = (row for row in self.issues if row["iid"] == int(number))
                row.update({"state": "closed"} if body.pop("state_event", "") == "close" else {}, **body)
                return row
        raise AssertionError((method, path))


@contextmanager
def served():
    """Serve it."""
    lab = Lab()
    with listening(lab.answer) as lab.url:
        yield lab


def run(name, folder, inputs, variables):
    """Run a job in a checkout; returns its exit code and its log."""
    known, jobs = template()
    given = {key: spelled(inputs.get(key, each.get("default"))) for key, each in known.items()}
    assert set(inputs) <= set(known)
    job = jobs[name]
    base = jobs[job["extends"]]
    assert not {"before_script", "script"} - {*base, *job}
    lines = [
        line for each in (*job.get("before_script", base["before_script"]), *job["script"]) for line in _of(each, jobs)
    ]
    lines = [INPUT.sub(lambda place: given[place[1]], line) for line in _played(lines)]
    declared = {key: INPUT.sub(lambda place: given[place[1]], str(each)) for key, each in _variables(base, job).items()}
    path = [each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "accessplan").exists()]
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env={"PATH": os.pathsep.join(path), "HOME": str(folder.parent), "LANG": "C.UTF-8", "GITLAB_CI": "true"}
        | {"INSTALLED": str(COMMAND.parent), "SCRIPTS": str(REPOSITORY / "ci")}
        | declared
        | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def _variables(base, job):
    return base["variables"] | job.get("variables", {})


def _of(line, jobs):
    """Return a line of a script, or those that it refers to."""
    return jobs[line[0]][line[1]] if isinstance(line, tuple) else [line]


def _played(lines):
    """Play the lines that fetch and install accessplan: it is installed already."""
    begin = lines.index("tool=$(mktemp -d)")
    end = next(number for number, line in enumerate(lines) if line.startswith(INSTALLED_BY))
    return [*lines[:begin], 'export PATH="$INSTALLED:$PATH" ACCESS_CI="$SCRIPTS"', *lines[end + 1 :]]
