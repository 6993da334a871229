"""Partners: resellers who see products of the organization, or all of it."""

from __future__ import annotations

from datetime import date

from accessplan.finding import Place
from accessplan.model import Partner, fold, partner_address
from accessplan.services import FULL, LIMITED
from accessplan.want.document import Document, Listed, WantedPartner
from accessplan.want.draft import Draft
from accessplan.want.fit import changes_nothing
from accessplan.want.grants import read_grants, want_grants
from accessplan.want.names import quote
from accessplan.want.notes import Notes
from accessplan.want.tree import Node
from accessplan.want.values import read_period, read_record


def read_partners(root: Node, notes: Notes) -> Listed[WantedPartner]:
    """Read the partners; of two whose names look the same only the first."""
    partners = root.get("partners")
    if partners is None or not isinstance(partners.value, dict):
        return Listed()
    found: dict[str, WantedPartner] = {}
    for name, node in partners.items():
        partner = _read_partner(name, node, notes)
        if (first := found.setdefault(fold(name), partner)) is not partner:
            message = f"{quote(name)} and {quote(first.name)} are too alike for two partners"
            hint = f"the other is at {first.place}"
            notes.error("duplicate-partner", message, partner.place, partner.address, hint)
    return Listed(partners.key_place, tuple(found.values()))


def want_partners(draft: Draft, document: Document) -> None:
    """Want partners and their grants; with full access, grants change nothing.

    Limited access is to products: where the document gives none on this day, there is no partner yet, or no more.
    """
    for partner in document.partners.items:
        entry = Partner(partner.name, partner.access, partner.wallet)
        if _has_something(partner, draft.today):
            draft.note(entry, partner.place, partner.period, partner.record)
        if partner.access != FULL:
            want_grants(draft, partner.address, partner.grants.items, partner.period)


def _has_something(partner: WantedPartner, today: date) -> bool:
    """Tell whether a partner may reach something on a day, as far as the document speaks of it."""
    if partner.access == FULL or partner.grants.place is None or not partner.period.covers(today):
        return True
    return any(grant.period.covers(today) for grant in partner.grants.items)


def _read_partner(name: str, node: Node, notes: Notes) -> WantedPartner:
    address = partner_address(name)
    if not name.strip():
        notes.error("name-length", "a partner's name is empty", node.key_place, address, "write it as the Manager does")
    wallet = node.get("wallet")
    partner = WantedPartner(
        name=name,
        access=node.text("access"),
        wallet=wallet is not None and wallet.value is True,
        grants=read_grants(node, address, notes),
        period=read_period(node, address, notes),
        place=node.key_place,
        record=read_record(node, address, notes),
    )
    _check_fit(partner, wallet.place if wallet else partner.place, notes)
    return partner


def _check_fit(partner: WantedPartner, wallet: Place, notes: Notes) -> None:
    """See that the wallet and grants suit the access."""
    address = partner.address
    if partner.access == LIMITED and partner.wallet:
        message = "the wallet goes with full access only"
        hint = "write access: full, or remove wallet"
        notes.error("wallet-without-full", message, wallet, address, hint)
    if partner.access == LIMITED and not partner.grants.items:
        message = "limited access reaches only products that are granted, and there are none"
        notes.warning("partner-without-grants", message, partner.place, address, "add grants, or remove the partner")
    if partner.access == FULL:
        changes_nothing(partner.grants, "a partner with full access, which reaches every product", address, notes)
    for grant in partner.grants.items:
        if grant.use:
            message = "a partner manages products and has no place inside them"
            notes.error("use-by-partner", message, grant.place, grant.address, "write manage, as in manage: technical")
