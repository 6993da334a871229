"""What a read of the live side shows: what it does not show may be there all the same."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.have.live import Live
from accessplan.have.selected import only
from accessplan.model import GRANT, USE, USER, BlindSpot, team_address, user_address
from accessplan.past import Coverage
from accessplan.services import GOVERNING_ROLES, KCHAT, KSUITE

OWN_PRODUCTS = "The token's owner sees only products they have a right on."


def coverage(live: Live) -> Coverage:
    """Say what a read shows."""
    limited = bool(live.caller_role) and live.caller_role not in GOVERNING_ROLES
    own = (BlindSpot(USER, GRANT, OWN_PRODUCTS, single_products=True),) if limited else ()
    return Coverage(
        mailboxes=frozenset(live.mailboxes),
        targets=frozenset(live.drives).union(_apps(live)),
        partial=frozenset(map(user_address, live.partial)) | frozenset(map(team_address, live.partial_teams)),
        guests=live.opens_more,
        blind=(*(spot for spot in live.state.blind if not spot.attribute), *own),
    )


def _apps(live: Live) -> Iterator[str]:
    """Name the kSuite and the kChat that were read: whoever reads them is not shown which role people have there."""
    for service in (KSUITE, KCHAT):
        read = any((spot.kind, spot.part, spot.service) == (USER, USE, service) for spot in live.state.blind)
        label = only(service, live.catalogue)
        if read and label is not None:
            yield label
