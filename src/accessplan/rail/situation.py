"""What rails look at, what they answer, and what counts as taking away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accessplan.access import Access
from accessplan.change import Change, Effect
from accessplan.finding import Finding
from accessplan.finding import error as finding
from accessplan.model import Address, State, User, owners
from accessplan.plan import MODE_KINDS, Plan, is_nobodys
from accessplan.policy import Policy

CONSENT = "the lines to paste are under ACKNOWLEDGE"
"""How to lift what a dated consent lifts."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What rails look at.

    `plan` has all changes, `open` those of them to which nobody has consented. `emptied` are the kinds (of
    `policy.mode`) of which the document gives an empty section. `token_user` is the e-mail address of the token's
    owner, empty where it is not known. `last_seen` says how many entries of each kind the last run saw live, as
    `live_counts` counts them.
    """

    plan: Plan
    open: tuple[Change, ...]
    before: Access
    after: Access
    policy: Policy
    today: date
    emptied: frozenset[str] = frozenset()
    token_user: str = ""
    last_seen: Mapping[str, int] | None = None

    @property
    def have(self) -> State:
        """The live side."""
        return self.before.state

    @property
    def result(self) -> State:
        """The live side as it would be."""
        return self.after.state


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan is refused: the finding, the changes it is about, and whether a dated consent to them lifts it."""

    finding: Finding
    changes: tuple[Address, ...]
    may_consent: bool = True


def refusal(code: str, message: str, changes: Collection[Change], hint: str, *, may_consent: bool = True) -> Refusal:
    """Refuse changes, at the place of the first; one alone is named by its address."""
    first = next(iter(changes))
    address = str(first.address) if len(changes) == 1 else ""
    mend = f"{hint}; else consent: {CONSENT}" if may_consent else hint
    about = tuple(change.address for change in changes)
    return Refusal(finding(code, message, first.place, address=address, hint=mend), about, may_consent=may_consent)


def kind_of(address: Address) -> str:
    """Return the kind of an entry, as `policy.mode` and `policy.rails.removals` name it."""
    return MODE_KINDS[address.part or address.kind]


def live_counts(state: State) -> dict[str, int]:
    """Count the entries of each kind, but for what nobody takes away: one's own mailbox, what comes with a kSuite.

    Mailboxes, and places in products, are read as far as the document speaks of them: their counts follow its scope.
    """
    counts = Counter(kind_of(address) for address, entry in state.entries.items() if not is_nobodys(entry))
    return {kind: counts[kind] for kind in dict.fromkeys(MODE_KINDS.values())}


def is_removal(change: Change) -> bool:
    """Tell whether a change counts as a removal: a revocation, a cancelled invitation, or a user with a weaker role."""
    if change.effect is Effect.WEAKEN:
        return isinstance(change.entry, User)
    return change.effect in (Effect.REVOKE, Effect.CANCEL)


def open_removals(situation: Situation) -> dict[str, list[Change]]:
    """List, by kind, the removals to which nobody has consented; what is taken from people who leave goes with them."""
    leavers = leaving(situation.plan.changes)
    found: dict[str, list[Change]] = {}
    for change in situation.open:
        if is_removal(change) and not owners(change.address) & leavers:
            found.setdefault(kind_of(change.address), []).append(change)
    return found


def leaving(changes: Iterable[Change]) -> frozenset[Address]:
    """List the users whom a plan takes out."""
    return frozenset(each.address for each in changes if each.after is None and isinstance(each.entry, User))
