"""Product selectors."""

import pytest

from accessplan.model import Product
from accessplan.select import Catalogue, Kind, SelectorError, parse

SHOP = Product(202, "hosting", "shop.example.ch", tags=frozenset({"shop", "production"}))
SITE = Product(201, "hosting", "www.example.ch", internal_name="hosting-4711", tags=frozenset({"production"}))
DOMAIN = Product(101, "domain", "example.ch")
CATALOGUE = Catalogue([SHOP, SITE, DOMAIN], services=["drive"])


@pytest.mark.parametrize(
    ("text", "kind", "service", "value"),
    [
        ("all", Kind.EVERYTHING, "", ""),
        ("hosting/*", Kind.SERVICE, "hosting", ""),
        ("hosting/#202", Kind.ID, "hosting", "202"),
        ("hosting/@production", Kind.TAG, "hosting", "production"),
        ("hosting/*.example.ch", Kind.GLOB, "hosting", "*.example.ch"),
        ("hosting/shop.example.ch", Kind.NAME, "hosting", "shop.example.ch"),
        ("drive/Team Drive / 2", Kind.NAME, "drive", "Team Drive / 2"),
    ],
)
def test_selector_kinds(text, kind, service, value):
    """Every form of a selector is told by its first characters, and a name may hold slashes and blanks."""
    selector = parse(text)
    assert (selector.kind, selector.service, selector.value) == (kind, service, value)


@pytest.mark.parametrize(
    "text", ["", "hosting", "hosting/", "/name", "hosting/#", "hosting/#x1", "hosting/#²", "hosting/@"]
)
def test_what_is_no_selector_is_refused(text):
    """A text without a service, a product part, a number or a tag is no selector, and the error says what is one."""
    with pytest.raises(SelectorError, match=r"write|after"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hosting/shop.example.ch", [SHOP]),
        ("hosting/SHOP.example.ch", [SHOP]),
        ("hosting/hosting-4711", [SITE]),
        ("hosting/#201", [SITE]),
        ("domain/#201", []),
        ("hosting/@production", [SHOP, SITE]),
        ("hosting/*.EXAMPLE.ch", [SHOP, SITE]),
        ("hosting/s*", [SHOP]),
        ("hosting/*", [SHOP, SITE]),
        ("domain/@production", []),
        ("all", [DOMAIN, SHOP, SITE]),
    ],
)
def test_what_a_selector_finds(text, found):
    """Names and globs are found without regard to case, by what the customer or Infomaniak calls the product."""
    assert list(CATALOGUE.find(parse(text))) == found


def test_a_label_finds_its_product_and_no_other():
    """Products that share a name, or whose name reads like another selector, are labelled by number."""
    twins = [Product(1, "drive", "Team"), Product(2, "drive", "team"), Product(3, "drive", "x", internal_name="Team")]
    odd = [Product(4, "drive", "*"), Product(5, "drive", "#6"), Product(6, "drive", "@tag"), Product(7, "drive", "")]
    catalogue = Catalogue([*twins, *odd, DOMAIN])
    assert [catalogue.label(product) for product in [*twins, *odd, DOMAIN]] == [
        "drive/#1", "drive/#2", "drive/x", "drive/#4", "drive/#5", "drive/#6", "drive/#7", "domain/example.ch",
    ]  # fmt: skip
    for product in catalogue.products:
        assert catalogue.find(parse(catalogue.label(product))) == (product,)
        assert catalogue.by_label(catalogue.label(product)) == product


def test_services_without_products_are_known():
    """An organization may have a service without a product of it yet."""
    assert CATALOGUE.services == ("domain", "drive", "hosting")
