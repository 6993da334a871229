"""Which requests mailboxes and kDrives answer: which family an organization has is nowhere written."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.check import Check, Status
from accessplan.errors import LiveError
from accessplan.have.answer import plain
from accessplan.have.doctor.tried import failed, tried
from accessplan.have.drive import is_shown_in_full
from accessplan.have.fields import Fields
from accessplan.have.live import Live
from accessplan.have.mail import read_mail
from accessplan.have.mail.boxes import every_box
from accessplan.have.reader import Reader
from accessplan.model import Product, User
from accessplan.scope import Scope
from accessplan.services import DRIVE, EMAIL_HOSTING


def mail_services(reader: Reader, account_id: int, live: Live) -> Iterator[Check]:
    """Try one mailbox of each Mail Service."""
    for product in live.catalogue.products:
        if product.service == EMAIL_HOSTING:
            name = f"mailboxes of {plain(product.name)}"
            found = tried(lambda product=product: _family(reader, account_id, live, product))  # type: ignore[misc]
            if isinstance(found, LiveError):
                yield failed(name, found, "Delegations on its mailboxes cannot be planned with this token.")
            else:
                yield Check(name, *found)


def _family(reader: Reader, account_id: int, live: Live, service: Product) -> tuple[Status, str, str]:
    boxes = every_box(reader, [service])
    if not boxes:
        return Status.NOTE, "There are none.", "Which requests they would answer is not known."
    users = [entry for entry in live.state.entries.values() if isinstance(entry, User) and not entry.invited]
    emails = {live.ids[user.address]: user.email for user in users}
    first = boxes[0].address
    seen = read_mail(reader, account_id, Scope(mailboxes=frozenset({first})), live.catalogue, emails)
    if first not in seen.mailboxes:
        return Status.WARNING, "They answer neither family of requests.", "Delegations there are not checked."
    if seen.mailboxes[first].legacy:
        meaning = "Permissions can be changed and taken away by request; giving access is a step by hand."
        return Status.NOTE, f"{len(boxes)}, with the old family of requests.", meaning
    return Status.OK, f"{len(boxes)}, with the new family of requests.", "Delegations are carried out by request."


def drives(reader: Reader, account_id: int, live: Live) -> Iterator[Check]:
    """Ask once for the list of kDrives."""
    if not any(product.service == DRIVE for product in live.catalogue.products):
        return
    rows = tried(lambda: reader.pages("/2/drive", {"account_id": account_id, "total": "true"}))
    if isinstance(rows, LiveError):
        yield failed("kDrives", rows, "Places in kDrives cannot be planned with this token.")
        return
    shut = sum(row.get("in_maintenance") is True for row in rows)
    in_part = sum(not is_shown_in_full(Fields(row, "a row of the list of kDrives")) for row in rows)
    if in_part:
        maintained = f", {shut} in maintenance" if shut else ""
        fact = f"{len(rows)} shown{maintained}; the owner of the token is no admin of {in_part}."
        meaning = "Who is in those is not read, and nothing is planned there: use the token of an administrator."
        yield Check("kDrives", Status.WARNING, fact, meaning)
    elif shut:
        yield Check(
            "kDrives", Status.NOTE, f"{len(rows)} shown, {shut} in maintenance.", "Those are not checked today."
        )
    else:
        yield Check("kDrives", Status.OK, f"{len(rows)} shown.", "Places in them are given and taken by request.")
