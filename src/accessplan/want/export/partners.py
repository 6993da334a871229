"""Partners, as a document describes them."""

from __future__ import annotations

from accessplan.model import Partner, State, fold
from accessplan.services import FULL, LIMITED
from accessplan.want.export.grants import Grants
from accessplan.want.export.words import Omissions
from accessplan.want.syntax import control_in


def partners(state: State, grants: Grants, omissions: Omissions) -> dict[str, object]:
    """Describe the partners; rights change nothing for those with full access."""
    there = [entry for _, entry in sorted(state.entries.items()) if isinstance(entry, Partner)]
    sayable: dict[str, Partner] = {}
    for partner in there:
        if _is_sayable(partner):
            sayable.setdefault(fold(partner.name), partner)
    described: dict[str, object] = {partner.name: _partner(partner, grants) for partner in sayable.values()}
    omissions.add("the partners", [partner.name for partner in there if partner.name not in described])
    return described


def _partner(partner: Partner, grants: Grants) -> dict[str, object]:
    described: dict[str, object] = {"access": partner.access}
    if partner.wallet:
        described["wallet"] = True
    return described if partner.access == FULL else described | grants.of(partner.address)


def _is_sayable(partner: Partner) -> bool:
    if not partner.name.strip() or control_in(partner.name):
        return False
    return partner.access == FULL or (partner.access == LIMITED and not partner.wallet)
