"""Reviews: who looks again at what, and by when."""

from dataclasses import replace
from datetime import date, timedelta

from accessplan.finding import Place
from accessplan.model import Delegation, Grant, Partner, State, Team, Use, User, team_address, user_address
from accessplan.plan import Want
from accessplan.policy import Exemption, Life
from accessplan.record import Record
from accessplan.review import due_soon, reviews
from accessplan.signals import Signal
from accessplan.stale import Look

TODAY = date(2026, 11, 21)
HERE = Place("access.yaml", 7)
ANA, GUS = user_address("ana@example.ch"), user_address("gus@agency.example")
OWNER = User("claire@example.ch", "legal_representative")
SECOND = User("daniel@example.ch", "legal_representative")
COLLEAGUE, GUEST = User(ANA.name, "collaborator"), User(GUS.name, "external")
SITE = Grant(GUS, "hosting/www.example.ch", frozenset({"technical"}))


def ago(days):
    return TODAY - timedelta(days)


def look(*entries, records=None, signals=None, wanted=None, **life):
    have = State({each.address: each for each in entries})
    named = have.entries if wanted is None else {each.address: each for each in wanted}
    want = Want(State(named), dict.fromkeys(named, HERE), {}, {})
    return Look(have, want, signals or {}, records or {}, {}, Life(**life), TODAY)


def only(seen):
    (review,) = reviews(seen)
    return review


def test_what_is_reviewed():
    """Grants, places, delegations, partners and outsiders are reviewed; colleagues are not, nor what comes along."""
    mailbox = Delegation("info@example.ch", ANA.name, frozenset())
    own = Delegation(ANA.name, ANA.name, frozenset(), own=True)
    seat, comes_along = Use(ANA.name, "drive/Team Drive", "user"), Use(ANA.name, "kchat/kChat", None, implied=True)
    partner = Partner("WebAgency", "limited")
    found = reviews(look(OWNER, COLLEAGUE, GUEST, SITE, mailbox, own, seat, comes_along, partner))
    assert {each.address for each in found} == {each.address for each in (GUEST, SITE, mailbox, seat, partner)}
    assert reviews(look(OWNER, SITE, wanted=[OWNER])) == ()


def test_when_it_is_due():
    """It counts from the last review, else from the first day that anybody knows of, else it is due at once."""
    reviewed = look(GUEST, records={GUS: Record(since=ago(400), reviewed=ago(100))})
    assert (only(reviewed).due, only(reviewed).since, only(reviewed).reviewed) == (
        TODAY + timedelta(80), ago(400), ago(100),
    )  # fmt: skip
    assert only(look(GUEST, records={GUS: Record(since=ago(170))})).due == TODAY + timedelta(10)
    assert only(look(GUEST, signals={GUS: Signal(since=ago(200))})).due == ago(20)
    assert only(look(GUEST)).due == TODAY
    assert only(look(GUEST, records={GUS: Record(reviewed=ago(30))}, every=30)).is_due(TODAY)
    assert not only(look(GUEST, records={GUS: Record(reviewed=ago(29))}, every=30)).is_due(TODAY)


def test_who_reviews():
    """The owner does, else the leader of the team, else the legal representatives; never the holder."""
    team = Team("Web", ANA.name)
    given = Grant(team_address("Web"), "hosting/*", frozenset({"technical"}))
    everybody = (OWNER, SECOND, COLLEAGUE)
    owned = {GUS: Record(owner=ANA.name)}
    assert only(look(*everybody, GUEST, records=owned)).reviewers == (ANA.name,)
    assert only(look(*everybody, team, given)).reviewers == (ANA.name,)
    assert only(look(*everybody, GUEST)).reviewers == (OWNER.email, SECOND.email)
    seat = Use(OWNER.email, "drive/Team Drive", "admin")
    assert only(look(*everybody, seat)).reviewers == (SECOND.email,)
    assert only(look(OWNER, seat)).reviewers == ()


def test_whoever_has_not_joined_reviews_nothing():
    """An owner who is gone, or only invited, is passed over."""
    owned = {GUS: Record(owner=ANA.name)}
    assert only(look(OWNER, GUEST, records=owned)).reviewers == (OWNER.email,)
    invited = replace(COLLEAGUE, invited=True)
    assert only(look(OWNER, invited, GUEST, records=owned)).reviewers == (OWNER.email,)


def test_what_hangs_on_somebody_counts_their_record():
    """A grant without a record of its own has that of whom it hangs on."""
    records = {GUS: Record(owner=ANA.name, reason="Shop", ticket="OPS-1", reviewed=ago(10), until=ago(-90))}
    found = {each.address: each for each in reviews(look(OWNER, COLLEAGUE, GUEST, SITE, records=records))}
    site = found[SITE.address]
    assert (site.reviewers, site.reason, site.ticket, site.until) == ((ANA.name,), "Shop", "OPS-1", ago(-90))
    assert (site.due, site.place) == (TODAY + timedelta(170), HERE)


def test_what_is_due_soon():
    """What is due in the days to come is told apart from what is overdue, and can be exempt as that can."""
    records = {GUS: Record(reviewed=ago(170), owner=ANA.name)}
    seen = look(OWNER, COLLEAGUE, GUEST, records=records, remind=10)
    (stale,) = due_soon(seen)
    assert (stale.rule, stale.address, stale.owner, stale.place) == ("review-due", GUS, ANA.name, HERE)
    assert stale.message == "due for review on 2026-12-01, in 10 days"
    assert due_soon(look(OWNER, GUEST, records=records, remind=9)) == ()
    assert due_soon(look(OWNER, GUEST, records={GUS: Record(reviewed=ago(181))}, remind=9)) == ()
    assert due_soon(look(OWNER, GUEST, remind=9)) == ()
    known = Exemption("review-overdue", GUS, TODAY, "known", HERE)
    assert due_soon(replace(seen, life=replace(seen.life, exemptions=(known,)))) == ()
