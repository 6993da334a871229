"""Whether grants and settings matter for the role that holds them, and suit it."""

from __future__ import annotations

from accessplan.model import Address
from accessplan.select import Kind
from accessplan.services import EXTERNAL, GOVERNING_ROLES
from accessplan.want.document import Listed, Settings, WantedGrant
from accessplan.want.notes import Notes


def check_fit(base: str, settings: Settings, grants: Listed[WantedGrant], address: Address, notes: Notes) -> None:
    """See that what a user or a role is given on a base role is neither there already nor more than it should be."""
    if base in GOVERNING_ROLES:
        changes_nothing(grants, f"the role {base}, which reaches every product", address, notes)
        _check_billing(base, settings, address, notes)
    elif base == EXTERNAL:
        _check_reach(settings, grants, address, notes)


def changes_nothing(grants: Listed[WantedGrant], holder: str, address: Address, notes: Notes) -> None:
    """Note rights that somebody who reaches everything has already; a place inside a product is another matter."""
    if first := next((grant for grant in grants.items if grant.rights), None):
        message = f"grants change nothing for {holder}"
        notes.warning("grant-changes-nothing", message, first.place, address, "remove the grants")


def _check_billing(base: str, settings: Settings, address: Address, notes: Notes) -> None:
    if settings.billing is None:
        return
    if settings.billing.value:
        message = f"the role {base} has the billing right already"
        notes.warning("billing-by-role", message, settings.billing.place, address, "remove billing")
    else:
        message = f"the billing right cannot be taken from the role {base}, which has it by itself"
        hint = "remove billing, or give a role that does not govern, such as collaborator"
        notes.error("billing-by-role", message, settings.billing.place, address, hint)


def _check_reach(settings: Settings, grants: Listed[WantedGrant], address: Address, notes: Notes) -> None:
    for grant in grants.items:
        if grant.selector.kind is Kind.EVERYTHING:
            message = "all gives somebody from outside a part in every product of the organization"
            hint = "name the products that they need, or make them a collaborator"
            notes.warning("external-reaches-all", message, grant.place, grant.address, hint)
    if settings.billing and settings.billing.value:
        message = "billing lets somebody from outside manage the billing account of the organization"
        hint = "remove it, or make them a collaborator"
        notes.warning("external-reaches-all", message, settings.billing.place, address, hint)
