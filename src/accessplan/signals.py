"""What the live system shows of the life of an entry: since when it is there, and when it was last used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Signal:
    """What is shown of one entry, in days of the organization's time zone; None is not shown.

    `since` is the day it came to be (of an invitation: was sent), `used` that of its last use (of a user: the last
    login, which is of the whole organization). `never` tells that it is shown as never used.
    """

    since: date | None = None
    used: date | None = None
    never: bool = False
    second_factor: bool | None = None


NO_SIGNAL = Signal()
