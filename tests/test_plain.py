"""Entries as plain data, and back; moments and long lists in plain words."""

from datetime import datetime

import pytest

from accessplan.model import Address, Delegation, Grant, Membership, Partner, Team, Use, User
from accessplan.plain import address_of, attributes, entry_of, few, moment

ANA = User("ana@example.ch", "collaborator", billing=True, notify_products=False, first_name="Ana")
ENTRIES = [
    ANA,
    Team("Web", ANA.email),
    Team("Web"),
    Membership("Web", ANA.email),
    Grant(ANA.address, "hosting/*", frozenset({"technical", "statistic"})),
    Grant(Partner("WebAgency", "limited").address, "domain/example.ch", frozenset({"technical"})),
    Use(ANA.email, "drive/Team Drive", "user"),
    Use(ANA.email, "ksuite/kSuite", None),
    Delegation("info@example.ch", ANA.email, frozenset({"can_manage_rules"}), sends=False),
    Delegation("info@example.ch", ANA.email, frozenset()),
    Partner("WebAgency", "full", wallet=True),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.address))
def test_an_entry_survives_as_plain_data(entry):
    """Every entry comes back from its address and its plain data as it was."""
    data = attributes(entry)
    assert data is not None
    back = entry_of(entry.address, data)
    assert (back, attributes(back)) == (entry, data)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (Address("user", "ana@example.ch"), {"role": "emperor"}),
        (Address("user", "ana@example.ch"), {}),
        (Address("user", "ana@example.ch", "grant", "hosting/*"), {"manage": "technical"}),
        (Address("mailbox", "info@example.ch"), {}),
        (Address("partner", "WebAgency"), {"access": "some"}),
        (Address("moon", "x"), {}),
    ],
)
def test_what_is_no_entry_is_refused(address, data):
    """Plain data that is no entry, or not of the kind its address says, is refused."""
    with pytest.raises(ValueError, match=r"no entry|none that is known|no list"):
        entry_of(address, data)


def test_an_address_survives_as_plain_data():
    """An address comes back from its four parts as it was; anything else is refused."""
    address = Address("team", "Web", "member", ANA.email)
    assert address_of(list(address)) == address
    for other in (None, "team", ["team", "Web"], ["team", "Web", "member", 7], {"team": "Web"}):
        with pytest.raises(ValueError, match="should be an address"):
            address_of(other)


def test_moments_are_told_in_utc():
    """A moment is written in UTC, wherever it was noted."""
    assert moment(datetime.fromisoformat("2026-11-21T12:00:00+02:00")) == "2026-11-21 10:00 UTC"


def test_a_long_list_is_counted():
    """Of a list the first few are named, and the rest is counted."""
    assert [few("abcde"[:count]) for count in range(6)] == [
        "", "a", "a, b", "a, b, c", "a, b, c and 1 more", "a, b, c and 2 more",
    ]  # fmt: skip
    assert few(iter("abc"), most=1) == "a and 2 more"
