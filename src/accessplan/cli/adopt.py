"""What is live is written into the document: `accessplan export --adopt`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from accessplan.cli.asked import entry_address
from accessplan.cli.files import replace_files
from accessplan.cli.kinds import Day
from accessplan.cli.options import Settings
from accessplan.cli.screen import Screen
from accessplan.cli.world import note_cost, planned
from accessplan.errors import InputError
from accessplan.model import DELEGATE, MAILBOX, MEMBER, PARTNER, USER, Address, normalize_email
from accessplan.report.safe import visible, visible_address
from accessplan.scope import Scope
from accessplan.select import every, parse
from accessplan.services import USE_ROLES
from accessplan.want.adopt import adopt
from accessplan.want.adopt.outcome import NOTES, Adopted, How, Outcome
from accessplan.want.decisions import Question
from accessplan.want.values import is_email

_UNWRITABLE = ("Cc", "Cs")
"""Kinds of characters that YAML has no place for: those that steer, and halves of a pair."""

_HELP = {
    "until": "With --adopt: the last day of what is adopted.",
    "owner": "With --adopt: the e-mail address of who answers for it.",
    "reason": "With --adopt: why it exists.",
    "ticket": "With --adopt: where it was asked for.",
}


def adopt_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--adopt` and what may be noted of what is adopted, as `addresses` and `notes`."""

    @wraps(command)
    def with_notes(addresses: tuple[str, ...], **own: Any) -> Any:  # noqa: ANN401 - click's own
        given = {name: own.pop(name) for name in NOTES}
        notes = {name: value for name, value in given.items() if value is not None}
        if notes and not addresses:
            raise InputError(f"--{next(iter(notes))} goes with --adopt", "Name the entry: --adopt ADDRESS.")
        return command(addresses=addresses, notes=_checked(notes), **own)

    for name in reversed(NOTES):
        if name == "until":
            kind: dict[str, Any] = {"type": Day(), "metavar": "DATE"}
        else:
            kind = {"metavar": "EMAIL" if name == "owner" else "TEXT"}
        with_notes = click.option(f"--{name}", help=_HELP[name], **kind)(with_notes)
    help_text = "Write a live entry into the document as it is, comments kept; ADDRESS as plans show it (repeatable)."
    return click.option("--adopt", "addresses", metavar="ADDRESS", multiple=True, help=help_text)(with_notes)


def adopted(path: Path | None, addresses: Sequence[str], notes: Mapping[str, str | date], settings: Settings) -> None:
    """Write live entries into a document, all of them or none.

    Raises:
        InputError: one cannot be; nothing is written.
        LiveError: the live side could not be read.
    """
    asked = [entry_address(address) for address in addresses]
    with planned(path, settings, also=_scope(asked)) as run:
        question = Question(
            run.wanted.path, run.live.catalogue, run.live.state, now=settings.now, today=run.wanted.today
        )
        outcome = adopt(asked, question, notes)
        replace_files(_resolved(outcome.before), _resolved(outcome.texts))
        note_cost(run.source, settings)
    screen = Screen.of(color=settings.color)
    for line in _told(outcome):
        screen.line(line)


def _scope(asked: Sequence[Address]) -> Scope:
    """Say what must be read beside what the document speaks of: what comes to be a list is one of all there is."""
    users = {address.name for address in asked if address.kind == USER}
    return Scope(
        guests=frozenset(users | {address.key for address in asked if address.part in (MEMBER, DELEGATE)}),
        mailboxes=frozenset(address.name for address in asked if address.kind == MAILBOX),
        uses=frozenset(parse(every(service)) for service in USE_ROLES) if users else frozenset(),
        partners=any(address.kind == PARTNER for address in asked),
    )


def _resolved(texts: Mapping[Path, str]) -> dict[Path, str]:
    """Name files themselves where there are links to them."""
    return {file.resolve(): text for file, text in texts.items()}


def _told(outcome: Outcome) -> Iterator[str]:
    yield from map(_line, outcome.adopted)
    yield from (visible(remark) for remark in outcome.remarks)
    if outcome.more:
        yield "The next plan then has more:"
        yield from (f"  {change.effect.value} {visible_address(change.address)}" for change in outcome.more)
    asked = [each for each in outcome.adopted if not each.along and each.how in (How.WRITTEN, How.TAKEN_OUT)]
    if asked:
        what = visible_address(asked[0].address) if len(asked) == 1 else f"{len(asked)} entries"
        yield f"Commit it, as in: Adopt {what}"


def _line(each: Adopted) -> str:
    name = visible_address(each.address)
    where = f" ({each.place.file}:{each.place.line})" if each.place else ""
    match each.how:
        case How.WRITTEN:
            return f"{name}: {'comes along' if each.along else 'adopted'}{where}."
        case How.TAKEN_OUT:
            return f"{name}: goes along." if each.along else f"{name}: taken out of the document{where}."
        case How.SAID:
            return f"{name}: nothing to adopt, the document says so already{where}."
        case How.LEFT:
            return f"{name}: stays live, and no document can say so: who has it is no user."
        case How.NEEDLESS:
            return f"{name}: needs no line, since no plan changes it."


def _checked(notes: Mapping[str, object]) -> dict[str, str | date]:
    """Read what is to be noted.

    Raises:
        InputError: it says nothing, or is no e-mail address where one is due.
    """
    checked: dict[str, str | date] = {}
    for name, value in notes.items():
        text = " ".join(str(value).split())
        if not text:
            raise InputError(f"--{name} says nothing", "Leave it out, or say it.")
        if any(unicodedata.category(letter) in _UNWRITABLE for letter in text):
            raise InputError(f"--{name} has a character that no document can hold", "Write it in letters.")
        if name == "owner" and not is_email(normalize_email(text)):
            raise InputError(f"--owner {text} is no e-mail address", "As in --owner claire@example.ch.")
        checked[name] = value if isinstance(value, date) else text
    return checked
