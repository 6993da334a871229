"""Read who uses products and opens mailboxes, as far as the scope asks, into the live organization."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from accessplan.have import apps as app
from accessplan.have.apps import GuestsSeen, read_apps
from accessplan.have.drive import read_drives, strangers
from accessplan.have.live import Live
from accessplan.have.mail import read_mail
from accessplan.have.reader import Reader
from accessplan.have.selected import only
from accessplan.have.shapes import NOT_SHOWN, Person
from accessplan.model import BlindSpot, Delegation, Entry, State, Use
from accessplan.scope import Scope
from accessplan.select import Catalogue, service_of
from accessplan.services import KCHAT, KSUITE


def read_guests(reader: Reader, account_id: int, live: Live, people: Sequence[Person], scope: Scope) -> Live:
    """Return the live organization with the places and delegations that the scope asks for.

    Raises:
        LiveError: something was refused, not answered, incomplete or unreadable.
    """
    active = {each.number: each.email for each in people if not each.invited}
    invited = [each for each in people if each.invited]
    mail = read_mail(reader, account_id, scope, live.catalogue, active, {each.email for each in invited})
    drives = read_drives(reader, account_id, scope, live.catalogue)
    apps = read_apps(reader, account_id, scope, live.catalogue)
    names = {(box.hosting, box.name): address for address, box in mail.mailboxes.items()}
    numbers = {each.email: each.number for each in invited}
    shown = {each.email: each.opens for each in invited if each.opens is not NOT_SHOWN}
    guests = app.read_guests(reader, account_id, scope, numbers, live.catalogue, drives.drives, names, shown)
    opened, dropped = _in_scope(guests, mail.mailboxes)
    brought = _brought(guests, [*drives.of_suite, *filter(None, [only(KCHAT, live.catalogue)])])
    gaps = strangers(drives.uses, {each.email for each in people} | scope.users | scope.guests)
    entries: tuple[Entry, ...] = (*brought, *mail.delegations, *drives.uses, *apps.uses, *guests.uses, *opened)
    return replace(
        live,
        state=replace(
            _with(live.state, entries, (*mail.blind, *drives.blind, *apps.blind, *guests.blind)), locked=drives.locked
        ),
        catalogue=Catalogue(live.catalogue.products, live.catalogue.services, mail.mailboxes, drives.of_suite),
        ids={**live.ids, **drives.ids},
        not_covered=tuple(
            sorted({*live.not_covered, *mail.not_covered, *drives.not_covered, *guests.not_covered, *gaps})
        ),
        opens_more=guests.partial.union(each.email for each in dropped),
        drives=drives.drives,
        mailboxes=mail.mailboxes,
        moments={**live.moments, **mail.moments, **drives.moments},
    )


def _brought(guests: GuestsSeen, labels: Collection[str]) -> Iterator[Use]:
    """Make the places in kDrives and kChat that come with the kSuite of invited people, and are not named besides."""
    for use in guests.uses:
        if service_of(use.target) == KSUITE:
            yield from (Use(use.email, label, use.role, implied=True) for label in labels)


def _in_scope(guests: GuestsSeen, mailboxes: Mapping[str, object]) -> tuple[list[Delegation], list[Delegation]]:
    """Part the delegations of mailboxes that were looked at from the others: nobody asks about those."""
    opened = [each for each in guests.delegations if each.mailbox in mailboxes]
    return opened, [each for each in guests.delegations if each.mailbox not in mailboxes]


def _with(state: State, entries: Iterable[Entry], blind: Iterable[BlindSpot]) -> State:
    return replace(
        state, entries={**state.entries, **{each.address: each for each in entries}}, blind=(*state.blind, *blind)
    )
