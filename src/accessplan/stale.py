"""Reasons why a grant outlived itself. A rule is a function; its name, with hyphens, is its code.

A rule looks at live entries and says which of them should be revoked or looked at, by which signals, and which signals
it did not have. A weak signal (a person's last login is of the whole organization, not of one product) never revokes
anything alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from accessplan.access import Access, covers
from accessplan.finding import Place
from accessplan.model import (
    TEAM,
    USER,
    Address,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    State,
    Team,
    Use,
    User,
    fold,
    owners,
    user_address,
)
from accessplan.plan import Want, is_nobodys
from accessplan.policy import Life
from accessplan.record import NO_RECORD, Record
from accessplan.select import service_of
from accessplan.services import ADMINISTRATOR, DRIVE, EXTERNAL, GOVERNING_ROLES
from accessplan.signals import NO_SIGNAL, Signal


class Severity(StrEnum):
    """How much a stale grant matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Stale:
    """One live entry that should be revoked, or looked at.

    `since` is the day since when it is so, where that is known. `used` are the signals that say so, `missing` those
    that were not shown and could have said otherwise. `strong` tells whether it alone is reason enough to revoke.
    """

    rule: str
    address: Address
    message: str
    remedy: str
    severity: Severity = Severity.MEDIUM
    since: date | None = None
    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    strong: bool = False
    owner: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What rules look at: the live side with its signals, the document's side with its records, and the day."""

    have: State
    want: Want
    signals: Mapping[Address, Signal]
    records: Mapping[Address, Record]
    expiries: Mapping[str, date]
    life: Life
    today: date
    access: Access = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "access", Access(self.have))

    def signal(self, address: Address) -> Signal:
        """Return what the live system shows of an entry's life."""
        return self.signals.get(address, NO_SIGNAL)

    def record(self, address: Address) -> Record:
        """Return what the document notes of an entry, and of whom it hangs on where it notes nothing of its own."""
        own, owner = self.records.get(address, NO_RECORD), self.records.get(address.owner, NO_RECORD)
        return own.over(owner) if address.part else own

    def began(self, address: Address) -> date | None:
        """Return the day since when an entry is there, as far as anybody says; what was used before is older."""
        shown = self.signal(address)
        first = min(shown.since, shown.used or shown.since) if shown.since else None
        return self.record(address).since or first

    def is_young(self, address: Address) -> bool:
        """Tell whether an entry is too new to be judged by how it is used."""
        began = self.began(address)
        return began is not None and (self.today - began).days < self.life.young

    def governs(self, address: Address) -> bool:
        """Tell whether somebody governs the organization, on either side."""
        users = (side.user(address.name) for side in (self.want.state, self.have) if address.kind == USER)
        return any(user is not None and user.role in GOVERNING_ROLES for user in users)

    def entries(self, *kinds: type) -> Iterator[Entry]:
        """List the live entries of these kinds, in order."""
        for address in sorted(self.have.entries):
            entry = self.have.entries[address]
            if isinstance(entry, kinds):
                yield entry


Rule = Callable[[Look], Iterator[Stale]]


def expired_grant(look: Look) -> Iterator[Stale]:
    """The document names a last day, which has passed, and the entry is still live."""
    expired = {
        address
        for address, ended in look.want.ended.items()
        if ended.entry is not None and address in look.have.entries and address not in look.want.state.entries
    }
    for address in sorted(expired):
        if not owners(address) & expired - {address}:
            until = look.record(address).until
            when = f"ended on {until}" if until else "ended"
            remedy = "apply the plan, which revokes it"
            yield Stale(
                "", address, f"{when}, and is still live", remedy, Severity.HIGH, until, ("until",), strong=True
            )


def expiring_soon(look: Look) -> Iterator[Stale]:
    """The last day comes near."""
    for address in sorted(look.have.entries.keys() & look.records.keys()):
        until = look.records[address].until
        ends_with_others = until in {look.records.get(each, NO_RECORD).until for each in owners(address)}
        if until and not ends_with_others and 0 <= (until - look.today).days <= look.life.remind:
            message = f"ends on {until}, in {_days((until - look.today).days)}"
            yield Stale("", address, message, "extend it with a reason, or let it end", Severity.LOW, used=("until",))


