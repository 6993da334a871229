"""Entries as plain data, and back."""

import pytest

from accessplan.model import Address, Delegation, Grant, Membership, Partner, Team, Use, User
from accessplan.plain import attributes, entry_of

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
