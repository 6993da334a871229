"""What an invitation into the organization opens: `app_accesses`, which the documents do not type [openapi core].

The sandbox takes a list of rows, each with its `type`; a map by type is read as well, and null as nothing::

    {"type": "drive", "drive_id", "role"}              {"type": "mailbox", "mail_id", "mailbox_name", "permissions"}
    {"type": "kchat", "role"}                          {"type": "ksuite", "kchat_role", "kdrive_role", "mailbox_name"}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accessplan.errors import UnreadableAnswer
from accessplan.have.answer import Row, plain
from accessplan.have.fields import Fields
from accessplan.have.mail.shapes import access, canonical
from accessplan.have.selected import only
from accessplan.model import Delegation, Use
from accessplan.select import Catalogue, Kind, Selector
from accessplan.services import EMAIL_HOSTING, KCHAT, KSUITE, USE_ROLES


@dataclass(frozen=True, slots=True)
class Known:
    """What numbers mean: labels of kDrives by number, addresses of mailboxes by Mail Service and name."""

    catalogue: Catalogue
    drives: Mapping[int, str]
    mailboxes: Mapping[tuple[int, str], str]

    def mailbox(self, hosting: int, name: str) -> str:
        """Return the e-mail address of a mailbox; empty where its Mail Service is in no list."""
        if known := self.mailboxes.get((hosting, name)):
            return known
        found = self.catalogue.find(Selector(Kind.ID, EMAIL_HOSTING, str(hosting)))
        return canonical(f"{name}@{found[0].name}") if found else ""


@dataclass(slots=True)
class Opened:
    """What the invitation of one person opens.

    `is_shown` is False where something of it cannot be read: then nobody knows what else there is. `is_whole` is False
    where the entries do not say all that it opens.
    """

    email: str
    uses: list[Use] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_shown: bool = True
    is_whole: bool = True


def hidden(email: str) -> Opened:
    """Say that what the invitation opens was not shown."""
    return Opened(email, is_shown=False, is_whole=False)


def opened(email: str, value: object, known: Known) -> Opened:
    """Read what an invitation opens, in whichever of the shapes."""
    found = Opened(email)
    rows = _rows(value)
    for row in rows or ():
        try:
            _READERS[Fields(row, "an access").one_of("type", _READERS)](found, Fields(row, "an access"), known)
        except UnreadableAnswer:
            rows = None
    if rows is None:
        found.is_shown = found.is_whole = False
    return found


def _rows(value: object) -> list[Row] | None:
    """Return the rows with their types; None where these are none."""
    match value:
        case None:
            return []
        case list():
            rows = value
        case dict():
            rows = [row for name, some in value.items() if some is not None for row in _of_type(name, some)]
        case _:
            return None
    return rows if all(isinstance(each, dict) for each in rows) else None


def _of_type(name: str, some: object) -> list[object]:
    """Return the rows under one key of a map: of that type, or as they say themselves where the key is a number."""
    rows = some if isinstance(some, list) else [some]
    return [{"type": name, **row} if isinstance(row, dict) else row for row in rows]


def _drive(found: Opened, row: Fields, known: Known) -> None:
    label = known.drives.get(row.number("drive_id"))
    if label is None:
        found.is_whole = False
    else:
        found.uses.append(Use(found.email, label, row.one_of("role", USE_ROLES["drive"])))


def _mailbox(found: Opened, row: Fields, known: Known) -> None:
    address = known.mailbox(row.number("mail_id"), row.text("mailbox_name"))
    held = access(row)
    if address:
        found.delegations.append(Delegation(address, found.email, held.permissions, held.sends))
    else:
        found.is_whole = False


def _kchat(found: Opened, row: Fields, known: Known) -> None:
    _in_only(KCHAT, row.one_of("role", USE_ROLES[KCHAT]), found, known)


def _ksuite(found: Opened, row: Fields, known: Known) -> None:
    """Read kSuite, which has a role for kChat and one for kDrive; the document has one for both."""
    kchat, kdrive = (row.one_of(name, USE_ROLES[KSUITE]) for name in ("kchat_role", "kdrive_role"))
    if kchat != kdrive:
        found.notes.append(f"{plain(found.email)} is invited to kSuite as {kdrive} in kDrive, and as {kchat} in kChat.")
    if kchat != kdrive or row.text_if_any("mailbox_name"):
        found.is_whole = False  # sent anew, it would have one role, and no mailbox
    _in_only(KSUITE, kdrive if kchat == kdrive else None, found, known)


def _in_only(service: str, role: str | None, found: Opened, known: Known) -> None:
    """Take a place in an app to be in the one product there is; of several, nobody knows which."""
    target = only(service, known.catalogue)
    if target is None:
        found.is_whole = False
    else:
        found.uses.append(Use(found.email, target, role))


_READERS: Mapping[str, Callable[[Opened, Fields, Known], None]] = {
    "drive": _drive,
    "mailbox": _mailbox,
    "kchat": _kchat,
    "ksuite": _ksuite,
}
