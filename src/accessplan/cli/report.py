"""`accessplan report`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import click

from accessplan.access import Access, result
from accessplan.cli.explain import places_of
from accessplan.cli.files import write_file
from accessplan.cli.git import names_in_repository
from accessplan.cli.history import rows_of
from accessplan.cli.living import look_at, not_looked_at
from accessplan.cli.memory import has_ledger
from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.outputs import OutputFile
from accessplan.cli.privacy import hiding_faults, privacy_option, without_people
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.drift import look
from accessplan.errors import Exit, InputError
from accessplan.model import Address, Membership, Partner, State, User, user_address
from accessplan.past import Counts
from accessplan.report.explanation import Sides
from accessplan.report.page import render
from accessplan.report.page.overview import Forge, Overview, Pending, Sighted
from accessplan.review import reviews
from accessplan.risk import standing
from accessplan.stale import find

ROWS = 100
"""So many rows of the ledger are shown, the newest."""

_FIELDS = {"commit", "file", "line"}


def _template(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Check a template of URLs.

    Raises:
        InputError: it is no web address, or has other fields than are filled in.
    """
    if value is None:
        return None
    remedy = "As in: https://github.com/OWNER/REPOSITORY/blob/{commit}/{file}#L{line}"
    if not value.startswith(("https://", "http://")):
        raise InputError("--source-url is no web address: it begins with https:// or http://", remedy)
    fields: set[str | None] = set()
    with suppress(ValueError):
        parts = list(Formatter().parse(value))
        fields = {f"{name}{form}{conversion or ''}" for _, name, form, conversion in parts if name is not None}
    if not fields or not fields <= _FIELDS:
        raise InputError("--source-url has other places to fill in than {commit}, {file} and {line}, or none", remedy)
    return value


@click.command()
@document_argument
@click.option("--out", type=OutputFile(), help="Write to a file instead of stdout: report.html.")
@click.option(
    "--source-url",
    "template",
    metavar="TEMPLATE",
    callback=_template,
    help="Link lines of the document: https://forge.example/blob/{commit}/{file}#L{line}.",
)
@privacy_option
@shared_options
def report(path: Path | None, out: Path | None, template: str | None, settings: Settings, *, privacy: bool) -> int:
    """Write one HTML file: who reaches what by which path, what is stale, what is due, and what was done.

    It needs no network, and nothing beside it. Nothing is changed.
    """
    with hiding_faults(privacy), planned(path, settings) as run:
        overview = _overview(run, template)
        text = render(replace(without_people(overview, run), masked=True) if privacy else overview)
        if out is None:
            Screen.of(color=settings.color).write(text)
        else:
            write_file(out, text)
        note_cost(run.source, settings)
    return Exit.OK


def _overview(run: Run, template: str | None) -> Overview:
    state, life = run.live.state, look_at(run)
    plan, judgement, catalogue = run.report.plan, run.report.judgement, run.live.catalogue
    known = state.entries.keys() | run.want.state.entries.keys()
    places = dict(places_of(run, known))
    rows = rows_of(run.live.organization_id, run.live.origin, run.settings) if has_ledger(run.settings) else []
    return Overview(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=life.today,
        people=tuple(_people(state, run.want.state)),
        ways=Sides(life.access, Access(result(state, plan)), run.want.state).ways(None),
        pending=Pending(len(plan.changes), len(judgement.risks), judgement.is_blocked),
        awaited=frozenset(run.want.state.entries.keys() - state.entries.keys()),
        what=tuple(catalogue.label(product) for product in catalogue.products),
        teams=_teams(state),
        risks=standing(life.access, frozenset(product.service for product in catalogue.products)),
        stale=find(life),
        reviews=reviews(life),
        records={address: record for address, record in life.records.items() if address in known},
        signals=life.signals,
        places=places,
        expiries=life.expiries,
        rows=tuple(rows[: -ROWS - 1 : -1]),
        coverage=_coverage(run),
        not_covered=not_looked_at(run),
        commit=run.report.commit,
        forge=_forge(template, run, {place.file for place in places.values()}) if template else None,
    )


def _people(have: State, want: State) -> Iterator[User | Partner]:
    """List who is there, and who is wanted."""
    for address in sorted(have.entries.keys() | want.entries.keys()):
        entry = have.entries.get(address) or want.entries[address]
        if isinstance(entry, User | Partner):
            yield entry


def _teams(state: State) -> dict[Address, tuple[str, ...]]:
    found: defaultdict[Address, list[str]] = defaultdict(list)
    for entry in state.entries.values():
        if isinstance(entry, Membership):
            found[user_address(entry.email)].append(entry.team)
    return {who: tuple(sorted(teams)) for who, teams in found.items()}


def _coverage(run: Run) -> tuple[Sighted, ...]:
    """Say how much of what is live the document speaks of, day by day as the ledger has it, and today."""
    zone = ZoneInfo(run.wanted.document.organization.timezone)
    today = run.report.today
    found = {day: counts for at, counts in _counted(run) if (day := at.astimezone(zone).date()) < today}
    now = look(run.live.state, run.want, run.report.plan, run.memory.past, run.memory.snoozes, today)
    return (*(Sighted(day, *found[day]) for day in sorted(found)), Sighted(today, *now.counts))


def _counted(run: Run) -> list[tuple[datetime, Counts]]:
    """List what the ledger has of coverage, the oldest first.

    Raises:
        InputError: the ledger cannot be used.
    """
    if not has_ledger(run.settings):
        return []
    from accessplan.ledger import counts_over_time, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    with open_ledger(run.settings.ledger, run.live.organization_id, run.live.origin) as ledger:
        return counts_over_time(ledger)


def _forge(template: str, run: Run, files: set[str]) -> Forge:
    """Say where a forge shows the lines of the document.

    Raises:
        InputError: the template asks for a commit, and there is none.
    """
    commit = run.report.commit.removesuffix("+")
    if "{commit}" in template and not commit:
        message = f"--source-url asks for a commit, and {run.report.document} is in no Git repository"
        raise InputError(message, "Leave {commit} out, or commit the document.")
    return Forge(template, commit, names_in_repository(files))
