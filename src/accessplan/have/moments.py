"""What answers tell of the life of entries, in Unix seconds: which day that is, only the organization's time zone says.

Of who logs in, opens a mailbox or a kDrive, the last time is shown; never is 0 where the documents have a number, and
null where they allow it. What is not shown, or lies in no year of a calendar, is None: it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from accessplan.have.fields import Fields
from accessplan.model import Address
from accessplan.signals import Signal

LATEST = 253_000_000_000
"""In the year 9987: later ones are no seconds."""

_SECOND_FACTOR = ("has_otp", "otp", "has_double_auth", "double_auth")
"""What a second factor is called: in the filter of the users, in a profile, and in kDrive."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What is shown of one entry: see `signals.Signal`, which has the same in days."""

    since: int | None = None
    used: int | None = None
    never: bool = False
    second_factor: bool | None = None


NO_MOMENTS = Moments()


def signals(moments: Mapping[Address, Moments], zone: tzinfo) -> dict[Address, Signal]:
    """Say what is shown of entries in days of a time zone."""
    return {
        address: Signal(_day(each.since, zone), _day(each.used, zone), each.never, each.second_factor)
        for address, each in moments.items()
    }


def days(expiries: Mapping[str, int], zone: tzinfo) -> dict[str, date]:
    """Say on which days of a time zone products expire."""
    return {label: datetime.fromtimestamp(seconds, zone).date() for label, seconds in expiries.items()}


def of_login(fields: Fields) -> Moments:
    """Read a row of the list of users: the last login, and whether there is a second factor, where it is shown."""
    seconds = fields.number_if_any("last_login_at")
    return Moments(used=_plausible(seconds), never=seconds == 0, second_factor=_second_factor(fields))


def of_invitation(fields: Fields) -> Moments:
    """Read when an invitation was sent, or made where no mail was."""
    return Moments(since=moment(fields, "sent_at") or moment(fields, "created_at"))


def of_use(fields: Fields, *names: str) -> Moments:
    """Read since when something is there, and when it was last used: the last of these times, of which null is never.

    None of them in the row says nothing.
    """
    shown = [fields.row[name] for name in names if name in fields.row]
    used = max(filter(None, (moment(fields, name) for name in names)), default=None)
    never = bool(shown) and all(each is None or each == 0 for each in shown)
    return Moments(since=moment(fields, "created_at"), used=used, never=never)


def moment(fields: Fields, name: str) -> int | None:
    """Read one time; None where it is not shown."""
    return _plausible(fields.number_if_any(name))


def _plausible(seconds: int | None) -> int | None:
    return seconds if seconds is not None and 0 < seconds <= LATEST else None


def _second_factor(fields: Fields) -> bool | None:
    places = (fields, fields.inner("security"))
    flags = [each.row.get(name) for each in places for name in _SECOND_FACTOR]
    shown = [bool(flag) for flag in flags if isinstance(flag, bool | int)]
    return any(shown) if shown else None


def _day(seconds: int | None, zone: tzinfo) -> date | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).date()
