"""The live organization as it was read: its State, and the numbers that the live system knows its entries by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accessplan.have.moments import Moments
from accessplan.model import Address, State
from accessplan.select import Catalogue


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox is: the number of its Mail Service, its name there, and which family of requests that has."""

    hosting: int
    name: str
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """What a read of the live system gives.

    `ids` holds the user id of active users, the invitation id of invited ones, the id of teams, and that of the
    invitation of a place in a kDrive that is pending; `service_ids` the id of each service by name. `not_covered` says
    in plain sentences what the token or the API could not show.

    `partial` are the e-mail addresses of invited people of whom teams or rights were not shown in full, `partial_teams`
    the names of teams with services that could not be told: a request that names all of theirs would take the rest.

    `origin` names the live system that was read: what is true of one is not of another. `caller_role` is the role of
    the token's owner, empty where it is not shown; `caller` is their e-mail address, where one person alone can be it.

    `opens_more` are the e-mail addresses of people whose invitation opens, or may open, products and mailboxes beyond
    what the State says: one that is sent anew would lack them.

    `drives` holds the number of each kDrive that was read, by the label of its product (the two numbers differ);
    `mailboxes` those that were read, by e-mail address.

    `moments` tell of the life of entries, and `expiries` when products expire, by label, in Unix seconds: what moves
    from day to day, and is no part of any comparison.
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
    origin: str = ""
    caller_role: str = ""
    caller: str = ""
    opens_more: frozenset[str] = frozenset()
    drives: Mapping[str, int] = field(default_factory=dict)
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    moments: Mapping[Address, Moments] = field(default_factory=dict)
    expiries: Mapping[str, int] = field(default_factory=dict)
