"""Tells people what commands of accessplan found, on the forge.

tell.py comment   one comment on the pull request, edited in place (GitHub)
tell.py issue     one open issue, edited in place, and closed once there is nothing to tell
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence

from accessplan.errors import Exit
from accessplan.report.markdown_part import share_out
from forge import Failed, Note, NoToken, Refused, Tracker, open_forge, open_github
from kept import Kept, kept

LONGEST = 60_000
"""How many characters a comment or an issue has at most; GitHub takes 65,536."""

NIGHT = ("snapshot", "drift", "stale")

TO_WRITE = {
    "comment": "On a pull request from a fork no job may; else give it the permission pull-requests: write.",
    "issue": "It needs a repository in which issues are switched on, and the permission issues: write; on GitLab the "
    "variable ACCESSPLAN_GITLAB_TOKEN, a project token that may use the API.",
}
"""What is needed to write, or why it need not be."""


def comment() -> None:
    """Write the plan under the change it is about; where nothing comes from it, only an older comment is edited."""
    plan = kept("plan")
    with open_github() as github:
        text = _marked("plan", [plan], github.run)
        mine = _find(github.comments(), text)
        if mine is None and not plan.is_silent:
            github.comment(text)
        elif mine is not None and not _is_same(mine.text, text):
            github.edit_comment(mine.number, text)


def issue() -> None:
    """Tell what the night found, in one issue; close it where there is nothing to tell."""
    night = [kept(name) for name in NIGHT]
    found = [each for each in night if each.code not in (None, Exit.OK)]
    try:
        with open_forge() as forge:
            _tell_in_issue(forge, found, could_look=night[0].code == Exit.OK)
    except NoToken:
        if found:
            raise


def _tell_in_issue(forge: Tracker, found: Sequence[Kept], *, could_look: bool) -> None:
    text = _marked("night", found, forge.run)
    mine = _find(forge.issues(), text)
    if found and mine is None:
        forge.open_issue(f"Access of organization {os.environ['ORGANIZATION']}: to be looked at", text)
    elif found and mine is not None and not _is_same(mine.text, text):
        forge.edit_issue(mine.number, text)
    elif mine is not None and not found and could_look:
        forge.close_issue(mine.number, f"Nothing is left to tell: {forge.run}")


def _marked(about: str, commands: Sequence[Kept], job: str) -> str:
    """Put the line on top by which it is found again, and the way to the job below; what is between shares the room."""
    marker = f"<!-- accessplan {about} {os.environ['ORGANIZATION']} -->\n"
    foot = f"\n[The job]({job})\n"
    room = LONGEST - len(marker) - len(foot) - len(commands)
    shares = share_out(room, [len(each.markdown(room)) for each in commands])
    text = "\n".join(each.markdown(share) for each, share in zip(commands, shares, strict=True))
    return f"{marker}{text}{foot}"


def _find(ours: Iterable[Note], text: str) -> Note | None:
    """Find what begins with the same line: no name can stand there."""
    return next((note for note in ours if note.text.splitlines()[:1] == text.splitlines()[:1]), None)


def _is_same(one: str, other: str) -> bool:
    """Compare as far as it matters: forges change the ends of lines, and each run has a page of its own."""
    return _compared(one) == _compared(other)


def _compared(text: str) -> str:
    return re.sub(r"\[The job\]\([^\n]*\)\s*\Z", "", text.replace("\r\n", "\n")).strip()


def main(what: str) -> int:
    """Run one of the commands above; returns the exit code."""
    try:
        {"comment": comment, "issue": issue}[what]()
    except Refused as error:
        sys.stderr.write(f"This job may not write {what}s, so its page alone tells what was found: {error}\n")
        sys.stderr.write(f"  {TO_WRITE[what]}\n")
        return Exit.OK if what == "comment" else Exit.INPUT  # a fork's job may not; the night's has to
    except Failed as error:
        sys.stderr.write(f"The {what} could not be written, so it may not say what is so now: {error}\n")
        sys.stderr.write("  Run the job again.\n")
        return Exit.INPUT
    return Exit.OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
