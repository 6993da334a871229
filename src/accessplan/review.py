"""Reviews: who has to look at which grant again, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from accessplan.finding import Place
from accessplan.model import TEAM, Address, Delegation, Entry, Grant, Partner, Use, User, user_address
from accessplan.policy import later
from accessplan.services import EXTERNAL, LEGAL_REPRESENTATIVE
from accessplan.stale import Look, Severity, Stale, is_exempt, review_overdue

OVERDUE = review_overdue.__name__.replace("_", "-")

DUE = "review-due"
"""What a review that is not overdue yet is called in reports."""


@dataclass(frozen=True, slots=True)
class Review:
    """One grant that is reviewed again by `due`, by one of `reviewers` (e-mail addresses, in order).

    It counts from the last review, or else from the day since when the grant is there; where nobody says either, it is
    due today. What is not known is None or empty.
    """

    address: Address
    reviewers: tuple[str, ...]
    due: date
    since: date | None
    reviewed: date | None
    until: date | None
    reason: str
    ticket: str
    place: Place | None

    def is_due(self, day: date) -> bool:
        """Tell whether it must be reviewed by now."""
        return self.due <= day


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on an entry, on a day of the organization's time zone: it is kept, or goes."""

    address: Address
    kept: bool
    by: str
    day: date


def reviews(look: Look) -> tuple[Review, ...]:
    """List the reviews of everything that is live and wanted, what is due first."""
    found = (
        _review(look, entry) for entry in look.entries(Grant, Use, Delegation, Partner, User) if _counts(look, entry)
    )
    return tuple(sorted(found, key=lambda each: (each.due, each.address)))


def due_soon(look: Look) -> tuple[Stale, ...]:
    """List the reviews that are due from today on, as many days ahead as one is reminded of.

    What is exempt from being overdue is left out.
    """
    return tuple(each for review in reviews(look) for each in _soon(review, look))


def _soon(review: Review, look: Look) -> Iterator[Stale]:
    days = (review.due - look.today).days
    if not 0 <= days <= look.life.remind or not (review.reviewed or review.since):
        return
    message = f"due for review on {review.due}, in {days} {'day' if days == 1 else 'days'}"
    signal = "reviewed" if review.reviewed else "since"
    stale = Stale(DUE, review.address, message, "review it: accessplan review record", Severity.LOW, used=(signal,))
    if not is_exempt(replace(stale, rule=OVERDUE), look):
        yield replace(stale, owner=look.record(review.address).owner, place=review.place)


def _counts(look: Look, entry: Entry) -> bool:
    """Tell whether an entry is reviewed: not one's own mailbox, nor what comes with another place, nor colleagues."""
    match entry:
        case User(role=role) if role != EXTERNAL:
            return False
        case Delegation(own=True) | Use(implied=True):
            return False
    return entry.address in look.want.state.entries


def _review(look: Look, entry: Entry) -> Review:
    address = entry.address
    record = look.record(address)
    since = look.began(address)
    last = record.reviewed or since
    return Review(
        address=address,
        reviewers=_reviewers(look, address, record.owner),
        due=later(last, look.life.every) if last else look.today,
        since=since,
        reviewed=record.reviewed,
        until=record.until,
        reason=record.reason,
        ticket=record.ticket,
        place=look.want.places.get(address),
    )


def _reviewers(look: Look, address: Address, owner: str) -> tuple[str, ...]:
    """Name who reviews: the owner, else the leader of the team, else the legal representatives; never the holder.

    Nobody is named where the holder alone is left.
    """
    holder = look.have.entries[address]
    team = look.have.team(address.name) if address.kind == TEAM else None
    for email in filter(None, (owner, team.leader if team else None)):
        user = look.have.user(email)
        if user and not user.invited and not _is_holder(holder, email):
            return (email,)
    governing = (each for each in look.entries(User) if isinstance(each, User) and each.role == LEGAL_REPRESENTATIVE)
    return tuple(user.email for user in governing if not user.invited and not _is_holder(holder, user.email))


def _is_holder(entry: Entry, email: str) -> bool:
    match entry:
        case Grant(subject=subject):
            return subject == user_address(email)
        case Use(email=holder) | Delegation(email=holder) | User(email=holder):
            return holder == email
        case _:
            return False
