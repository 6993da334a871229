"""One entry before and after: what that does to somebody's access, and when its turn comes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from accessplan.finding import Place
from accessplan.model import (
    Address,
    Delegation,
    Entry,
    Grant,
    Partner,
    Team,
    Use,
    User,
    same_name,
)
from accessplan.plain import attributes
from accessplan.select import service_of
from accessplan.services import FULL, LEGAL_REPRESENTATIVE, LIMITED, ROLES, USE_ROLES, in_usual_order


class Effect(StrEnum):
    """What a change does to somebody's access; derived from before and after."""

    INVITE = "invite"
    GRANT = "grant"
    STRENGTHEN = "strengthen"
    UPDATE = "update"
    WEAKEN = "weaken"
    CANCEL = "cancel"
    REVOKE = "revoke"


NAMES = ("first_name", "last_name")
"""What an invitation says of a person and no request changes: it is cancelled, and a new one sent [openapi core]."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry before and after; None where it is absent. `place` is its cause in the document.

    An urgent change takes away from somebody who leaves, or what has ended: it does not wait for grants. `attest` is
    the reason why the live system cannot show that it was done; then somebody gives their word (`accessplan attest`).
    """

    address: Address
    before: Entry | None
    after: Entry | None
    place: Place | None = None
    depends_on: tuple[Address, ...] = ()
    urgent: bool = False
    attest: str = ""

    @property
    def effect(self) -> Effect:
        """What the change does to somebody's access."""
        match self.before, self.after:
            case None, User():
                return Effect.INVITE
            case None, _:
                return Effect.GRANT
            case User(invited=True), None:
                return Effect.CANCEL
            case _, None:
                return Effect.REVOKE
            case _ if self.is_renewal:
                return Effect.INVITE
            case User() | Use() | Partner() as before, after:
                return _compared(_ranks(before), _ranks(after))
            case Grant() | Delegation(), _:
                return _of_rights(self)
            case _:
                return Effect.UPDATE

    @property
    def is_renewal(self) -> bool:
        """Whether an invitation is cancelled and sent anew."""
        return isinstance(self.before, User) and isinstance(self.after, User) and needs_renewal(self.before, self.after)

    @property
    def entry(self) -> Entry:
        """The entry as it will be, or as it was when it goes."""
        entry = self.after if self.after is not None else self.before
        if entry is None:
            raise AssertionError("a change has a before or an after")
        return entry

    @property
    def rights_added(self) -> tuple[str, ...]:
        """Rights or permissions that are gained."""
        return in_usual_order(_rights(self.after) - _rights(self.before))

    @property
    def rights_removed(self) -> tuple[str, ...]:
        """Rights or permissions that are lost."""
        return in_usual_order(_rights(self.before) - _rights(self.after))

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that stay the same as long as the same change is planned."""
        return digest([str(self.address), attributes(self.before), attributes(self.after)])[:12]

    def differences(self) -> dict[str, tuple[object, object]]:
        """Return the attributes of a changed entry that differ, each with its values before and after.

        Names count only where they have an invitation sent anew; the language never does.
        """
        before, after = attributes(self.before) or {}, attributes(self.after) or {}
        alike = {each for each in NAMES if same_name(str(before.get(each)), str(after.get(each)))}
        ignored = {"language", *(alike if self.is_renewal else NAMES)}
        names = _names_that_differ(_canonical(before), _canonical(after), frozenset(ignored))
        return {name: (before.get(name), after.get(name)) for name in names}


def needs_renewal(before: User, after: User) -> bool:
    """Tell whether a pending invitation must be sent anew: it expired, or it bears other names.

    Names are compared as far as they are shown, and as they look.
    """
    if not before.invited:
        return False
    shown = [(getattr(before, name), getattr(after, name)) for name in NAMES]
    return before.expired or any(old and new and not same_name(old, new) for old, new in shown)


def order(change: Change) -> tuple[int, str, str, str, str]:
    """Return the key by which changes are carried out and listed.

    First what must exist and who governs, then people who leave, then grants, strengthenings, updates, weakenings and
    revocations; legal representatives lose their role last, when their successors stand.
    """
    return (_stage(change, change.effect), *change.address)


def digest(value: object) -> str:
    """Hash plain data; the same data gives the same hexadecimal digits."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def _stage(change: Change, effect: Effect) -> int:
    if change.urgent and not isinstance(change.entry, User):
        return 3
    match change.entry, effect:
        case User(), Effect.STRENGTHEN:
            return 0
        case Team() | Partner(), Effect.GRANT:
            return 1
        case User(), Effect.INVITE:
            return 2
        case User(role=role), Effect.REVOKE | Effect.CANCEL:
            return 3 if role != LEGAL_REPRESENTATIVE else 9
        case Partner(), Effect.REVOKE:
            return 3
        case User(), Effect.WEAKEN if isinstance(change.before, User):
            return 7 if change.before.role != LEGAL_REPRESENTATIVE else 9
    return {Effect.GRANT: 4, Effect.STRENGTHEN: 5, Effect.UPDATE: 6, Effect.WEAKEN: 7}.get(effect, 8)


def _ranks(entry: Entry | None) -> tuple[int, ...]:
    """Rank what is more and less access, the weightiest first."""
    match entry:
        case User(role=role, billing=billing):
            return ROLES.index(role), bool(billing)
        case Use(target=target, role=role):
            roles = USE_ROLES.get(service_of(target), ())
            return (roles.index(role) if role in roles else -1,)
        case Partner(access=access, wallet=wallet):
            return (LIMITED, FULL).index(access), wallet
        case _:
            return ()


def _compared(before: tuple[int, ...], after: tuple[int, ...]) -> Effect:
    if before == after or -1 in before:
        return Effect.UPDATE
    return Effect.STRENGTHEN if after > before else Effect.WEAKEN


def _of_rights(change: Change) -> Effect:
    may_send_again = _only_reads(change.before) and not _only_reads(change.after)
    return Effect.STRENGTHEN if change.rights_added or may_send_again else Effect.WEAKEN


def _only_reads(entry: Entry | None) -> bool:
    return isinstance(entry, Delegation) and entry.sends is False


def _rights(entry: Entry | None) -> frozenset[str]:
    match entry:
        case Grant(rights=names) | Delegation(permissions=names):
            return names
        case _:
            return frozenset()


@cache
def _names_that_differ(before: str, after: str, ignored: frozenset[str]) -> tuple[str, ...]:
    """Compare attributes, given as JSON: many changes of a plan are alike, and one comparison takes a millisecond."""
    from deepdiff import DeepDiff  # noqa: PLC0415 - 100 ms to import, and many plans change no entry

    diff = DeepDiff(json.loads(before), json.loads(after), ignore_order=True, exclude_paths=ignored)
    return tuple(sorted(diff.affected_root_keys))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
