"""How requests come in: whether a token is asked for, whom it acts as, how many are let through."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

_WINDOW_SECONDS = 60.0


class RateLimit:
    """So many requests in any 60 seconds; `clock` gives seconds."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._passed: deque[float] = deque(maxlen=per_minute)

    def wait(self) -> int:
        """Let a request through (0), or tell in how many whole seconds to come back."""
        with self._lock:
            now = self._clock()
            if len(self._passed) == self._passed.maxlen and now - self._passed[0] < _WINDOW_SECONDS:
                return math.ceil(self._passed[0] + _WINDOW_SECONDS - now)
            self._passed.append(now)
            return 0


@dataclass(frozen=True)
class Door:
    """The way in. Everybody acts as the organization's token_user unless `as_user` names another."""

    token_required: bool = False
    as_user: str | None = None
    limit: RateLimit | None = None


EMBEDDED = Door()
"""In the same process: no token, no limit."""
