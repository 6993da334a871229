"""Where mailboxes are: which Mail Service holds each of them [openapi mail]."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from accessplan.errors import TokenRefused
from accessplan.have.answer import plain
from accessplan.have.mail import shapes
from accessplan.have.mail.shapes import MailboxRow, canonical
from accessplan.have.reader import Reader
from accessplan.model import Product

FEW = 5
"""So many mailboxes of a Mail Service are asked for one by one; for more, its list is read."""

DETAILS = ("users", "count_invitations")
"""Additional data that the schema has. The invitations themselves would show secrets: their count will do."""


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox: its address as the document writes it, its Mail Service, and its name there.

    `row` is that of the list of mailboxes, None where that was not read; then it may not exist.
    """

    address: str
    service: Product
    name: str
    row: MailboxRow | None = None

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from the others: the number of its Mail Service and its name there."""
        return self.service.id, self.name.lower()


def every_box(reader: Reader, services: Sequence[Product]) -> list[Box]:
    """List all mailboxes."""
    lists = reader.together([partial(list_boxes, reader, service) for service in services])
    named = zip(services, lists, strict=True)
    return [Box(row.address, service, row.name, row) for service, rows in named for row in rows]


def find_boxes(reader: Reader, services: Sequence[Product], addresses: Iterable[str]) -> list[Box]:
    """Find mailboxes: by the domain a Mail Service is named after, else by asking each of them."""
    by_domain = _by_domain(services)
    found: list[Box] = []
    sought: defaultdict[Product, list[str]] = defaultdict(list)
    for address in sorted(addresses):
        name, _, domain = canonical(address).rpartition("@")
        candidates = by_domain.get(domain, services)
        if domain in by_domain and len(candidates) == 1:
            found.append(Box(address, candidates[0], name))
        else:
            for service in candidates:
                sought[service].append(address)
    return [*found, *_search(reader, sought)]


def with_rows(reader: Reader, boxes: Sequence[Box]) -> list[Box]:
    """Look mailboxes of one Mail Service up in its list; those that do not exist are left out."""
    service = boxes[0].service
    rows = {row.name.lower(): row for row in list_boxes(reader, service)}
    known = [(box, rows.get(box.name.lower())) for box in boxes]
    return [Box(box.address, service, row.name, row) for box, row in known if row]


def list_boxes(reader: Reader, service: Product, search: str = "") -> list[MailboxRow]:
    """List the mailboxes of a Mail Service."""
    with asking(service):
        query = {"search": search} if search else {}
        rows = reader.pages(f"/1/mail_hostings/{service.id}/mailboxes", query, want=DETAILS)
    return [shapes.mailbox(row) for row in rows]


@contextmanager
def asking(service: Product) -> Iterator[None]:
    """Say what a token needs that a Mail Service refuses."""
    try:
        yield
    except TokenRefused as refused:
        remedy = (
            f"The token needs the scope `mail`, and its owner the right technical on the Mail Service"
            f" {plain(service.name)} (#{service.id}), or the role administrator."
        )
        raise TokenRefused(str(refused), remedy) from refused


def _by_domain(services: Iterable[Product]) -> Mapping[str, Sequence[Product]]:
    found: defaultdict[str, list[Product]] = defaultdict(list)
    for service in services:
        for domain in {canonical(service.name), canonical(service.internal_name)} - {""}:
            found[domain].append(service)
    return found


def _search(reader: Reader, sought: Mapping[Product, Sequence[str]]) -> Iterator[Box]:
    """Ask Mail Services for mailboxes, by the part before the @, which is the same however the domain is written."""
    asked = [
        (service, name)
        for service, addresses in sought.items()
        for name in ([""] if len(addresses) > FEW else dict.fromkeys(_name(each) for each in addresses))
    ]
    answers = reader.together([partial(list_boxes, reader, service, name) for service, name in asked])
    found: dict[str, Box] = {}
    for (service, _), rows in zip(asked, answers, strict=True):
        by_address = {address: row for row in rows for address in row.addresses}
        for address in sought[service]:
            if row := by_address.get(canonical(address)):
                found.setdefault(address, Box(address, service, row.name, row))
    yield from found.values()


def _name(address: str) -> str:
    return address.rpartition("@")[0]
