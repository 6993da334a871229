"""The ledger keeps what was live, as events, and what applies left wanted."""

from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest

from accessplan.drift import Snooze
from accessplan.errors import InputError
from accessplan.ledger import (
    ANEW,
    Sighting,
    counts_over_time,
    live_at,
    note_sighting,
    note_snoozed,
    open_ledger,
    past,
    snoozes,
)
from accessplan.model import (
    TEAM,
    USE,
    USER,
    BlindSpot,
    Delegation,
    Grant,
    Membership,
    Partner,
    Team,
    Use,
    User,
    user_address,
)
from accessplan.past import Counts, Coverage, Past

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANA = User("ana@example.ch", "collaborator", billing=False, first_name="Ana", last_name="Keller", language="de")
YARA = User("yara@example.ch", "collaborator", invited=True, expired=True)
HOSTING = Grant(ANA.address, "hosting/*", frozenset({"technical"}))
MORE = Grant(ANA.address, "hosting/*", frozenset({"technical", "statistic"}))
BOX = Delegation("info@example.ch", "ana@example.ch", frozenset({"can_manage_rules"}), own=True)
SEAT = Use("ana@example.ch", "drive/Team Drive", "user", pending=True)
EVERYTHING = Coverage(mailboxes=frozenset({BOX.mailbox}), targets=frozenset({SEAT.target}))
NO_MAIL = Coverage(targets=EVERYTHING.targets)


