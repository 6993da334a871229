"""Places in kDrives that are part of a kSuite, where the document wants what the live system cannot hold.

A kSuite lets each of its people into each of its kDrives, and out again when it is taken; nothing else lets anybody in
but as an external user, and nobody who has the kSuite is external there [openapi core] [faq 879].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from accessplan.finding import Finding, Place, error
from accessplan.model import USE, USER, Address, State, Use
from accessplan.plan import Want
from accessplan.select import Catalogue, Kind, Selector
from accessplan.services import EXTERNAL, KSUITE
from accessplan.want.draft import Draft
from accessplan.want.names import quote
from accessplan.want.seats import stays


def misfits_of_suite(draft: Draft, catalogue: Catalogue, live: State, want: Want) -> Iterator[Finding]:
    """Name places that the kSuite of a kDrive would take as often as they are given.

    It is a fault to want somebody in such a kDrive, and the kSuite gone from them: each plan would undo the last one.
    It goes where it has ended, is to be removed, or is left out of grants that are enforced; where nobody takes it, it
    comes with the place and stays. So it is a fault, too, to want somebody external who keeps the kSuite. There is none
    where the kSuite is not shown, nor where there are several, of which nobody knows which one it is.
    """
    suites = catalogue.find(Selector(Kind.SERVICE, KSUITE))
    if len(suites) != 1 or not catalogue.of_suite:
        return
    suite = catalogue.label(suites[0])
    found: defaultdict[tuple[Place, str], list[Use]] = defaultdict(list)
    for address, entry in sorted(draft.entries.items()):
        if isinstance(entry, Use) and entry.target in catalogue.of_suite and address in draft.places:
            seat = Address(USER, entry.email, USE, suite)
            if _does_not_fit(entry, seat, draft, live, want):
                found[draft.places[address], entry.role or ""].append(entry)
    for (place, role), uses in found.items():
        yield (_external if role == EXTERNAL else _alone)(uses, suite, place)


def _does_not_fit(place: Use, seat: Address, draft: Draft, live: State, want: Want) -> bool:
    if place.role == EXTERNAL:
        return seat in draft.entries or (seat in live.entries and stays(seat, draft, want))
    return not live.hides(seat) and not stays(seat, draft, want)


def _alone(uses: Sequence[Use], suite: str, place: Place) -> Finding:
    message = f"the place in {quote(uses[0].target)} comes with {quote(suite)}, which {_who(uses)} shall not have"
    hint = f"write {suite}: {{use: {uses[0].role}}} beside it"
    return error("place-without-ksuite", message, place, address=str(uses[0].address), hint=hint)


def _external(uses: Sequence[Use], suite: str, place: Place) -> Finding:
    message = f"who has {quote(suite)} is not external in {quote(uses[0].target)}, and {_who(uses)} has it"
    hint = f"write {uses[0].target}: {{use: user}}, or take {suite} from them first"
    return error("external-with-ksuite", message, place, address=str(uses[0].address), hint=hint)


def _who(uses: Sequence[Use]) -> str:
    people = sorted({each.email for each in uses})
    return quote(people[0]) if len(people) == 1 else f"{quote(people[0])} (and {len(people) - 1} more)"
