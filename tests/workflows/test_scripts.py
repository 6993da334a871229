"""The scripts of the jobs, each run as it is, where GitHub cannot be asked, and where there is very much to tell."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, Result
from tests.workflows import hub as github

from accessplan.report.markdown_part import LONGEST, Part, laid_out

TOKEN = "ghs-4f7c02b19d-do-not-show"  # noqa: S105 - one for looking after
RUNS = "/repos/example/access/actions/workflows/access.yml/runs"
OUT_OF_REACH = [403, 502, None]
"""How GitHub may answer that cannot be asked; None where it does not."""


@dataclass
class Step:
    """A step of a job on GitHub: its folder, and what run.sh kept for it."""

    folder: Path

    def run(self, script, *arguments, url="", **environment):
        """Run a script; its result shows no token and no traceback."""
        program = "bash" if script.endswith(".sh") else sys.executable
        plain = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": url,
            "GITHUB_OUTPUT": str(self.folder / "outputs"),
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": github.REPOSITORY,
            "GITHUB_RUN_ID": "1",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_WORKFLOW_REF": "example/access/.github/workflows/access.yml@x",
            "ORGANIZATION": "4242",
            "RUNNER_TEMP": str(self.folder),
        }
        command = [program, REPOSITORY / "ci" / script, *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=plain | environment, capture_output=True, text=True, timeout=60, check=False
        )
        said = done.stdout + done.stderr
        assert [each for each in (TOKEN, "Traceback") if each in said] == [], said
        return Result(done.returncode, done.stdout, done.stderr)

    def keep(self, command, code, **files):
        """Keep what a command left, as run.sh does."""
        folder = self.folder / "access"
        folder.mkdir(exist_ok=True)
        for suffix, text in {"code": f"{code}\n", **files}.items():
            (folder / f"{command}.{suffix}").write_text(text)

    def outputs(self):
        file = self.folder / "outputs"
        return file.read_text() if file.exists() else ""

    def page(self, *commands):
        """Write the page of the job; GitHub takes one of a mebibyte."""
        done = self.run("page.py", *commands)
        text = (self.folder / "summary.md").read_text()
        assert (done.code, len(text.encode()) <= 2**20) == (0, True)
        return text


@pytest.fixture
def step(tmp_path):
    return Step(tmp_path)


@contextmanager
def answering(status):
    """Serve a GitHub that answers everything with a status, or listens no more."""
    if status is None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    else:
        with github.listening(lambda *_: (status, b"<html>")) as url:
            yield url


@contextmanager
def serving(rows, permissions):
    """Serve a GitHub that has some rows."""
    with github.served() as hub:
        hub.tokens[TOKEN] = permissions
        vars(hub).update(rows)
        yield hub


# base.sh and find.py


@pytest.fixture
def commits(step):
    """Make a repository of three commits, and list them, the newest first."""
    git = ["git", "-C", step.folder, "-c", "user.name=Claire", "-c", "user.email=claire@example.ch"]
    subprocess.run([*git, "init", "-q"], check=True)
    for number in range(3):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", str(number)], check=True)
    return subprocess.run([*git, "rev-list", "HEAD"], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("status", [*OUT_OF_REACH, 200])
def test_no_base_where_github_cannot_be_asked(step, commits, status):
    """Where GitHub does not say what was carried out last, no base is taken, and the job says what to do."""
    with answering(status) as url:
        done = step.run("base.sh", url=url, BEFORE=commits[1])
    assert (done.code, step.outputs()) == (3, "")
    assert f"error: what earlier runs left is not known: GET {RUNS} " in done.stderr
    assert ("actions: read" if status == 403 else "Run the job again") in done.stderr


def test_a_base_that_is_given(step, commits):
    """A commit that is given is the base, and GitHub is not asked."""
    with answering(None) as url:
        done = step.run("base.sh", url=url, BASE="HEAD~1", BEFORE=commits[2])
    assert (done.code, step.outputs()) == (0, f"base={commits[1]}\n")


def a_run(commit, number=1, repository=github.REPOSITORY):
    origin = {"full_name": repository} if repository else None
    return {
        "id": number, "path": "access.yml", "head_branch": "main", "head_sha": commit, "event": "push",
        "conclusion": "success", "head_repository": origin,
    }  # fmt: skip


def test_the_base_is_what_was_carried_out_last(step, commits):
    """The base is the newest commit carried out here: not what a fork ran, though it is no more."""
    runs = [a_run(commits[2]), a_run(commits[1], 2, "stranger/access"), a_run(commits[1], 3, None)]
    with serving({"runs": runs}, {"actions": "read"}) as hub:
        done = step.run("base.sh", url=hub.url, BEFORE=commits[1])
    assert (done.code, step.outputs()) == (0, f"base={commits[2]}\n")


def test_what_was_carried_out_is_no_ancestor(step, commits):
    """Where the commit carried out last is not in the history, the one before the push is not taken in its place."""
    with serving({"runs": [a_run("f" * 40)]}, {"actions": "read"}) as hub:
        done = step.run("base.sh", url=hub.url, BEFORE=commits[1])
    assert (done.code, step.outputs()) == (3, "")
    assert f"{'f' * 40} is no ancestor" in done.stderr
    assert "Name one in the input base" in done.stderr


@pytest.mark.parametrize("status", OUT_OF_REACH)
def test_no_snapshot_where_github_cannot_be_asked(step, status):
    """Where GitHub does not list snapshots none is planned on, and the job says what to do."""
    with answering(status) as url:
        done = step.run("find.py", "snapshot", url=url, BRANCH="main")
    assert (done.code, step.outputs()) == (3, "")
    assert ("actions: read" if status == 403 else "Run the job again") in done.stderr


def test_an_artifact_of_no_run(step):
    """An artifact whose run is gone is nobody's snapshot."""
    row = {"name": "access-snapshot-4242", "workflow_run": None, "created_at": "2026-11-22", "expired": False}
    with serving({"artifacts": [row]}, {"actions": "read"}) as hub:
        done = step.run("find.py", "snapshot", url=hub.url, BRANCH="main")
    assert (done.code, "there is no snapshot" in done.stderr) == (3, True)