def review_overdue(look: Look) -> Iterator[Stale]:
    """Nobody has looked at it for longer than the document asks."""
    for entry in look.entries(Grant, Use, Delegation, Partner, User):
        address = entry.address
        if address not in look.want.state.entries or (isinstance(entry, User) and entry.role != EXTERNAL):
            continue
        last = look.record(address).reviewed or look.began(address)
        if last and (late := (look.today - last).days - look.life.every) > 0:
            is_review = look.record(address).reviewed is not None
            message = f"last reviewed on {last}" if is_review else f"there since {last}, and never reviewed"
            remedy = "review it: accessplan review record"
            due = look.today - timedelta(late)
            yield Stale("", address, message, remedy, since=due, used=("reviewed" if is_review else "since",))


def inactive_user(look: Look) -> Iterator[Stale]:
    """Somebody has not logged in for long."""
    for user in _active(look):
        used = look.signal(user.address).used
        if used and (look.today - used).days > look.life.inactive:
            message = f"last login on {used}, {_days((look.today - used).days)} ago"
            since = used + timedelta(look.life.inactive)
            yield Stale(
                "", user.address, message, "ask whether they still work here", since=since, used=("last login",)
            )


def never_logged_in(look: Look) -> Iterator[Stale]:
    """Somebody has never logged in."""
    for user in _active(look):
        if look.signal(user.address).never:
            missing = () if look.began(user.address) else ("when they joined",)
            message = "has never logged in"
            yield Stale("", user.address, message, "ask them", used=("last login",), missing=missing)


def pending_invitation(look: Look) -> Iterator[Stale]:
    """An invitation waits for long."""
    for user in look.entries(User):
        sent = look.signal(user.address).since
        if isinstance(user, User) and user.invited and not user.expired and sent:
            waits = (look.today - sent).days
            if waits > look.life.invitation:
                message = f"invited on {sent}, {_days(waits)} ago, and has not accepted"
                remedy = "ask them, or take the user out, which cancels the invitation"
                yield Stale("", user.address, message, remedy, since=sent, used=("invitation sent",), strong=True)


def expired_invitation(look: Look) -> Iterator[Stale]:
    """An invitation can be accepted no more."""
    for user in look.entries(User):
        if isinstance(user, User) and user.expired:
            remedy = "invite anew (plan --invite-again), or take the user out"
            yield Stale("", user.address, "the invitation expired", remedy, used=("invitation expiry",), strong=True)


def rejected_invitation(look: Look) -> Iterator[Stale]:
    """Somebody whom the document names has turned an invitation down."""
    for email in sorted(look.have.rejected):
        address = user_address(email)
        if address in look.want.state.entries:
            remedy = "ask them, then invite anew (plan --invite-again) or take the user out"
            yield Stale("", address, "turned the invitation down", remedy, used=("invitation status",))


def unmanaged_grant(look: Look) -> Iterator[Stale]:
    """It is live, and the document does not name it."""
    for entry in look.entries(User, Team, Membership, Grant, Use, Delegation, Partner):
        address = entry.address
        if address in look.want.state.entries or address in look.want.ended or is_nobodys(entry):
            continue
        if any(each in look.have.entries and each not in look.want.state.entries for each in owners(address)):
            continue  # whoever it hangs on is named instead
        if _comes_with_governing(entry, look):
            continue
        remedy = "describe it (accessplan export --adopt), or revoke it"
        yield Stale("", address, "is live, and not in the document", remedy, used=("the document",))


def expired_product(look: Look) -> Iterator[Stale]:
    """The product is expired."""
    for entry in look.entries(Grant, Use):
        target = entry.target if isinstance(entry, Grant | Use) else ""
        ended = look.expiries.get(target)
        if ended and ended < look.today:
            message = f"{target} expired on {ended}"
            yield Stale("", entry.address, message, "revoke it", Severity.LOW, ended, ("product expiry",), strong=True)


def redundant_grant(look: Look) -> Iterator[Stale]:
    """A role or a team already gives it."""
    for entry in look.entries(Grant):
        if not isinstance(entry, Grant) or entry.subject.kind != USER:
            continue
        others = [
            path
            for path in look.access.of(entry.subject)
            if entry.address not in path.through and covers(path.what, entry.target) and path.rights >= entry.rights
            if all(_stays(each, look) for each in path.through)
        ]
        if others:
            giver = look.have.entries[others[0].through[-1]]
            what = f"the role {giver.role.replace('_', ' ')}" if isinstance(giver, User) else giver.address
            message = f"{what} gives it already"
            remedy = "revoke it: nothing is lost"
            yield Stale("", entry.address, message, remedy, Severity.LOW, used=("access by other paths",), strong=True)


