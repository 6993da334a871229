"""What must be gone, whatever the mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from accessplan.finding import Finding, error
from accessplan.model import DELEGATE, GRANT, MAILBOX, USE, Address
from accessplan.plan import Ended
from accessplan.want.addresses import compared, read_address
from accessplan.want.document import ALWAYS, Document, Period, Removed, WantedGrant, WantedPartner, memberships
from accessplan.want.draft import Draft
from accessplan.want.names import quote
from accessplan.want.notes import Notes
from accessplan.want.roles import role_of
from accessplan.want.tree import Node
from accessplan.want.values import read_email

_CODE = "removed-and-described"
_HINT = "remove one of the two"


def read_removed(root: Node, notes: Notes) -> tuple[Removed, ...]:
    """Read the entries that must be gone."""
    removed = root.get("removed")
    found: dict[Address, Removed] = {}
    for node in removed.elements() if removed else ():
        item = _read_item(node, notes)
        if item is not None and (first := found.setdefault(item.address, item)) is not item:
            message = f"{quote(str(item.address))} is listed twice"
            notes.warning("duplicate-item", message, item.place, item.address, f"it is listed first at {first.place}")
    return tuple(found.values())


def check_removed(document: Document, notes: Notes) -> None:
    """See that nothing is to be gone that the document wants, today or from a day on.

    A document that is valid stays so, whatever day it is: so what is to begin counts from the start.
    """
    if not document.removed:
        return
    described = {compared(address) for address in _described(document, notes.today)}
    for item in document.removed:
        if compared(item.address) in described:
            notes.error(_CODE, "it is to be gone, and is described as wanted", item.place, item.address, _HINT)


def want_removed(draft: Draft, document: Document) -> Iterator[Finding]:
    """Want entries gone, by the names that the live organization has for them."""
    for item in document.removed:
        address = item.address
        if address.part in (GRANT, USE):
            if fault := draft.reach.ambiguity(address.key, item.place, address):
                yield fault
            address = address._replace(key=draft.reach.target(address.key))
        draft.ended[address] = Ended(None, item.place)


def contradictions(draft: Draft) -> Iterator[Finding]:
    """Name what is to be gone and wanted, or to begin: now it shows which products selectors mean."""
    for address, ended in draft.ended.items():
        if ended.entry is None and address in draft.places:
            message = f"it is to be gone, and is described as wanted at {draft.places[address]}"
            yield error(_CODE, message, ended.place, address=str(address), hint=_HINT)


def _read_item(node: Node, notes: Notes) -> Removed | None:
    entry = node.get("entry")
    if entry is None or not isinstance(entry.value, str):
        return None
    address = read_address(entry.value, entry.place, notes)
    if address is None:
        return None
    read_email(node, "owner", address, notes)
    return Removed(address, entry.place)


def _described(document: Document, today: date) -> Iterator[Address]:
    """List what the document wants, by the names that it has for it; what has ended by today is not."""
    periods = {user.email: user.period for user in document.users.items}
    for user in document.users.items:
        if not user.period.is_over(today):
            yield user.address
            role = role_of(document.roles, user.role)
            yield from _granted((*user.grants.items, *(role.grants.items if role else ())), user.address, today)
    for owner in document.teams_and_partners:
        if not isinstance(owner, WantedPartner) or not owner.period.is_over(today):
            yield owner.address
            yield from _granted(owner.grants.items, owner.address, today)
    for address, email, period in (*_in_teams(document), *_in_mailboxes(document)):
        if not period.within(periods.get(email, ALWAYS)).is_over(today):
            yield address


def _in_teams(document: Document) -> Iterator[tuple[Address, str, Period]]:
    for membership, _ in memberships(document):
        yield membership.address, membership.email, ALWAYS


def _in_mailboxes(document: Document) -> Iterator[tuple[Address, str, Period]]:
    for mailbox in document.mailboxes.items:
        for delegate in mailbox.delegates.items:
            yield Address(MAILBOX, mailbox.email, DELEGATE, delegate.email), delegate.email, delegate.period


def _granted(grants: Iterable[WantedGrant], subject: Address, today: date) -> Iterator[Address]:
    for grant in grants:
        if not grant.period.is_over(today):
            if grant.rights:
                yield Address(subject.kind, subject.name, GRANT, grant.address.key)
            if grant.use:
                yield Address(subject.kind, subject.name, USE, grant.address.key)
