"""When a request may go: 60 in 60 seconds, and how long to wait before one is repeated.

All waiting goes through a clock. The simulated one lets the embedded sandbox answer at once, and still tells how long
the real system would have taken.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Protocol

REQUESTS_PER_MINUTE = 60
"""What the live system allows [portal]."""

MINUTE = 60.0

TRIES = 4
"""How often one request is sent at most."""

LONGEST_WAIT = 300.0
"""Seconds; a live system that asks for more patience is taken to be out of reach."""


class Clock(Protocol):
    """Tells the time in seconds since some moment, and waits."""

    def now(self) -> float:
        """Return the seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class RealClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return the seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class SimulatedClock:
    """A clock on which nobody waits: sleeping moves its hands."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Return the seconds since some moment."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._now += seconds


class Limiter:
    """Lets requests go, from any thread, no more than `limit` of them within any minute."""

    def __init__(self, clock: Clock, limit: int = REQUESTS_PER_MINUTE) -> None:
        self.requests_made = 0
        self.seconds_waited = 0.0
        self._clock = clock
        self._starts: deque[float] = deque(maxlen=limit)
        self._held_until = clock.now()
        self._lock = Lock()

    def wait_turn(self) -> None:
        """Wait until the next request may go; whoever comes later queues behind."""
        with self._lock:
            now = self._clock.now()
            start = max(now, self._held_until)
            if len(self._starts) == self._starts.maxlen:
                start = max(start, self._starts[0] + MINUTE)
            if start > now:
                self._clock.sleep(start - now)
                self.seconds_waited += start - now
            self._starts.append(start)
            self.requests_made += 1

    def pause(self, seconds: float) -> None:
        """Wait before a repeat, and hold nobody else back."""
        self._clock.sleep(seconds)
        with self._lock:
            self.seconds_waited += seconds

    def hold_back(self, seconds: float) -> None:
        """Let no request go for a while: the live system asked for patience."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock.now() + seconds)


def back_off(repeat: int, chance: float) -> float:
    """Return the seconds before a repeat (counted from 0): 1, 2, 4… give or take half, by a chance from 0 to 1."""
    return 2.0**repeat * (0.5 + chance)


def asked_patience(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, or None where it does not say.

    A date is measured against the `Date` of the same answer, so that no clock here has to be right.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until, sent = _seconds(text), _seconds(headers.get("date", ""))
    return max(0.0, until - sent) if until is not None and sent is not None else None


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
