"""The organization itself: account, services, tags [openapi core]."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from accessplan.sandbox import partners
from accessplan.sandbox.apps import suites
from accessplan.sandbox.context import Context
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.parameters import Parameter, choice
from accessplan.sandbox.people import MANAGERS
from accessplan.sandbox.services import LANGUAGES, SERVICES
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, success

_LANGUAGE_ID = 1

_BY_NAME = Parameter("order_by", choice(("name",)))
_TAGS_BY = Parameter("order_by", choice(("id", "name", "products")))
_WAY = Parameter("order", choice(("asc", "desc")))


def _number(counted: str) -> Callable[[Context], object]:
    return lambda context: context.db.execute(f"SELECT count(*) FROM {counted}").fetchone()[0]


def _has_partner(*, full: bool) -> Callable[[Context], object]:
    return lambda context: any(bool(partner["full_access"]) is full for partner in _partners(context))


def _partners(context: Context) -> list[sqlite3.Row]:
    """The partners that accepted, those with full access first."""
    return sorted(partners.every(context.db, "accepted"), key=lambda partner: not partner["full_access"])


def _ksuite_id(context: Context) -> int | None:
    suite = suites.find(context.db)
    return None if suite is None else suite["product_id"]


_LOADABLE: Mapping[str, Callable[[Context], object]] = {
    "type": lambda context: context.caller["role_type"],
    "billing": lambda context: bool(context.caller["has_billing"]) or context.caller["role_type"] in MANAGERS,
    "mailing": lambda context: bool(context.caller["has_mailing"]),
    "billing_mailing": lambda context: bool(context.caller["has_billing_mailing"]),
    "workspace_only": lambda _: False,
    "no_access": lambda _: False,
    "is_blocked": lambda _: False,
    "nb_users": _number("users"),
    "nb_invitations": _number("invitations WHERE status = 'pending'"),
    "count_owners": _number("users WHERE role_type = 'owner'"),
    "in_partnership_full_access": _has_partner(full=True),
    "in_partnership_limited": _has_partner(full=False),
    "has_customer_paiement_method": lambda context: not any(partner["wallet"] for partner in _partners(context)),
    "partner_id": lambda context: next((partner["id"] for partner in _partners(context)), 0),
    "ksuite_id": _ksuite_id,
    "tags": lambda context: tags(context.db),
}


@endpoint(query=[_BY_NAME], loads=_LOADABLE)
def list_accounts(context: Context) -> Answer:
    """List the accounts of the caller: this one."""
    _BY_NAME.of(context.query)
    return success([_account(context)])


@endpoint(loads=_LOADABLE)
def display(context: Context) -> Answer:
    """Show the account."""
    return success(_account(context))


@endpoint()
def list_services(context: Context) -> Answer:
    """List every service, with the number of products."""
    counts = dict(context.db.execute("SELECT service_id, count(*) FROM products GROUP BY service_id").fetchall())
    return success([{"id": key, "name": name, "count": counts.get(key, 0)} for key, name in SERVICES.items()])


@endpoint(query=[_TAGS_BY, _WAY])
def list_tags(context: Context) -> Answer:
    """List the tags."""
    order, down = _TAGS_BY.of(context.query) or "id", _WAY.of(context.query) == "desc"
    key = {"products": "product_count"}.get(order, order)
    return success(sorted(tags(context.db), key=lambda tag: tag[key], reverse=down))


def tags(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """The tags on products, numbered as they first appear."""
    count = Counter(
        name for row in db.execute("SELECT tags FROM products ORDER BY id") for name in json.loads(row["tags"])
    )
    return [
        {"id": i, "name": name, "color": 1, "product_count": number}
        for i, (name, number) in enumerate(count.items(), 1)
    ]


def _account(context: Context) -> dict[str, Any]:
    organization = setting(context.db, "organization")
    return {
        "id": organization["id"],
        "name": organization["name"],
        "legal_entity_type": "company",
        "created_at": setting(context.db, "seeded_at"),
        "locale": LANGUAGES[_LANGUAGE_ID].locale,
        "language_id": _LANGUAGE_ID,
        "beta": False,
        "support_level": 0,
        "has_2fa_required": organization.get("two_factor_required", False),
        "is_customer": True,
        "is_sso": False,
        **{name: _LOADABLE[name](context) for name in context.query.loaded(_LOADABLE)},
    }
