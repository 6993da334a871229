"""Places in products: who uses a kDrive, kSuite or kChat, and with which role there."""

from __future__ import annotations

from collections.abc import Iterable

from accessplan.model import Address, Use
from accessplan.select import Kind, Selector
from accessplan.services import USE_ROLES
from accessplan.want.document import Period, WantedGrant
from accessplan.want.draft import Draft
from accessplan.want.names import Names, quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Node

_SERVICES = Names(USE_ROLES)
_ROLES = frozenset(role for roles in USE_ROLES.values() for role in roles)


def read_use(grant: Node, selector: Selector, address: Address, notes: Notes) -> str:
    """Read the role inside a product that a grant gives, if any; `all` means the products that have such a role."""
    node = grant.get("use")
    if node is None or not isinstance(node.value, str) or node.value not in _ROLES:
        return ""
    offered = USE_ROLES.get(selector.service, ())
    if selector.kind is not Kind.EVERYTHING and node.value not in offered:
        message = f"the service {quote(selector.service)} does not offer the use {node.value}"
        manage = _SERVICES.hint(selector.service, "what it offers is to manage it, as in manage: technical")
        hint = f"it offers {', '.join(offered)}" if offered else manage
        notes.error("use-not-offered", message, node.place, address, hint)
    return node.value


def want_uses(draft: Draft, email: str, grants: Iterable[WantedGrant], within: Period) -> None:
    """Want what grants give somebody to use: products of today."""
    for grant in grants:
        if grant.use:
            period = grant.period.within(within)
            for target in draft.reach.used(grant):
                draft.note(Use(email, target, grant.use), grant.place, period, grant.record)
