"""The ledger keeps what was announced as stale, since when, and which announcements hold no more."""

from datetime import UTC, date, datetime

import pytest

from accessplan.announcement import Announced
from accessplan.errors import InputError
from accessplan.ledger import ANEW, all_links, announce, announcements, open_ledger, verify
from accessplan.model import Delegation, Grant, Partner, Team, User, team_address, user_address

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = date(2026, 11, 21)
ANA, WEB = user_address("ana@example.ch"), team_address("Web")
NUMBERS = {ANA: 7, WEB: 2001}
RIGHTS = frozenset({"technical"})
ENTRIES = (
    User(ANA.name, "external", billing=True),
    Grant(ANA, "hosting/*", RIGHTS),
    Grant(WEB, "hosting/*", RIGHTS),
    Delegation("info@example.ch", ANA.name, frozenset({"can_manage_rules"}), sends=True),
    Team("Web", "claire@example.ch"),
    Partner("WebAgency", "full", wallet=True),
)
ALL = tuple(
    Announced(each.address, each, ("owner-left", "redundant-grant"), DAY, "marc@example.ch") for each in ENTRIES
)
OF_ALL = {each.address: each for each in ALL}


def note(ledger, *new, over=None, numbers=None):
    announce(ledger, new, over or {}, NUMBERS if numbers is None else numbers, NOW)


def test_what_is_announced_is_remembered(place):
    """Each entry is read back as it was announced, with its rules, its day and who answered for it."""
    with open_ledger(place, 4242, write=True) as ledger:
        note(ledger, *ALL)
    with open_ledger(place, 4242) as ledger:
        assert announcements(ledger, NUMBERS) == OF_ALL
    assert not verify(all_links(place))


def test_an_announcement_ends(place):
    """What holds no more is forgotten, and what is announced later is announced anew."""
    later = Announced(ALL[1].address, ENTRIES[1], ("redundant-grant",), date(2026, 12, 24))
    with open_ledger(place, 4242, write=True) as ledger:
        note(ledger, *ALL)
        note(ledger, over={ALL[1].address: "it was reviewed", ALL[2].address: "it is not as it was"})
        assert announcements(ledger, NUMBERS).keys() == OF_ALL.keys() - {ALL[1].address, ALL[2].address}
        note(ledger, later)
        assert announcements(ledger, NUMBERS)[later.address] == later
        ledger.add(ANEW, {}, NOW)
        assert announcements(ledger, NUMBERS) == {}


def of_another(ledger, numbers):
    return {address for address, each in announcements(ledger, numbers).items() if each.of_another}


def test_somebody_else_of_the_same_name(place):
    """What hangs on a person who joined anew, or a team that was made anew, was not announced of them."""
    with open_ledger(place, 4242, write=True) as ledger:
        note(ledger, *ALL)
        of_ana = {ALL[0].address, ALL[1].address, ALL[3].address}
        assert of_another(ledger, NUMBERS | {ANA: 8}) == of_ana
        assert of_another(ledger, NUMBERS | {WEB: 2002}) == {ALL[2].address, ALL[4].address}


def test_who_is_gone_was_announced_themselves(place):
    """A user or team that is gone is the one that was announced; what hung on them would hang on another."""
    with open_ledger(place, 4242, write=True) as ledger:
        note(ledger, *ALL)
        assert of_another(ledger, {}) == {ALL[1].address, ALL[2].address, ALL[3].address}


def test_organizations_do_not_share_announcements(place):
    """What was announced in one organization, or one live system, was not announced in another."""
    with open_ledger(place, 4242, "sandbox:a", write=True) as ledger:
        note(ledger, *ALL)
    for number, live in ((4243, "sandbox:a"), (4242, "sandbox:b")):
        with open_ledger(place, number, live) as ledger:
            assert announcements(ledger, NUMBERS) == {}


WHOLE = {
    "address": [*ANA],
    "entry": {"role": "external"},
    "rules": ["x"],
    "day": "2026-11-21",
    "owner": "",
    "number": 7,
}
DAMAGED = {
    "no address": WHOLE | {"address": "ana"},
    "no entry": WHOLE | {"entry": None},
    "no role": WHOLE | {"entry": {"role": "king"}},
    "no rules": WHOLE | {"rules": "x"},
    "no day": WHOLE | {"day": "yesterday"},
    "nothing": {},
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_damaged_announcements(place, body):
    """A row that announces nothing is a damaged row, named by its number."""
    with open_ledger(place, 4242, write=True) as ledger:
        ledger.add("announced", body, NOW)
        with pytest.raises(InputError, match="row 1 of the ledger is damaged"):
            announcements(ledger, NUMBERS)


def test_nothing_to_announce_leaves_no_row(place):
    """Where nothing is new and nothing over, nothing is written."""
    with open_ledger(place, 4242, write=True) as ledger:
        note(ledger)
    assert all_links(place) == []
