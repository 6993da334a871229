"""`accessplan history` and `accessplan history verify`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from accessplan.cli.asked import entry_address
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.groups import DefaultGroup
from accessplan.cli.kinds import Day
from accessplan.cli.options import Settings, document_option, ledger_options, organization_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import chosen_side
from accessplan.errors import InputError
from accessplan.have.snapshot import load
from accessplan.report import history as text
from accessplan.report.console import number

FORMATS = {"text": text.render, "json": text.render_json}

_HEAD = re.compile(r"[0-9a-f]{64}")


@click.group(cls=DefaultGroup, default="list")
def history() -> None:
    """List what the ledger holds of an organization, or check that no row of it was touched.

    \b
    accessplan history [--who EMAIL] [--what ADDRESS] [--since DATE] [--kind KIND] [--format json] [--out FILE]
    accessplan history verify [--head HASH]
    """  # noqa: D301 - \b is click's


@history.command("list")
@document_option
@organization_option
@click.option("--who", metavar="EMAIL", default="", help="Only what names this person.")
@click.option("--what", metavar="ADDRESS", default="", help="Only what is about this entry, or hangs on it.")
@click.option("--since", metavar="DATE", type=Day(), help="Only what was written since this day.")
@click.option("--kind", metavar="KIND", default="", help="Only rows of a kind: invited, attested, plan applied…")
@forms_option(FORMATS)
@shared_options
def rows(
    document: Path | None,
    account: int | None,
    who: str,
    what: str,
    since: date | None,
    kind: str,
    forms: Forms[text.History],
    settings: Settings,
) -> None:
    """List what was done and said, by whom and when: this is what `accessplan history` does by itself.

    Nobody is asked.
    """
    about = str(entry_address(what)) if what else ""
    organization, origin = _place(document, account, settings)
    found = text.chosen(rows_of(organization, origin, settings), who=who, what=about, since=since, kind=kind)
    from accessplan.ledger import shown  # noqa: PLC0415 - SQLAlchemy is slow to import

    told = text.History(
        shown(settings.ledger), organization, origin, found, is_filtered=bool(who or what or since or kind)
    )
    forms.write(told, Screen.of(color=settings.color), text.render)


@history.command()
@click.option("--head", "known", metavar="HASH", default="", help="A head that was printed before, and kept elsewhere.")
@ledger_options
def verify(known: str, settings: Settings) -> None:
    """Check the chain of the ledger, of all its organizations, and print its head: the hash of the last row.

    Rows that were cut off at the very end show only to who kept a head elsewhere: --head.
    """
    from accessplan import ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    screen = Screen.of(color=settings.color)
    known = known.strip().lower()
    if known and not _HEAD.fullmatch(known):
        raise InputError("--head is no head of a ledger", "It is 64 hexadecimal digits, as `history verify` prints.")
    links = ledger.all_links(settings.ledger)
    faults = ledger.verify(links, known)
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