def grant_without_reason(look: Look) -> Iterator[Stale]:
    """The document gives no reason for it."""
    for entry in look.entries(Grant, Use, Delegation):
        address = entry.address
        if address in look.want.state.entries and not is_nobodys(entry) and not look.record(address).has_reason:
            yield Stale("", address, "has no reason", "write reason: or ticket:", Severity.LOW, used=("the document",))


def unused_delegation(look: Look) -> Iterator[Stale]:
    """Somebody may open a mailbox, and does not."""
    for entry in look.entries(Delegation):
        if isinstance(entry, Delegation) and not entry.own:
            yield from _unused(look, entry.address, "opened")


def unused_drive_seat(look: Look) -> Iterator[Stale]:
    """Somebody has a place in a kDrive, and does not use it."""
    for entry in look.entries(Use):
        if isinstance(entry, Use) and service_of(entry.target) == DRIVE and not (entry.pending or entry.implied):
            yield from _unused(look, entry.address, "used")


def lifetime_exceeded(look: Look) -> Iterator[Stale]:
    """An external user or a partner is there for longer than the document allows."""
    for entry in look.entries(User, Partner):
        kind = entry.role if isinstance(entry, User) else "partner"
        longest, began = look.life.lifetimes.get(kind), look.began(entry.address)
        if longest and began and (look.today - began).days > longest:
            message = f"there since {began}, longer than {_days(longest)}"
            remedy = "review it, and begin anew with a new since, or revoke it"
            since = began + timedelta(longest)
            yield Stale("", entry.address, message, remedy, since=since, used=("since",), strong=True)


def empty_team(look: Look) -> Iterator[Stale]:
    """Nobody is in the team."""
    for team in look.entries(Team):
        if not look.access.members(team.address) and not look.is_young(team.address):
            yield Stale("", team.address, "has no members", "delete it, or add some", Severity.LOW, used=("members",))


def team_without_grants(look: Look) -> Iterator[Stale]:
    """The team gives nothing."""
    granting = {entry.subject for entry in look.have.entries.values() if isinstance(entry, Grant)}
    for team in look.entries(Team):
        if team.address not in granting and not look.is_young(team.address):
            spot = next((spot for spot in look.have.blind if (spot.kind, spot.part) == (TEAM, "grant")), None)
            missing = (spot.reason,) if spot else ()
            message = "gives no grant that is shown" if spot else "gives no grant"
            remedy = "delete it, or say what it gives"
            yield Stale("", team.address, message, remedy, Severity.LOW, used=("grants",), missing=missing)


def administrator_without_second_factor(look: Look) -> Iterator[Stale]:
    """Somebody governs the organization by a password alone."""
    for user in _active(look, young=True):
        if user.role in GOVERNING_ROLES and look.signal(user.address).second_factor is False:
            role = "an administrator" if user.role == ADMINISTRATOR else "a legal representative"
            message = f"{role} without a second factor"
            remedy = "have them set one up, or require it in the Manager"
            yield Stale("", user.address, message, remedy, Severity.HIGH, used=("second factor",))


def one_person_twice(look: Look) -> Iterator[Stale]:
    """Two users have the same name: one person may have kept an access of before."""
    by_name: defaultdict[str, list[User]] = defaultdict(list)
    for user in look.entries(User):
        if isinstance(user, User) and user.first_name.strip() and user.last_name.strip():
            by_name[fold(" ".join(f"{user.first_name} {user.last_name}".split()))].append(user)
    for people in by_name.values():
        for user, other in pairwise(people):
            message = f"has the same name as {other.email}"
            remedy = "if it is one person, keep one of the two"
            yield Stale("", user.address, message, remedy, Severity.LOW, used=("names",))


def owner_left(look: Look) -> Iterator[Stale]:
    """Whoever answers for it is no user any more."""
    for address in sorted(look.have.entries.keys() & look.records.keys()):
        owner = look.records[address].owner
        if owner and user_address(owner) not in look.have.entries:
            message = f"its owner {owner} is no user of the organization"
            yield Stale("", address, message, "name another owner", used=("owner",))


