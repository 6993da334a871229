"""`accessplan export`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from accessplan.cli.adopt import adopt_options, adopted
from accessplan.cli.files import write_file
from accessplan.cli.options import Settings, document_argument, organization_option, shared_options
from accessplan.cli.outputs import OutputFile
from accessplan.cli.screen import Screen
from accessplan.cli.source import seen_from
from accessplan.cli.world import live_side
from accessplan.errors import InputError
from accessplan.scope import EVERYTHING
from accessplan.want.export import document_text


@click.command()
@document_argument
@organization_option
@click.option("--out", type=OutputFile(), help="Write to a new file instead of stdout.")
@adopt_options
@shared_options
def export(
    path: Path | None,
    account: int | None,
    out: Path | None,
    addresses: tuple[str, ...],
    notes: Mapping[str, str | date],
    settings: Settings,
) -> None:
    """Write the live organization as a document, whose plan is then empty.

    PATH is a document that says which organization, unless --live and --organization do. With --adopt, that document is
    edited in place instead: each entry becomes in it what is live, and nothing else changes.
    """
    if addresses:
        if account is not None or out is not None:
            raise InputError("--adopt edits the document in place", "Leave out --out and --organization.")
        adopted(path, addresses, notes, settings)
        return
    with live_side(path, account, EVERYTHING, settings) as source:
        live = source.live
        where = seen_from(out or Path("access.yaml"), source.name)
        document = document_text(live.state, live.catalogue, live.organization_id, live.organization_name, where)
    if out is None:
        Screen.of().write(document)
    else:
        write_file(out, document, keep=True)
