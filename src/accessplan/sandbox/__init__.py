"""The live Infomaniak API, played by us over SQLite: as its documents say, and where they do not, as `shapes` lists."""

from accessplan.sandbox.acceptance import accept, accept_all, reject
from accessplan.sandbox.door import EMBEDDED, Door, RateLimit
from accessplan.sandbox.dump import show
from accessplan.sandbox.errors import Refused, SandboxError, SeedError, StoreError
from accessplan.sandbox.front import call, handle
from accessplan.sandbox.load import seed
from accessplan.sandbox.manager import perform
from accessplan.sandbox.server import serve
from accessplan.sandbox.store import Store, is_seeded, open_store, seeded_digest
from accessplan.sandbox.wire import Answer, Request

__all__ = [
    "EMBEDDED",
    "Answer",
    "Door",
    "RateLimit",
    "Refused",
    "Request",
    "SandboxError",
    "SeedError",
    "Store",
    "StoreError",
    "accept",
    "accept_all",
    "call",
    "handle",
    "is_seeded",
    "open_store",
    "perform",
    "reject",
    "seed",
    "seeded_digest",
    "serve",
    "show",
]
