"""`accessplan history` and `accessplan history verify`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from accessplan.cli.options import STATE, Settings, ledger_options, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import chosen_side
from accessplan.errors import InputError
from accessplan.have.snapshot import load
from accessplan.report import history as text
from accessplan.report.console import number


@click.group(invoke_without_command=True)
@click.option("--document", type=click.Path(path_type=Path), help="The document; access.yaml or access/ otherwise.")
@click.option("--organization", "account", type=int, help="The organization's number, where there is no document yet.")
@click.option("--who", metavar="EMAIL", default="", help="Only what names this person.")
@click.option("--what", metavar="ADDRESS", default="", help="Only what is about this entry, or hangs on it.")
@click.option(
    "--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Only what was written since this day."
)
@click.option("--kind", metavar="KIND", default="", help="Only rows of a kind: invited, attested, plan applied…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
@shared_options
def history(
    document: Path | None,
    account: int | None,
    who: str,
    what: str,
    since: datetime | None,
    kind: str,
    form: str,
    settings: Settings,
) -> None:
    """List what the ledger holds of an organization: what was done and said, by whom and when. Nobody is asked.

    `history verify` checks that no row was changed, removed or moved.
    """
    context = click.get_current_context()
    if context.invoked_subcommand:
        context.obj = settings
        return
    organization, origin = _place(document, account, settings)
    rows = text.chosen(
        rows_of(organization, origin, settings), who=who, what=what, since=since.date() if since else None, kind=kind
    )
    from accessplan.ledger import shown  # noqa: PLC0415 - SQLAlchemy is slow to import

    told = text.History(shown(settings.ledger), organization, origin, rows)
    screen = Screen.of(color=settings.color)
    if form == "json":
        screen.write(text.render_json(told))
    else:
        screen.write(text.render(told, width=screen.width, color=screen.color))


@history.command()
@click.option("--head", "known", metavar="HASH", default="", help="A head that was printed before, and kept elsewhere.")
@ledger_options
def verify(known: str, settings: Settings) -> None:
    """Check the chain of the ledger, of all its organizations, and print its head: the hash of the last row.

    Rows that were cut off at the very end show only to who kept a head elsewhere: --head.
    """
    from accessplan import ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    settings = _either(settings, click.get_current_context().obj)
    screen = Screen.of(color=settings.color)
    links = ledger.all_links(settings.ledger)
    faults = ledger.verify(links, known.strip().lower())
    for fault in faults:
        screen.line(f"{fault.message}.")
    if faults:
        where = next((f"at row {fault.number}" for fault in faults if fault.number), "at its end")
        remedy = "Restore the ledger from a copy."
        if links and not any(link.hash for link in links):
            remedy = "An earlier accessplan made it: the next apply or attest chains the rows that are there."
        raise InputError(f"the chain of the ledger {ledger.shown(settings.ledger)} is broken {where}", remedy)
    emptied = sum(not link.body for link in links)
    pruned = f", the content of {emptied} pruned" if emptied else ""
    screen.line(f"The chain holds: {number(len(links), 'row', 'rows')}{pruned}.")
    screen.line(f"Head: {ledger.head(links)}")


def _place(document: Path | None, account: int | None, settings: Settings) -> tuple[int, str]:
    """Say of which organization and live system, without asking it."""
    where, organization = chosen_side(document, account, settings, is_asked=False)
    if is_snapshot(where):
        live = load(Path(where))
        return live.organization_id, live.origin
    from accessplan.cli.connect import origin_of  # noqa: PLC0415 - httpx is most of the start-up time

    return organization, origin_of(where)


def rows_of(organization: int, origin: str, settings: Settings) -> list[text.Told]:
    """List what the ledger holds of an organization of a live system, the oldest first.

    Raises:
        InputError: the ledger cannot be used.
    """
    from accessplan.ledger import all_links, row_of  # noqa: PLC0415 - SQLAlchemy is slow to import

    ours = [link for link in all_links(settings.ledger) if (link.organization, link.live) == (organization, origin)]
    rows = [(link, row_of(link.number, link.at, link.body or "{}")) for link in ours]
    return [
        text.Told(row.number, row.at, link.kind, row.body, link.hash, is_pruned=not link.body) for link, row in rows
    ]


def _either(own: Settings, outer: Settings) -> Settings:
    """Take the ledger as it is named behind `verify`, or else before it."""
    state = own.state if own.state != STATE else outer.state
    color = own.color and outer.color
    return replace(own, ledger_at=own.ledger_at or outer.ledger_at, state=state, color=color)
