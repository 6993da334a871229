"""What `run.sh` kept of a command: how it ended, what it wrote, what it said."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from accessplan.errors import EXIT_MEANINGS, Exit
from accessplan.report.markdown_part import share_out

NOTE = 100
"""Room for the line that says how much is left out."""

PART = re.compile(r"^(?=### |<details>)", re.MULTILINE)
"""Where a part of a report begins: no name can stand there."""

RESULT = re.compile(r"^Applied: ", re.MULTILINE)
"""Where an apply says what came of it: after the plan and every change, and before what failed and what is left."""

MARKER = re.compile(r"\A<!--[^\n]*-->\n")
"""The first line of Markdown that accessplan writes for a comment."""

ABOUT_THE_CHANGE = ("policy-changed", "no-base", "base-")
"""What the codes of findings begin with that tell of the change under review, though it may change nobody's access."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One command by its name; `folder` is where its files are."""

    name: str
    folder: Path

    @property
    def code(self) -> int | None:
        """How it ended; None where it did not run."""
        text = self.read("code")
        return int(text) if text else None

    def markdown(self, room: int) -> str:
        """Tell in Markdown of at most so many characters what it wrote itself, else what it said, if it ran at all."""
        if written := self.read("md"):
            return _fitted(MARKER.sub("", written), room)
        if self.code is None:
            return ""
        meanings = {int(code): meaning for code, meaning in EXIT_MEANINGS.items()}
        head = f"### accessplan {self.name}: {meanings.get(self.code, 'ended from outside')} (exit code {self.code})"
        return f"{head}\n\n{_quoted(self.read('out'), self.read('err'), room - len(head) - len('  '))}"

    @property
    def is_silent(self) -> bool:
        """Whether it is a plan in which nothing comes from the change under review, and nothing speaks against it."""
        if self.code != Exit.OK:
            return False
        plan = json.loads(self.read("json"))
        is_new = any(change["cause"]["is_new"] is not False for change in plan["resource_changes"])
        return not is_new and not any(each["code"].startswith(ABOUT_THE_CHANGE) for each in plan["findings"])

    def read(self, suffix: str) -> str:
        """Read one of its files; empty where it is not there."""
        file = self.folder / f"{self.name}.{suffix}"
        return file.read_text(encoding="utf-8") if file.exists() else ""


def kept(name: str) -> Kept:
    """Find what was kept in this job of a command."""
    return Kept(name, Path(os.environ.get("ACCESS_FOLDER") or f"{os.environ['RUNNER_TEMP']}/access"))


def _fitted(report: str, room: int) -> str:
    """Fit a report into some room: each of its parts gets a share of it, and ends as it would."""
    parts = PART.split(report)
    shares = share_out(room, [len(part) for part in parts])
    ends = ["\n</details>\n\n" if part.startswith("<details>") else "\n" for part in parts]
    return "".join(map(_cut, parts, shares, ends))


def _quoted(out: str, err: str, room: int) -> str:
    """Quote text in Markdown as it is: nothing in it is a link, a mention or the end of the quote."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", out + err)), default=0))
    begin, end = f"{fence}text\n", f"\n{fence}\n"
    room -= len(begin + end)
    if len((out + err).rstrip()) > room:
        err = _cut(err, room // 2)
        if result := RESULT.search(out):
            out = _left_out(out[: result.start()]) + out[result.start() :]
        out = _cut(out, room - len(err))
    return f"{begin}{(out + err).rstrip()}{end}"


def _cut(text: str, room: int, end: str = "") -> str:
    """Keep the first lines of a text, as many as there is room for, and say how many are left out before its end."""
    if len(text) <= room:
        return text
    lines = text.splitlines(keepends=True)
    fitting = sum(length <= room - NOTE - len(end) for length in accumulate(map(len, lines)))
    return f"{''.join(lines[:fitting])}\n{_left_out(''.join(lines[fitting:]))}{end}"


def _left_out(text: str) -> str:
    lines = len(text.splitlines())
    return f"… {lines:,} lines are left out here; all of it is in the log of the job.\n"
