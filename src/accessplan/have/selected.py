"""Which products of a service are looked at, and whether there is one alone."""

from __future__ import annotations

from accessplan.model import Product
from accessplan.scope import Scope
from accessplan.select import Catalogue, Kind, Selector


def selected(service: str, scope: Scope, catalogue: Catalogue) -> list[Product]:
    """List the products of a service that a scope asks for; with `everything`, all of them."""
    every = catalogue.find(Selector(Kind.SERVICE, service))
    if scope.everything:
        return list(every)
    asked = {product for selector in scope.uses for product in catalogue.find(selector)}
    return [product for product in every if product in asked]


def only(service: str, catalogue: Catalogue) -> str | None:
    """Return the label of the one product of a service; None where there is none, or more than one."""
    every = catalogue.find(Selector(Kind.SERVICE, service))
    return catalogue.label(every[0]) if len(every) == 1 else None
