"""One row as it is stored, and the hash that chains it to the row before it.

The hash covers a digest of the row's content, so that the content can be taken away and the chain still be checked. The
digest is taken over a salt too, which goes with the content: what is left tells nobody whether a guess of it was right.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import NamedTuple

BEGINNING = "0" * 64
"""What stands for the hash before the first row."""


class Link(NamedTuple):
    """One row as it is stored; `body` is JSON to the letter, and empty, as is its salt, where it was pruned.

    `hash` is empty where there is no chain yet, `body_hash` where the row was sealed before there were such digests.
    """

    number: int
    at: str
    live: str
    organization: int
    kind: str
    body: str
    hash: str = ""
    salt: str = ""
    body_hash: str = ""


def chained(previous: str, link: Link) -> Link:
    """Return a new row with its salt, the digest of its body, and its hash."""
    salt = secrets.token_hex(16)
    link = link._replace(salt=salt, body_hash=digest(salt, link.body))
    return link._replace(hash=seal(previous, link))


def seal(previous: str, link: Link) -> str:
    """Return the hash of a row: SHA-256 over the hash before it and what the row says.

    A row without a digest is from before there were any, and is sealed as it was then, over the body itself. A map
    stands for the digest where such a row has a text, so that no row can be passed off as one of the other sort.
    """
    says = {"body_hash": link.body_hash} if link.body_hash else link.body
    return digest(previous, link.number, link.at, link.live, link.organization, link.kind, says)


def digest(*content: object) -> str:
    """Return the SHA-256 of plain data."""
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