def day(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def ledger(place):
    with open_ledger(place, 4242, "there", write=True) as ledger:
        yield ledger


@pytest.fixture
def see(ledger):
    """See entries on a day."""

    def call(number, *entries, coverage=EVERYTHING, still=(), wanted=None):
        live = {each.address: each for each in entries}
        asked = None if wanted is None else {each.address: each for each in wanted}
        sighting = Sighting(live, coverage, Counts(len(live), 1, 0), frozenset(each.address for each in still), asked)
        note_sighting(ledger, sighting, day(number))

    return call


def rows(ledger, kind="sighted"):
    return [row.body for _, row in ledger.rows(kind)]


def known(ledger, shown=EVERYTHING):
    """What is known from before."""
    return past(ledger, shown)


def live(ledger, number):
    """What was live on a day."""
    return live_at(ledger, day(number))


def same(one, other):
    """Compare whole, with names and marks, which are no matter of comparison for a plan."""
    return {each: astuple(entry) for each, entry in one.items()} == {each.address: astuple(each) for each in other}


def test_nothing_is_known_before_the_first_time(ledger):
    """Before anything was seen there is no past, nothing was live, and nothing is counted."""
    assert (known(ledger), live(ledger, 0), counts_over_time(ledger)) == (Past(shown=EVERYTHING), None, [])


def test_what_was_live_on_any_day(ledger, see):
    """What was live at a moment is told whole, names and marks included, as last seen by then."""
    everything = (ANA, YARA, HOSTING, BOX, SEAT, Team("Web", "ana@example.ch"), Membership("Web", "ana@example.ch"))
    see(0, *everything, Partner("WebAgency", "full", wallet=True))
    see(1, ANA, MORE)
    assert live(ledger, -1) is None
    assert same(live(ledger, 0), [*everything, Partner("WebAgency", "full", wallet=True)])
    assert same(live(ledger, 0.5), [*everything, Partner("WebAgency", "full", wallet=True)])
    assert same(live(ledger, 9), [ANA, MORE])


def test_rows_hold_what_differs(ledger, see):
    """A row says what appeared, changed and went since the one before; where that is nothing it is small."""
    see(0, ANA, HOSTING)
    see(1, ANA, MORE, Team("Web"))
    see(2, ANA, Team("Web"))
    see(3, ANA, Team("Web"))
    first, second, third, fourth = rows(ledger)
    assert [len(first["appeared"]), first["apply"], "coverage" in first] == [2, False, True]
    assert second == {
        "apply": False,
        "counts": {"live": 3, "managed": 1, "matching": 0},
        "appeared": [["team", "Web", "", "", {"leader": None}]],
        "changed": [[*HOSTING.address, {"manage": ["technical", "statistic"]}]],
    }
    assert third["gone"] == [list(HOSTING.address)]
    assert fourth == {"apply": False, "counts": {"live": 2, "managed": 1, "matching": 0}}
    assert counts_over_time(ledger)[-1] == (day(3), Counts(2, 1, 0))


def test_since_when(ledger, see):
    """Of each entry is known since when it is there, or gone, and since when it is as it is."""
    see(0, ANA, HOSTING)
    see(1, ANA, MORE)
    see(2, ANA)
    see(3, ANA, HOSTING)
    see(4, User("ana@example.ch", "collaborator", billing=False, first_name="Anna"), HOSTING)
    seen = known(ledger).seen
    assert seen[HOSTING.address].since == day(3)
    assert seen[ANA.address].since == day(0), "a name is no access"
    assert seen[ANA.address].entry.first_name == "Anna"
    see(5, ANA, MORE)
    assert known(ledger).seen[HOSTING.address].since == day(5)
    see(6, ANA)
    assert known(ledger).seen[HOSTING.address] == (None, day(6))


def test_what_is_not_read_is_not_gone(ledger, see):
    """An entry that a read does not cover keeps its last state; with whom it hangs on it goes all the same."""
    see(0, ANA, BOX, SEAT)
    see(1, ANA, coverage=Coverage())
    assert same(live(ledger, 1), [ANA, BOX, SEAT])
    see(2, ANA, SEAT, coverage=NO_MAIL)
    assert same(live(ledger, 2), [ANA, BOX, SEAT])
    see(3, coverage=Coverage())
    assert same(live(ledger, 3), [])


@pytest.mark.parametrize(
    "coverage",
    [
        Coverage(blind=(BlindSpot(USER, "grant", "not shown"),)),
        Coverage(blind=(BlindSpot(USER, "grant", "not shown", service="hosting"),)),
        Coverage(partial=frozenset({ANA.address})),
    ],
)
def test_what_is_not_shown_is_not_gone(ledger, see, coverage):
    """What lies in a blind spot, or hangs on who is shown in part, keeps its last state."""
    see(0, ANA, HOSTING)
    see(1, ANA, coverage=coverage)
    assert same(live(ledger, 1), [ANA, HOSTING])


def test_guests_that_were_not_read(ledger, see):
    """What an invitation opens is not gone where nobody looked."""
    see(0, ANA, BOX, SEAT)
    see(1, ANA, coverage=Coverage(EVERYTHING.mailboxes, EVERYTHING.targets, guests=frozenset({"ana@example.ch"})))
    assert same(live(ledger, 1), [ANA, BOX, SEAT])


def test_attributes_that_are_not_shown_stay(ledger, see):
    """What was shown of an entry stays known when a read does not show it."""
    see(0, ANA)
    see(1, User("ana@example.ch", "collaborator", first_name="Ana", last_name="Keller", language="de"))
    assert live(ledger, 1)[ANA.address].billing is False
    assert "changed" not in rows(ledger)[-1]


def test_what_moved_for_no_known_reason(ledger, see):
    """What a row leaves open is known as it was before; all else as it is now."""
    see(0, ANA, HOSTING, wanted=[ANA])
    see(1, ANA, MORE, Team("Web"), still=[MORE])
    now = known(ledger)
    assert now.moved == {MORE.address: HOSTING}
    assert now.has_moved(MORE.address, {MORE.address: MORE, ANA.address: ANA})
    assert not now.has_moved(MORE.address, {HOSTING.address: HOSTING, ANA.address: ANA})
    assert not now.has_moved(Team("Web").address, {Team("Web").address: Team("Web")})
    see(2, ANA, Team("Web"), still=[MORE])
    assert known(ledger).moved == {MORE.address: HOSTING}
    see(3, ANA, MORE, Team("Web"))
    assert known(ledger).moved == {}


def test_nothing_moved_before_the_first_apply(ledger, see):
    """Without an apply on record nothing is said to have moved."""
    see(0, ANA, HOSTING)
    now = known(ledger)
    assert (now.applied_at, now.has_moved(HOSTING.address, {ANA.address: ANA})) == (None, False)


def test_what_was_never_read_did_not_appear(ledger, see):
    """What lies where no read looked before did not appear since; where one did, it did."""
    see(0, ANA, coverage=NO_MAIL, wanted=[])
    there = {each.address: each for each in (ANA, BOX, SEAT)}
    now = known(ledger)
    assert (now.has_moved(BOX.address, there), now.has_moved(SEAT.address, there)) == (False, True)
    see(1, ANA, coverage=EVERYTHING)
    assert known(ledger).has_moved(BOX.address, there)


def test_what_is_not_read_now_did_not_go(ledger, see):
    """What this read does not cover has not moved."""
    see(0, ANA, BOX, wanted=[])
    assert known(ledger).has_moved(BOX.address, {ANA.address: ANA})
    assert not known(ledger, NO_MAIL).has_moved(BOX.address, {ANA.address: ANA})


def test_what_applies_saw_and_no_drift_run(ledger, see):
    """What moved under an apply, and stays open, is untold until a drift run looks."""
    see(0, ANA, wanted=[])
    see(1, ANA, HOSTING, wanted=[], still=[HOSTING])
    assert known(ledger).untold == {HOSTING.address}
    see(2, ANA, HOSTING, still=[HOSTING])
    now = known(ledger)
    assert (now.untold, now.moved) == (frozenset(), {HOSTING.address: None})


def test_what_was_wanted(ledger, see):
    """What applies left wanted is kept as what is new in it, and since when it is wanted so."""
    see(0, ANA, wanted=[ANA, HOSTING])
    see(1, ANA, wanted=[ANA, MORE])
    see(2, ANA, wanted=[ANA])
    see(3, ANA)
    assert [sorted(body) for body in rows(ledger, "wanted")] == [["wanted"], ["wanted"], ["dropped"]]
    wanted = known(ledger).wanted
    assert {each: (asked.entry, asked.since) for each, asked in wanted.items()} == {ANA.address: (ANA, day(0))}
    assert known(ledger).applied_at == day(2)


def test_what_was_to_be_gone(ledger):
    """What an apply left wanted to be gone is known as that."""
    wanted = {ANA.address: None, HOSTING.address: HOSTING}
    for at in (day(0), day(1)):
        note_sighting(ledger, Sighting({}, EVERYTHING, Counts(0, 0, 0), wanted=wanted), at)
    assert rows(ledger, "wanted")[1] == {}
    assert known(ledger).wanted[ANA.address] == (None, day(0))


def test_coverage_is_kept_as_it_is(ledger, see):
    """A coverage is read as it was written, blind spots and all, and is written only where it differs."""
    spot = BlindSpot(
        TEAM, "grant", "not shown", single_products=True, by_word=True, person="x", domain="y", service="z"
    )
    coverage = Coverage(frozenset("m"), frozenset("t"), frozenset({user_address("p")}), frozenset("g"), (spot,))
    see(0, ANA, coverage=coverage)
    see(1, ANA, coverage=coverage)
    see(2, ANA)
    assert list(known(ledger).reads.items()) == [(coverage, day(1)), (EVERYTHING, day(2))]
    assert ["coverage" in body for body in rows(ledger)] == [True, False, True]


def test_a_new_start(ledger, see):
    """After a sandbox was filled anew nothing is known."""
    see(0, ANA, wanted=[ANA])
    ledger.add(ANEW, {}, NOW)
    assert (known(ledger), live(ledger, 1)) == (Past(shown=EVERYTHING), None)
    see(1, ANA)
    assert "appeared" in rows(ledger)[0]


def everything_of(past):
    return [each.entry for each in (*past.seen.values(), *past.wanted.values())]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("sighted", {"appeared": 1}),
        ("sighted", {"appeared": [["user", "a", "", "", {"role": "king"}]]}),
        ("sighted", {"appeared": [["user", "a", "", {}]]}),
        ("sighted", {"appeared": [[1, "a", "", "", {}]]}),
        ("sighted", {"gone": [["user"]]}),
        ("sighted", {"open": {"user": 1}}),
        ("sighted", {"coverage": []}),
        ("sighted", {"coverage": {"mailboxes": [], "targets": [], "guests": [], "partial": [], "blind": [1]}}),
        ("sighted", {"coverage": {}}),
        ("wanted", {"wanted": [["moon", "a", "", "", {}]]}),
    ],
)
def test_damaged_rows(ledger, kind, body):
    """A row that is none is named by its number, whatever of it is asked for."""
    ledger.add(kind, body, NOW)
    ledger.add("sighted", {"counts": 1}, NOW)
    with pytest.raises(InputError, match="row 1 of the ledger is damaged"):
        everything_of(known(ledger))
    with pytest.raises(InputError, match="is damaged: it has no counts"):
        counts_over_time(ledger)


