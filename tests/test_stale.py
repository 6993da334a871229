"""Reasons why a grant outlived itself: for each rule, what it flags, what it does not, and what is exempt."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accessplan.finding import Place
from accessplan.model import (
    Address,
    BlindSpot,
    Delegation,
    Grant,
    Membership,
    Partner,
    State,
    Team,
    Use,
    User,
    partner_address,
    team_address,
    user_address,
)
from accessplan.plan import Ended, Want
from accessplan.policy import Exemption, Life
from accessplan.record import Record
from accessplan.signals import Signal
from accessplan.stale import CODES, RULES, Look, find, revocable

TODAY = date(2026, 11, 21)
HERE = Place("access.yaml", 7)
ANA, GUS, ADA = user_address("ana@example.ch"), user_address("gus@agency.example"), user_address("ada@example.ch")
WEB, AGENCY = team_address("Web"), partner_address("WebAgency")
COLLEAGUE = User(ANA.name, "collaborator", first_name="Ana", last_name="Keller")
GUEST = User(GUS.name, "external", first_name="Gus", last_name="Guest")
BOSS = User(ADA.name, "administrator", first_name="Ada", last_name="Boss")
INVITED = User("late@example.ch", "collaborator", invited=True)
SITE = Grant(ANA, "hosting/www.example.ch", frozenset({"technical"}))
INBOX = Delegation("info@example.ch", ANA.name, frozenset())
SEAT = Use(ANA.name, "drive/Team Drive", "user")


def ago(days):
    return TODAY - timedelta(days)


def look(*entries, wanted=None, signals=None, records=None, ended=None, expiries=None, blind=(), rejected=(), **life):
    """See these entries live, all of them in the document unless it is said which are `wanted`."""
    have = State({each.address: each for each in entries}, blind=tuple(blind), rejected=frozenset(rejected))
    named = have.entries if wanted is None else {each.address: each for each in wanted}
    ended = {address: Ended(entry, HERE) for address, entry in (ended or {}).items()}
    want = Want(State(named), dict.fromkeys(named, HERE), {}, {}, ended)
    return Look(have, want, signals or {}, records or {}, expiries or {}, Life(**life), TODAY)


REASON = {ANA: Record(reason="Works here"), GUS: Record(reason="Shop")}

FLAGGED = {
    "expired-grant": look(COLLEAGUE, SITE, wanted=[COLLEAGUE], ended={SITE.address: SITE}, records=REASON),
    "expiring-soon": look(GUEST, records={GUS: Record(reason="Shop", until=ago(-14))}),
    "review-overdue": look(COLLEAGUE, SITE, records={SITE.address: Record(reason="x", reviewed=ago(181))}),
    "inactive-user": look(COLLEAGUE, signals={ANA: Signal(since=ago(400), used=ago(91))}),
    "never-logged-in": look(COLLEAGUE, signals={ANA: Signal(since=ago(30), never=True)}),
    "pending-invitation": look(INVITED, signals={INVITED.address: Signal(since=ago(15))}),
    "expired-invitation": look(replace(INVITED, expired=True)),
    "rejected-invitation": look(COLLEAGUE, wanted=[COLLEAGUE, INVITED], rejected=[INVITED.email]),
    "unmanaged-grant": look(COLLEAGUE, SITE, wanted=[COLLEAGUE]),
    "expired-product": look(COLLEAGUE, SITE, records=REASON, expiries={SITE.target: ago(1)}),
    "redundant-grant": look(
        COLLEAGUE,
        SITE,
        Team("Web"),
        Membership("Web", ANA.name),
        Grant(WEB, "hosting/*", frozenset({"technical"})),
        records=REASON | {WEB: Record(reason="Webmasters")},
    ),
    "grant-without-reason": look(COLLEAGUE, SITE),
    "unused-delegation": look(
        COLLEAGUE, INBOX, records={INBOX.address: Record(reason="x")}, signals={INBOX.address: Signal(used=ago(91))}
    ),
    "unused-drive-seat": look(
        COLLEAGUE, SEAT, records=REASON, signals={SEAT.address: Signal(since=ago(60), never=True)}
    ),
    "lifetime-exceeded": look(GUEST, records={GUS: Record(since=ago(100))}, lifetimes={"external": 99}),
    "empty-team": look(
        Team("Web"), Grant(WEB, "hosting/*", frozenset({"technical"})), records={WEB: Record(reason="x")}
    ),
    "team-without-grants": look(COLLEAGUE, Team("Web"), Membership("Web", ANA.name)),
    "administrator-without-second-factor": look(BOSS, signals={ADA: Signal(second_factor=False)}),
    "one-person-twice": look(GUEST, User("gus@example.ch", "collaborator", first_name="Gus", last_name="Guest")),
    "owner-left": look(GUEST, records={GUS: Record(owner="old@example.ch")}),
}
"""For each rule, what it flags, and no other rule does."""

NOT_FLAGGED = {
    "expired-grant": look(COLLEAGUE, SITE, ended={SITE.address: SITE}, records=REASON),
    "expiring-soon": look(GUEST, records={GUS: Record(until=ago(-15))}),
    "review-overdue": look(COLLEAGUE, SITE, records={SITE.address: Record(reason="x", reviewed=ago(180))}),
    "inactive-user": look(COLLEAGUE, signals={ANA: Signal(since=ago(400), used=ago(90))}),
    "never-logged-in": look(COLLEAGUE, signals={ANA: Signal(since=ago(29), never=True)}),
    "pending-invitation": look(INVITED, signals={INVITED.address: Signal(since=ago(14))}),
    "expired-invitation": look(INVITED),
    "rejected-invitation": look(COLLEAGUE, rejected=[INVITED.email]),
    "unmanaged-grant": look(COLLEAGUE, replace(INBOX, own=True), wanted=[COLLEAGUE]),
    "expired-product": look(COLLEAGUE, SITE, records=REASON, expiries={SITE.target: TODAY}),
    "redundant-grant": look(
        COLLEAGUE,
        SITE,
        Team("Web"),
        Membership("Web", ANA.name),
        Grant(WEB, "hosting/*", frozenset({"statistic"})),
        records=REASON | {WEB: Record(reason="Webmasters")},
    ),
    "grant-without-reason": look(COLLEAGUE, SITE, records=REASON),
    "unused-delegation": look(
        COLLEAGUE, INBOX, records={INBOX.address: Record(reason="x")}, signals={INBOX.address: Signal(used=ago(90))}
    ),
    "unused-drive-seat": look(
        COLLEAGUE, SEAT, records=REASON, signals={SEAT.address: Signal(since=ago(29), never=True)}
    ),
    "lifetime-exceeded": look(GUEST, records={GUS: Record(since=ago(99))}, lifetimes={"external": 99}),
    "empty-team": look(
        COLLEAGUE,
        Team("Web"),
        Membership("Web", ANA.name),
        Grant(WEB, "hosting/*", frozenset()),
        records={WEB: REASON[ANA]},
    ),
    "team-without-grants": look(
        COLLEAGUE,
        Team("Web"),
        Membership("Web", ANA.name),
        Grant(WEB, "hosting/*", frozenset()),
        records={WEB: REASON[ANA]},
    ),
    "administrator-without-second-factor": look(BOSS, signals={ADA: Signal(second_factor=True)}),
    "one-person-twice": look(GUEST, User("ben@example.ch", "collaborator", first_name="Ben", last_name="Guest")),
    "owner-left": look(GUEST, BOSS, records={GUS: Record(owner=ADA.name)}),
}
"""For each rule, what comes close, and no rule flags."""


def codes(seen):
    return [each.rule for each in find(seen)]


def exempted(seen, rule, on, until=TODAY):
    exemption = Exemption(rule, on, until, "known", HERE)
    return replace(seen, life=replace(seen.life, exemptions=(exemption,)))


def test_each_rule_has_its_cases():
    """Every rule is listed here, with what it flags and what it does not."""
    assert set(FLAGGED) == set(NOT_FLAGGED) == set(CODES)
    assert len(set(CODES)) == len(RULES)


@pytest.mark.parametrize("rule", FLAGGED)
def test_flagged(rule):
    """What a rule is about is flagged by it and by no other, with the signals used and something to do."""
    (stale,) = find(FLAGGED[rule])
    assert stale.rule == rule
    assert stale.message
    assert stale.used
    assert stale.remedy


@pytest.mark.parametrize("rule", NOT_FLAGGED)
def test_not_flagged(rule):
    """What only comes close to it is not flagged."""
    assert codes(NOT_FLAGGED[rule]) == []


@pytest.mark.parametrize("rule", FLAGGED)
def test_exempt(rule):
    """A dated exemption holds until the end of its last day, for an entry or for whom it hangs on, and for one rule."""
    seen = FLAGGED[rule]
    address = find(seen)[0].address
    assert codes(exempted(seen, rule, address)) == []
    assert codes(exempted(seen, rule, address.owner)) == []
    assert codes(exempted(seen, rule, address, until=ago(1))) == [rule]
    assert codes(exempted(seen, "another-rule", address)) == [rule]


def test_break_glass():
    """That somebody who is kept for emergencies does not log in says nothing."""
    signals = {ADA: Signal(since=ago(900), used=ago(800), second_factor=True)}
    assert codes(look(BOSS, signals=signals)) == ["inactive-user"]
    assert codes(look(BOSS, signals=signals, break_glass=frozenset({BOSS.email}))) == []


def test_what_is_not_shown_flags_nothing():
    """Without signals nobody is called inactive, and no place unused."""
    assert codes(look(COLLEAGUE, INBOX, SEAT, BOSS, INVITED, records=REASON | {INBOX.address: REASON[ANA]})) == []


def test_missing_signals_are_named():
    """Where a signal is missing that could have said otherwise, the finding says so."""
    spot = BlindSpot("team", "grant", "The API does not show a team's rights on single products.", single_products=True)
    (stale,) = find(look(COLLEAGUE, Team("Web"), Membership("Web", ANA.name), blind=[spot]))
    assert stale.missing == (spot.reason,)


def test_one_weak_signal_revokes_nothing():
    """Of weak signals it takes two to announce anything, of strong ones one."""
    login = {ANA: Signal(since=ago(400), used=ago(91))}
    unused = {SEAT.address: Signal(since=ago(170), used=ago(120))}
    assert revocable(find(look(COLLEAGUE, signals=login))) == {}
    assert revocable(find(look(COLLEAGUE, SEAT, records=REASON, signals=unused))) == {}
    late = {SEAT.address: Record(reason="x", reviewed=ago(400))}
    both = revocable(find(look(COLLEAGUE, SEAT, records=REASON | late, signals=unused)))
    assert list(both) == [SEAT.address]
    assert list(revocable(find(FLAGGED["pending-invitation"]))) == [INVITED.address]


def test_in_order():
    """What weighs most comes first, with its owner and its line in the document."""
    records = {SITE.address: Record(owner="left@example.ch", reviewed=ago(400))}
    found = find(look(COLLEAGUE, BOSS, SITE, records=records, signals={ADA: Signal(second_factor=False)}))
    assert [each.rule for each in found] == [
        "administrator-without-second-factor", "owner-left", "review-overdue", "grant-without-reason",
    ]  # fmt: skip
    assert (found[2].owner, found[2].place, found[2].since) == ("left@example.ch", HERE, ago(220))


def test_a_partner_has_a_life_too():
    """Partners past their lifetime are flagged, and those who are not in the document."""
    partner = Partner(AGENCY.name, "limited")
    records = {AGENCY: Record(since=ago(366))}
    assert codes(look(partner, records=records, lifetimes={"partner": 365}, every=1000)) == ["lifetime-exceeded"]
    assert codes(look(partner, wanted=[])) == ["unmanaged-grant"]


def test_what_hangs_on_a_stranger_is_not_listed_apart():
    """Of somebody whom the document does not name, only they are flagged, not each of their grants."""
    assert codes(look(COLLEAGUE, SITE, SEAT, wanted=[])) == ["unmanaged-grant"]
    assert find(look(COLLEAGUE, SITE, wanted=[]))[0].address == ANA


def test_a_strange_team_is_flagged_itself():
    """A team that the document does not name is flagged, and not what it gives, nor who is in it."""
    team, member = Team("Old"), Membership("Old", ANA.name)
    seen = look(COLLEAGUE, team, member, Grant(team.address, "hosting/*", frozenset({"technical"})), wanted=[COLLEAGUE])
    assert [(each.rule, each.address) for each in find(seen)] == [("unmanaged-grant", team.address)]


def test_a_member_whom_the_document_does_not_name():
    """Somebody in a team that the document names otherwise has what the team gives, so that is flagged."""
    given = Grant(WEB, "hosting/*", frozenset({"technical"}))
    member = Membership("Web", ANA.name)
    seen = look(COLLEAGUE, Team("Web"), given, member, wanted=[COLLEAGUE, Team("Web"), given], records=REASON)
    assert ("unmanaged-grant", member.address) in [(each.rule, each.address) for each in find(seen)]


def test_a_stranger_in_a_mailbox_is_flagged_once():
    """Of a stranger who opens a mailbox that is no entry of its own, only they are flagged."""
    seen = look(COLLEAGUE, INBOX, wanted=[])
    assert [each.address for each in find(seen)] == [ANA]


def test_rights_of_those_who_govern_are_no_matter_of_the_document():
    """What an administrator may manage beside everything is redundant, and not unmanaged."""
    grant = Grant(ADA, "hosting/www.example.ch", frozenset({"technical"}))
    (stale,) = find(look(BOSS, grant, wanted=[BOSS]))
    assert (stale.rule, stale.message) == ("redundant-grant", "the role administrator gives it already")


def test_places_of_those_who_govern_cannot_be_taken():
    """That an administrator is in a kDrive is no matter of the document; that they are in a kSuite is."""
    places = [Use(BOSS.email, target, "admin") for target in ("drive/Team Drive", "ksuite/kSuite")]
    assert [each.address.key for each in find(look(BOSS, *places, wanted=[BOSS]))] == ["ksuite/kSuite"]


def test_what_goes_makes_nothing_redundant():
    """A grant is redundant only to access that the document wants: not to a team or a role that goes."""
    given = Grant(WEB, "hosting/*", frozenset({"technical"}))
    entries = [COLLEAGUE, SITE, Team("Web"), Membership("Web", ANA.name), given]
    seen = look(*entries, wanted=[COLLEAGUE, SITE], records=REASON)
    assert "redundant-grant" not in codes(seen)
    grant = Grant(ADA, "hosting/www.example.ch", frozenset({"technical"}))
    demoted = replace(BOSS, role="collaborator")
    assert codes(look(BOSS, grant, wanted=[demoted, grant], records={ADA: REASON[ANA]})) == []


def test_what_was_used_before_it_was_made_is_as_old_as_its_use():
    """A place that is made anew, as in a move, is not young while its use tells otherwise."""
    signals = {SEAT.address: Signal(since=ago(3), used=ago(200))}
    assert codes(look(COLLEAGUE, SEAT, records=REASON, signals=signals)) == ["review-overdue", "unused-drive-seat"]


def test_what_ends_with_its_owner_is_not_listed_apart():
    """Where somebody ends, or has, with all that is theirs, they are named alone."""
    end = Record(reason="Shop", until=ago(-5))
    grant = Grant(GUS, "hosting/www.example.ch", frozenset({"technical"}))
    soon = look(GUEST, grant, records={GUS: end, grant.address: end})
    assert [(each.rule, each.address) for each in find(soon)] == [("expiring-soon", GUS)]
    earlier = replace(end, until=ago(-2))
    apart = look(GUEST, grant, records={GUS: end, grant.address: earlier})
    assert [each.address for each in find(apart)] == [GUS, grant.address]
    over = look(GUEST, grant, wanted=[], ended={GUS: GUEST, grant.address: grant})
    assert [(each.rule, each.address) for each in find(over)] == [("expired-grant", GUS)]


def test_a_young_team_may_be_empty():
    """A team that was made this month is not judged by what is in it yet."""
    signals = {WEB: Signal(since=ago(29))}
    assert codes(look(Team("Web"), signals=signals)) == []
    assert codes(look(Team("Web"), signals={WEB: Signal(since=ago(30))})) == ["empty-team", "team-without-grants"]


def test_names_of_many_are_compared_in_one_pass():
    """Of people with one name each but the last is flagged once, however their names are written."""
    people = [
        User(f"{number}@x.example", "collaborator", first_name="Zoé ", last_name="LE  ROY") for number in range(300)
    ]
    people[7] = replace(people[7], first_name="Zoe\u0301", last_name="Le Roy")
    found = find(look(*people))
    assert len(found) == 299
    assert {each.rule for each in found} == {"one-person-twice"}


def test_an_address_is_an_address():
    """Exemptions are of entries, by the addresses that plans print."""
    assert str(find(FLAGGED["unused-drive-seat"])[0].address) == str(
        Address("user", ANA.name, "use", "drive/Team Drive")
    )
