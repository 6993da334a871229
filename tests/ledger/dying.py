"""Kill an apply at each of its points, with SIGKILL, and look what the next runs make of it.

A point is a write to the live system, or a row that is about to be kept in the ledger: between two points nothing
lasts. Each run is a process of its own, forked from this one, which has loaded everything already. What came of each
point goes to stdout, as one line of JSON:

    python -m tests.ledger.dying FOLDER LEDGER FIRST STEP
"""

import contextlib
import itertools
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import click
import httpx
from sqlalchemy import Connection, Engine, create_engine, event, text

from accessplan.cli.main import COMMANDS, cli, run
from accessplan.ledger import all_links, verify

TODAY = ("--today", "2026-03-02")


def main(folder, ledger, first, step):
    for command in COMMANDS:  # loaded here once, for all processes
        cli.get_command(click.Context(cli), command)
    whole = Trial(folder, ledger, 0)
    told = [whole.story()]
    for point in itertools.count(first, step):
        told.append(Trial(folder, ledger, point).story())
        if not told[-1]["killed"]:
            break
    sys.stdout.writelines(f"{json.dumps(each)}\n" for each in told)


class Trial:
    """One organization, in a folder and a ledger of its own, in which an apply dies at a point."""

    def __init__(self, template, ledger, point):
        self.point = point
        self.folder = Path(tempfile.mkdtemp(prefix="dying-"))
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self.ledger = empty_schema(ledger, f"point{point}") if "://" in ledger else str(self.folder / "ledger.db")

    def story(self):
        """Kill an apply, plan, and apply again."""
        killed = self.run("apply", "--auto-approve", die_at=self.point)
        plan = self.run("plan", "--format", "json")
        again = self.run("apply", "--auto-approve") if killed["signal"] else killed
        links = all_links(self.ledger)
        shutil.rmtree(self.folder)
        return {
            "point": self.point,
            "killed": killed["signal"] == signal.SIGKILL,
            "codes": [plan["code"], again["code"]],
            "sent": killed["sent"],
            "sent_again": again["sent"] if killed["signal"] else [],
            "findings": [
                each["message"] for each in json.loads(plan["out"])["findings"] if each["code"] == "unfinished-run"
            ],
            "left": [each["address"] for each in json.loads(plan["out"])["resource_changes"]],
            "rows": [(link.kind, json.loads(link.body)) for link in links],
            "faults": [each.message for each in verify(links)],
        }

    def run(self, *words, die_at=0):
        """Run a command in a process of its own."""
        out, sent = self.folder / "out", self.folder / "sent"
        for file in (out, sent):
            file.write_text("")
        child = os.fork()
        if child == 0:
            self._be(out, sent, die_at, *words)
        _, status = os.waitpid(child, 0)
        how = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = 0 if how else os.WEXITSTATUS(status)
        return {"signal": how, "code": code, "out": out.read_text(), "sent": sent.read_text().splitlines()}

    def _be(self, out, sent, die_at, *words):
        code = 1
        try:
            os.chdir(self.folder)
            count_points(die_at, sent)
            with out.open("w") as stdout, contextlib.redirect_stdout(stdout):
                code = run([words[0], "access.yaml", "--ledger", self.ledger, "--quiet", *TODAY, *words[1:]])
        finally:
            os._exit(code)


def count_points(die_at, sent):
    """Die at a point, and note in a file what was sent before."""
    points = itertools.count(1)

    def reached():
        if next(points) == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Connection, "before_cursor_execute")
    def before_row(*about):
        if about[2].startswith("INSERT INTO rows"):
            reached()

    answer = httpx.MockTransport.handle_request

    def handle(transport, request):
        if request.method == "GET":
            return answer(transport, request)
        reached()
        answered = answer(transport, request)
        with sent.open("a") as file:
            file.write(f"{request.method} {request.url.path}\n")
        return answered

    patch.object(httpx.MockTransport, "handle_request", handle).start()


def empty_schema(url, name):
    """Make a schema of PostgreSQL for one ledger."""
    engine: Engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{url}?options=-csearch_path%3D{name}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
