"""The screens of the Manager, who may go there, and how access to products is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accessplan.select import is_service_wide, service_of

ADMINISTRATORS = "an administrator or legal representative"
LEGAL_REPRESENTATIVES = "a legal representative"

USERS = "Users and profiles › Users"
TEAMS = "Users and profiles › Work teams"
PARTNERS = "Partner"

NO_REQUEST = "no request is documented for active users"


@dataclass(frozen=True, slots=True)
class Access:
    """Rights on a target; none takes the access away. `product` is a product's number, None for all of a service."""

    target: str
    product: int | None
    rights: tuple[str, ...]

    @property
    def values(self) -> dict[str, object]:
        """The same as plain data."""
        return {"service": service_of(self.target), "product": self.product, "rights": list(self.rights)}

    def __str__(self) -> str:
        if not self.rights:
            return f"{self.target}: untick"
        future = ", later products too" if is_service_wide(self.target) else ""
        return f"{self.target}: tick {' and '.join(self.rights)}{future}"


def values_of(access: Iterable[Access]) -> list[dict[str, object]]:
    """Return accesses as plain data."""
    return [each.values for each in access]


def told(head: str, values: Iterable[object], end: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the text and the lines of a step: one sentence, or a line a value where there are several."""
    parts = [str(each) for each in values]
    last = [end] if end else []
    return (head, (*parts, *last)) if len(parts) > 1 else (", ".join([head, *parts, *last]), ())
