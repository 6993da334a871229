"""Whether an e-mail address is another one mistyped: most that look alike belong to different people."""

from __future__ import annotations

_IN_NAME, _IN_DOMAIN = 1, 2
"""How many characters a slip of the hand changes at most: `.com` for `.ch` are two."""


def is_slip_of(written: str, meant: str) -> bool:
    """Tell whether one slip explains an address: in its name or in its domain, never in both."""
    name, _, domain = written.partition("@")
    meant_name, _, meant_domain = meant.partition("@")
    if domain == meant_domain:
        return _is_one_slip(name, meant_name, _IN_NAME)
    return name == meant_name and _is_one_slip(domain, meant_domain, _IN_DOMAIN)


def _is_one_slip(written: str, meant: str, longest: int) -> bool:
    """Tell whether two words differ at one spot only, and little against what they share; or by a swap."""
    before = _shared(written, meant)
    after = _shared(written[before:][::-1], meant[before:][::-1])
    one, other = (word[before : len(word) - after] for word in (written, meant))
    differing = max(len(one), len(other))
    return one == other[::-1] or (differing <= longest and differing * 3 <= before + after)


def _shared(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
