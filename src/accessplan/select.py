"""Product selectors: which products a grant key of the document means.

`SERVICE/NAME`, `SERVICE/#ID`, `SERVICE/@TAG`, `SERVICE/*` (later products included), a glob such as
`hosting/*.example.ch` (today's products), and `all`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache

from accessplan.model import Product, fold

EVERYTHING = "all"
_GLOB = re.compile(r"[*?]")


class Kind(StrEnum):
    """How a selector finds products."""

    EVERYTHING = "everything"
    SERVICE = "service"
    TAG = "tag"
    ID = "id"
    GLOB = "glob"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Selector:
    """A parsed grant key; `value` is the tag, the number as text, the glob or the name."""

    kind: Kind
    service: str = ""
    value: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether it must find exactly one product."""
        return self.kind in (Kind.ID, Kind.NAME)


class SelectorError(ValueError):
    """A grant key that is no selector; the text says what one looks like."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Selector:
    """Parse a grant key.

    Raises:
        SelectorError: the text has no service, no product part, or a number that is none.
    """
    if text == EVERYTHING:
        return Selector(Kind.EVERYTHING)
    service, slash, value = text.partition("/")
    if not slash or not service or not value:
        raise SelectorError("write SERVICE/NAME, SERVICE/#ID, SERVICE/@TAG, SERVICE/* or all")
    if value == "*":
        return Selector(Kind.SERVICE, service)
    if value.startswith("#"):
        if not (value[1:].isascii() and value[1:].isdigit()):
            raise SelectorError("after # comes the product's number, as in hosting/#101")
        return Selector(Kind.ID, service, value[1:])
    if value.startswith("@"):
        if not value[1:]:
            raise SelectorError("after @ comes a tag, as in hosting/@production")
        return Selector(Kind.TAG, service, value[1:])
    return Selector(Kind.GLOB if _GLOB.search(value) else Kind.NAME, service, value)


def every(service: str) -> str:
    """Return the target that means all products of a service, later ones included."""
    return f"{service}/*"


def service_of(target: str) -> str:
    """Return the service of a target or selector text."""
    return target.partition("/")[0]


def is_service_wide(target: str) -> bool:
    """Tell whether a target covers a whole service, later products included."""
    return target.endswith("/*")


class Catalogue:
    """The products of an organization, found by selector and named by one label each.

    A label is `SERVICE/NAME` where that finds the product and no other, else `SERVICE/#ID`. `mailboxes` are the e-mail
    addresses of the mailboxes that were looked at; `of_suite` the labels of the kDrives, of those that were looked at,
    that are part of a kSuite, which gives the places in them.
    """

    def __init__(
        self,
        products: Iterable[Product],
        services: Iterable[str] = (),
        mailboxes: Iterable[str] = (),
        of_suite: Iterable[str] = (),
    ) -> None:
        self.mailboxes = frozenset(mailboxes)
        self.of_suite = frozenset(of_suite)
        self.products = tuple(sorted(products, key=lambda product: (product.service, product.name, product.id)))
        self.services = tuple(sorted({product.service for product in self.products}.union(services)))
        self._by_id = {(product.service, str(product.id)): product for product in self.products}
        self._by_name: defaultdict[tuple[str, str], list[Product]] = defaultdict(list)
        for product in self.products:
            for name in {fold(product.name), fold(product.internal_name)} - {""}:
                self._by_name[product.service, name].append(product)
        self._labels = {product: self._choose_label(product) for product in self.products}
        self._by_label = {label: product for product, label in self._labels.items()}

    def label(self, product: Product) -> str:
        """Return the one text that names the product in plans and documents."""
        return self._labels[product]

    def by_label(self, label: str) -> Product | None:
        """Find a product by its label."""
        return self._by_label.get(label)

    def find(self, selector: Selector) -> tuple[Product, ...]:
        """List today's products that a selector means; more than one for an exact selector is ambiguous."""
        match selector.kind:
            case Kind.EVERYTHING:
                return self.products
            case Kind.ID:
                found = self._by_id.get((selector.service, selector.value))
                return (found,) if found else ()
            case Kind.NAME:
                return tuple(self._by_name.get((selector.service, fold(selector.value)), ()))
            case Kind.SERVICE:
                return self._where(selector.service)
            case Kind.TAG:
                return tuple(product for product in self._where(selector.service) if selector.value in product.tags)
            case Kind.GLOB:
                glob = re.compile(translate(fold(selector.value).replace("[", "[[]")))
                return tuple(product for product in self._where(selector.service) if _is_named(product, glob))

    def _where(self, service: str) -> tuple[Product, ...]:
        return tuple(product for product in self.products if product.service == service)

    def _choose_label(self, product: Product) -> str:
        by_number = f"{product.service}/#{product.id}"
        try:
            selector = parse(f"{product.service}/{product.name}")
        except SelectorError:
            return by_number
        unique = selector.kind is Kind.NAME and self.find(selector) == (product,)
        return f"{product.service}/{product.name}" if unique else by_number


def _is_named(product: Product, glob: re.Pattern[str]) -> bool:
    return any(glob.match(fold(name)) for name in (product.name, product.internal_name) if name)
