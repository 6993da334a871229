"""What is announced is what may be revoked: which entries, from which day on, and what ends an announcement."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accessplan.announcement import REVOKED, Announced, may_matter, proposed, reasons, revoked, sort_out, unwanted
from accessplan.finding import Place
from accessplan.model import (
    MAILBOX,
    USER,
    Address,
    BlindSpot,
    Delegation,
    Grant,
    Membership,
    State,
    Team,
    User,
    team_address,
    user_address,
)
from accessplan.plan import Want
from accessplan.policy import Exemption, Life, Policy, Protected, Rails
from accessplan.record import Record
from accessplan.signals import Signal
from accessplan.stale import Look, find

DAY = date(2026, 11, 21)
HERE = Place("access.yaml", 7)
ANA, WEB = user_address("ana@example.ch"), team_address("Web")
COLLEAGUE = User(ANA.name, "collaborator", first_name="Ana", last_name="Keller")
RIGHTS = frozenset({"technical"})
SITE = Grant(ANA, "hosting/www.example.ch", RIGHTS)
TEAM = (Team("Web"), Membership("Web", ANA.name), Grant(WEB, "hosting/*", RIGHTS))
REDUNDANT = (COLLEAGUE, SITE, *TEAM)
"""A grant that a team gives already: one strong signal."""

INBOX = Delegation("info@example.ch", ANA.name, frozenset())
UNUSED = {"signals": {INBOX.address: Signal(used=DAY - timedelta(100))}}
LEFT = {"records": {INBOX.address: Record(owner="left@example.ch")}}
"""Two weak signals on a mailbox: nobody opens it, and whoever answers for it has left."""

OLD = Announced(SITE.address, SITE, ("redundant-grant",), DAY)
SHARED = Announced(INBOX.address, INBOX, ("owner-left", "unused-delegation"), DAY, "left@example.ch")


def look(*entries, after=0, wanted=None, signals=None, records=None, blind=(), gone=(), protect=(), **life):
    """See these entries so many days after they were announced; all of them are wanted unless it is said which."""
    have = State({each.address: each for each in entries}, blind=tuple(blind), gone=frozenset(gone))
    named = have.entries if wanted is None else {each.address: each for each in wanted}
    rails = Rails(protected=tuple(Protected(each, HERE) for each in protect))
    want = Want(State(named), dict.fromkeys(named, HERE), {}, {}, policy=Policy(rails))
    return Look(have, want, signals or {}, records or {}, {}, Life(**life), DAY + timedelta(after))


def of(*announced):
    return {each.address: each for each in announced}


def exempt(rule, address):
    return {"exemptions": (Exemption(rule, address, date(2027, 3, 1), "known", HERE),)}


# what is announced


def test_a_strong_signal_is_announced():
    """One strong signal is enough, and the announcement says what was live, by which rule, and on which day."""
    looked = look(*REDUNDANT)
    assert list(proposed(looked, find(looked))) == [OLD]


def test_two_weak_signals_are_announced():
    """Two weak signals on one entry are enough, and the announcement says who answers for it."""
    looked = look(COLLEAGUE, INBOX, **UNUSED, **LEFT)
    assert list(proposed(looked, find(looked))) == [SHARED]


NOT_ANNOUNCED = {
    "unused alone": look(COLLEAGUE, INBOX, **UNUSED),
    "without an owner alone": look(COLLEAGUE, INBOX, **LEFT),
    "young": look(COLLEAGUE, INBOX, signals={INBOX.address: Signal(since=DAY - timedelta(20), never=True)}, **LEFT),
    "exempt": look(*REDUNDANT, **exempt("redundant-grant", SITE.address)),
    "exempt with the user": look(*REDUNDANT, **exempt("redundant-grant", ANA)),
    "reviewed": look(*REDUNDANT, records={SITE.address: Record(reviewed=DAY - timedelta(180))}),
    "reviewed with the user": look(*REDUNDANT, records={ANA: Record(reviewed=DAY)}),
    "protected": look(*REDUNDANT, protect=[SITE.address]),
    "a protected mailbox": look(COLLEAGUE, INBOX, protect=[Address(MAILBOX, "info@example.ch")], **UNUSED, **LEFT),
    "for emergencies": look(*REDUNDANT, break_glass=frozenset({ANA.name})),
    "a mailbox for emergencies": look(COLLEAGUE, INBOX, break_glass=frozenset({ANA.name}), **UNUSED, **LEFT),
}


@pytest.mark.parametrize("looked", NOT_ANNOUNCED.values(), ids=NOT_ANNOUNCED)
def test_what_is_not_announced(looked):
    """A weak signal alone, what is young, exempt, protected or kept for emergencies, and what was reviewed, is not."""
    assert list(proposed(looked, find(looked))) == []


def test_a_review_holds_until_the_next_is_due():
    """What was confirmed is announced again once the review is overdue."""
    looked = look(*REDUNDANT, records={SITE.address: Record(reviewed=DAY - timedelta(181))})
    assert [each.address for each in proposed(looked, find(looked))] == [SITE.address]


def test_a_protected_user_does_not_protect_their_grants():
    """What hangs on a protected user is announced: the rail keeps the user, not what they have."""
    looked = look(*REDUNDANT, protect=[ANA])
    assert [each.address for each in proposed(looked, find(looked))] == [SITE.address]


# when it may be revoked


@pytest.mark.parametrize(("after", "due"), [(0, False), (13, False), (14, True), (400, True)])
def test_the_grace(after, due):
    """It may be revoked once so many days have passed as the document asks, and not a day before."""
    assert bool(unwanted(of(OLD), look(*REDUNDANT, after=after))) is due
    assert OLD.begins(Life()) == DAY + timedelta(14)


def test_the_grace_is_the_documents():
    """A shorter grace of the document counts for what is announced already."""
    assert unwanted(of(OLD), look(*REDUNDANT, after=3, announce=3)) == of(OLD)
    assert not unwanted(of(OLD), look(*REDUNDANT, after=14, announce=15))


def test_only_what_is_due_or_gone_has_to_be_looked_at():
    """Before the grace has passed nothing can matter, unless an entry is gone."""
    have = look(*REDUNDANT).have
    assert not may_matter([OLD], have, Life(), DAY + timedelta(13))
    assert may_matter([OLD], have, Life(), DAY + timedelta(14))
    assert may_matter([SHARED], have, Life(), DAY)
    assert not may_matter([], State({}), Life(), DAY)


# when it holds no more

CHANGED = replace(SITE, rights=frozenset({"technical", "statistic"}))
IS_OVER = {
    "not stale any more": (OLD, look(COLLEAGUE, SITE, after=20)),
    "used again": (
        SHARED, look(COLLEAGUE, INBOX, after=20, signals={INBOX.address: Signal(used=DAY + timedelta(9))}, **LEFT),
    ),
    "stale by another rule": (replace(OLD, rules=("expired-product",)), look(*REDUNDANT, after=20)),
    "one of two weak rules": (replace(SHARED, rules=("owner-left",)), look(COLLEAGUE, INBOX, **UNUSED, **LEFT)),
    "changed": (OLD, look(COLLEAGUE, CHANGED, TEAM[0], TEAM[1], replace(TEAM[2], rights=CHANGED.rights), after=20)),
    "reviewed on the day": (OLD, look(*REDUNDANT, after=20, records={SITE.address: Record(reviewed=DAY)})),
    "reviewed with the user": (OLD, look(*REDUNDANT, after=20, records={ANA: Record(reviewed=DAY + timedelta(1))})),
    "begun anew": (OLD, look(*REDUNDANT, after=20, records={SITE.address: Record(since=DAY + timedelta(2))})),
    "exempt": (OLD, look(*REDUNDANT, after=20, **exempt("redundant-grant", SITE.address))),
    "exempt from one": (SHARED, look(COLLEAGUE, INBOX, after=20, **exempt("owner-left", INBOX.address), **UNUSED)),
    "protected": (OLD, look(*REDUNDANT, after=20, protect=[SITE.address])),
    "of another": (replace(OLD, of_another=True), look(*REDUNDANT, after=20)),
    "gone, and not named": (OLD, look(COLLEAGUE, *TEAM, after=20)),
    "gone, and reviewed": (OLD, look(COLLEAGUE, after=20, wanted=REDUNDANT, records={ANA: Record(reviewed=DAY)})),
    "gone, and exempt": (OLD, look(COLLEAGUE, wanted=REDUNDANT, **exempt("redundant-grant", ANA))),
}  # fmt: skip


@pytest.mark.parametrize(("announced", "looked"), IS_OVER.values(), ids=IS_OVER)
def test_an_announcement_holds_no_more(announced, looked):
    """What was used, changed, reviewed, begun anew, exempt or taken out of the document since is not revoked."""
    standing, over = sort_out(of(announced), looked, find(looked))
    assert (standing, list(over)) == ({}, [announced.address])
    assert unwanted(of(announced), looked) == {}


def test_a_review_of_before_does_not_count():
    """Only who looked at it on the day that it was announced, or later, keeps it."""
    looked = look(*REDUNDANT, after=20, records={SITE.address: Record(reviewed=DAY - timedelta(1))})
    assert unwanted(of(OLD), looked) == of(OLD)


def test_a_rule_that_came_later_revokes_nothing():
    """Stale by a rule that was not announced, an entry stays though the other rules still say half of it."""
    wider = {INBOX.address: Record(owner="left@example.ch", reviewed=DAY - timedelta(300))}
    used = {INBOX.address: Signal(used=DAY + timedelta(9))}
    looked = look(COLLEAGUE, INBOX, after=20, signals=used, records=wider)
    assert {each.rule for each in find(looked) if each.address == INBOX.address} >= {"owner-left", "review-overdue"}
    assert unwanted(of(SHARED), looked) == {}


# once it is gone


def test_what_is_gone_stays_gone():
    """As long as the document names it, what is gone is not wanted, and that is said at its line."""
    looked = look(COLLEAGUE, *TEAM, after=16, wanted=REDUNDANT)
    chosen = unwanted(of(OLD), looked)
    assert chosen == of(OLD)
    (finding,) = revoked(chosen.values(), looked.have, {SITE.address: HERE})
    assert (finding.code, finding.place, finding.address) == (REVOKED, HERE, str(SITE.address))
    assert "was announced on 2026-11-21 as redundant-grant and revoked" in finding.message
    assert "--keep" in finding.hint


def test_what_is_gone_before_its_day_stays_gone():
    """Who takes away what was announced before the grace has passed is not undone by the next plan."""
    assert unwanted(of(OLD), look(COLLEAGUE, *TEAM, after=3, wanted=REDUNDANT)) == of(OLD)


def test_what_is_out_of_sight_is_not_gone():
    """What the live system does not show may be there: its announcement stands, and takes nothing away."""
    spot = BlindSpot(USER, "grant", "Rights of users are not shown.")
    looked = look(COLLEAGUE, *TEAM, after=20, wanted=REDUNDANT, blind=[spot])
    assert sort_out(of(OLD), looked, find(looked)) == (of(OLD), {})
    assert unwanted(of(OLD), looked) == {}
    said = look(COLLEAGUE, *TEAM, after=20, wanted=REDUNDANT, blind=[spot], gone=[SITE.address])
    assert unwanted(of(OLD), said) == of(OLD)


def test_what_is_live_has_no_finding():
    """What is still live is a change of the plan, with its reason, and no finding."""
    assert list(revoked([OLD], look(*REDUNDANT).have, {})) == []
    assert reasons([OLD]) == {SITE.address: "announced on 2026-11-21 as redundant-grant, still stale"}
