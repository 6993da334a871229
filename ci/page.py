"""Writes what commands of accessplan have to tell onto the page of the job on GitHub.

page.py COMMAND…
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kept import kept

LONGEST = 250_000
"""How many characters a page has at most: GitHub takes 1,048,576 bytes, and a character may have four."""

if __name__ == "__main__":
    commands = [kept(name) for name in sys.argv[1:]]
    room = LONGEST // len(commands)
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
        page.writelines(f"{command.read('summary.md') or command.markdown(room)}\n" for command in commands)
