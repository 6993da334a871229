"""Who may open which mailbox, as a document describes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from accessplan.model import Delegation, State
from accessplan.select import Catalogue
from accessplan.services import MAILBOX_PERMISSIONS, in_usual_order
from accessplan.want.export.words import Omissions, is_sayable_email
from accessplan.want.mailboxes import READ, READ_WRITE
from accessplan.want.names import quote


def mailboxes(state: State, catalogue: Catalogue, users: Collection[str], omissions: Omissions) -> dict[str, object]:
    """Describe the mailboxes that others than their own people may open."""
    delegations: defaultdict[str, list[Delegation]] = defaultdict(list)
    for _, entry in sorted(state.entries.items()):
        if isinstance(entry, Delegation) and not entry.own:
            delegations[entry.mailbox].append(entry)
    described: dict[str, object] = {}
    for mailbox, entries in delegations.items():
        access = {entry.email: written_access(entry) for entry in entries if entry.email in users}
        if mailbox not in catalogue.mailboxes or not is_sayable_email(mailbox):
            omissions.add("the mailboxes", [mailbox])
        elif unsayable := [entry.email for entry in entries if not access.get(entry.email)]:
            omissions.add(f"those who may open the mailbox {quote(mailbox)}", unsayable)
        else:
            described[mailbox] = {"delegates": access}
    return described


def written_access(entry: Delegation) -> str | list[str] | None:
    """Write what somebody may do; None where no word says it: to read only, and yet to manage something."""
    if not entry.permissions:
        return READ if entry.sends is False else READ_WRITE
    if entry.sends is False or not entry.permissions.issubset(MAILBOX_PERMISSIONS):
        return None
    return list(in_usual_order(entry.permissions))
