"""Partners: resellers with access to the organization, or invited to it [seed 002] [seed 003] [faq 2671] [faq 2679]."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accessplan.sandbox import grants
from accessplan.sandbox.errors import SeedError
from accessplan.sandbox.grants import Grant, Subject
from accessplan.sandbox.known import Known
from accessplan.sandbox.people import address

TABLES = """
-- address: the name as it is compared (NFC, case-folded); status: pending, accepted or rejected
CREATE TABLE partners (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    full_access INTEGER NOT NULL,
    wallet INTEGER NOT NULL,
    status TEXT NOT NULL,
    since INTEGER
);
CREATE UNIQUE INDEX one_partner_of_a_name ON partners (address) WHERE status != 'rejected';
"""

FIRST_IDS = {"partners": 6001}


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A partner: of chosen products, or with full access, then paying (`wallet`) or not; `since` in Unix seconds."""

    name: str
    email: str | None = None
    full_access: bool = False
    wallet: bool = False
    status: str = "pending"
    since: int | None = None


def fault(*, full_access: bool, wallet: bool, products: Sequence[object]) -> str | None:
    """Say why a partner cannot be so: the wallet goes with full access, a list of products without it."""
    if wallet and not full_access:
        return "only a partner with full access can have the wallet"
    if full_access and products:
        return "a partner with full access has no list of products"
    return None


def add(db: sqlite3.Connection, partner: Partner, products: Iterable[Grant]) -> None:
    """Add a partner, with the products they may manage."""
    columns = {"address": address(partner.name), **vars(partner)}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    added = f"INSERT INTO partners ({names}) VALUES ({marks})"  # noqa: S608  the names are our own
    grants.add(db, ("partner", db.execute(added, tuple(columns.values())).lastrowid or 0), products)


def read(known: Known, entry: Mapping[str, Any], products: Sequence[Grant]) -> None:
    """Read a partner of the organization file. Raises SeedError."""
    partner = Partner(
        name=str(entry["name"]),
        email=entry.get("email"),
        full_access=entry.get("full_access", False),
        wallet=entry.get("wallet", False),
        status=entry.get("status", "accepted"),
        since=known.seconds(entry["since"]) if "since" in entry else None,
    )
    reason = fault(full_access=partner.full_access, wallet=partner.wallet, products=products)
    if reason is not None:
        raise SeedError(reason)
    if partner.status != "rejected" and find(known.db, partner.name):
        raise SeedError("this name is a partner already")
    add(known.db, partner, products)


def find(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """Find a partner, or one who is invited, by name."""
    known = "SELECT 'partner' AS kind, * FROM partners WHERE address = ? AND status != 'rejected'"
    found: sqlite3.Row | None = db.execute(known, (address(name),)).fetchone()
    return found


def subject(partner: sqlite3.Row) -> Subject:
    """Who a partner is, as grants name them."""
    return partner["kind"], partner["id"]


def every(db: sqlite3.Connection, status: str | None = None) -> list[sqlite3.Row]:
    """The partners, or those of a status."""
    known = "SELECT 'partner' AS kind, * FROM partners WHERE status = ifnull(?, status) ORDER BY id"
    return db.execute(known, (status,)).fetchall()


def change(db: sqlite3.Connection, partner: sqlite3.Row, *, full_access: bool, products: Iterable[Grant]) -> bool:
    """Let a partner have this access, none other, and tell whether that changed anything; the wallet needs full."""
    wanted = sorted(Grant(each.service_id, each.product_id, sorted(each.rights)) for each in products if each.rights)
    (before,) = grants.held(db, [subject(partner)])
    grants.drop(db, subject(partner))
    grants.add(db, subject(partner), wanted)
    wallet = partner["wallet"] and full_access
    db.execute("UPDATE partners SET full_access = ?, wallet = ? WHERE id = ?", (full_access, wallet, partner["id"]))
    return bool(partner["full_access"]) != full_access or before != wanted


def set_wallet(db: sqlite3.Connection, partner: sqlite3.Row, *, wallet: bool) -> None:
    """Let the partner pay, or the organization."""
    db.execute("UPDATE partners SET wallet = ? WHERE id = ?", (wallet, partner["id"]))


def answer(db: sqlite3.Connection, partner: sqlite3.Row, status: str, now: int) -> None:
    """Note that an invited partner accepted or rejected."""
    since = now if status == "accepted" else None
    db.execute("UPDATE partners SET status = ?, since = ? WHERE id = ?", (status, since, partner["id"]))


def remove(db: sqlite3.Connection, partner: sqlite3.Row) -> None:
    """Forget a partner with all they held."""
    grants.drop(db, subject(partner))
    db.execute("DELETE FROM partners WHERE id = ?", (partner["id"],))
