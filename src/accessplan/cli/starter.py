"""The texts of first files: a document, a sandbox's organization, the workflows of a team's repository.

They are templates beside this module, in which `$name` stands for a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from string import Template
from typing import NamedTuple

from accessplan import __version__
from accessplan.errors import InputError
from accessplan.policy import later
from accessplan.report.safe import spelled_out

GITHUB, GITLAB = "github", "gitlab"

SAMPLE_NUMBER = 4242
"""The organization's number where nobody said it: that of the sandbox, and a place to fill in otherwise."""


class Called(NamedTuple):
    """Where the workflows of accessplan are that a team's files call: a repository, and a tag, branch or commit."""

    repository: str
    ref: str


_UNTIL, _SOON = 180, 30

FORGES: Mapping[str, Mapping[str, str]] = {
    GITHUB: {f".github/workflows/access-{job}.yml": f"github/access-{job}.yml" for job in ("plan", "apply", "drift")},
    GITLAB: {".gitlab-ci.yml": "gitlab/gitlab-ci.yml"},
}
"""The files of a team's repository that run accessplan, by forge, each with its template."""

TO_FILL_IN: Mapping[str, Called] = {
    GITHUB: Called("OWNER/accessplan", f"v{__version__}"),
    GITLAB: Called("GROUP/accessplan", "0" * 40),
}
"""What stands in these files until somebody says where accessplan is; on GitLab that is said by a whole hash."""

_EXAMPLES = "# What follows are examples: take the # away, and name your own people.\n"


def starter(number: int | None, today: date, *, sandbox: str = "") -> str:
    """Write a first document: with its examples for a sandbox, whose file it names, and else as comments alone."""
    place = f"\n  live: sandbox:{sandbox}    # leave this line out to manage the real organization" if sandbox else ""
    if not place and number is None:
        place = "    # write your organization's number here"
    text = _filled("access.yaml", number, today, {"place": place})
    head, mark, examples = text.partition("roles:\n")
    if sandbox:
        return text
    return head + _EXAMPLES + "\n" + "".join(map(_as_comment, (mark + examples).splitlines(keepends=True)))


def organization_text(number: int | None, today: date, file: str) -> str:
    """Write the sandbox's organization that the starter goes with; `file` is what it will be called."""
    return _filled("organization.yaml", number, today, {"file": file})


def with_head(document: str, today: date) -> str:
    """Put a helpful head on the document of a live organization."""
    return _filled("from-live.txt", None, today, {}) + document


def workflow_texts(forge: str, document: str, number: int | None, called: Called, branch: str) -> dict[str, str]:
    """Write the files that run accessplan on a forge, by their names; `document` is named from the top.

    `branch` is the one whose pushes are carried out; GitLab knows it by itself.

    Raises:
        InputError: a name is not text.
    """
    literally = re.sub(r"[!+]", r"\\\g<0>", branch)  # what else has a meaning in GitHub's patterns, Git forbids
    values = {"document": _quoted(document), "branch": _quoted(literally), **called._asdict()}
    return {name: _filled(template, number, date.min, values) for name, template in FORGES[forge].items()}


def _filled(name: str, number: int | None, today: date, values: Mapping[str, str]) -> str:
    dates = {"today": today, "until": later(today, _UNTIL), "soon": later(today, _SOON)}
    return _template(name).substitute(dates, organization=number or SAMPLE_NUMBER, **values)


def _quoted(name: str) -> str:
    """Write a name as YAML, on one line and as itself whatever is in it.

    Raises:
        InputError: it has bytes that are no UTF-8, which no YAML can hold.
    """
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{name} cannot be written into YAML: it is no UTF-8", "Give it another name.") from error
    return spelled_out(json.dumps(name, ensure_ascii=False))


def _template(name: str) -> Template:
    return Template((files("accessplan.cli") / "templates" / name).read_text(encoding="utf-8"))


def _as_comment(line: str) -> str:
    return f"# {line}" if line.strip() else line
