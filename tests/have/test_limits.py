from threading import Thread

import pytest

from accessplan.have.limits import Limiter, SimulatedClock, asked_patience, back_off


def starts(limiter: Limiter, clock: SimulatedClock, count: int) -> list[float]:
    """Let some requests go and return when they did."""
    times = []
    for _ in range(count):
        limiter.wait_turn()
        times.append(clock.now())
    return times


def test_sixty_requests_go_at_once_and_the_next_waits_a_minute() -> None:
    """Sixty requests go without waiting; the 61st goes a minute after the first."""
    clock = SimulatedClock()
    limiter = Limiter(clock)
    assert starts(limiter, clock, 60) == [0.0] * 60
    assert starts(limiter, clock, 1) == [60.0]
    assert (limiter.requests_made, limiter.seconds_waited) == (61, 60.0)


def test_the_window_slides() -> None:
    """Requests that went later make room later: never more than the limit within any minute."""
    clock = SimulatedClock()
    limiter = Limiter(clock, limit=2)
    limiter.wait_turn()
    clock.sleep(50)
    assert starts(limiter, clock, 3) == [50.0, 60.0, 110.0]


def test_threads_share_one_limit() -> None:
    """Whatever the number of threads, no minute sees more requests than the limit."""
    clock = SimulatedClock()
    limiter = Limiter(clock, limit=10)
    threads = [Thread(target=starts, args=(limiter, clock, 10)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limiter.requests_made == 50
    assert clock.now() == limiter.seconds_waited == 4 * 60.0


def test_holding_back_delays_every_request() -> None:
    """Once held back, the next request goes when the time is over, and the longest wait counts."""
    clock = SimulatedClock()
    limiter = Limiter(clock)
    limiter.hold_back(30)
    limiter.hold_back(5)
    assert starts(limiter, clock, 2) == [30.0, 30.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        (
            {"retry-after": "Fri, 21 Nov 2025 10:01:30 GMT", "date": "Fri, 21 Nov 2025 10:00:00 GMT"},
            90.0,
        ),
        ({"retry-after": "Fri, 21 Nov 2025 09:00:00 GMT", "date": "Fri, 21 Nov 2025 10:00:00 GMT"}, 0.0),
        ({"retry-after": "Fri, 21 Nov 2025 10:01:30 GMT"}, None),
        ({"retry-after": "soon", "date": "Fri, 21 Nov 2025 10:00:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "٣"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    """`Retry-After` counts in seconds, or as a date against the server's own `Date`; anything else says nothing."""
    assert asked_patience(headers) == seconds


def test_pauses_double_and_scatter() -> None:
    """Pauses double from one second on, give or take half."""
    assert [back_off(repeat, 0.5) for repeat in range(3)] == [1.0, 2.0, 4.0]
    assert (back_off(2, 0.0), back_off(2, 1.0)) == (2.0, 6.0)
