"""Mailboxes, and who may open them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accessplan.finding import Finding, Place, error, warning
from accessplan.model import DELEGATE, MAILBOX, Address, Delegation, Entry, State, fold, normalize_email
from accessplan.select import Catalogue
from accessplan.services import EMAIL_HOSTING, MAILBOX_PERMISSIONS
from accessplan.want.document import ALWAYS, Document, Listed, Period, WantedDelegate, WantedMailbox
from accessplan.want.draft import Draft
from accessplan.want.names import Names, quote, visible
from accessplan.want.notes import Notes
from accessplan.want.slip import is_slip_of
from accessplan.want.tree import Node
from accessplan.want.values import check_email, is_email, read_period, read_record

READ, READ_WRITE = "read", "read_write"

_UNKNOWN = "describe them under users, or leave them out"


def read_mailboxes(root: Node, notes: Notes) -> Listed[WantedMailbox]:
    """Read the mailboxes; of two with one address only the first."""
    mailboxes = root.get("mailboxes")
    if mailboxes is None or not isinstance(mailboxes.value, dict):
        return Listed()
    found: dict[str, WantedMailbox] = {}
    for written, node in mailboxes.items():
        address = Address(MAILBOX, normalize_email(written))
        email = check_email(written, node.key_place, address, notes)
        mailbox = WantedMailbox(email, _read_delegates(node, address, notes), node.key_place)
        if (first := found.setdefault(email, mailbox)) is not mailbox:
            _given_twice("duplicate-mailbox", written, mailbox.place, first.place, address, notes)
    return Listed(mailboxes.key_place, tuple(found.values()))


def check_mailboxes(document: Document, notes: Notes) -> None:
    """See that those who are to open mailboxes are users, where the document has any, and not at home there."""
    users = {user.email for user in document.users.items}
    known = Names(users, is_slip_of) if document.mailboxes.items else Names(())
    for mailbox in document.mailboxes.items:
        for delegate in mailbox.delegates.items:
            address = _address(mailbox, delegate)
            if delegate.email == mailbox.email:
                message = f"{quote(delegate.email)} is the address of the mailbox itself"
                hint = "leave it out: nobody takes somebody's own mailbox away"
                notes.warning("own-mailbox", message, delegate.place, address, hint)
            elif document.users.place and delegate.email not in users and is_email(delegate.email):
                message = f"{quote(delegate.email)} is not among the users of the document"
                notes.error("unknown-delegate", message, delegate.place, address, known.hint(delegate.email, _UNKNOWN))


def want_mailboxes(
    draft: Draft, document: Document, periods: Mapping[str, Period], catalogue: Catalogue, live: State
) -> Iterator[Finding]:
    """Want that people open mailboxes, as long as they are users; mailboxes that do not exist are findings."""
    known = Names(catalogue.mailboxes)
    for mailbox in document.mailboxes.items:
        wanted = False
        for delegate in mailbox.delegates.items:
            address = _address(mailbox, delegate)
            period = delegate.period.within(periods.get(delegate.email, ALWAYS))
            wanted |= not period.is_over(draft.today)
            there = live.entries.get(address)
            entry = Delegation(mailbox.email, delegate.email, delegate.permissions, delegate.sends)
            if not (isinstance(there, Delegation) and there.own):
                draft.note(entry, delegate.place, period, delegate.record)
                if not entry.sends and period.covers(draft.today) and not _is_known_to_read(there):
                    yield _by_hand(entry, delegate.place)
            elif delegate.email != mailbox.email and not _is_so(entry, there, delegate.period, draft):
                yield _about_own(address, delegate.place)
        if mailbox.email not in known and _is_looked_for(mailbox, live, wanted=wanted):
            yield _not_found(mailbox, known, catalogue)
    for address, ended in draft.ended.items():
        there = live.entries.get(address)
        if ended.entry is None and isinstance(there, Delegation) and there.own:
            yield _about_own(address, ended.place)


def strange_delegates(document: Document, known: Names) -> Iterator[Finding]:
    """Name those who are to open mailboxes and are no users of the live organization."""
    for mailbox in document.mailboxes.items:
        for delegate in mailbox.delegates.items:
            if delegate.email not in known:
                message = f"{quote(delegate.email)} is no user of the organization"
                hint = known.hint(delegate.email, "invite them first, or describe them under users")
                address = str(_address(mailbox, delegate))
                yield error("unknown-delegate", message, delegate.place, address=address, hint=hint)


def _address(mailbox: WantedMailbox, delegate: WantedDelegate) -> Address:
    return Address(MAILBOX, mailbox.email, DELEGATE, delegate.email)


def _is_so(entry: Delegation, there: Delegation, period: Period, draft: Draft) -> bool:
    """Tell whether a line leaves somebody's own mailbox as it is; sending that is not shown is usual."""
    as_said = entry.permissions == there.permissions and entry.sends is not (there.sends is False)
    return not period.is_over(draft.today) and (as_said or period.is_ahead(draft.today))


