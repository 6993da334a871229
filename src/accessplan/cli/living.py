"""How what is live lives on: what rules on stale grants and reviews look at, and what they could not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from accessplan.cli.announced import look
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import Run
from accessplan.have.live import Live
from accessplan.have.moments import Moments
from accessplan.have.selected import selected
from accessplan.model import Delegation, Entry, Use, User
from accessplan.services import DRIVE, EMAIL_HOSTING, USE_ROLES
from accessplan.stale import Look
from accessplan.want.scope import scope_of

MAILBOXES_UNREAD = "Mailboxes that the document does not name were not read."

NO_LOGINS = "The live system did not show when people last logged in."
NO_FACTORS = "The live system did not show who has a second factor."
NO_OPENINGS = "The live system did not show when mailboxes were last opened."
NO_CONNECTIONS = "The live system did not show when kDrives were last used."
NO_EXPIRIES = "The live system did not show when any product expires."


def look_at(run: Run, within: int | None = None) -> Look:
    """Say what rules look at: both sides of a run as they are, announced or not; `within` is how far ahead."""
    looked = look(run.wanted.document, run.live, run.written, run.wanted.today)
    return looked if within is None else replace(looked, life=replace(looked.life, remind=within))


def not_looked_at(run: Run) -> tuple[str, ...]:
    """Say what is not known: what was not read, what the live side does not show, and the signals it lacks."""
    return tuple(dict.fromkeys((*not_seen(run), *_not_shown(run.live))))


def not_seen(run: Run) -> tuple[str, ...]:
    """Say what was not read, and what the live side does not show."""
    live = run.live
    spots = (spot.reason for spot in live.state.blind)
    unchecked = (reason for _, reason in run.report.unchecked)
    return tuple(dict.fromkeys((*_not_read(run), *live.not_covered, *spots, *unchecked)))


def _not_read(run: Run) -> Iterator[str]:
    if is_snapshot(run.source.name):
        return
    catalogue, scope = run.live.catalogue, scope_of(run.wanted.document, run.wanted.today)
    if any(product.service == EMAIL_HOSTING for product in catalogue.products):
        yield MAILBOXES_UNREAD
    for service in USE_ROLES:
        asked = selected(service, scope, catalogue)
        for product in catalogue.products:
            if product.service == service and product not in asked:
                yield f"Who uses {catalogue.label(product)} was not read: the document does not ask for it."


def _not_shown(live: Live) -> Iterator[str]:
    """Name the signals that are shown of nobody, where there is somebody to show them of."""
    users = _moments(
        live, [each for each in live.state.entries.values() if isinstance(each, User) and not each.invited]
    )
    openings = _moments(live, [each for each in live.state.entries.values() if isinstance(each, Delegation)])
    seats = [each for each in live.state.entries.values() if isinstance(each, Use) and not each.pending]
    connections = _moments(live, [each for each in seats if each.target.startswith(f"{DRIVE}/")])
    if users and not any(each.used or each.never for each in users):
        yield NO_LOGINS
    if users and all(each.second_factor is None for each in users):
        yield NO_FACTORS
    if openings and not any(each.used or each.never for each in openings):
        yield NO_OPENINGS
    if connections and not any(each.used or each.never for each in connections):
        yield NO_CONNECTIONS
    if live.catalogue.products and not live.expiries:
        yield NO_EXPIRIES


def _moments(live: Live, entries: Sequence[Entry]) -> list[Moments]:
    return [live.moments.get(each.address, Moments()) for each in entries]
