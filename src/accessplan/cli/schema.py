"""`accessplan schema`."""

from __future__ import annotations

import click

from accessplan.cli.screen import Screen
from accessplan.want.schema import text_of

NAMES = ("access", "organization", "plan")


@click.command()
@click.argument("name", type=click.Choice(NAMES), default="access")
def schema(name: str) -> None:
    """Print a JSON Schema: of the document, of a sandbox's organization file, or of a plan."""
    Screen.of().write(text_of(name))
