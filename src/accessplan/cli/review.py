"""`accessplan review`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from accessplan.cli.asked import entry_address
from accessplan.cli.decisions import decided_by, deciding
from accessplan.cli.files import rewritten, write_file
from accessplan.cli.forms import Forms, forms_option
from accessplan.cli.groups import DefaultGroup
from accessplan.cli.living import look_at, not_looked_at
from accessplan.cli.options import (
    Settings,
    by_option,
    document_argument,
    document_option,
    shared_options,
    within_option,
)
from accessplan.cli.outputs import OutputFile
from accessplan.cli.privacy import hiding_faults, privacy_option, without_people
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import Exit, InputError, UnreadableAnswer
from accessplan.model import MAILBOX, Address, Delegation, Entry, Grant, Partner, Use, User
from accessplan.report import review_calendar, review_csv, review_json, review_text
from accessplan.report.review_report import Held, ReviewReport
from accessplan.report.safe import visible_address
from accessplan.review import Review, reviews
from accessplan.stale import Look
from accessplan.want.decisions import Decided, Question, decide

FORMATS = {"text": review_text.render, "json": review_json.render}

RECORD = "record"


@click.group(cls=DefaultGroup, default="due")
def review() -> None:
    """List the reviews that are due, or write down what one decided.

    \b
    accessplan review [PATH] [--within 30d] [--format json] [--out FILE] [--ics FILE] [--csv FILE]
    accessplan review record ADDRESS --keep|--revoke --by WHO
    """  # noqa: D301 - \b is click's


@review.command("due")
@document_argument
@forms_option(FORMATS)
@within_option("Also what is due within so many days: 30d.")
@click.option("--ics", metavar="FILE", type=OutputFile(), help="Write all reviews into a calendar.")
@click.option("--csv", "table", metavar="FILE", type=OutputFile(), help="Write the evidence; not on a partial read.")
@privacy_option
@shared_options
def due(
    path: Path | None,
    forms: Forms[ReviewReport],
    within: int | None,
    ics: Path | None,
    table: Path | None,
    settings: Settings,
    *,
    privacy: bool,
) -> int:
    """List the reviews that are due: this is what `accessplan review` does by itself."""
    with hiding_faults(privacy), planned(path, settings) as run:
        whole = _report(run, within or 0, settings)
        report = without_people(whole, run) if privacy else whole
        if table is not None:
            _refuse_partial(run)
        forms.write(report, Screen.of(color=settings.color), review_text.render)
        if ics is not None:
            write_file(ics, review_calendar.render(report))
        if table is not None:
            write_file(table, review_csv.render(report))
        note_cost(run.source, settings)
    return Exit.OK


@review.command(RECORD)
@click.argument("address")
@click.option("--keep", is_flag=True, help="It is still needed: notes the day of the review.")
@click.option("--revoke", is_flag=True, help="It is needed no more: takes it out of the document.")
@by_option("Who decided")
@document_option
@shared_options
def record(address: str, who: str, document: Path | None, settings: Settings, *, keep: bool, revoke: bool) -> None:
    """Write down what a review decided: edits the document in place, comments kept.

    ADDRESS is as `accessplan review` writes it. Nothing is changed in the live organization: a plan shows what would.
    """
    if keep == revoke:
        raise InputError("a review either keeps or revokes", "Say one of --keep and --revoke.")
    about = entry_address(address)
    with planned(document, settings) as run:
        question = Question(
            run.wanted.path, run.live.catalogue, run.live.state, now=settings.now, today=run.wanted.today
        )
        decided = decide(about, question, keep=keep)
        with deciding(run) as note, rewritten(decided.file.resolve(), decided.text):
            note(decided.address, who, keep)
        note_cost(run.source, settings)
    screen = Screen.of(color=settings.color)
    for line in _told(decided, who, keep=keep, today=str(run.wanted.today)):
        screen.line(line)


def _told(decided: Decided, who: str, *, keep: bool, today: str) -> Iterator[str]:
    name, place = visible_address(decided.address), f"{decided.file}:{decided.place.line}"
    yield f"{name}: kept, reviewed on {today} ({place})." if keep else f"{name}: taken out of the document ({place})."
    yield f"Commit it, as in: Review {name}: {'kept' if keep else 'revoked'} by {who}"
    if not keep and any(change.address == decided.address for change in decided.plan.held_back):
        yield "The plan holds its removal back, since the mode is additive: name it under removed as well."


def _report(run: Run, within: int, settings: Settings) -> ReviewReport:
    look = look_at(run)
    found = reviews(look)
    return ReviewReport(
        organization_id=run.live.organization_id,
        organization_name=run.live.organization_name,
        document=run.report.document,
        live=run.report.live,
        today=look.today,
        reviews=found,
        held={each.address: _held(each, look) for each in found},
        within=within,
        remind=look.life.remind,
        made_at=settings.now,
        not_covered=not_looked_at(run),
        by_whom=_by_whom(found, run),
        commit=run.report.commit,
    )


def _by_whom(found: Iterable[Review], run: Run) -> dict[Address, str]:
    """Say who reviewed last, where the ledger knows: of that very day, since a line can be edited by hand as well."""
    known = decided_by(run) if any(each.reviewed for each in found) else {}
    return {
        each.address: known[each.address].by
        for each in found
        if each.address in known and known[each.address].day == each.reviewed
    }


def _held(review: Review, look: Look) -> Held:
    entry = look.have.entries[review.address]
    who, what = _parties(review.address, entry)
    return Held(who, what, _rights(entry), look.record(review.address).owner)


def _parties(address: Address, entry: Entry) -> tuple[str, str]:
    if isinstance(entry, Delegation):
        return entry.email, f"{MAILBOX}/{entry.mailbox}"
    return address.name, address.key or "organization"


def _rights(entry: Entry) -> str:
    match entry:
        case Grant(rights=rights):
            return ", ".join(sorted(rights))
        case Use(role=role):
            return f"use as {role}" if role else "use"
        case Delegation(permissions=permissions, sends=sends):
            return ", ".join(["read", *([] if sends is False else ["send"]), *sorted(permissions)])
        case User(role=role):
            return role.replace("_", " ")
        case Partner(access=access, wallet=wallet):
            return f"{access} access{' and the wallet' if wallet else ''}"
        case _:
            return ""


def _refuse_partial(run: Run) -> None:
    """Refuse to write evidence of what was not seen.

    Raises:
        LiveError: the live side was not shown in full, and another token might see it.
    """
    unseen = [spot.reason for spot in run.live.state.blind if not spot.by_word]
    if unseen:
        message = f"no evidence was written, since the read was partial: {'; '.join(dict.fromkeys(unseen))}"
        raise UnreadableAnswer(message, "Read with the token of an administrator.")