# tell.py


@pytest.mark.parametrize(("status", "why"), [(403, "403"), (410, "410"), (502, "502"), (None, "had no answer")])
def test_an_issue_that_cannot_be_written(step, status, why):
    """Where the issue cannot be written the job fails with one sentence, and one that says what to do."""
    step.keep("drift", 2, md="drift\n")
    with answering(status) as url:
        done = step.run("tell.py", "issue", url=url)
    what, remedy = done.stderr.splitlines()
    assert (done.code, why in what, TOKEN in what) == (3, True, False)
    assert ("issues: write" if status in (403, 410) else "Run the job again") in remedy


def test_a_token_that_is_none(step):
    """A token with a line feed in it, which no header may have, is not shown."""
    step.keep("drift", 2, md="drift\n")
    with answering(200) as url:
        done = step.run("tell.py", "issue", url=url, GITHUB_TOKEN=f"{TOKEN}\nmore")
    assert (done.code, "LocalProtocolError" in done.stderr) == (3, True)


def test_more_issues_than_are_read(step):
    """Where there are more issues than are read ours may be among the others: none is opened beside it."""
    step.keep("drift", 2, md="drift\n")
    others = [{"number": 1, "user": {"login": "claire"}, "state": "open", "body": "?"}] * 5_000
    with serving({"issues": others}, {"issues": "write"}) as hub:
        done = step.run("tell.py", "issue", url=hub.url)
    assert (done.code, "5,000 rows or more" in done.stderr, len(hub.issues)) == (3, True, 5_000)


@pytest.mark.parametrize("status", [502, None])
def test_a_comment_that_cannot_be_written(step, status):
    """Where GitHub is out of reach the job fails, since an older comment would go on saying what is so no more."""
    step.keep("plan", 0, md="plan\n", json="{}")
    with answering(status) as url:
        done = step.run("tell.py", "comment", url=url, CHANGE="7")
    assert (done.code, "Run the job again" in done.stderr) == (3, True)


def test_a_comment_of_nobody(step):
    """A comment whose author is gone is not ours, and stops nothing."""
    step.keep("plan", 4, md="plan\n")
    with serving({"comments": [{"id": 1, "issue": 7, "user": None, "body": "?"}]}, {"issues": "write"}) as hub:
        assert step.run("tell.py", "comment", url=hub.url, CHANGE="7").code == 0
        assert len(hub.comments) == 2


