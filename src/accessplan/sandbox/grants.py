"""Rights on products, held by a user, an invitation or a team."""

# ruff: noqa: S608  the texts are our own; what a request says is bound

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

Subject = tuple[str, int]
"""The kind (`user`, `invitation`, `team`) and id of who holds something."""

EVERY_PRODUCT = 0
"""The product id of a grant on a whole service, later products included."""

ASKED = "(SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS subject_id FROM json_each(?))"
"""Several subjects, given as JSON. A CROSS JOIN has SQLite look up what they hold, not search all that there is."""


class Grant(NamedTuple):
    """What one may do with a product, or with every product of a service."""

    service_id: int
    product_id: int
    rights: Sequence[str]


def held(db: sqlite3.Connection, subjects: Sequence[Subject]) -> list[list[Grant]]:
    """Read the grants of several subjects in one query; each in the order of services, products and rights."""
    rows = db.execute(
        f"SELECT grants.* FROM {ASKED} CROSS JOIN grants USING (kind, subject_id)"
        " ORDER BY kind, subject_id, service_id, product_id, may",
        (json.dumps(subjects),),
    )
    found: dict[Subject, list[Grant]] = defaultdict(list)
    for one, group in groupby(rows, key=itemgetter("kind", "subject_id", "service_id", "product_id")):
        found[one[:2]].append(Grant(one[2], one[3], [row["may"] for row in group]))
    return [found[subject] for subject in subjects]


def add(db: sqlite3.Connection, subject: Subject, grants: Iterable[Grant]) -> None:
    """Give rights; those held already stay."""
    db.executemany(
        "INSERT OR IGNORE INTO grants VALUES (?, ?, ?, ?, ?)",
        [(*subject, grant.service_id, grant.product_id, right) for grant in grants for right in grant.rights],
    )


def put(db: sqlite3.Connection, subject: Subject, grant: Grant) -> bool:
    """Let these be the rights on this product (or service), none others; tell whether that changed anything."""
    where = (*subject, grant.service_id, grant.product_id)
    chosen = "FROM grants WHERE kind = ? AND subject_id = ? AND service_id = ? AND product_id = ?"
    before = {row["may"] for row in db.execute(f"SELECT may {chosen}", where)}
    db.execute(f"DELETE {chosen}", where)
    add(db, subject, [grant])
    return before != set(grant.rights)


def drop(db: sqlite3.Connection, subject: Subject, service_id: int | None = None) -> None:
    """Take away every grant, or every one of a service."""
    db.execute(
        "DELETE FROM grants WHERE kind = ? AND subject_id = ? AND service_id = ifnull(?, service_id)",
        (*subject, service_id),
    )
