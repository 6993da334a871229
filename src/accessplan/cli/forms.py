"""`--format` and `--out`: in which form a report goes to stdout, and in which ones to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from accessplan.cli.files import write_file
from accessplan.cli.outputs import OutputFile
from accessplan.cli.screen import Screen
from accessplan.errors import InputError
from accessplan.report.formats import by_suffix, chosen

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Forms(Generic[Told]):
    """The form of stdout, None where it is text for a screen, and how each file is rendered."""

    on_stdout: Callable[[Told], str] | None
    files: Mapping[Path, Callable[[Told], str]]

    def write(self, report: Told, screen: Screen, text: Callable[..., str], **detail: Any) -> None:  # noqa: ANN401 - whatever the text takes
        """Write a report; `text` renders it for a screen of a width, with or without colour."""
        if self.on_stdout is None:
            screen.write(text(report, width=screen.width, color=screen.color, **detail))
        else:
            screen.write(self.on_stdout(report))
        for file, render in self.files.items():
            write_file(file, render(report))


def forms_option(formats: Mapping[str, Callable[[Told], str]]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command `--format` and `--out`; they reach it as `forms`."""
    suffixes = by_suffix(formats)
    listed = ", ".join(suffixes)

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_forms(files: tuple[Path, ...], form: str, **own: Any) -> Any:  # noqa: ANN401 - click's own
            renderers = {}
            for file in files:
                if (render := chosen(suffixes, file.name)) is None:
                    raise InputError(f"no format is known for {file}", f"The suffix chooses it: {listed}.")
                renderers[file] = render
            return command(forms=Forms(None if form == "text" else formats[form], renderers), **own)

        given: Callable[..., Any] = with_forms
        for option in (_format(formats), _out(listed)):
            given = option(given)
        return given

    return decorate


def _format(formats: Mapping[str, object]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    choice = click.Choice(list(formats))
    return click.option("--format", "form", type=choice, default="text", show_default=True, help="What goes to stdout.")


def _out(suffixes: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--out",
        "files",
        metavar="FILE",
        type=OutputFile(),
        multiple=True,
        help=f"Write to a file too, in the format of its suffix: {suffixes} (repeatable).",
    )
