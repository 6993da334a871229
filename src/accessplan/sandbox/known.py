"""What was read of an organization file so far: later entries refer to it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from accessplan.sandbox import dates
from accessplan.sandbox.errors import SeedError
from accessplan.sandbox.people import address
from accessplan.sandbox.services import SERVICE_IDS

_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True)
class Known:
    """The ids of the entries that stand in the store; looking for another raises SeedError."""

    db: sqlite3.Connection
    now: datetime
    services: dict[int, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    teams: dict[str, int] = field(default_factory=dict)

    def seconds(self, date: object) -> int:
        """Unix seconds of a date."""
        return dates.seconds(date, self.now)

    def service(self, name: str) -> int:
        """The id of a service."""
        return _look_up(SERVICE_IDS, name, f"there is no service {name!r}")

    def service_of(self, product_id: int) -> int:
        """The service id of a product."""
        return _look_up(self.services, product_id, f"there is no product {product_id}")

    def must_be(self, product_id: int, *services: str) -> None:
        """Raise SeedError unless a product is of one of these services."""
        if self.service_of(product_id) not in [SERVICE_IDS[service] for service in services]:
            raise SeedError(f"the product {product_id} is not of the service {' or '.join(services)}")

    def user(self, email: str) -> int:
        """The id of a user."""
        return _look_up(self.users, address(email), f"{email} is no user of the organization")

    def team(self, name: str) -> int:
        """The id of a team."""
        return _look_up(self.teams, name, f"there is no team {name!r}")

    def is_person(self, email: str) -> bool:
        """Tell whether someone is a user, or invited."""
        return address(email) in self.users or address(email) in self.invited


def _look_up(ids: Mapping[_Key, int], key: _Key, missing: str) -> int:
    if key not in ids:
        raise SeedError(missing)
    return ids[key]


@contextmanager
def place(name: str, entry: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Say in which entry a fault is."""
    try:
        yield
    except (SeedError, ValueError) as error:
        known_by = next((str(entry[key]) for key in ("email", "name", "domain") if key in entry), "") if entry else ""
        raise SeedError(f"{name} {known_by}".rstrip() + f": {error}") from error
