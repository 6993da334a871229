"""What goes to the terminal: results on stdout, everything else on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

import click

from accessplan.finding import Finding
from accessplan.report import findings as findings_text
from accessplan.report.safe import spelled_out, visible

NARROWEST, WIDEST, IN_A_PIPE = 60, 120, 80


@dataclass(frozen=True, slots=True)
class Screen:
    """One stream: how wide it is, and whether it shows colour."""

    stream: TextIO
    width: int
    color: bool

    @classmethod
    def of(cls, stream: TextIO | None = None, *, color: bool = True) -> Screen:
        """Look at a stream, stdout unless another is given; NO_COLOR and pipes get no colour."""
        stream = stream or sys.stdout
        is_terminal = stream.isatty()
        columns = shutil.get_terminal_size((IN_A_PIPE, 24)).columns if is_terminal else IN_A_PIPE
        colorful = color and is_terminal and not os.environ.get("NO_COLOR")
        return cls(stream, max(NARROWEST, min(columns, WIDEST)), colorful)

    def write(self, text: str) -> None:
        """Write a rendered text. A reader that has gone (`head`, a pager) must not stop an apply half way."""
        try:
            click.echo(text, file=self.stream, nl=False, color=self.color)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())

    def line(self, text: str) -> None:
        """Write one plain line; what a name hides in it is written out."""
        self.write(f"{visible(text)}\n")

    def findings(self, findings: Sequence[Finding]) -> None:
        """Write findings."""
        self.write(findings_text.render(findings, width=self.width, color=self.color))

    def error(self, message: str, remedy: str) -> None:
        """Write what is wrong and what to do."""
        label = click.style("error:", fg="red", bold=True)
        self.write(f"{label} {spelled_out(message)}\n" + (f"  {spelled_out(remedy)}\n" if remedy else ""))
