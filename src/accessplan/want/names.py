"""Names in findings: shown safely, and the nearest known one found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache

_SHOWN = 60
_FEW = 100
_AROUND = 20
_SHORT = 8
_CLOSE = 5


def quote(text: str) -> str:
    """Show text from a document in a message: quoted, cut, and without characters that play tricks on a terminal."""
    return f'"{visible(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")}"'


def visible(text: str) -> str:
    """Write out characters that cannot be seen."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


class Names:
    """Known names, to find the one that was meant.

    `may_mean` tells whether a name that is near enough may be meant by what is written.

    Among many names only those are compared that would stand near it in a dictionary, read from either end: comparing
    with each of 10,000 takes half a second, and a document may have as many faults. Nor is a name looked up twice.
    """

    def __init__(self, names: Iterable[str], may_mean: Callable[[str, str], bool] = lambda _, __: True) -> None:
        self.nearest = cache(self._nearest)
        self._may_mean = may_mean
        self._forward = sorted(set(names))
        self._backward = sorted(name[::-1] for name in self._forward)

    def __contains__(self, name: str) -> bool:
        place = bisect_left(self._forward, name)
        return place < len(self._forward) and self._forward[place] == name

    def hint(self, name: str, otherwise: str = "") -> str:
        """Ask whether the nearest name was meant."""
        nearest = self.nearest(name)
        return f"did you mean {quote(nearest)}?" if nearest else otherwise

    def _nearest(self, name: str) -> str:
        likeness = 0.6 if len(name) <= _SHORT else 0.8
        close = get_close_matches(name[:_FEW], self._candidates(name), _CLOSE, likeness)
        return next((each for each in close if self._may_mean(name, each)), "")

    def _candidates(self, name: str) -> list[str]:
        if len(self._forward) <= _FEW:
            return self._forward
        backward = _around(self._backward, name[::-1])
        return sorted({*_around(self._forward, name), *(each[::-1] for each in backward)})


def _around(names: list[str], name: str) -> list[str]:
    middle = bisect_left(names, name)
    return names[max(0, middle - _AROUND) : middle + _AROUND]