def _is_known_to_read(there: Entry | None) -> bool:
    """Tell whether it is shown, or on somebody's word, that they may not send."""
    return isinstance(there, Delegation) and there.sends is False


def _by_hand(entry: Delegation, place: Place) -> Finding:
    message = "no documented request takes sending away: it is a step by hand, on somebody's word"
    hint = "write read_write if they may write as well"
    return warning("read-by-hand", message, place, address=str(entry.address), hint=hint)


def _about_own(address: Address, place: Place) -> Finding:
    message = f"{quote(address.name)} is the own mailbox of {quote(address.key)}: nobody takes or limits it"
    hint = "leave the line out: the mailbox stays as it is"
    return warning("own-mailbox", message, place, address=str(address), hint=hint)


def _not_found(mailbox: WantedMailbox, known: Names, catalogue: Catalogue) -> Finding:
    domain = mailbox.email.rpartition("@")[2]
    message = f"{quote(mailbox.email)} is no mailbox of the organization"
    otherwise = "create the mailbox first, or correct the address"
    if domain not in (each.rpartition("@")[2] for each in catalogue.mailboxes) and not _has_mail(domain, catalogue):
        message = f"no Mail Service of {visible(domain)} is visible to this token"
        otherwise = "the owner of the token needs a right on the Mail Service; or correct the address"
    hint = known.hint(mailbox.email, otherwise)
    return error("mailbox-not-found", message, mailbox.place, address=str(mailbox.address), hint=hint)


def _has_mail(domain: str, catalogue: Catalogue) -> bool:
    """Tell whether a Mail Service is named after a domain, however that is spelled."""
    services = (each for each in catalogue.products if each.service == EMAIL_HOSTING)
    return any(_spelled(domain) in (_spelled(each.name), _spelled(each.internal_name)) for each in services)


def _spelled(domain: str) -> str:
    try:
        return fold(domain).encode("idna").decode()
    except UnicodeError:
        return fold(domain)


def _is_looked_for(mailbox: WantedMailbox, live: State, *, wanted: bool) -> bool:
    """Tell whether a mailbox must exist: somebody is to open it, or nobody; and mailboxes are shown at all."""
    if mailbox.delegates.place is None or live.hides(Address(MAILBOX, mailbox.email, DELEGATE, mailbox.email)):
        return False
    return wanted or not mailbox.delegates.items


def _read_delegates(mailbox: Node, owner: Address, notes: Notes) -> Listed[WantedDelegate]:
    delegates = mailbox.get("delegates")
    if delegates is None or not isinstance(delegates.value, dict):
        return Listed()
    found: dict[str, WantedDelegate] = {}
    for written, node in delegates.items():
        address = Address(MAILBOX, owner.name, DELEGATE, normalize_email(written))
        delegate = _read_delegate(written, node, address, notes)
        if (first := found.setdefault(delegate.email, delegate)) is not delegate:
            _given_twice("duplicate-delegate", written, delegate.place, first.place, address, notes)
    return Listed(delegates.key_place, tuple(found.values()))


def _read_delegate(written: str, node: Node, address: Address, notes: Notes) -> WantedDelegate:
    place = node.key_place
    email = check_email(written, place, address, notes)
    access = (node.get("access") or node) if isinstance(node.value, dict) else node
    return WantedDelegate(
        email=email,
        permissions=_read_permissions(access, address, notes),
        sends=access.value != READ,
        period=read_period(node, address, notes),
        place=place,
        record=read_record(node, address, notes),
    )


def _read_permissions(access: Node, address: Address, notes: Notes) -> frozenset[str]:
    if access.value == []:
        hint = "write read_write to open the mailbox without further permissions, or leave the person out"
        notes.error("empty-access", "an empty list does not say what is permitted", access.place, address, hint)
    seen: set[str] = set()
    for each in access.elements():
        if isinstance(each.value, str) and each.value in MAILBOX_PERMISSIONS:
            if each.value in seen:
                notes.warning("duplicate-item", f"{each.value} is listed twice", each.place, address, "remove one")
            seen.add(each.value)
    return frozenset(seen)


def _given_twice(code: str, written: str, place: Place, first: Place, address: Address, notes: Notes) -> None:
    message = f"{quote(written)} is given twice: upper and lower case are the same"
    notes.error(code, message, place, address, f"it is given first at {first}")
