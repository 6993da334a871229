"""Writes what commands of accessplan have to tell onto the page of the job on GitHub.

page.py COMMAND…
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kept import kept

if __name__ == "__main__":
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
        page.writelines(f"{command.read('summary.md') or command.markdown}\n" for command in map(kept, sys.argv[1:]))
