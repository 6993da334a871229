"""The live organization as it was read: its State, and the numbers that the live system knows its entries by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accessplan.model import Address, State
from accessplan.select import Catalogue


@dataclass(frozen=True, slots=True)
class Live:
    """What a read of the live system gives.

    `ids` holds the user id of active users, the invitation id of invited ones and the id of teams; `service_ids` the id
    of each service by name. `not_covered` says in plain sentences what the token or the API could not show.

    `partial` are the e-mail addresses of invited people of whom teams or rights were not shown in full, `partial_teams`
    the names of teams with services that could not be told: a request that names all of theirs would take the rest.
    """

    organization_id: int
    organization_name: str
    state: State
    catalogue: Catalogue
    ids: Mapping[Address, int]
    service_ids: Mapping[str, int]
    not_covered: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()
    partial_teams: frozenset[str] = frozenset()