def test_thousands_of_entries(ledger, see):
    """An organization of thousands takes a row of a hundred bytes an entry once, and then next to nothing."""
    users = [User(f"user{n}@example.ch", "collaborator", billing=False, first_name=f"F{n}") for n in range(200)]
    grants = [Grant(user.address, f"hosting/www{n}.example.ch", HOSTING.rights) for user in users for n in range(9)]
    see(0, *users, *grants)
    see(1, *users, *grants)
    first, second = (len(str(body)) for body in rows(ledger))
    assert (first < 2000 * 120, second < 200) == (True, True)
    assert len(live(ledger, 1)) == 2000


# snoozing

SNOOZE = Snooze(HOSTING.address, {"entry": {"manage": ["technical"]}, "along": []}, day(9).date(), "covers", "Claire")


def test_snoozes(ledger):
    """What somebody leaves as it is is kept with how it was; of more on one entry the last counts."""
    note_snoozed(ledger, SNOOZE, NOW)
    longer = Snooze(
        SNOOZE.address, {"entry": None, "along": [["user", "a", "", "", None]]}, day(20).date(), "more", "Ana"
    )
    assert snoozes(ledger) == {HOSTING.address: SNOOZE}
    note_snoozed(ledger, longer, NOW)
    assert snoozes(ledger) == {HOSTING.address: longer}


@pytest.mark.parametrize("body", [{}, {"address": 1}, {"until": "soon"}])
def test_damaged_snoozes(ledger, body):
    """A snooze that is none is a damaged row, named by its number."""
    whole = {
        "address": list(HOSTING.address),
        "entry": None,
        "along": [],
        "until": "2026-11-30",
        "reason": "",
        "by": "",
    }
    ledger.add("snoozed", {**whole, **body} if body else {}, NOW)
    with pytest.raises(InputError, match="row 1 of the ledger is damaged"):
        snoozes(ledger)


def test_a_seat_in_no_target_is_not_covered():
    """A place in a product that was not read is not covered, nor a mailbox."""
    assert not Coverage().covers(SEAT.address)
    assert not Coverage().covers(BOX.address)
    assert EVERYTHING.covers(SEAT.address)
    assert (SEAT.address.part, EVERYTHING.covers(ANA.address)) == (USE, True)
