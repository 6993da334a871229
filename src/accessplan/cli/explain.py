"""`accessplan explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from accessplan.access import BILLING, ORGANIZATION, Access, covers, result
from accessplan.cli.asked import Known, asked_about, asked_scope
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.git import written
from accessplan.cli.kinds import Day
from accessplan.cli.names import complete_anybody_or_thing, complete_things
from accessplan.cli.options import Settings, document_option, shared_options
from accessplan.cli.past import explained
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import Run, note_cost, planned, wanted
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, Place, warning
from accessplan.model import MAILBOX, TEAM, USER, Address, BlindSpot, User, normalize_email, owners
from accessplan.report import explain as shown
from accessplan.report.explanation import Explanation, Mark, Sides, Way
from accessplan.select import service_of
from accessplan.want.recognize import recognize
from accessplan.want.why_not import Question, why_not

FORMATS = {"text": shown.render, "json": shown.render_json}

NOT_READ = "Mailboxes, kDrives and apps that the document does not name were not read; a snapshot has them all."

_SAID = {
    Mark.LIVE: "they reach it already",
    Mark.NOT_IN_THE_DOCUMENT: "they reach it already, though the document does not say so",
    Mark.PLANNED: "the next apply gives it",
    Mark.TO_BE_REVOKED: "they reach it, until the next apply revokes it",
}


@click.command()
@click.argument("first", metavar="WHO|WHAT", shell_complete=complete_anybody_or_thing)
@click.argument("what", required=False, shell_complete=complete_things)
@click.option("--why-not", "is_missing", is_flag=True, help="Say what is missing for WHO to reach WHAT.")
@click.option(
    "--on",
    "day",
    metavar="DATE",
    type=Day(),
    help="Who reached what on a day that was: as Git has the document, and as the ledger has what was live.",
)
@document_option
@forms_option(FORMATS)
@shared_options
def explain(
    first: str,
    what: str | None,
    day: date | None,
    document: Path | None,
    forms: Forms[Explanation],
    settings: Settings,
    *,
    is_missing: bool,
) -> int:
    """Say who reaches what, by which paths, down to the line of the document and the commit that wrote it.

    WHO is an e-mail address, or the name of a team or partner; WHAT a product (hosting/www.example.ch), hosting/*,
    mailbox/ADDRESS, organization or billing. WHO alone: everything they reach; WHAT alone: everybody who reaches it.
    """
    if is_missing and what is None:
        raise InputError("--why-not needs WHO and WHAT", "As in: explain ana@example.ch hosting/* --why-not")
    if is_missing and day is not None:
        raise InputError("--why-not is about today", "Leave --on out, or --why-not.")
    screen = Screen.of(color=settings.color)
    side = wanted(document, settings)
    if day is not None:
        forms.write(explained(first, what, day, side, settings), screen, shown.render)
        return Exit.OK
    users = {user.email for user in side.document.users.items}
    alone = "" if normalize_email(first) in users else first
    with planned(document, settings, also=asked_scope(alone if what is None else what)) as run:
        who, things = asked_about(first, what, _known(run), is_missing=is_missing)
        forms.write(_explain(run, who, things, is_missing=is_missing), screen, shown.render)
        note_cost(run.source, settings)
    return Exit.OK


def _known(run: Run) -> Known:
    """List what can be asked about: what either side has, and what the document names for other days."""
    document = run.wanted.document
    entries = {each for each in (*run.live.state.entries, *run.want.state.entries) if not each.part}
    named = {each.address for each in document.users.items} | {each.address for each in document.partners.items}
    mailboxes = run.live.catalogue.mailboxes.union(each.email for each in document.mailboxes.items)
    return Known(frozenset(entries | named), mailboxes, run.live.catalogue)


def _explain(run: Run, who: Address | None, things: tuple[str, ...], *, is_missing: bool) -> Explanation:
    state = run.live.state
    sides = Sides(Access(state), Access(result(state, run.report.plan)), run.want.state)
    ways = sides.ways(who, things)
    dangers = sides.dangers(ways, who, things)
    members = sides.members(who) if who and who.kind == TEAM and not things else ()
    stations = {address for way in ways for address in way.path.through}
    stations.update(address for each in dangers for address in each.takeover.through)
    places = dict(places_of(run, stations.union(each.address for each in members)))
    return Explanation(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=run.report.today,
        who=who,
        what=things,
        ways=ways,
        dangers=dangers,
        members=members,
        names=dict(_names(run, {way.path.who for way in ways}.union([who] if who else []))),
        places=places,
        written=written(places.values()),
        why_not=tuple(_reasons(run, who, things, ways)) if is_missing and who else None,
        not_covered=tuple(_not_covered(run, who, things)),
        commit=run.report.commit,
    )


def places_of(run: Run, addresses: Iterable[Address]) -> Iterator[tuple[Address, Place]]:
    """Find the lines of entries: where they are wanted, or else the reason why they go."""
    going = {change.address: change.place for change in run.report.plan.changes if change.after is None}
    for address in addresses:
        reasons = (run.want.places.get(address), going.get(address), *map(going.get, sorted(owners(address))))
        if place := next(filter(None, reasons), None):
            yield address, place


def _names(run: Run, people: Iterable[Address]) -> Iterator[tuple[Address, str]]:
    for who in people:
        entry = run.live.state.entries.get(who) or run.want.state.entries.get(who)
        if isinstance(entry, User):
            name = f"{entry.first_name} {entry.last_name}".strip()
            invited = "invited" if entry.invited else ""
            yield who, ", ".join(filter(None, (name, entry.role.replace("_", " "), invited)))


def _reasons(run: Run, who: Address, things: Iterable[str], ways: Iterable[Way]) -> Iterator[Finding]:
    """Say of each thing why somebody does not reach it, or that they do."""
    catalogue, today = run.live.catalogue, run.report.today
    document, _ = recognize(run.wanted.document, run.live.state, today)
    question = Question(document, run.want, run.live.state, catalogue, today)
    for thing in things:
        marks = {way.mark for way in ways if covers(way.path.what, thing)}
        if marks:
            yield warning("reached", f"{thing}: {next(said for mark, said in _SAID.items() if mark in marks)}")
        if not marks & {Mark.LIVE, Mark.NOT_IN_THE_DOCUMENT}:
            yield from why_not(who, thing, question)


def _not_covered(run: Run, who: Address | None, things: tuple[str, ...]) -> Iterator[str]:
    """Say what was not looked at."""
    yield from run.report.not_covered
    yield from dict.fromkeys(spot.reason for spot in run.live.state.blind if _is_about(spot, who, things))
    for change, reason in run.report.unchecked:
        if who is None or who in (change.address, *owners(change.address)):
            yield f"{change.address}: {reason}"
    if who is not None and who.kind == USER and not things and not is_snapshot(run.report.live):
        yield NOT_READ


def _is_about(spot: BlindSpot, who: Address | None, things: tuple[str, ...]) -> bool:
    """Tell whether something that is not shown could be a path between those who are asked about."""
    if who is not None and spot.kind not in (who.kind, *((TEAM, MAILBOX) if who.kind == USER else ())):
        return False
    if not things:
        return True
    if spot.kind == MAILBOX:
        return any(service_of(thing) == MAILBOX for thing in things)
    if spot.service:
        return any(service_of(thing) == service_of(spot.service) for thing in things)
    return any(service_of(thing) not in (MAILBOX, ORGANIZATION, BILLING) for thing in things)
