"""A CODEOWNERS file: who has to approve a change of which file, as GitHub and GitLab read it.

Of several lines that match a file the last one counts, on GitLab within each section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

GITHUB, GITLAB = "github", "gitlab"
FORMATS = (GITHUB, GITLAB)

HEAD = "# Who approves which change of access; written by `accessplan codeowners`, so do not edit it by hand.\n"
SECTION = "[Access]\n"

_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)*|[^\s#,;:()<>\[\]\\\"'@]+@[\w.-]+")


class Owned(NamedTuple):
    """A file, or a folder with a / at its end, by its path from the top of the repository, and who owns it."""

    path: str
    owners: tuple[str, ...]


def render(owned: Sequence[Owned], own: Sequence[str], form: str = GITHUB) -> str:
    """Write the lines in their order; `own` are those who approve a change of the CODEOWNERS file itself."""
    lines = [" ".join(("CODEOWNERS", *own)), *(" ".join((pattern(each.path), *each.owners)) for each in owned)]
    return HEAD + (SECTION if form == GITLAB else "") + "\n".join([*lines, ""])


def is_owner(text: str) -> bool:
    """Tell whether a line can name somebody so: an e-mail address, @name or @organization/team."""
    return _OWNER.fullmatch(text) is not None


def pattern(path: str) -> str:
    r"""Write a path from the top as a pattern that matches it: /my\ team/a?1?.yaml for `my team/a[1].yaml`.

    Brackets and some others cannot be written as themselves on GitHub; a ? stands for any one character.
    """
    return "*" if path == "./" else "/" + "".join(map(_written, path))


def _written(character: str) -> str:
    if character == " ":
        return "\\ "
    return "?" if character in "[]*#!\\" or character.isspace() or not character.isprintable() else character