RULES: tuple[Rule, ...] = (
    expired_grant,
    expiring_soon,
    review_overdue,
    inactive_user,
    never_logged_in,
    pending_invitation,
    expired_invitation,
    rejected_invitation,
    unmanaged_grant,
    expired_product,
    redundant_grant,
    grant_without_reason,
    unused_delegation,
    unused_drive_seat,
    lifetime_exceeded,
    empty_team,
    team_without_grants,
    administrator_without_second_factor,
    one_person_twice,
    owner_left,
)

CODES = tuple(rule.__name__.replace("_", "-") for rule in RULES)
"""What rules are called in documents and reports."""


def find(look: Look) -> tuple[Stale, ...]:
    """List what is stale and not exempt, the weightiest first; each with its owner and its place in the document."""
    found = [replace(each, rule=code) for rule, code in zip(RULES, CODES, strict=True) for each in rule(look)]
    kept = (_placed(each, look) for each in found if not is_exempt(each, look))
    return in_order(kept)


def in_order(found: Iterable[Stale]) -> tuple[Stale, ...]:
    """Sort what is stale: the weightiest first, then by rule and address."""
    severities = list(Severity)
    return tuple(sorted(found, key=lambda each: (severities.index(each.severity), each.rule, each.address)))


def revocable(found: Iterable[Stale]) -> dict[Address, tuple[Stale, ...]]:
    """Say what may be announced, and revoked after: on a strong signal, or on two that are weak."""
    by_address: defaultdict[Address, list[Stale]] = defaultdict(list)
    for each in found:
        if each.severity is not Severity.LOW or each.strong:
            by_address[each.address].append(each)
    return {
        address: tuple(reasons)
        for address, reasons in by_address.items()
        if any(each.strong for each in reasons) or len({signal for each in reasons for signal in each.used}) > 1
    }


def is_exempt(stale: Stale, look: Look) -> bool:
    """Tell whether the document exempts an entry, or whom it hangs on, from a rule today."""
    return exempts(stale.rule, stale.address, look)


def exempts(rule: str, address: Address, look: Look) -> bool:
    """Tell whether a rule passes over an entry today, or over whom it hangs on."""
    return any(
        each.rule == rule and each.address in (address, address.owner) and look.today <= each.until
        for each in look.life.exemptions
    )


def _placed(stale: Stale, look: Look) -> Stale:
    place = look.want.places.get(stale.address)
    return replace(stale, owner=look.record(stale.address).owner, place=place)


def _active(look: Look, *, young: bool = False) -> Iterator[User]:
    """List users who have joined, without those who are kept for emergencies; the young only if asked for."""
    for user in look.entries(User):
        if not isinstance(user, User) or user.invited or user.email in look.life.break_glass:
            continue
        if young or not look.is_young(user.address):
            yield user


def _unused(look: Look, address: Address, word: str) -> Iterator[Stale]:
    signal = look.signal(address)
    is_used = signal.used is not None and (look.today - signal.used).days <= look.life.inactive
    if is_used or not (signal.used or signal.never) or look.is_young(address):
        return
    message = f"last {word} on {signal.used}" if signal.used else f"never {word}"
    since = signal.used + timedelta(look.life.inactive) if signal.used else look.began(address)
    missing = () if look.began(address) else ("since when it is there",)
    yield Stale("", address, message, "ask them, or revoke it", since=since, used=(f"last {word}",), missing=missing)


def _stays(address: Address, look: Look) -> bool:
    """Tell whether the document wants an entry that gives access, and a role that governs to stay one."""
    live, wanted = look.have.entries.get(address), look.want.state.entries.get(address)
    return wanted is not None and (not isinstance(live, User) or live.role == getattr(wanted, "role", ""))


def _comes_with_governing(entry: Entry, look: Look) -> bool:
    """Tell whether an entry is of somebody who governs, and no matter of the document.

    Those reach every product, so what they may manage is not compared; nobody takes a place in a kDrive from them
    [faq 2365].
    """
    match entry:
        case Grant(subject=subject):
            return look.governs(subject)
        case Use(email=email, target=target):
            return service_of(target) == DRIVE and look.governs(user_address(email))
        case _:
            return False


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
