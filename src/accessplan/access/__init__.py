"""Who reaches what, by which path; and the difference that a plan makes to people.

Targets stay as they are written: somebody who reaches `hosting/*` reaches each hosting, and nobody lists them. So ten
thousand users and a thousand products are no ten million pairs. People who are invited are taken to have accepted.
"""

from accessplan.access.difference import Difference, Kept, differences, result, still_reached
from accessplan.access.reach import Access, Takeover
from accessplan.access.things import (
    BILLING,
    EVERY_PRODUCT,
    ORGANIZATION,
    READ,
    USING,
    Path,
    Reached,
    covers,
    mailbox_thing,
)

__all__ = [
    "BILLING",
    "EVERY_PRODUCT",
    "ORGANIZATION",
    "READ",
    "USING",
    "Access",
    "Difference",
    "Kept",
    "Path",
    "Reached",
    "Takeover",
    "covers",
    "differences",
    "mailbox_thing",
    "result",
    "still_reached",
]
