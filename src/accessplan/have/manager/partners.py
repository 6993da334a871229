"""The screens of partners [seed 002] [seed 003] [faq 2671] [faq 2673] [faq 2679]."""

from __future__ import annotations

from collections.abc import Iterable

from accessplan.have.manager.screens import LEGAL_REPRESENTATIVES, PARTNERS, Access, told, values_of
from accessplan.model import Partner
from accessplan.route import Step
from accessplan.services import FULL

NO_PARTNERS = "no request is documented for partners"


def add(partner: Partner, access: Iterable[Access]) -> Step:
    """Add a partner; they get an e-mail, and accept or refuse."""
    access = _of_limited(partner, access)
    head = f"Search for {partner.name}, tick, Continue, {partner.access.title()}"
    values = {"partner": partner.name, **_values(partner), "products": values_of(access)}
    told_of = told(head, _chosen(partner, access), "Continue")
    return Step("add_partner", values, f"{PARTNERS} › Add a partner", LEGAL_REPRESENTATIVES, *told_of)


def edit(partner: Partner, access: Iterable[Access]) -> Step:
    """Change what a partner reaches."""
    access = _of_limited(partner, access)
    told_of = told(f"{partner.name}: {partner.access.title()}", _chosen(partner, access), "Continue")
    values = {"partner": partner.name, "access": partner.access, "products": values_of(access)}
    return Step("edit_partner", values, f"{PARTNERS} › ⋮ › Edit access rights", LEGAL_REPRESENTATIVES, *told_of)


def edit_wallet(partner: Partner) -> Step:
    """Change who pays: with the wallet the partner does, and manages the billing."""
    payer = "the partner" if partner.wallet else "your organization"
    text = f"{partner.name}: let {payer} pay, Save"
    values = {"partner": partner.name, "wallet": partner.wallet}
    path = f"{PARTNERS} › {partner.name} › ✎ next to Payment"
    return Step("edit_partner_wallet", values, path, LEGAL_REPRESENTATIVES, text)


def stop(name: str) -> Step:
    """Stop working with a partner; the Manager asks twice, and for the password."""
    text = f"Stop the collaboration with {name}, confirm, type your account password"
    path = f"{PARTNERS} › ⋮ › Stop the collaboration"
    return Step("stop_partner", {"partner": name}, path, LEGAL_REPRESENTATIVES, text)


def _of_limited(partner: Partner, access: Iterable[Access]) -> list[Access]:
    """List the products of a partner; with full access there is nothing to choose."""
    return [] if partner.access == FULL else list(access)


def _values(partner: Partner) -> dict[str, object]:
    return {"access": partner.access, "wallet": partner.wallet}


def _chosen(partner: Partner, access: list[Access]) -> list[object]:
    if partner.access == FULL:
        return [f"{'with' if partner.wallet else 'without'} the wallet"]
    return [*access] or ["no product"]
