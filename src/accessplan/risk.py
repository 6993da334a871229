"""Which changes a reviewer must look at twice. A rule is a function; its name, with hyphens, is its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from accessplan.access import Access, Difference, Takeover
from accessplan.change import Change, Effect
from accessplan.model import Address, Delegation, Grant, Partner, User
from accessplan.plan import Plan
from accessplan.select import every
from accessplan.services import ADMINISTRATOR, EXTERNAL, FULL, LEGAL_REPRESENTATIVE, ROLES, rights_offered

TAKING_OVER = frozenset({
    "can_change_password", "can_manage_redirections", "can_manage_rules", "can_manage_filters", "can_restore_emails",
})  # fmt: skip
"""Permissions on a mailbox with which somebody can take it over, or have its mail sent or shown elsewhere."""


MOST_TOLD = 3
"""How many takeovers one sentence names: who opens a mailbox far up can become many."""


class Risk(NamedTuple):
    """Why a change is of high risk: the rule, and what it means in this case."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Context:
    """What rules look at beside the change: the access before and after, all services, takeovers that a change adds."""

    before: Access
    after: Access
    services: frozenset[str]
    takeovers: Mapping[Address, tuple[Takeover, ...]]


Rule = Callable[[Change, Context], str]


def new_legal_representative(change: Change, _: Context) -> str:
    """Somebody becomes a legal representative, who may do everything."""
    return "may do everything, and name others" if _takes_on(change, LEGAL_REPRESENTATIVE) else ""


def new_administrator(change: Change, _: Context) -> str:
    """Somebody becomes an administrator, who manages every product and user."""
    return "manages every product and user" if _takes_on(change, ADMINISTRATOR) else ""


def everything(change: Change, context: Context) -> str:
    """Somebody gets every right on every service; said once, of the first of the grants that do it."""
    if not (isinstance(change.after, Grant) and change.rights_added and len(context.services) > 1):
        return ""
    subject = change.after.subject
    wide = [Grant(subject, every(service), frozenset()).address for service in sorted(context.services)]
    held = {address: context.after.state.entries.get(address) for address in wide}
    if not all(_is_all(entry) for entry in held.values()):
        return ""
    new = next((address for address in wide if not _is_all(context.before.state.entries.get(address))), None)
    return "with it, every right on every service" if new == change.address else ""


def full_partner(change: Change, _: Context) -> str:
    """A partner gets full access: every product."""
    after, before = change.after, change.before
    gains = isinstance(after, Partner) and after.access == FULL
    return "reaches every product" if gains and not (isinstance(before, Partner) and before.access == FULL) else ""


def wallet(change: Change, _: Context) -> str:
    """A partner gets the wallet: they can spend the organization's money."""
    after, before = change.after, change.before
    gains = isinstance(after, Partner) and after.wallet
    return "can spend from the wallet" if gains and not (isinstance(before, Partner) and before.wallet) else ""


def external_billing(change: Change, _: Context) -> str:
    """An external user gets the billing right, or somebody who has it becomes external."""
    after, before = change.after, _held(change)
    if not (isinstance(after, User) and after.role == EXTERNAL and after.billing):
        return ""
    had = before is not None and before.role == EXTERNAL and before.billing
    return "" if had else "an external user manages the billing account"


def mailbox_takeover(change: Change, _: Context) -> str:
    """A delegate may take another's mailbox over, or have its mail sent elsewhere."""
    after, before = change.after, change.before
    if not isinstance(after, Delegation) or after.email == after.mailbox:
        return ""
    if isinstance(before, Delegation) and before.own:
        return ""
    gained = sorted(TAKING_OVER.intersection(change.rights_added))
    return f"can take the mailbox over, or leak its mail: {', '.join(gained)}" if gained else ""


def escalation(change: Change, context: Context) -> str:
    """Somebody can become another user, since they open the mailbox that the other logs in with."""
    found = context.takeovers.get(change.address, ())
    said = [f"{each.who.name} can set the password of {each.becomes.name} anew, and log in" for each in found]
    more = [f"{len(said) - MOST_TOLD} more can become others"] if len(said) > MOST_TOLD else []
    return "; ".join([*said[:MOST_TOLD], *more])


RULES: tuple[Rule, ...] = (
    new_legal_representative,
    new_administrator,
    everything,
    full_partner,
    wallet,
    external_billing,
    mailbox_takeover,
    escalation,
)


def risks(
    plan: Plan, before: Access, after: Access, people: Iterable[Difference], services: frozenset[str]
) -> dict[Address, tuple[Risk, ...]]:
    """Say which changes are of high risk, and why."""
    context = Context(before, after, services, _takeovers(plan, people))
    found = {change.address: _of(change, context) for change in plan.changes}
    return {address: of_change for address, of_change in found.items() if of_change}


def standing(access: Access, services: frozenset[str]) -> dict[Address, tuple[Risk, ...]]:
    """Say which entries that are there are of high risk, and why: those that would be, were they granted today."""
    takeovers: dict[Address, tuple[Takeover, ...]] = {}
    for who in access.people:
        for each in access.takeovers(who):
            takeovers[each.through[0]] = (*takeovers.get(each.through[0], ()), each)
    context = Context(Access(replace(access.state, entries={})), access, services, takeovers)
    found = {}
    for address, entry in access.state.entries.items():
        if not (isinstance(entry, Delegation) and entry.own):
            found[address] = _of(Change(address, None, entry), context)
    return {address: risks for address, risks in found.items() if risks}


def _of(change: Change, context: Context) -> tuple[Risk, ...]:
    said = ((rule.__name__.replace("_", "-"), rule(change, context)) for rule in RULES)
    return tuple(Risk(rule, message) for rule, message in said if message)


def _takes_on(change: Change, role: str) -> bool:
    """Tell whether somebody gets a role who has it not, nor a stronger one."""
    after, before = change.after, _held(change)
    if not isinstance(after, User) or after.role != role:
        return False
    return before is None or ROLES.index(before.role) < ROLES.index(role)


def _held(change: Change) -> User | None:
    """Return the user as they are, None where they are not there yet: an expired invitation gives nothing."""
    before = change.before
    return before if isinstance(before, User) and not before.expired else None


def _is_all(entry: object) -> bool:
    return isinstance(entry, Grant) and entry.rights >= rights_offered(entry.target.partition("/")[0])


def _takeovers(plan: Plan, people: Iterable[Difference]) -> dict[Address, tuple[Takeover, ...]]:
    """Put each takeover down to the change that adds it: a delegation of the chain, or the user who comes or rises.

    A grant to somebody whose mailbox others open already adds no way to them: most who have an assistant are given
    something now and then.
    """
    adding = {change.address for change in plan.changes if _adds_a_way(change)}
    found: dict[Address, tuple[Takeover, ...]] = {}
    for each in people:
        for takeover in each.takeovers:
            adds = next((one for one in (*takeover.through, takeover.becomes) if one in adding), None)
            if adds is not None:
                found[adds] = (*found.get(adds, ()), takeover)
    return found


def _adds_a_way(change: Change) -> bool:
    if isinstance(change.after, Delegation):
        return change.before is None
    return isinstance(change.after, User) and change.effect in (Effect.INVITE, Effect.STRENGTHEN)
