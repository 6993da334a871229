"""The question before something is done that cannot be taken back."""

from __future__ import annotations

import sys

import click

from accessplan.errors import Declined


def ask(question: str = "Carry this out?") -> None:
    """Ask, and go on only where the answer is yes.

    Raises:
        Declined: it is anything else.
    """
    click.echo(f"\n{question} Only 'yes' is taken as a yes: ", err=True, nl=False)
    answer = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo(err=True)  # nobody typed the end of the line
    if answer.strip() != "yes":
        raise Declined("not approved; nothing was changed")
