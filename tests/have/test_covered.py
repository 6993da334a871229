"""What a read shows, and what it would not show if it were there."""

from dataclasses import replace

import pytest

from accessplan.have.covered import coverage
from accessplan.have.live import Live, Mailbox
from accessplan.model import (
    DELEGATE,
    GRANT,
    MAILBOX,
    MEMBER,
    TEAM,
    USE,
    USER,
    Address,
    BlindSpot,
    Product,
    State,
    team_address,
    user_address,
)
from accessplan.select import Catalogue

SPOT = BlindSpot(USER, GRANT, "not shown", service="mailing")
ROLE = BlindSpot(USER, USE, "no roles", service="ksuite", attribute="role", by_word=True)
LIVE = Live(
    4242, "Example SA", State({}, (SPOT, ROLE)),
    Catalogue([Product(1, "ksuite", "kSuite"), Product(2, "kchat", "kChat"), Product(3, "drive", "A")]), {}, {},
    partial=frozenset({"late@example.ch"}), partial_teams=frozenset({"Web"}),
    opens_more=frozenset({"guest@example.ch"}),
    drives={"drive/A": 7}, mailboxes={"info@example.ch": Mailbox(1, "info")},
)  # fmt: skip


def use(email, target):
    return Address(USER, email, USE, target)


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        (user_address("ana@example.ch"), True),
        (team_address("Web"), True),
        (Address(USER, "ana@example.ch", GRANT, "hosting/www"), True),
        (Address(USER, "ana@example.ch", GRANT, "mailing/*"), False),
        (Address(USER, "late@example.ch", GRANT, "hosting/www"), False),
        (Address(TEAM, "Mail", MEMBER, "late@example.ch"), False),
        (Address(TEAM, "Web", GRANT, "hosting/*"), False),
        (Address(MAILBOX, "info@example.ch", DELEGATE, "ana@example.ch"), True),
        (Address(MAILBOX, "info@example.ch", DELEGATE, "guest@example.ch"), False),
        (Address(MAILBOX, "billing@example.ch", DELEGATE, "ana@example.ch"), False),
        (use("ana@example.ch", "drive/A"), True),
        (use("guest@example.ch", "drive/A"), False),
        (use("ana@example.ch", "drive/B"), False),
        (use("ana@example.ch", "ksuite/kSuite"), True),
        (use("ana@example.ch", "kchat/kChat"), False),
    ],
)
def test_what_is_covered(address, covered):
    """A read covers what it looked at and was shown, and nothing else."""
    assert coverage(LIVE).covers(address) is covered


def test_who_sees_only_their_own_products():
    """A token that shows only its owner's products does not show that rights on others are gone."""
    on_one, on_all = (Address(USER, "ana@example.ch", GRANT, f"hosting/{name}") for name in ("www", "*"))
    shown = {role: coverage(replace(LIVE, caller_role=role)) for role in ("", "administrator", "collaborator")}
    assert {role: each.covers(on_one) for role, each in shown.items()} == {
        "": True, "administrator": True, "collaborator": False,
    }  # fmt: skip
    assert shown["collaborator"].covers(on_all)