def report(title, size):
    """Render a long report as accessplan does: sections, what matters least folded, and what was not looked at."""
    items = tuple(f'- `team["{number}"]` {"x" * 200}' for number in range(size))
    parts = (Part("Gained", items), Part("Lost", items[:3]), Part("Snoozed", items, folded=True))
    unseen = Part("Not looked at", ("- mailboxes",), folded=True)
    head = f"<!-- accessplan {title} 4242 -->\n## {title}\n\n"
    return head + laid_out((*parts, unseen), LONGEST - len(head))


def the_issue(step):
    with serving({}, {"issues": "write"}) as hub:
        assert step.run("tell.py", "issue", url=hub.url).code == 0
        (row,) = hub.issues
    assert len(row["body"]) <= 65_536
    return row["body"]


def test_an_issue_of_two_long_reports(step):
    """Two reports that do not fit into one issue share it: every part of each is there, closed, and counts the rest."""
    for command in ("drift", "stale"):
        step.keep(command, 2, md=report(command, 1000))
    text = the_issue(step)
    assert len(text) > 55_000
    for title in ("## drift\n", "## stale\n"):
        assert text.count(title) == 1
    for part in ("### Gained (1000)", "### Lost (3)", "Snoozed (1000)", "Not looked at (1)", "- mailboxes\n"):
        assert text.count(part) == 2, part
    assert text.count("\n\n… ") == text.count(" is in the log of the job.\n") == 4
    folds = [line for line in text.splitlines() if line.startswith(("<details>", "</details>"))]
    assert [line[:9] for line in folds] == ["<details>", "</details"] * 4
    assert all(line.endswith("x" * 200) for line in text.splitlines() if line.startswith("- `team"))


def test_an_issue_of_a_report_and_a_failure(step):
    """What a command said that failed is quoted beside a long report; the quote is cut at a line, and ends."""
    step.keep("drift", 2, md=report("drift", 1000))
    step.keep("stale", 1, out="", err="".join(f"line {number} `````\n" for number in range(9000)))
    text = the_issue(step)
    assert "``````text\nline 0 `````\nline 1 `````\n" in text
    assert text.endswith(
        "is in the log of the job.\n``````\n\n[The job](https://github.com/example/access/actions/runs/1)\n"
    )
    assert "- mailboxes\n" in text


# page.py


def an_apply(steps, names="é"):
    """Write what an apply prints: the plan, each change as it is made, what failed, and the steps that are left."""
    plan = "".join(f"  + user {number}\n" for number in range(steps))
    left = "".join(f"  [ ] {number}. Manager › Users › {names * 60}\n" for number in range(steps))
    return f"Plan 4242\n{plan}\nApplied: 1 failed, {steps} by hand.\n\nFAILED (1)\n  x invite ana\n\nBY HAND\n{left}"


def test_the_page_of_an_apply(step):
    """The page of an apply has all that it printed, and what it said last."""
    out = an_apply(120)
    step.keep("apply", 6, out=out, err="warning: it took long\n")
    assert step.page("apply").endswith(f"\n\n```text\n{out}warning: it took long\n```\n\n")


def test_the_page_of_a_long_apply(step):
    """Where it is too long for a page it begins at what came of it, failures first, and says how much is left out."""
    step.keep("apply", 6, out=an_apply(9000), err="error: the last word\n")
    lines = step.page("apply").splitlines()
    begin = lines.index("Applied: 1 failed, 9000 by hand.")
    assert lines[begin - 2 : begin] == [
        "```text",
        "… 9,002 lines are left out here; all of it is in the log of the job.",
    ]
    assert lines[begin + 2 : begin + 4] == ["FAILED (1)", "  x invite ana"]
    assert lines[-4:-1] == [lines[-4], "error: the last word", "```"]
    shown = [line for line in lines if line.startswith("  [ ] ")]
    assert shown == [f"  [ ] {number}. Manager › Users › {'é' * 60}" for number in range(len(shown))]
    assert lines[-4] == f"… {9000 - len(shown):,} lines are left out here; all of it is in the log of the job."


def test_the_page_of_long_names(step):
    """A page of several long quotes, of letters that take four bytes, is one that GitHub takes."""
    for command in ("snapshot", "drift", "stale"):
        step.keep(command, 5, out=an_apply(4000, "\N{GRINNING FACE}"), err="error\n" * 90_000)
    assert step.page("snapshot", "drift", "stale").count("Applied: ") == 3
