"""The screens of partners: add, access rights, payment, stop [faq 2669] [faq 2671] [faq 2673] [faq 2679]."""

import sqlite3
from collections.abc import Iterable, Mapping

from accessplan.sandbox import partners
from accessplan.sandbox.body import boolean, listed, one_of
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.grants import Grant, held
from accessplan.sandbox.manager.desk import ACCESS, NAME, Act, Desk, Step, grant_of, values, where
from accessplan.sandbox.partners import Partner
from accessplan.sandbox.people import OWNER, ROLE_WORDS

_KINDS = one_of(["limited", "full"])


def _add_partner(desk: Desk, act: Act) -> str:
    _owners_only(desk)
    name, full, wallet = act["partner"], act["access"] == "full", act.get("wallet", False)
    products = _products(desk, act)
    known = partners.find(desk.db, name)
    if known is not None:
        state = "a partner" if known["status"] == "accepted" else "invited"
        (before,) = held(desk.db, [partners.subject(known)])
        if (bool(known["full_access"]), bool(known["wallet"]), before) == (full, wallet, products):
            return f"nothing to do: {name} is {state} already"
        raise Refused(f"{name} is {state} already: edit the access rights")
    _require(act, wallet=wallet)
    partners.add(desk.db, Partner(name=name, full_access=full, wallet=wallet), products)
    return f"invited the partner {name}: {_said(full=full, products=products)}{', with the wallet' if wallet else ''}"


def _edit_partner(desk: Desk, act: Act) -> str:
    _owners_only(desk)
    name, full, partner = act["partner"], act["access"] == "full", _partner(desk.db, act["partner"])
    _require(act, wallet=False)
    products = _products(desk, act)
    said = _said(full=full, products=products)
    if partners.change(desk.db, partner, full_access=full, products=products):
        return f"the partner {name} has {said} now"
    return f"nothing to do: the partner {name} has {said} already"


def _edit_partner_wallet(desk: Desk, act: Act) -> str:
    _owners_only(desk)
    name, wallet, partner = act["partner"], act["wallet"], _partner(desk.db, act["partner"])
    payer = f"the partner {name}" if wallet else "the organization"
    if bool(partner["wallet"]) == wallet:
        return f"nothing to do: {payer} pays already"
    if not partner["full_access"]:
        raise Refused("only a partner with full access can have the wallet")
    partners.set_wallet(desk.db, partner, wallet=wallet)
    return f"{payer} pays now"


def _stop_partner(desk: Desk, act: Act) -> str:
    _owners_only(desk)
    partner = partners.find(desk.db, act["partner"])
    if partner is None:
        return f"nothing to do: {act['partner']} is no partner"
    partners.remove(desk.db, partner)
    done = "stopped the collaboration with" if partner["status"] == "accepted" else "deleted the invitation of"
    return f"{done} the partner {act['partner']}"


def _owners_only(desk: Desk) -> None:
    if desk.by["role_type"] != OWNER:
        role = ROLE_WORDS[desk.by["role_type"]]
        raise Refused(f"{desk.by['email']} is {role}: only a legal representative may do that")


def _partner(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    partner = partners.find(db, name)
    if partner is None:
        raise Refused(f"{name} is no partner")
    return partner


def _require(act: Act, *, wallet: bool) -> None:
    """Refuse what cannot be chosen together."""
    full, products = act["access"] == "full", [row for row in act.get("products", ()) if row["rights"]]
    reason = partners.fault(full_access=full, wallet=wallet, products=products)
    if reason is None and not full and not products:
        reason = "a partner with limited access needs a product at least"
    if reason is not None:
        raise Refused(reason)


def _products(desk: Desk, act: Act) -> list[Grant]:
    """Read the list of products, each once; one without rights is one that is not ticked."""
    rows = [grant_of(desk, row) for row in act.get("products", ()) if row["rights"]]
    found = {(row.service_id, row.product_id): sorted({*row.rights}) for row in rows}
    if len(found) < len(rows):
        raise Refused("a product is named twice")
    return [Grant(*key, rights) for key, rights in sorted(found.items())]


def _said(*, full: bool, products: Iterable[Grant]) -> str:
    rights = ", ".join(f"{', '.join(row.rights)} on {where(row)}" for row in products)
    return "full access" if full else f"limited access ({rights})"


_PRODUCTS = {"products": listed(ACCESS)}

STEPS: Mapping[str, Step] = {
    "add_partner": Step(_add_partner, values({"partner": NAME, "access": _KINDS}, {"wallet": boolean, **_PRODUCTS})),
    "edit_partner": Step(_edit_partner, values({"partner": NAME, "access": _KINDS}, _PRODUCTS)),
    "edit_partner_wallet": Step(_edit_partner_wallet, values({"partner": NAME, "wallet": boolean})),
    "stop_partner": Step(_stop_partner, values({"partner": NAME})),
}
