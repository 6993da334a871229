"""`accessplan doctor`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from accessplan.check import Status
from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import chosen_side
from accessplan.errors import Exit
from accessplan.report import checks


@click.command()
@document_argument
@click.option("--organization", "account", type=int, help="The organization's number, where there is no document yet.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
@shared_options
def doctor(path: Path | None, account: int | None, form: str, settings: Settings) -> int:
    """Say what the token may read and do, and which requests work in this organization.

    Nothing is written. Each line says what was found, and what that means for plans; what cannot be examined is a line
    too. Where nothing at all can be read, the exit code is 5.
    """
    from accessplan.cli.connect import examined  # noqa: PLC0415 - httpx is most of the start-up time

    where, number = chosen_side(path, account, settings)
    screen = Screen.of(color=settings.color)
    found, cost = examined(where, number, settings)
    if form == "json":
        screen.write(checks.render_json(found))
    else:
        screen.write(checks.render(found, width=screen.width, color=screen.color))
    if not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")
    return Exit.LIVE if all(check.status is Status.WARNING for check in found) else Exit.OK
