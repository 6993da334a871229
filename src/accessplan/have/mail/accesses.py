"""Who may open mailboxes: asked for each mailbox or for each user, whichever are fewer [openapi mail].

There are two families of requests. An account has one of them, and the other answers 501.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from operator import attrgetter

from accessplan.errors import RequestRefused
from accessplan.have.fields import Fields
from accessplan.have.mail import shapes
from accessplan.have.mail.boxes import FEW, Box, asking, with_rows
from accessplan.have.mail.shapes import Access, Opened
from accessplan.have.reader import Reader
from accessplan.model import Product
from accessplan.route import segment

OLD_DETAILS = ("permissions", "users.permissions")
"""Additional data of the old family: the schema has it on each user, and how a nested one is called is not said."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mailbox that is there. `opened` is None where only its row in the list of mailboxes was read.

    `in_full` says that the mailbox itself was asked: then also who has no place in the organization is shown.
    """

    box: Box
    opened: Opened | None = None
    legacy: bool = False
    in_full: bool = False


@dataclass(slots=True)
class _Found:
    """What comes together of the Mail Services, and those of which neither family of requests is open."""

    seen: list[Seen] = field(default_factory=list)
    dark: list[Product] = field(default_factory=list)


def read_accesses(
    reader: Reader, account_id: int, boxes: Sequence[Box], users: Sequence[int]
) -> tuple[list[Seen], list[Product]]:
    """Read who may open mailboxes; those that do not exist are left out.

    `users` are all who may have access. Returned are also the Mail Services that tell by neither family.
    """
    held = _of_users(reader, account_id, users) if 0 < len(users) < len(boxes) else None
    services: defaultdict[Product, list[Box]] = defaultdict(list)
    for box in boxes:
        services[box.service].append(box)
    if held is None:
        calls = [partial(_of_mailboxes, reader, theirs) for theirs in services.values()]
    else:
        calls = [partial(_complete, reader, theirs, held) for theirs in services.values()]
    found = _Found()
    for service, seen in zip(services, reader.together(calls), strict=True):
        if seen is None:
            found.dark.append(service)
        else:
            found.seen.extend(seen)
    return found.seen, found.dark


_Held = Mapping[tuple[int, str], Sequence[Access]]
"""The accesses to each mailbox, by `Box.key`."""


def _of_users(reader: Reader, account_id: int, users: Sequence[int]) -> _Held | None:
    """Ask for each user; None where the account has the old family, or an answer does not tell all."""

    def ask(user: int) -> list[Fields]:
        path = f"/1/mail_hostings/accesses/webmail/accounts/{account_id}/users/{user}"
        return [Fields(row, "an access of a user") for row in reader.pages(path, want=("mailbox",))]

    first, *rest = users
    try:
        rows = [*ask(first)]
        for theirs in reader.together([partial(ask, user) for user in rest]):
            rows += theirs
    except RequestRefused as refused:
        if refused.status in (HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.NOT_FOUND):
            return None
        raise
    held: defaultdict[tuple[int, str], list[Access]] = defaultdict(list)
    for row in rows:
        if (place := shapes.place_of(row)) is None:
            return None
        held[place].append(shapes.access(row))
    return held


def _complete(reader: Reader, boxes: Sequence[Box], held: _Held) -> list[Seen] | None:
    """Sort what users told of the mailboxes of one Mail Service, and confirm the others: nobody may open them.

    A user's accesses leave out Mail Services of the old family without a word: one that nothing was told of is asked.
    """
    told = any(hosting == boxes[0].service.id for hosting, _ in held)
    unsure = [box for box in boxes if box.key not in held and box.row is None]
    if len(unsure) > FEW:
        boxes, unsure = with_rows(reader, boxes), []
    if not told:
        unsure = unsure or list(boxes[:1])
    confirmed = _of_mailboxes(reader, unsure) if unsure else []
    if confirmed is None or any(each.legacy for each in confirmed):
        return _of_mailboxes(reader, boxes)
    asked = {box.key for box in unsure}
    others = [Seen(box, Opened(tuple(held.get(box.key, ())))) for box in boxes if box.key not in asked]
    return sorted([*others, *confirmed], key=attrgetter("box.address"))


def _of_mailboxes(reader: Reader, boxes: Sequence[Box], *, legacy: bool = False) -> list[Seen] | None:
    """Ask for each mailbox of one Mail Service; None where neither family of requests is open.

    The first that exists tells which family it has; the others are asked together.
    """
    answers: list[Opened | None] = []
    try:
        with asking(boxes[0].service):
            while len(answers) < len(boxes) and not any(answers):
                answers.append(_ask(reader, boxes[len(answers)], legacy=legacy))
            rest = boxes[len(answers) :]
            answers += reader.together([partial(_ask, reader, box, legacy=legacy) for box in rest])
    except RequestRefused as refused:
        if refused.status != HTTPStatus.NOT_IMPLEMENTED:
            raise
        return None if legacy else _of_mailboxes(reader, boxes, legacy=True)
    both = zip(boxes, answers, strict=True)
    return [Seen(box, opened, legacy=legacy, in_full=True) for box, opened in both if opened is not None]


def _ask(reader: Reader, box: Box, *, legacy: bool) -> Opened | None:
    """Ask who may open a mailbox; None where it does not exist."""
    path = f"/1/mail_hostings/{box.service.id}/mailboxes/{segment(box.name)}"
    try:
        if legacy:
            return shapes.opened_old(reader.get(f"{path}/users", want=OLD_DETAILS))
        return shapes.opened(reader.pages(f"{path}/accesses/webmail"))
    except RequestRefused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            return None
        raise
