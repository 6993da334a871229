"""Finds what earlier runs of the workflows left on GitHub.

    find.py snapshot   the newest artifact `access-snapshot-ORGANIZATION`, as the outputs `artifact` and `run`
    find.py applied    the commit that this workflow last carried out in full on this branch; nothing where none was

Only artifacts of runs on the default branch (BRANCH) of this repository itself count: a run for a pull request, from a
fork or not, may upload what it likes under any name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from forge import Failed, GitHub, Refused, open_github

APPLYING = ("push", "workflow_dispatch")
"""What sets off an apply: what else the same file does, by night or for pull requests, carried nothing out."""

NO_SNAPSHOT = """\
error: there is no snapshot of organization {organization} to plan on
  Run the drift workflow once on the default branch: it takes one every night, and keeps it as an artifact.
"""


def snapshot(github: GitHub) -> int:
    """Write the newest snapshot's numbers to the step's outputs."""
    organization, branch = os.environ["ORGANIZATION"], os.environ["BRANCH"]
    path = f"/repos/{github.repository}/actions/artifacts"
    rows = github.api.rows(path, "artifacts", name=f"access-snapshot-{organization}")
    newest = max((row for row in rows if _is_ours(row, branch)), key=lambda row: row["created_at"], default=None)
    if newest is None:
        sys.stderr.write(NO_SNAPSHOT.format(organization=organization))
        return 3
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"artifact={newest['id']}\nrun={newest['workflow_run']['id']}\n")
    return 0


def applied(github: GitHub) -> int:
    """Print the commit of the newest run of this workflow on this branch that ended well."""
    branch = os.environ["GITHUB_REF_NAME"]
    workflow = os.environ["GITHUB_WORKFLOW_REF"].partition("@")[0].rpartition("/")[2]
    path = f"/repos/{github.repository}/actions/workflows/{workflow}/runs"
    runs = github.api.rows(path, "workflow_runs", branch=branch, status="success")
    ours = (run for run in runs if _is_of(run, github.repository))
    sys.stdout.write(next((f"{run['head_sha']}\n" for run in ours if run["event"] in APPLYING), ""))
    return 0


def _is_ours(artifact: dict[str, Any], branch: str) -> bool:
    run = artifact["workflow_run"]
    if run is None or artifact["expired"]:
        return False
    return bool(run["head_repository_id"] == run["repository_id"] and run["head_branch"] == branch)


def _is_of(run: dict[str, Any], repository: str) -> bool:
    """Tell whether a run was of this repository's own commits; GitHub names none for a fork that is no more."""
    origin = run["head_repository"]
    return origin is not None and origin["full_name"] == repository


def main(what: str) -> int:
    """Run one of the commands above; returns the exit code."""
    try:
        with open_github() as github:
            return {"snapshot": snapshot, "applied": applied}[what](github)
    except Refused as error:
        told, remedy = str(error), "Give the job the permission actions: read; where it has that, run it again later."
    except Failed as error:
        told, remedy = str(error), "Run the job again."
    sys.stderr.write(f"error: what earlier runs left is not known: {told}\n  {remedy}\n")
    return 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
