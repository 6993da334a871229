"""What is not wanted any more although the document names it: it goes whatever the mode, with what hangs on it."""

from collections.abc import Callable
from datetime import date

import pytest

from accessplan.model import Address, Delegation, Entry, Grant, Membership, State, Team, Use, User, user_address
from accessplan.plan import compare
from accessplan.select import Catalogue
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

ANA, BEA = "ana@example.ch", "bea@example.ch"
RIGHTS = frozenset({"technical"})
WHY = "announced, still stale"
HEAD = "accessplan: 1\norganization: {id: 4242}\n"
DOCUMENT = f"""{HEAD}
users:
  {ANA}:
    first_name: Ana
    last_name: Keller
    role: collaborator
    grants:
      domain/example.ch: technical
      drive/Archive: {{use: user}}
  {BEA}: {{first_name: Bea, last_name: Roth, role: collaborator}}
teams:
  Web: {{leader: {ANA}, members: [{ANA}, {BEA}]}}
mailboxes:
  billing@example.ch: {{delegates: {{{ANA}: read_write}}}}
"""
LIVE: tuple[Entry, ...] = (
    User(ANA, "collaborator"),
    User(BEA, "collaborator"),
    Grant(user_address(ANA), "domain/example.ch", RIGHTS),
    Use(ANA, "drive/Archive", "user"),
    Team("Web", ANA),
    Membership("Web", ANA),
    Membership("Web", BEA),
    Delegation("billing@example.ch", ANA, frozenset(), sends=True),
)

Changes = Callable[..., list[str]]


@pytest.fixture
def changes(load_text: Callable[[str], Loaded], catalogue: Catalogue, today: date) -> Changes:
    """List what a plan does where these entries are not wanted any more."""

    def call(*unwanted: Address, live: tuple[Entry, ...] = LIVE, text: str = DOCUMENT) -> list[str]:
        have = State({each.address: each for each in live})
        want, _ = resolve(load_text(text).document, catalogue, have, today, dict.fromkeys(unwanted, WHY))
        return sorted(f"{each.effect} {each.address}" for each in compare(have, want).changes)

    return call


@pytest.mark.parametrize("entry", [LIVE[3], LIVE[7], LIVE[6]], ids=lambda entry: str(entry.address))
def test_it_goes_whatever_the_mode(changes: Changes, entry: Entry) -> None:
    """What is named and not wanted any more is revoked though the mode is additive, and nothing else is."""
    assert changes(entry.address) == [f"revoke {entry.address}"]


def test_all_of_a_grant_goes(changes: Changes) -> None:
    """Of a grant goes what is live, not only the rights that the document names."""
    wider = Grant(user_address(ANA), "domain/example.ch", RIGHTS | {"statistic"})
    live = tuple(wider if each.address == wider.address else each for each in LIVE)
    assert changes(wider.address, live=live) == [f"revoke {wider.address}"]


def test_what_is_listed_goes_though_it_is_not_named(changes: Changes) -> None:
    """What the document would name, and does not, goes; what it does not speak of stays."""
    other = Use(ANA, "drive/Team Drive", "user")
    of_bea = Use(BEA, "drive/Team Drive", "user")
    assert changes(other.address, live=(*LIVE, other)) == [f"revoke {other.address}"]
    assert changes(of_bea.address, live=(*LIVE, of_bea)) == []


def test_it_is_not_granted_anew(changes: Changes) -> None:
    """Gone, it is not planned as a grant."""
    assert changes(LIVE[3].address, live=tuple(each for each in LIVE if each != LIVE[3])) == []


def test_a_person_goes_with_all_they_have(changes: Changes) -> None:
    """Who is not wanted any more leads no team and gets nothing anew; what goes at once goes at once."""
    of_hers = {str(LIVE[place].address) for place in (0, 3, 5, 7)}
    assert changes(user_address(ANA)) == sorted(f"revoke {each}" for each in of_hers)
    assert changes(user_address(ANA), live=(LIVE[1], Team("Web"), LIVE[6])) == []


def test_the_reason_is_kept(load_text: Callable[[str], Loaded], catalogue: Catalogue, today: date) -> None:
    """What is to be gone knows the line that names it, and why."""
    have = State({each.address: each for each in LIVE})
    want, _ = resolve(load_text(DOCUMENT).document, catalogue, have, today, {LIVE[3].address: WHY})
    ended = want.ended[LIVE[3].address]
    assert (ended.entry, ended.reason, ended.place.line) == (LIVE[3], WHY, 11)
