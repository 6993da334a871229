"""What pruning leaves of what the tool goes by: sightings are summed up, what is open stays, the rest goes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accessplan.announcement import Announced
from accessplan.drift import Snooze
from accessplan.ledger import (
    ANEW,
    Sighting,
    all_links,
    announce,
    announcements,
    live_at,
    note_sighting,
    note_snoozed,
    open_ledger,
    past,
    prune,
    receipts,
    runs,
    snoozes,
    unfinished,
    verify,
)
from accessplan.model import Grant, User, team_address, user_address
from accessplan.past import Counts, Coverage, Past

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=730)
YEARS = {year: datetime(year, 3, 2, 12, tzinfo=UTC) for year in (2020, 2021, 2022, 2023, 2024, 2025, 2026)}
WEB = team_address("Web")
ANA, BOB, GUS, EVE = (User(f"{name}@example.ch", "collaborator") for name in ("ana", "bob", "gus", "eve"))
ADMIN = User("bob@example.ch", "administrator")
READ = Coverage(mailboxes=frozenset({"info@example.ch"}))
COUNTS = Counts(8, 5, 3)


@pytest.fixture
def ledger(place):
    """The ledger of an organization, open to be written to."""
    with open_ledger(place, 4242, write=True) as opened:
        yield opened


def entries(*users):
    return {user.address: user for user in users}


def sight(ledger, year, *users, **more):
    moved = frozenset(user.address for user in more.pop("open", ()))
    note_sighting(ledger, Sighting(entries(*users), more.pop("coverage", READ), COUNTS, moved, **more), YEARS[year])


def pruned(where, before=BEFORE):
    done = prune(where, before, "claire@laptop", NOW)
    assert verify(all_links(where)) == ()
    return [dict(loss.kinds) for loss in done]


@pytest.fixture
def sighted(ledger):
    """Gus left in 2021, Bob became administrator for no known reason in 2023, Eve came in 2025."""
    sight(ledger, 2020, ANA, BOB, GUS, wanted=entries(ANA, BOB))
    sight(ledger, 2021, ANA, BOB, wanted=entries(ANA, BOB, EVE))
    sight(ledger, 2023, ANA, ADMIN, open=[ADMIN])
    sight(ledger, 2025, ANA, ADMIN, EVE, open=[ADMIN, EVE])
    return ledger


def known(ledger):
    """What drift goes by, apart from since when."""
    told = past(ledger, READ)
    assert told is not None
    seen = {address: each.entry for address, each in told.seen.items() if each.entry is not None}
    wanted = {address: each.entry for address, each in told.wanted.items()}
    return told.at, seen, dict(told.moved), wanted, told.applied_at is not None, set(told.reads)


def test_sightings_are_summed_up(place, sighted):
    """After pruning, what was last seen, how it was before it moved, and what is wanted are the same."""
    before = known(sighted)
    assert before[2] == {BOB.address: BOB, EVE.address: None}
    assert pruned(place) == [{"sighted": 3, "wanted": 2}]
    assert known(sighted) == before
    assert GUS.email not in "".join(link.body for link in all_links(place))


def test_what_was_live_is_known_as_far_back_as_rows_are_kept(place, sighted):
    """What was live on a day is known from the last sighting that was pruned on; of before it, nothing is said."""
    days = [datetime(2023, 3, 3, tzinfo=UTC), datetime(2025, 3, 3, tzinfo=UTC)]
    before = [live_at(sighted, day) for day in days]
    pruned(place)
    assert [live_at(sighted, day) for day in days] == before
    assert live_at(sighted, YEARS[2022]) is None


def test_sightings_are_summed_up_again(place, sighted):
    """What stands for pruned rows is itself replaced once younger ones are pruned."""
    before = known(sighted)
    pruned(place)
    assert pruned(place) == []
    sight(sighted, 2026, ANA, ADMIN, open=[ADMIN])
    assert pruned(place, datetime(2025, 6, 1, tzinfo=UTC)) == [
        {"sighted": 1, "summed up: sighted": 2, "summed up: wanted": 1}
    ]
    assert known(sighted)[1:4] == (entries(ANA, ADMIN), {BOB.address: BOB}, before[3])
    assert known(sighted)[0] == YEARS[2026]
    assert pruned(place, NOW + timedelta(days=1)) == [{"sighted": 1, "summed up: sighted": 2, "summed up: wanted": 1}]
    assert EVE.address in known(sighted)[3], "the document still wants Eve"


def test_without_an_apply_nothing_has_moved(place, ledger):
    """Where no apply is on record, none is after pruning."""
    sight(ledger, 2020, ANA, BOB)
    before = known(ledger)
    assert pruned(place) == [{"sighted": 1}]
    assert (known(ledger), known(ledger)[4]) == (before, False)


def test_what_was_summed_up_before_a_new_start_goes(place, sighted):
    """A sandbox that was filled anew knows nothing of before, nor does its ledger."""
    pruned(place)
    sighted.add(ANEW, {}, YEARS[2025])
    assert pruned(place) == [{"summed up: sighted": 2, "summed up: wanted": 1}]
    assert past(sighted, READ) == Past(shown=READ)


def test_runs_that_ended_go(place, ledger):
    """Of old runs only one that never came to its end stays, whose outcome the next run looks for."""
    for run in ("aaaa", "bbbb"):
        ledger.add("run", {"run": run, "command": "apply", "who": GUS.email}, YEARS[2020])
        changes = [
            {"address": list(GUS.address), "before": None, "after": {"email": GUS.email, "role": "collaborator"}}
        ]
        ledger.add("intent", {"run": run, "operation": 1, "changes": changes}, YEARS[2020])
    ledger.add("outcome", {"run": "aaaa", "operation": 1, "status": "done"}, YEARS[2020])
    ledger.add("run ended", {"run": "aaaa"}, YEARS[2020])
    (left,) = unfinished(ledger)
    assert pruned(place) == [{"run": 1, "intent": 1, "outcome": 1, "run ended": 1}]
    assert receipts(ledger, runs(ledger)) == unfinished(ledger) == (left,)


def test_announcements_that_are_open_stay(place, ledger):
    """What was announced stays until the announcement ends."""
    grants = [Grant(WEB, target, frozenset({"technical"})) for target in ("domain/a.ch", "domain/b.ch")]
    new = [Announced(each.address, each, ("empty-team",), date(2020, 3, 2), "") for each in grants]
    announce(ledger, new, {}, {WEB: 7}, YEARS[2020])
    announce(ledger, [], {grants[0].address: "it is gone"}, {WEB: 7}, YEARS[2021])
    before = announcements(ledger, {WEB: 7})
    assert pruned(place) == [{"announced": 1, "announcement ended": 1}]
    assert announcements(ledger, {WEB: 7}) == before
    assert before.keys() == {grants[1].address}


def test_snoozes_that_are_over_go(place, ledger):
    """What somebody takes as it is to a day to come stays; an earlier word on it, and one that is over, go."""
    days = {ANA: date(2021, 1, 1), BOB: date(2027, 1, 1)}
    for user, until in ((BOB, date(2020, 6, 1)), *days.items()):
        as_it_is: dict[str, object] = {"entry": None, "along": []}
        note_snoozed(ledger, Snooze(user.address, as_it_is, until, "voted", "claire"), YEARS[2020])
    assert pruned(place) == [{"snoozed": 2}]
    assert {address: each.until for address, each in snoozes(ledger).items()} == {user_address(BOB.email): days[BOB]}
