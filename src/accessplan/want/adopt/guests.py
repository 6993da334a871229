"""Delegations and partners: what is live becomes what the document says."""

from __future__ import annotations

from accessplan.model import GRANT, Address, Delegation, Partner, mailbox_address, normalize_email
from accessplan.services import LIMITED
from accessplan.want.adopt.book import Way
from accessplan.want.adopt.described import access, described, openers
from accessplan.want.adopt.work import Reading, Work


def adopt_delegation(address: Address, work: Work, reading: Reading) -> Way | None:
    """Adopt a delegation; returns where it is written."""
    have, book = work.live.entries.get(address), work.book
    mailbox = work.way(mailbox_address(address.name), reading) or ("mailboxes", address.name)
    way = (*mailbox, "delegates")
    written = [key for key in book.get(way) or () if normalize_email(key) == address.key]
    if not isinstance(have, Delegation):
        for key in written:
            book.take((*way, key))
        return None
    work.require_user(address, have.email, reading)
    if not book.has(way):
        book.put(way, openers(address, work, reading))
        return *way, have.email
    one = (*way, written[0] if written else have.email)
    book.put((*one, "access") if isinstance(book.get(one), dict) else one, access(have))
    return one


def adopt_partner(address: Address, work: Work, reading: Reading) -> Way | None:
    """Adopt a partner: added with their grants, changed, or taken out; returns where they are written."""
    have, way, book = work.live.entries.get(address), work.way(address, reading), work.book
    if not isinstance(have, Partner):
        book.take(work.owner_way(address, reading))
        return None
    if way is None:
        book.put(way := ("partners", address.name), described(address, work, reading))
        return way
    if have.wallet:
        book.put((*way, "wallet"), value=True)
    elif book.has((*way, "wallet")):
        book.take((*way, "wallet"))
    book.put((*way, "access"), have.access)
    if have.access == LIMITED:
        work.also.extend(part.address for part in work.parts(address) if part.address.part == GRANT)
    return way
