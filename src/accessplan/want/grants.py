"""Grants: read from a document, and wanted of the products of an organization.

What the schema refuses is passed over here, so that one run finds the faults of both.
"""

from __future__ import annotations

from collections.abc import Iterable

from accessplan.model import GRANT, Address, Grant
from accessplan.select import Kind, Selector, SelectorError, parse, service_of
from accessplan.services import RIGHTS, SERVICES, in_usual_order, rights_offered
from accessplan.want.document import Listed, Period, WantedGrant
from accessplan.want.draft import Draft
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.reach import NOTHING
from accessplan.want.tree import Node
from accessplan.want.uses import read_use
from accessplan.want.values import read_period, read_record

MAX = "max"

_SERVICES = Names(SERVICES)


def read_grants(entry: Node, subject: Address, notes: Notes) -> Listed[WantedGrant]:
    """Read the grants of a user, team, role or partner."""
    grants = entry.get("grants")
    if grants is None or not isinstance(grants.value, dict):
        return Listed()
    found = (_read_grant(text, node, subject, notes) for text, node in grants.items())
    return Listed(grants.key_place, tuple(grant for grant in found if grant is not None))


def want_grants(draft: Draft, subject: Address, grants: Iterable[WantedGrant], within: Period) -> None:
    """Want the rights that grants give; selectors that do not fit are findings."""
    for grant in grants:
        period = grant.period.within(within)
        fault = draft.reach.fault(grant)
        if fault is not None and not (fault.code == NOTHING and period.is_over(draft.today)):
            draft.findings.setdefault(grant.place, fault)
        for target in draft.reach.targets(grant) if grant.rights else ():
            if rights := _rights_on(target, grant):
                draft.note(Grant(subject, target, rights), grant.place, period, grant.record)


def _rights_on(target: str, grant: WantedGrant) -> frozenset[str]:
    """Return the rights of a grant on a target; `all` leaves out what a service does not offer."""
    if grant.selector.kind is Kind.EVERYTHING:
        return grant.rights & rights_offered(service_of(target))
    return grant.rights


def _read_grant(text: str, node: Node, subject: Address, notes: Notes) -> WantedGrant | None:
    address = Address(subject.kind, subject.name, GRANT, text)
    place = node.key_place
    try:
        selector = parse(text)
    except SelectorError as fault:
        notes.error("invalid-selector", f"{quote(text)} selects no products", place, address, str(fault))
        return None
    if selector.service and selector.service not in SERVICES:
        message = f"no service is known as {quote(selector.service)}"
        notes.warning("unknown-service", message, place, address, _SERVICES.hint(selector.service))
    given = node.value.keys() if isinstance(node.value, dict) else ()
    return WantedGrant(
        address=address,
        selector=selector,
        rights=_read_rights(_manage(node), selector.service, address, notes),
        use=read_use(node, selector, address, notes) if "use" in given else "",
        future="future" not in given or _read_future(node, selector, address, notes),
        period=read_period(node, address, notes),
        place=place,
        record=read_record(node, address, notes),
    )


def _manage(grant: Node) -> Node | None:
    """Find the rights of a grant: its whole value, or what a map has under manage."""
    return grant.get("manage") if isinstance(grant.value, dict) else grant


def _read_rights(node: Node | None, service: str, address: Address, notes: Notes) -> frozenset[str]:
    """Read a right, a list of rights, or `max`; with `all`, what a service does not offer is left out later."""
    if node is None:
        return frozenset()
    offered = rights_offered(service) if service else frozenset(RIGHTS)
    if node.value == MAX:
        return offered
    written = node.value if isinstance(node.value, list) else [node.value]
    rights = frozenset([right for right in RIGHTS if right in written])
    if not rights <= offered or len(rights) < len(written):
        _note_rights(node, service, offered, address, notes)
    return rights


def _note_rights(node: Node, service: str, offered: frozenset[str], address: Address, notes: Notes) -> None:
    seen: list[object] = []
    for each in (node, *node.elements()):
        right = each.value
        if right in RIGHTS and right not in offered:
            message = f"the service {quote(service)} does not offer the right {right}"
            hint = f"it offers {', '.join(in_usual_order(offered))}"
            notes.error("right-not-offered", message, each.place, address, hint)
        elif right in RIGHTS and right in seen:
            notes.warning("duplicate-item", f"{right} is listed twice", each.place, address, "remove one")
        seen.append(right)


def _read_future(node: Node, selector: Selector, address: Address, notes: Notes) -> bool:
    future = node.get("future")
    if future is None:
        return True
    if selector.kind not in (Kind.SERVICE, Kind.EVERYTHING):
        message = "future goes with SERVICE/* and all; this selector means products of today"
        notes.error("misplaced-future", message, future.key_place, address, "remove it")
    elif node.get("manage") is None:
        message = "future goes with manage; use means the products of today"
        notes.error("misplaced-future", message, future.key_place, address, "remove it")
    return future.value is not False
