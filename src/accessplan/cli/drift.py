"""`accessplan drift`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from accessplan.cli.asked import named
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.groups import DefaultGroup
from accessplan.cli.kinds import Day, said
from accessplan.cli.living import not_seen
from accessplan.cli.notify import Notice, notify_option
from accessplan.cli.options import Settings, by_option, document_argument, document_option, shared_options
from accessplan.cli.privacy import hiding_faults, privacy_option, without_people
from accessplan.cli.screen import Screen
from accessplan.cli.sightings import records, seen, snooze_it
from accessplan.cli.world import Run, note_cost, planned
from accessplan.drift import Drift, Found, Snooze
from accessplan.errors import InputError
from accessplan.past import Past
from accessplan.policy import later
from accessplan.report import drift_text
from accessplan.report.drift_formats import FORMATS
from accessplan.report.drift_report import DriftReport
from accessplan.report.safe import visible_address

LONGEST = 365
"""For how many days somebody may leave what drifted as it is: then they look again."""


@click.group(cls=DefaultGroup, default="report")
def drift() -> None:
    """Say what changed live although nobody asked for it, or leave something as it is for a while.

    \b
    accessplan drift [PATH] [--format json] [--out FILE] [--no-record]
    accessplan drift snooze ADDRESS --until DATE --reason TEXT --by WHO
    """  # noqa: D301 - \b is click's


@drift.command("report")
@document_argument
@forms_option(FORMATS)
@click.option("--no-record", is_flag=True, help="Write nothing into the ledger, as for a pull request.")
@privacy_option
@notify_option
@shared_options
def report(
    path: Path | None,
    forms: Forms[DriftReport],
    settings: Settings,
    notice: Notice,
    *,
    no_record: bool,
    privacy: bool,
) -> int:
    """Say what changed live although nobody asked for it. Exits with 2 where there is any of that.

    Compared are how an entry was when an apply last left it, what the document wants, and what is live. What somebody
    did by hand as asked is no drift, nor is what waits to be done. The live organization is not changed; how it is is
    written into the ledger, so that later runs know since when, unless it is read from a snapshot.
    """
    began = settings.now
    with hiding_faults(privacy), planned(path, settings) as run:
        found, past = seen(run, began, record=not no_record)
        whole = _report(run, found, past, recorded=not no_record and records(run))
        told = without_people(whole, run) if privacy else whole
        forms.write(told, Screen.of(color=settings.color), drift_text.render, listed=settings.verbose)
        note_cost(run.source, settings)
        if found.drifts:
            notice.tell(f"accessplan drift: organization {told.organization_id}", told.verdict)
        return told.exit


@drift.command()
@click.argument("address")
@click.option(
    "--until",
    metavar="DATE",
    type=Day(),
    required=True,
    help=f"The last day on which it counts as known, at most {LONGEST} days from today.",
)
@click.option("--reason", metavar="TEXT", required=True, callback=said("Say why."), help="Why it may be so.")
@by_option("Who says so")
@document_option
@shared_options
def snooze(address: str, until: date, reason: str, who: str, document: Path | None, settings: Settings) -> None:
    """Leave an entry that drifted as it is, to the end of a day: drift runs name it, and do not exit with 2 for it.

    ADDRESS is as `accessplan drift` writes it. When the entry moves further it counts as drift again.
    """
    began = settings.now
    with planned(document, settings) as run:
        last = _last_day(until, run.wanted.today)
        found, _ = seen(run, began, record=False)
        chosen = _chosen(address, found)
        snooze_it(run, Snooze(chosen.address, chosen.as_it_is, last, reason, who), settings)
        note_cost(run.source, settings)
    Screen.of(color=settings.color).line(f"{visible_address(chosen.address)}: left as it is until {last}.")


def _last_day(until: date, today: date) -> date:
    """Check the last day of a snooze.

    Raises:
        InputError: it has passed, or is too far away.
    """
    latest = later(today, LONGEST)
    if not today <= until <= latest:
        why = "has passed" if until < today else f"is more than {LONGEST} days away"
        raise InputError(f"{until} {why}", f"Name a day from {today} to {latest}.")
    return until


def _chosen(address: str, found: Found) -> Drift:
    """Find the drift of an address; one that is snoozed may be snoozed for longer.

    Raises:
        InputError: it has not drifted.
    """
    drifts = (*found.drifts, *(each for each, _ in found.snoozed))
    return named(address, drifts, "has not drifted", none="Nothing has.")


def _report(run: Run, found: Found, past: Past, *, recorded: bool) -> DriftReport:
    return DriftReport(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=run.wanted.today,
        found=found,
        applied_at=past.applied_at,
        by_hand=run.report.addresses_by_hand,
        not_covered=not_seen(run),
        commit=run.report.commit,
        zone=ZoneInfo(run.wanted.document.organization.timezone),
        recorded=recorded,
    )
