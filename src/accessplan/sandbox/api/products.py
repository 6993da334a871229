"""Products, and who may manage them [openapi core]."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from accessplan.sandbox import grants, partners
from accessplan.sandbox.api.accounts import tags
from accessplan.sandbox.api.items import display_name, flags
from accessplan.sandbox.context import Context, Loader, Rows, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.grants import EVERY_PRODUCT
from accessplan.sandbox.parameters import Parameter, Query, choice, number, words
from accessplan.sandbox.people import MANAGERS, OWNER
from accessplan.sandbox.query import Condition, Listing
from accessplan.sandbox.services import FILTERABLE, SERVICE_IDS, SERVICES, offered
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, not_found

_LISTING = Listing(
    rows="SELECT * FROM products",
    order="id",
    orders={name: name for name in ("id", "customer_name", "internal_name", "service_id", "created_at", "expired_at")},
)

_ACCOUNT = Parameter("account_id", number)
_PRODUCT = Parameter("product_id", number)
_SERVICE_ID = Parameter("service_id", choice([str(service_id) for service_id in FILTERABLE]))
_SERVICE_NAME = Parameter("service_name", choice(list(FILTERABLE.values())))
_CUSTOMER_NAME, _FQDN, _INTERNAL_NAME = (Parameter(name, words) for name in ("customer_name", "fqdn", "internal_name"))
_CHOSEN = (_ACCOUNT, _PRODUCT, _SERVICE_ID, _SERVICE_NAME, _CUSTOMER_NAME, _FQDN, _INTERNAL_NAME)

_REACHED = (
    "SELECT products.id, may FROM products JOIN reach"
    " ON reach.service_id = products.service_id AND reach.product_id IN (0, products.id) WHERE user_id = ?"
)


def _users(db: sqlite3.Connection, rows: Rows) -> list[list[dict[str, Any]]]:
    """Active users with rights on this product alone; none by the service, a team or the role."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for grant in db.execute(
        "SELECT product_id, subject_id, may FROM grants WHERE kind = 'user'"
        " AND product_id IN (SELECT value FROM json_each(?)) ORDER BY subject_id",
        (json.dumps([row["id"] for row in rows]),),
    ):
        found[grant["product_id"]][grant["subject_id"]].append(grant["may"])
    return [[{"user_id": user_id, "rights": flags(own)} for user_id, own in found[row["id"]].items()] for row in rows]


def _admin(db: sqlite3.Connection, rows: Rows) -> list[dict[str, Any] | None]:
    """The first legal representative, for every product."""
    owner = db.execute("SELECT * FROM users WHERE role_type = ? ORDER BY id", (OWNER,)).fetchone()
    admin = (
        None
        if owner is None
        else {"user_id": owner["id"], "email": owner["email"], "display_name": display_name(owner)}
    )
    return [admin for _ in rows]


def _managed(db: sqlite3.Connection, rows: Rows) -> list[bool]:
    """Whether a partner that accepted has full access, or a right on this product or its service."""
    accepted = partners.every(db, "accepted")
    everything = any(partner["full_access"] for partner in accepted)
    held = [grant for own in grants.held(db, [partners.subject(each) for each in accepted]) for grant in own]
    reached = {(grant.service_id, grant.product_id) for grant in held}
    return [
        everything or not reached.isdisjoint({(row["service_id"], row["id"]), (row["service_id"], EVERY_PRODUCT)})
        for row in rows
    ]


_LOADABLE: Mapping[str, Loader] = {
    "users": _users,
    "admin": _admin,
    "is_managed_by_partner": _managed,
    "fqdn": lambda _, rows: [row["customer_name"] for row in rows],
}


@endpoint(query=_CHOSEN, listing=_LISTING, loads=_LOADABLE, refuses=[404])
def list_products(context: Context) -> Answer:
    """List the products on which the caller has a right."""
    account_id = setting(context.db, "organization")["id"]
    if _ACCOUNT.of(context.query) not in (None, account_id):
        raise not_found()
    conditions = list(_chosen(context.query))
    if context.caller["role_type"] not in MANAGERS:
        conditions.append(Condition(f"id IN (SELECT id FROM ({_REACHED}))", context.caller["id"]))
    page = context.page(_LISTING, conditions)
    return page.answer(load(context, page.rows, _items(context, page.rows, account_id), _LOADABLE))


def _chosen(query: Query) -> Iterable[Condition]:
    service_id, service_name = _SERVICE_ID.of(query), _SERVICE_NAME.of(query)
    wanted = {
        "id": _PRODUCT.of(query),
        "service_id": None if service_id is None else int(service_id),
        "customer_name": _CUSTOMER_NAME.of(query) or _FQDN.of(query),
        "internal_name": _INTERNAL_NAME.of(query),
    }
    yield from (Condition(f"{column} = ?", value) for column, value in wanted.items() if value is not None)
    if service_name is not None:
        yield Condition("service_id = ?", SERVICE_IDS[service_name])


def _items(context: Context, rows: Rows, account_id: int) -> Iterable[dict[str, Any]]:
    rights = _rights(context, rows)
    tag_of = {tag["name"]: tag for tag in tags(context.db)}
    for row in rows:
        yield {
            **{
                key: row[key]
                for key in ("id", "service_id", "customer_name", "internal_name", "created_at", "expired_at")
            },
            "account_id": account_id,
            "service_name": SERVICES[row["service_id"]],
            "unique_id": row["id"],
            "version": 1,
            "has_maintenance": False,
            "is_locked": False,
            "has_operation_in_progress": False,
            "is_free": False,
            "is_zero_price": False,
            "is_trial": False,
            "tags": [tag_of[name] for name in json.loads(row["tags"])],
            "rights": flags(rights[row["id"]]),
        }


def _rights(context: Context, rows: Rows) -> Mapping[int, Iterable[str]]:
    """The caller's rights on each product: all that there are, or those given to them or their teams."""
    if context.caller["role_type"] in MANAGERS:
        return {row["id"]: offered(row["service_id"]) for row in rows}
    found: dict[int, list[str]] = defaultdict(list)
    for product_id, right in context.db.execute(_REACHED, (context.caller["id"],)):
        found[product_id].append(right)
    return found
