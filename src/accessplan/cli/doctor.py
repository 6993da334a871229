"""`accessplan doctor`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from accessplan.check import Check, Status
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.options import Settings, document_argument, organization_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import chosen_side
from accessplan.errors import Exit
from accessplan.report import checks

FORMATS = {"text": checks.render, "json": checks.render_json}


@click.command()
@document_argument
@organization_option
@forms_option(FORMATS)
@shared_options
def doctor(path: Path | None, account: int | None, forms: Forms[Sequence[Check]], settings: Settings) -> int:
    """Say what the token may read and do, and which requests work in this organization.

    Nothing is changed. Each line says what was found, and what that means for plans; what cannot be examined is a line
    too. Where nothing at all can be read, the exit code is 5.
    """
    from accessplan.cli.connect import examined  # noqa: PLC0415 - httpx is most of the start-up time

    where, number = chosen_side(path, account, settings)
    found, cost = examined(where, number, settings)
    forms.write(found, Screen.of(color=settings.color), checks.render)
    if not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).line(f"{cost}.")
    return Exit.LIVE if all(check.status is Status.WARNING for check in found) else Exit.OK
