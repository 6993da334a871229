"""`accessplan stale`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import click

from accessplan.announcement import sort_out
from accessplan.cli.announced import to_announce
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.living import look_at, not_looked_at
from accessplan.cli.notify import Notice, notify_option
from accessplan.cli.options import Settings, document_argument, shared_options, within_option
from accessplan.cli.privacy import hiding_faults, privacy_option, without_people
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import InputError
from accessplan.model import Address
from accessplan.report import stale_text
from accessplan.report.stale_formats import FORMATS
from accessplan.report.stale_report import Announcing, StaleReport
from accessplan.review import due_soon
from accessplan.stale import Look, Stale, find, in_order


@click.command()
@document_argument
@forms_option(FORMATS)
@within_option("Also what ends, or is due for review, within so many days: 30d.")
@click.option("--announce", is_flag=True, help="Announce what is to be revoked: the plan does it after the grace.")
@privacy_option
@notify_option
@shared_options
def stale(
    path: Path | None,
    forms: Forms[StaleReport],
    within: int | None,
    settings: Settings,
    notice: Notice,
    *,
    announce: bool,
    privacy: bool,
) -> int:
    """Say which live grants should be revoked or looked at. Exits with 2 where there are any.

    Each with the signals that say so, and those that the live system does not show. Nothing is changed. With --announce
    the ledger keeps what calls for a revocation: once the grace has passed the plan revokes that, and only that, unless
    it is used, changed, reviewed or exempt by then.
    """
    with hiding_faults(privacy), planned(path, settings, lock="stale" if announce else "") as run:
        whole = _report(run, within, announce=announce)
        report = without_people(whole, run) if privacy else whole
        forms.write(report, Screen.of(color=settings.color), stale_text.render)
        note_cost(run.source, settings)
        if report.found:
            notice.tell(f"accessplan stale: organization {report.organization_id}", report.verdict)
        return report.exit


def _report(run: Run, within: int | None, *, announce: bool) -> StaleReport:
    look = look_at(run, within)
    found = find(look)
    standing, over = sort_out(run.memory.announced, look, found)
    announcing = _announce(run, look, found, over, standing) if announce else None
    new = {each.address: each for each in announcing.new} if announcing else {}
    return StaleReport(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=look.today,
        found=found if within is None else in_order((*found, *due_soon(look))),
        not_covered=not_looked_at(run),
        within=within,
        commit=run.report.commit,
        life=look.life,
        announced={**standing, **new},
        announcing=announcing,
    )


def _announce(
    run: Run, look: Look, found: tuple[Stale, ...], over: Mapping[Address, str], standing: Collection[Address]
) -> Announcing:
    """Write down what calls for a revocation and is not announced yet, and which announcements hold no more.

    Raises:
        InputError: the live side is a snapshot, which may be old; or the ledger cannot be used.
    """
    if is_snapshot(run.source.name):
        raise InputError(f"{run.source.name} is a snapshot, which may be old", "Announce from the live one: --live.")
    new = tuple(
        each
        for each in to_announce(found, look, run.wanted.document, run.live, run.report.plan)
        if each.address not in standing
    )
    if not new and not over:
        return Announcing(())
    from accessplan.ledger import announce, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    settings = run.settings
    with open_ledger(settings.ledger, run.live.organization_id, run.live.origin, write=True) as ledger:
        announce(ledger, new, over, run.live.ids, settings.now)
    return Announcing(new, over)
