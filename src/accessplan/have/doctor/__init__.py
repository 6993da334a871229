"""Examine the token and the organization: what may be read and done here, and what that means.

Every question is asked of the live system itself; where it cannot answer one, the fault stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accessplan.check import Check, Status
from accessplan.errors import LiveError
from accessplan.have.doctor.owner import organization, owner
from accessplan.have.doctor.products import drives, mail_services
from accessplan.have.doctor.tried import failed, tried
from accessplan.have.limits import REQUESTS_PER_MINUTE
from accessplan.have.live import Live
from accessplan.have.read import ACCOUNT_DETAILS, PRODUCT_DETAILS, USER_DETAILS, read
from accessplan.have.reader import Reader
from accessplan.model import GRANT, TEAM, USER, User
from accessplan.services import EXTERNAL

LARGEST_SKEW = 60
"""Seconds that the two clocks may differ before it matters."""


def examine(reader: Reader, account_id: int, now: datetime) -> list[Check]:
    """Examine the live system as the token shows it; `now` is the moment by our clock.

    Where it tells neither whose token it is nor of the organization, nothing else is asked.
    """
    checks = [*owner(reader), *organization(reader, account_id)]
    if all(check.status is Status.WARNING for check in checks):
        return checks
    checks += _clock(reader, now)
    live = tried(lambda: read(reader, account_id))
    if isinstance(live, LiveError):
        return [*checks, failed("people", live, "No plan can be made.")]
    checks += [*_additional(reader, account_id), *_rights(live), *_externals(live)]
    checks += [*mail_services(reader, account_id, live), *drives(reader, account_id, live)]
    checks += [Check("not covered", Status.NOTE, each, "Every plan says so.") for each in live.not_covered]
    return [*checks, _limit()]


def _clock(reader: Reader, now: datetime) -> Iterator[Check]:
    if reader.moment is None:
        return
    skew = round((reader.moment - now).total_seconds())
    if abs(skew) <= LARGEST_SKEW:
        fact = f"It agrees with the live system's within {LARGEST_SKEW} s."
        yield Check("clock", Status.OK, fact, "Expired invitations and dates are told rightly.")
    else:
        fact = f"It is {abs(skew):,} s {'behind' if skew > 0 else 'ahead of'} the live system's."
        yield Check("clock", Status.WARNING, fact, "Dates may end on the wrong day: set this machine's clock.")


def _additional(reader: Reader, account_id: int) -> Iterator[Check]:
    """Say which additional data is given: what is refused was learned while reading."""
    asked = {
        f"/1/accounts/{account_id}": ACCOUNT_DETAILS,
        f"/2/accounts/{account_id}/users": USER_DETAILS,
        "/1/products": PRODUCT_DETAILS,
    }
    for path, names in asked.items():
        what = path.rpartition("/")[2] if not path.endswith(str(account_id)) else "organization"
        refused = reader.refused(path, names)
        given = [name for name in names if name not in refused]
        if refused:
            fact = f"Refused: {', '.join(refused)}. Given: {', '.join(given) or 'nothing'}."
            yield Check(f"with= of {what}", Status.NOTE, fact, "What is refused is asked one by one, or not covered.")
        else:
            yield Check(f"with= of {what}", Status.OK, f"Given: {', '.join(given)}.", "It takes the fewest requests.")


def _rights(live: Live) -> Iterator[Check]:
    hidden = [spot for spot in live.state.blind if (spot.kind, spot.part) == (USER, GRANT)]
    if hidden:
        for spot in hidden:
            yield Check("rights of users", Status.WARNING, spot.reason, "Plans list such grants as not checked.")
    else:
        yield Check("rights of users", Status.OK, "They are shown.", "Grants of users are compared, and read back.")
    for spot in live.state.blind:
        if spot.kind == TEAM:
            meaning = (
                "Such grants are steps by hand; somebody attests them." if spot.by_word else "They are not checked."
            )
            yield Check("rights of teams", Status.NOTE, spot.reason, meaning)
    for spot in live.state.blind:
        if spot.kind == USER and not spot.part:
            yield Check(f"{spot.attribute} of users", Status.NOTE, spot.reason, "It is taken on somebody's word.")


def _externals(live: Live) -> Iterator[Check]:
    externals = sum(isinstance(each, User) and each.role == EXTERNAL for each in live.state.entries.values())
    if externals:
        fact = f"{externals} found, by a role that is none of the three documented ones."
        yield Check("external users", Status.NOTE, fact, "How the API marks them is not documented: see that it fits.")


def _limit() -> Check:
    fact = f"No more than {REQUESTS_PER_MINUTE} requests are sent in a minute, as documented."
    return Check(
        "rate limit", Status.OK, fact, "Long plans take their time; whether others share the limit is unknown."
    )
