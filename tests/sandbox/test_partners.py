"""Partners: the steps around them, and the traces that a client can read."""

import pytest

from accessplan.sandbox import Refused, accept, accept_all, reject, show

HOSTING = {"service": "hosting", "product": 112, "rights": ["technical"]}
DRIVES = {"service": "drive", "product": None, "rights": ["statistic"]}
NAME = {"partner": "Bolt"}
LIMITED = {**NAME, "access": "limited", "products": [HOSTING, DRIVES]}
FULL = {**NAME, "access": "full", "wallet": True}


@pytest.fixture
def traces(api):
    """What the account tells of partners."""
    names = "in_partnership_full_access,in_partnership_limited,has_customer_paiement_method,partner_id"

    def read():
        account = api("GET", f"/1/accounts/4242?with={names}").data
        return tuple(account[name] for name in names.split(","))

    return read


@pytest.fixture
def managed(api):
    """The products that a partner manages."""

    def read():
        found = api("GET", "/1/products?with=is_managed_by_partner").data
        return [product["id"] for product in found if product["is_managed_by_partner"]]

    return read


def partner(store, name="Bolt"):
    return next((each for each in show(store).get("partners", []) if each["name"] == name), None)


def test_limited(do, store, now, traces, managed):
    """A partner manages the chosen products once the invitation is accepted, and services with later products."""
    do("stop_partner", partner="WebAgency")
    assert traces() == (False, False, True, 0)
    assert do("add_partner", **LIMITED, wallet=False) == (
        "invited the partner Bolt: limited access (technical on hosting/#112, statistic on drive/*)"
    )
    assert (traces(), managed()) == ((False, False, True, 0), [])
    assert accept(store, "bolt", now) == "the partner Bolt accepted the invitation: limited access"
    assert (traces(), managed()) == ((False, True, True, 6002), [112, 301])
    assert partner(store) == {
        "name": "Bolt",
        "products": [
            {"product": 112, "rights": ["technical"]},
            {"service": "drive", "rights": ["statistic"], "apply_to_all": True},
        ],
        "since": "2026-11-21T10:30:00Z",
    }


def test_full(do, store, now, traces, managed):
    """A partner with full access manages everything, and pays when the wallet is theirs."""
    assert do("add_partner", **FULL) == "invited the partner Bolt: full access, with the wallet"
    assert partner(store)["status"] == "pending"
    assert accept_all(store, now)[-1] == "the partner Bolt accepted the invitation: full access"
    assert traces() == (True, True, False, 6002)
    assert managed() == [101, 111, 112, 201, 301]
    assert do("edit_partner_wallet", **NAME, wallet=False) == "the organization pays now"
    assert do("edit_partner_wallet", **NAME, wallet=False) == "nothing to do: the organization pays already"
    assert traces() == (True, True, True, 6002)
    assert do("edit_partner_wallet", **NAME, wallet=True) == "the partner Bolt pays now"


def test_edit(do, store, managed):
    """The access of a partner is set as given; with limited access the wallet is the organization's again."""
    do("add_partner", **FULL)
    assert do("edit_partner", **LIMITED) == (
        "the partner Bolt has limited access (technical on hosting/#112, statistic on drive/*) now"
    )
    assert do("edit_partner", **LIMITED).startswith("nothing to do: ")
    assert "wallet" not in partner(store)
    do("edit_partner", **NAME, access="limited", products=[HOSTING, DRIVES | {"rights": []}])
    assert partner(store)["products"] == [{"product": 112, "rights": ["technical"]}]
    assert do("edit_partner", **NAME, access="full", products=[]) == "the partner Bolt has full access now"
    assert managed() == [111]


def test_stop(do, store, traces):
    """Nothing remains of a partner with whom the collaboration is stopped, or whose invitation is deleted."""
    assert do("stop_partner", partner="WebAgency") == "stopped the collaboration with the partner WebAgency"
    assert do("stop_partner", partner="WebAgency") == "nothing to do: WebAgency is no partner"
    assert (partner(store, "WebAgency"), traces()) == (None, (False, False, True, 0))
    do("add_partner", **LIMITED)
    assert do("stop_partner", **NAME) == "deleted the invitation of the partner Bolt"


def test_add_again(do, store, now):
    """Who is a partner, or invited, cannot be added otherwise; who rejected can."""
    do("add_partner", **LIMITED)
    assert do("add_partner", **LIMITED) == "nothing to do: Bolt is invited already"
    with pytest.raises(Refused, match="Bolt is invited already: edit the access rights"):
        do("add_partner", **FULL)
    assert reject(store, "Bolt", now) == "Bolt rejected the invitation"
    assert partner(store)["status"] == "rejected"
    assert do("add_partner", **FULL).startswith("invited")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"act": "add_partner", **LIMITED, "by": "max@example.ch"}, "only a legal representative may do that"),
        ({"act": "stop_partner", "partner": "WebAgency", "by": "max@example.ch"}, "only a legal representative"),
        ({"act": "add_partner", **LIMITED, "wallet": True}, "only a partner with full access can have the wallet"),
        ({"act": "add_partner", **FULL, "products": [HOSTING]}, "has no list of products"),
        ({"act": "add_partner", **LIMITED, "products": []}, "needs a product at least"),
        ({"act": "add_partner", **LIMITED, "products": [HOSTING, HOSTING]}, "a product is named twice"),
        ({"act": "add_partner", **LIMITED, "products": [HOSTING | {"product": 9}]}, "hosting has no product 9"),
        ({"act": "add_partner", **LIMITED, "access": "some"}, "access must be one of the allowed values"),
        ({"act": "edit_partner", **LIMITED}, "Bolt is no partner"),
        ({"act": "edit_partner_wallet", "partner": "WebAgency", "wallet": True}, "only a partner with full access"),
    ],
)
def test_refused(do, store, step, reason):
    """What a person could not do is refused with the reason, and nothing changes."""
    before = show(store)
    with pytest.raises(Refused, match=reason):
        do(**step)
    assert show(store) == before


def test_nobody_to_accept(store, now):
    """Who is a partner already has nothing to accept."""
    with pytest.raises(Refused, match="WebAgency has no pending invitation"):
        accept(store, "WebAgency", now)
