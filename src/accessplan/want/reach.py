"""Which products of an organization the selectors of a document reach."""

from __future__ import annotations

from functools import cache

from accessplan.finding import Finding, Place, error, warning
from accessplan.model import Address
from accessplan.select import Catalogue, Kind, Selector, every, parse, service_of
from accessplan.services import SERVICES, USE_ROLES
from accessplan.want.document import WantedGrant
from accessplan.want.names import Names, quote

NOTHING = "selector-matches-nothing"


class Reach:
    """Finds the targets of grants among the products of one organization; each selector is looked up once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._labels = cache(self._find_labels)
        self._known = Names(catalogue.label(product) for product in catalogue.products)
        self._services = Names({*SERVICES, *catalogue.services})

    def targets(self, grant: WantedGrant) -> tuple[str, ...]:
        """List what rights are on: whole services, later products included, or today's products by their labels."""
        match grant.selector.kind, grant.future:
            case Kind.EVERYTHING, True:
                return tuple(every(service) for service in sorted({each.service for each in self._catalogue.products}))
            case Kind.SERVICE, True:
                return (every(grant.selector.service),)
        return self._labels(grant.selector)

    def used(self, grant: WantedGrant) -> tuple[str, ...]:
        """List the products of today, by their labels, in which a grant gives a role."""
        labels = self._labels(grant.selector)
        return tuple(label for label in labels if grant.use in USE_ROLES.get(service_of(label), ()))

    def target(self, key: str) -> str:
        """Return the label of the product that a name or number means; the text itself where that is not clear."""
        selector = parse(key)
        labels = self._labels(selector) if selector.is_exact else ()
        return labels[0] if len(labels) == 1 else key

    def fault(self, grant: WantedGrant) -> Finding | None:
        """Tell why a selector does not reach what it should."""
        selector = grant.selector
        if selector.kind is Kind.EVERYTHING:
            return None
        if selector.kind is Kind.SERVICE and selector.service not in self._catalogue.services:
            return self._no_service(grant)
        if selector.kind is Kind.SERVICE and not grant.use:
            return None
        found = len(self._labels(selector))
        if found == 1:
            return None
        if found == 0:
            return self._nothing(grant)
        return self.ambiguity(grant.address.key, grant.place, grant.address)

    def ambiguity(self, key: str, place: Place, address: Address) -> Finding | None:
        """Tell that a name means several products."""
        selector = parse(key)
        if not selector.is_exact or len(found := self._catalogue.find(selector)) <= 1:
            return None
        numbers = ", ".join(f"{product.service}/#{product.id}" for product in found)
        message = f"{quote(key)} means {len(found)} products: {numbers}"
        return error("ambiguous-selector", message, place, address=str(address), hint="name one by its number")

    def _find_labels(self, selector: Selector) -> tuple[str, ...]:
        return tuple(self._catalogue.label(product) for product in self._catalogue.find(selector))

    def _no_service(self, grant: WantedGrant) -> Finding:
        service = grant.selector.service
        if service in SERVICES:
            message = f"the organization has no product of the service {service}"
            return warning(NOTHING, message, grant.place, address=str(grant.address))
        message = f"there is no service {quote(service)}"
        hint = self._services.hint(service)
        return error("unknown-service", message, grant.place, address=str(grant.address), hint=hint)

    def _nothing(self, grant: WantedGrant) -> Finding:
        report = error if grant.selector.is_exact else warning
        message = f"{quote(grant.address.key)} matches no product of the organization"
        hint = self._known.hint(grant.address.key) if grant.selector.is_exact else ""
        return report(NOTHING, message, grant.place, address=str(grant.address), hint=hint)
