"""What is known of mailboxes and has no place in a State, in plain sentences."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from accessplan.have.answer import plain
from accessplan.have.mail.accesses import Seen
from accessplan.model import Product


def why_dark(service: Product) -> str:
    """Say that a Mail Service does not tell who may open its mailboxes."""
    name = plain(service.name)
    return f"Who may open the mailboxes of {name} was not shown: neither family of requests is open for it (501)."


def strangers(seen: Iterable[Seen], emails: Mapping[int, str], guests: Container[str]) -> Iterator[str]:
    """Say how many people without a place in the organization there are at each mailbox."""
    not_asked = 0
    for each in seen:
        mailbox = plain(each.box.address)
        if each.opened and each.in_full:
            users = [access.who for access in each.opened.accesses]
            invited = sum(email not in guests for email in each.opened.invited)
            if invited:
                have = "has" if invited == 1 else "have"
                yield f"{_people(invited)} without a place in the organization {have} been invited to {mailbox}."
        elif each.box.row:
            users = [*(each.box.row.users or ())]
            if pending := each.box.row.invitations:
                are = "1 invitation is" if pending == 1 else f"{pending} invitations are"
                yield f"{are} pending to {mailbox}; whom they are for was not looked at."
        else:
            not_asked += 1
            continue
        if count := sum(not who.among(emails) for who in users):
            yield f"{_people(count)} without a place in the organization may open {mailbox}."
    if not_asked:
        mailboxes = "1 mailbox" if not_asked == 1 else f"{not_asked} mailboxes"
        yield f"People without a place in the organization were not looked for in {mailboxes}."


def unknown_permissions(seen: Iterable[Seen]) -> Iterator[str]:
    """Name permissions that we have no word for."""
    names: set[str] = set()
    for each in seen:
        if each.opened:
            names.update(*(access.unknown for access in each.opened.accesses))
    if names:
        yield f"Permissions on mailboxes that accessplan does not know are left out: {plain(', '.join(sorted(names)))}."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
