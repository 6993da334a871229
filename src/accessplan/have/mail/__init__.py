"""Read who may open which mailbox, in the fewest requests: of the mailboxes that the scope names, and no others."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from accessplan.have import live
from accessplan.have.mail.accesses import Seen, read_accesses
from accessplan.have.mail.boxes import Box, every_box, find_boxes
from accessplan.have.mail.gaps import strangers, unknown_permissions, why_dark
from accessplan.have.mail.shapes import canonical
from accessplan.have.moments import Moments
from accessplan.have.reader import Reader
from accessplan.model import DELEGATE, MAILBOX, Address, BlindSpot, Delegation, normalize_email
from accessplan.scope import Scope
from accessplan.select import Catalogue
from accessplan.services import EMAIL_HOSTING

SENDS = "The live system does not show whether a delegate may send."


@dataclass(frozen=True, slots=True)
class MailSeen:
    """The mailboxes in scope that exist, and who may open them.

    When everything is read, a mailbox that nobody but its own user may open has no delegation at all.
    """

    delegations: tuple[Delegation, ...] = ()
    mailboxes: Mapping[str, live.Mailbox] = field(default_factory=dict)
    blind: tuple[BlindSpot, ...] = ()
    not_covered: tuple[str, ...] = ()
    moments: Mapping[Address, Moments] = field(default_factory=dict)


def read_mail(
    reader: Reader,
    account_id: int,
    scope: Scope,
    catalogue: Catalogue,
    emails: Mapping[int, str],
    guests: Container[str] = (),
) -> MailSeen:
    """Read the mailboxes in scope. `emails` are those of active users by number, `guests` those of invited people.

    Raises:
        LiveError: something was refused, not answered, incomplete or unreadable.
    """
    if not (scope.mailboxes or scope.everything):
        return MailSeen()
    services = [each for each in catalogue.products if each.service == EMAIL_HOSTING]
    boxes = every_box(reader, services) if scope.everything else find_boxes(reader, services, scope.mailboxes)
    asked = [box for box in boxes if _is_shared(box, emails)]
    listed = [Seen(box) for box in boxes if not _is_shared(box, emails)]
    read, dark = read_accesses(reader, account_id, asked, sorted(_who_may(asked, emails)))
    seen = [*read, *(each for each in listed if each.box.service not in dark)]
    moments = dict[Address, Moments]()
    delegations = tuple(_delegations(seen, emails, moments))
    blind = [BlindSpot(MAILBOX, DELEGATE, why_dark(service), domain=normalize_email(service.name)) for service in dark]
    if not delegations or any(each.sends is None for each in delegations):
        blind.append(BlindSpot(MAILBOX, DELEGATE, SENDS, attribute="sends", by_word=True))
    gaps = {*map(why_dark, dark), *strangers(seen, emails, guests), *unknown_permissions(seen)}
    return MailSeen(delegations, dict(_mailboxes(seen)), tuple(blind), tuple(sorted(gaps)), moments)


def _mailboxes(seen: Sequence[Seen]) -> Iterator[tuple[str, live.Mailbox]]:
    legacy = {each.box.service for each in seen if each.legacy}
    for box in (each.box for each in seen):
        yield box.address, live.Mailbox(box.service.id, box.name, box.service in legacy)


def _is_shared(box: Box, emails: Mapping[int, str]) -> bool:
    """Tell whether an active user may open a mailbox beside the one it belongs to, as far as the list shows."""
    if box.row is None or box.row.users is None:
        return True
    known = (user.among(emails) for user in box.row.users)
    return any(email and canonical(email) not in box.row.addresses for email in known)


def _who_may(boxes: Iterable[Box], emails: Mapping[int, str]) -> set[int]:
    """List the active users who may have access to one of these mailboxes."""
    users: set[int] = set()
    numbers = {email: number for number, email in emails.items()}
    for box in boxes:
        if box.row is None or box.row.users is None:
            return set(emails)
        known = (user.among(emails) for user in box.row.users)
        users.update(numbers[email] for email in known if email)
    return users


def _delegations(
    seen: Sequence[Seen], emails: Mapping[int, str], moments: dict[Address, Moments]
) -> Iterator[Delegation]:
    """Make the delegations, and note their moments.

    What lists by name do not name is not held, if their Mail Service shows sending at all.
    """
    accesses = [(each.box, access) for each in seen if each.opened for access in each.opened.accesses]
    showing = {box.service for box, access in accesses if access.sends is not None}
    for box, access in accesses:
        if email := access.who.among(emails):
            sends = False if access.sends is None and access.by_name and box.service in showing else access.sends
            own = access.is_primary or canonical(email) == canonical(box.address)
            delegation = Delegation(box.address, email, access.permissions, sends, own)
            moments[delegation.address] = access.moments
            yield delegation
