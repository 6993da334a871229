"""Pages and totals."""

import pytest

from accessplan.sandbox import seed, show

USERS = "/2/accounts/4242/users"


def test_everything_without_page(api):
    """Without `page` the whole list comes, and nothing tells of pages, whatever `per_page` says."""
    reply = api("GET", f"{USERS}?per_page=2")
    assert len(reply.data) == 6
    assert set(reply.envelope) == {"result", "data"}


def test_page(api):
    """With `page` the answer holds that page, and tells how many there are."""
    envelope = api("GET", f"{USERS}?page=2&per_page=4").envelope
    assert [each["email"] for each in envelope["data"]] == ["lee@agency.example", "late@agency.example"]
    assert {key: envelope[key] for key in ("total", "page", "pages", "items_per_page")} == {
        "total": 6,
        "page": 2,
        "pages": 2,
        "items_per_page": 4,
    }


def test_page_beyond_the_last(api):
    """A page beyond the last is empty."""
    assert api("GET", f"{USERS}?page=9223372036854775807&per_page=4").data == []


def test_default_size(api):
    """A page has 15 items unless asked otherwise."""
    assert api("GET", f"{USERS}?page=1").envelope["items_per_page"] == 15


@pytest.mark.parametrize("asked", [3, 1000])
def test_largest_page(api, store, now, asked):
    """A page larger than the store allows is cut, and the answer tells."""
    seed(store, show(store), now, per_page_max=3)
    envelope = api("GET", f"{USERS}?page=1&per_page={asked}").envelope
    assert (len(envelope["data"]), envelope["items_per_page"], envelope["pages"]) == (3, 3, 2)


def test_total(api):
    """`return=total` gives the number alone."""
    assert api("GET", f"{USERS}?return=total").data == 6


def test_limit_and_skip(api):
    """Where `limit` and `skip` are documented they cut the list."""
    assert [each["id"] for each in api("GET", "/1/products?limit=2&skip=1").data] == [111, 112]
    assert [each["id"] for each in api("GET", "/1/languages?limit=1&skip=1").data] == [2]
