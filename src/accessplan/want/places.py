"""Places in products that stay though the document wants them otherwise, and those it says nothing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from accessplan.finding import Finding, Place, warning
from accessplan.model import USE, USER, Address, State, Use, user_address
from accessplan.plain import few
from accessplan.plan import Mode, Want
from accessplan.select import service_of
from accessplan.services import DRIVE, GOVERNING_ROLES, USE_ROLES
from accessplan.want.document import Document
from accessplan.want.draft import Draft, is_stronger
from accessplan.want.names import quote
from accessplan.want.seats import stays

ADMIN = USE_ROLES[DRIVE][-1]

NAMED = 5
"""How many people a finding names."""


def keep_drive_roles(draft: Draft, live: State, want: Want) -> Iterator[Finding]:
    """Want places in kDrives as they are where they cannot be taken or lowered: of those who govern [faq 2365]."""
    for address, there in _in_drives(live):
        user = draft.user(there.email) or live.user(there.email)
        if user is None or user.role not in GOVERNING_ROLES or not _stays_in(there.email, draft, live, want):
            continue
        hint = f"take the role {user.role} from them first"
        wanted = draft.entries.get(address)
        if isinstance(wanted, Use) and _may_be_lowered(there, wanted):
            message = f"{_role_of(there)} cannot be lowered to {wanted.role} while {quote(there.email)} governs"
            hint = f"write {there.role or ADMIN}, or {hint}"
        elif wanted is None and not there.pending and _is_taken(there, draft, want):
            message = f"the place in {quote(there.target)} cannot be taken from {quote(there.email)} while they govern"
            hint = f"write {there.target}: {{use: {there.role or ADMIN}}} under their grants, or {hint}"
        else:
            continue
        yield warning("drive-role-stays", message, _keep(there, draft, want), address=str(address), hint=hint)


def keep_locked(draft: Draft, live: State) -> Iterator[Finding]:
    """Leave those who govern locked out of a kDrive where they are to have less than they had [faq 2365].

    Let in as they were, they would have more than anybody wants.
    """
    for address, there in sorted(live.locked.items()):
        wanted, user = draft.entries.get(address), draft.user(there.email) or live.user(there.email)
        if user is None or user.role not in GOVERNING_ROLES:
            continue
        if isinstance(wanted, Use) and _may_be_lowered(there, wanted):
            del draft.entries[address]
            message = f"{quote(there.email)} stays locked out: {_role_of(there)} cannot be lowered to {wanted.role}"
            message += " while they govern"
            hint = f"write {there.role or ADMIN}, or take the role {user.role} from them first"
            yield warning("drive-role-stays", message, draft.places.get(address), address=str(address), hint=hint)


def keep_last_admins(draft: Draft, live: State, want: Want) -> Iterator[Finding]:
    """Want one admin as they are of each kDrive that would be left without: whoever stays, rather than who goes."""
    admins: defaultdict[str, list[Use]] = defaultdict(list)
    for _, there in _in_drives(live):
        if there.role == ADMIN and not there.pending:
            admins[there.target].append(there)
    for target, uses in sorted(admins.items()):
        if any(_remains(each, draft, live, want) for each in uses):
            continue
        last = min(uses, key=lambda each: (not _stays_in(each.email, draft, live, want), each.email))
        what = "stays as they are there" if _stays_in(last.email, draft, live, want) else "leaves the organization"
        message = f"{quote(last.email)} is the last admin of {quote(target)}, and {what}"
        hint = "make somebody else an admin of it first, who is active there; then plan again"
        place = _keep(last, draft, want)
        yield warning("last-drive-admin", message, place, address=str(last.address), hint=hint)


def unmanaged_places(draft: Draft, document: Document, live: State, want: Want) -> Iterator[Finding]:
    """Name people who use a product though nothing says that they do: nobody knows where they have that from.

    A place that came with a team stays when the team goes, or its grant: without grants of their own, what somebody
    uses is not managed.
    """
    if want.mode(Address(USER, "", USE)) is not Mode.ENFORCE:
        return
    places = {user.email: user.place for user in document.users.items}
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for address, entry in sorted(live.entries.items()):
        if not isinstance(entry, Use) or entry.implied or entry.email not in places:
            continue
        user = draft.user(entry.email)
        is_named = address in draft.entries or address in draft.places or address in draft.ended
        if user and user.role not in GOVERNING_ROLES and not is_named and want.list_of(address) is None:
            found[entry.target].append(entry)
    for target, uses in sorted(found.items()):
        yield _unmanaged(target, uses, places[uses[0].email])


def _unmanaged(target: str, uses: Sequence[Use], place: Place) -> Finding:
    names = few((quote(each.email) for each in uses), NAMED)
    who = f"{names} uses" if len(uses) == 1 else f"{len(uses)} people use"
    message = f"{who} {quote(target)}, and nothing in the document says so"
    message += "" if len(uses) == 1 else f": {names}"
    hint = f"write {target} under their grants, or the address of the place under removed"
    return warning("place-unmanaged", message, place, address=str(uses[0].address), hint=hint)


def _in_drives(live: State) -> Iterator[tuple[Address, Use]]:
    for address, entry in sorted(live.entries.items()):
        if isinstance(entry, Use) and service_of(entry.target) == DRIVE:
            yield address, entry


def _may_be_lowered(there: Use, wanted: Use) -> bool:
    """Tell whether somebody is to have less in a kDrive, or may be: a role that is not shown may be any."""
    return is_stronger(there, wanted) or (there.role is None and wanted.role != ADMIN)


def _role_of(there: Use) -> str:
    return f"the role {there.role}" if there.role else "a role that is not shown"


def _stays_in(email: str, draft: Draft, live: State, want: Want) -> bool:
    """Tell whether somebody is still in the organization when all is done, as far as they are in it at all."""
    address = user_address(email)
    return address not in live.entries or stays(address, draft, want)


def _is_taken(there: Use, draft: Draft, want: Want) -> bool:
    return not there.implied and not stays(there.address, draft, want)


def _remains(there: Use, draft: Draft, live: State, want: Want) -> bool:
    """Tell whether an admin of a kDrive is that still when all is done."""
    if not _stays_in(there.email, draft, live, want):
        return False
    wanted = draft.entries.get(there.address)
    return not is_stronger(there, wanted) if wanted is not None else not _is_taken(there, draft, want)


def _keep(there: Use, draft: Draft, want: Want) -> Place | None:
    """Want a place as it is; return the line that would have it otherwise."""
    address, leaver = there.address, user_address(there.email)
    ended = draft.ended.pop(address, None)
    gone = draft.ended.get(leaver)
    wanted = draft.entries.get(address)
    draft.entries[address] = replace(wanted, role=there.role) if isinstance(wanted, Use) else there
    place = draft.places.get(address) or (ended and ended.place) or want.list_of(address)
    place = place or (gone and gone.place) or want.list_of(leaver)
    if place is not None:
        draft.places.setdefault(address, place)
    return place
