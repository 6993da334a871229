"""What all reports have in common: they begin with whom and what they are of, and end with what was not looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from rich.console import RenderableType
from rich.text import Text

from accessplan import __version__
from accessplan.errors import Exit
from accessplan.report.console import hanging, heading
from accessplan.report.safe import code, markdown, spelled_out, visible


class Headed(Protocol):
    """A report of one organization, of a document and a live side; `commit` is empty where there is none."""

    @property
    def organization_id(self) -> int:
        """The organization's number."""

    @property
    def organization_name(self) -> str:
        """Its name."""

    @property
    def document(self) -> str:
        """Where the wanted side was read."""

    @property
    def commit(self) -> str:
        """The commit of the document."""

    @property
    def live(self) -> str:
        """Where the live side was read."""

    @property
    def today(self) -> date:
        """The day of the run."""


def identity(report: Headed, when: str, *, base: str = "", note: str = "") -> Text:
    """Say in three lines what a report is of; `when` stands behind the organization, `note` behind the live side."""
    want, have = _sides(report, visible, base)
    return Text(f"{visible(report.organization_name)} ({report.organization_id}) {when}\n{want}\n{have}{note}", "dim")


def markdown_title(report: Headed, command: str, title: str) -> str:
    """Return the heading, below a comment by which a bot finds what it wrote before."""
    mark = f"<!-- accessplan {command} {report.organization_id} -->"
    return f"{mark}\n## {title} {markdown(visible(report.organization_name))}\n\n"


def markdown_identity(report: Headed, when: str, *, base: str = "", note: str = "") -> str:
    """Say in one line of Markdown what a report is of; see `identity`."""
    want, have = _sides(report, lambda name: code(visible(name)), base)
    return f"Organization {report.organization_id} {when} · {want} · {have}{note}\n\n"


def json_head(report: Headed, version: str, **inputs: object) -> dict[str, Any]:
    """Return what every report in JSON begins with; `inputs` are further ones."""
    return {
        **json_version(version),
        "organization": {"id": report.organization_id, "name": report.organization_name},
        "inputs": {
            "document": report.document,
            "commit": report.commit or None,
            "live": report.live,
            "today": report.today.isoformat(),
            **inputs,
        },
    }


def json_version(version: str) -> dict[str, Any]:
    """Return in which version of its format JSON is written, and by which accessplan."""
    return {"format_version": version, "tool": {"name": "accessplan", "version": __version__}}


def json_exit(code: Exit) -> dict[str, Any]:
    """Return with which exit code a run ends, and what that is called."""
    return {"code": int(code), "name": code.name.lower()}


def not_looked_at(sentences: Sequence[str]) -> Iterator[RenderableType]:
    """Yield what was not looked at, where there is something."""
    if sentences:
        yield heading("NOT LOOKED AT", len(sentences))
        yield hanging(("  ?", spelled_out(sentence)) for sentence in sentences)


def _sides(report: Headed, shown: Callable[[str], str], base: str) -> tuple[str, str]:
    commit = f" at {shown(report.commit)}" if report.commit else ""
    from_base = f", base {shown(base)}" if base else ""
    return f"want {shown(report.document)}{commit}{from_base}", f"have {shown(report.live)}"
