"""Reasons to refuse a plan. A rail is a function; its name, with hyphens, is its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accessplan.rail.amounts import empty_section, shrunken_live, too_many_removals
from accessplan.rail.governing import (
    legal_representative_stays,
    own_role,
    required_representative,
    too_few_representatives,
)
from accessplan.rail.holders import last_holder
from accessplan.rail.protection import protected_entry
from accessplan.rail.situation import Refusal, Situation, live_counts

__all__ = ["RAILS", "Rail", "Refusal", "Situation", "live_counts", "refusals"]

Rail = Callable[[Situation], Iterator[Refusal]]

RAILS: tuple[Rail, ...] = (
    legal_representative_stays,
    own_role,
    required_representative,
    too_few_representatives,
    last_holder,
    protected_entry,
    empty_section,
    shrunken_live,
    too_many_removals,
)


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """List the reasons to refuse a plan; none is a go."""
    return tuple(refusal for rail in RAILS for refusal in rail(situation))
