"""What `run.sh` kept of a command: how it ended, what it wrote, what it said."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from accessplan.errors import EXIT_MEANINGS, Exit

LONGEST_QUOTE = 8_000
"""How many characters of what a command said are quoted: the last ones."""

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

    @property
    def markdown(self) -> str:
        """What there is to tell in Markdown: what it wrote itself, else what it said; empty where it did not run."""
        if written := self.read("md"):
            return MARKER.sub("", written)
        if self.code is None:
            return ""
        meanings = {int(code): meaning for code, meaning in EXIT_MEANINGS.items()}
        head = f"### accessplan {self.name}: {meanings.get(self.code, 'ended from outside')} (exit code {self.code})"
        return f"{head}\n\n{fenced((self.read('out') + self.read('err'))[-LONGEST_QUOTE:])}"

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


def fenced(text: str) -> str:
    """Quote text in Markdown as it is: nothing in it is a link, a mention or the end of the quote."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"
