"""`accessplan completion`, and what completes: commands, options, files, and the names in the document."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from accessplan.cli.screen import Screen

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, files and names in a shell.

    Names of people, teams, partners and products come from the document; the live organization is not asked.
    """
    root = ctx.find_root()
    variable = f"_{root.info_name}_COMPLETE".upper()
    kind = get_completion_class(shell)
    if kind is not None:
        Screen.of().write(kind(root.command, {}, str(root.info_name), variable).source())
