"""Why a change is in a plan."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from tests.reports import ANA, EMMA, WEB, YARA, change, grant

from accessplan.cause import NOT_FROM_THIS_CHANGE, Base, Cause, Kind, causes, without_others
from accessplan.finding import Place
from accessplan.model import Delegation, Membership, State, Team, Use, User, team_address
from accessplan.past import Coverage, Last, Past
from accessplan.plan import Ended, Plan

HOSTING = grant(ANA, "hosting/*", "technical")


def user(email, first="Ana", last="Keller", **more):
    return User(email, "collaborator", first_name=first, last_name=last, **more)


def why(*changes, have=(), ended=(), base=None):
    over = {each.address: Ended(each, Place("access.yaml", 1)) for each in ended}
    return causes(Plan(changes), State({each.address: each for each in have}), over, base)


def base(now=(), then=()):
    return Base(Plan(tuple(now)), Plan(tuple(then)))


# with and without a base


def test_without_a_base_the_document_is_the_cause():
    """Where no base is named it is the document, and nobody says whether it is new."""
    new = change(None, HOSTING)
    assert why(new) == {new.address: Cause(Kind.CONFIG)}


def test_without_a_base_what_has_ended_is_due_to_the_date():
    """What ended by a day that is written is due to the date even without a base, and so is what hangs on it."""
    gone, of_hers = change(HOSTING, None, urgent=True), change(Use(YARA.name, "drive/A", "user"), None, urgent=True)
    found = why(gone, of_hers, ended=[HOSTING, user(YARA.name)])
    assert {each.kind for each in found.values()} == {Kind.TIME}


def test_what_is_not_wanted_for_another_reason_says_so():
    """What is not wanted any more although the document names it has the reason, and so has what hangs on it."""
    gone, of_hers = (
        change(user(YARA.name), None, urgent=True),
        change(Use(YARA.name, "drive/A", "user"), None, urgent=True),
    )
    ended = {gone.address: Ended(gone.before, Place("access.yaml", 1), "announced, still stale")}
    found = causes(Plan((gone, of_hers)), State({}), ended)
    assert {(each.kind, each.reason) for each in found.values()} == {(Kind.TIME, "announced, still stale")}


def test_what_is_removed_by_name_has_not_ended():
    """What the document says must be gone is due to the document, not to a date."""
    gone = change(HOSTING, None, urgent=True)
    ended = {gone.address: Ended(None, Place("access.yaml", 1))}
    assert causes(Plan((gone,)), State({}), ended)[gone.address].kind is Kind.CONFIG


@pytest.mark.parametrize(
    ("now", "then", "cause"),
    [
        (False, False, Cause(Kind.CONFIG, is_new=True)),
        (True, True, Cause(Kind.DRIFT, is_new=False)),
        (True, False, Cause(Kind.TIME, is_new=False)),
        (False, True, Cause(Kind.CONFIG, is_new=True)),
    ],
)
def test_with_a_base(now, then, cause):
    """What the base would do too is not from this change: drift if it would have done it at once, else time."""
    new = change(None, HOSTING)
    assert why(new, base=base([new] * now, [new] * then)) == {new.address: cause}


def test_the_same_entry_otherwise_is_from_this_change():
    """What the base would do to an entry differently is from this change."""
    new, other = change(None, HOSTING), change(None, grant(ANA, "hosting/*", "technical", "statistic"))
    assert why(new, base=base([other], [other])) == {new.address: Cause(Kind.CONFIG, is_new=True)}


# with an apply on record

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
MORE = grant(ANA, "hosting/*", "technical", "statistic")


def applied(live=(), wanted=()):
    """Say what the last apply left live, and wanted."""
    return Past(
        WHEN, Coverage(), WHEN,
        {each.address: Last(partial(lambda entry: entry, each), WHEN) for each in live},
        wanted={each.address: Last(partial(lambda entry: entry, each), WHEN) for each in wanted},
        reads={Coverage(): WHEN},
    )  # fmt: skip


def known(planned, past, have=(), **more):
    state = State({each.address: each for each in have})
    return causes(Plan((planned,)), state, {}, past=past, **more)[planned.address]


def test_what_moved_since_the_last_apply():
    """What moved while the document did not is drift even without a base; what did not move is due to the document."""
    back = change(MORE, HOSTING)
    assert known(back, applied([HOSTING], [HOSTING]), [MORE]) == Cause(Kind.DRIFT)
    assert known(back, applied([MORE], [HOSTING]), [MORE]) == Cause(Kind.CONFIG)
    assert known(back, applied([MORE], [MORE]), [MORE]) == Cause(Kind.CONFIG)


def test_what_moved_while_the_document_did():
    """Where both moved, the change is put down to the document."""
    assert known(change(MORE, None), applied([HOSTING], [HOSTING]), [MORE]) == Cause(Kind.CONFIG)


def test_what_came_and_went():
    """What appeared and is to go, and what is gone and is to come, is drift."""
    assert known(change(HOSTING, None), applied(), [HOSTING]) == Cause(Kind.DRIFT)
    assert known(change(None, HOSTING), applied([HOSTING], [HOSTING])) == Cause(Kind.DRIFT)


def test_merged_before():
    """With a base, what main asks for as well is drift if it moved, and else was merged and is not carried out."""
    back = change(MORE, HOSTING)
    main = base([back], [back])
    assert known(back, applied([HOSTING], [HOSTING]), [MORE], base=main) == Cause(Kind.DRIFT, is_new=False)
    assert known(back, applied([MORE], [MORE]), [MORE], base=main) == Cause(Kind.CONFIG, is_new=False)
    never = replace(applied([MORE]), applied_at=None)
    assert known(back, never, [MORE], base=main) == Cause(Kind.DRIFT, is_new=False)
    assert known(back, applied([HOSTING], [HOSTING]), [MORE], base=base()) == Cause(Kind.CONFIG, is_new=True)


# renames


def test_a_person_by_name():
    """Who goes and who comes under the same name, however it is written, are one; others are not."""
    gone = [change(user("a@example.ch", "Zoë", "Keller"), None), change(user("x@example.ch", "Max", "Frei"), None)]
    come = [
        change(None, user("b@example.ch", "ZOE\u0308", " keller")),
        change(None, user("y@example.ch", "Mia", "Frei")),
    ]
    found = why(*gone, *come)
    assert [found[each.address].of for each in (*gone, *come)] == [come[0].address, None, gone[0].address, None]


def test_people_without_names():
    """Who has no name is nobody else."""
    gone, come = change(user("a@example.ch", "", ""), None), change(None, user("b@example.ch", "", ""))
    assert {each.kind for each in why(gone, come).values()} == {Kind.CONFIG}


def test_two_of_one_name():
    """Of two who go under one name and one who comes, one is renamed."""
    gone = [change(user(f"{name}@example.ch"), None) for name in "ab"]
    come = change(None, user("c@example.ch"))
    assert [each.kind for each in why(*gone, come).values()].count(Kind.RENAME) == 2


def test_a_team_by_its_people():
    """A team that comes with all the people of one that goes is that team, and its rights come with it."""
    old, new = Team("Web"), Team("Website")
    rights = grant(WEB, "hosting/*", "technical")
    members = [change(None, Membership("Website", each.name)) for each in (ANA, EMMA)]
    moved = change(None, grant(team_address("Website"), "hosting/*", "technical"))
    have = [old, rights, *(Membership("Web", each.name) for each in (ANA, EMMA))]
    found = why(change(old, None), change(None, new), *members, moved, have=have)
    assert {each.kind for each in found.values()} == {Kind.RENAME}
    assert found[moved.address].of == rights.address
    fewer = why(change(old, None), change(None, new), members[0], moved, have=have)
    assert {each.kind for each in fewer.values()} == {Kind.CONFIG}


def test_what_a_person_has_under_a_new_address():
    """Places and mailboxes come with the address if they are the same, and not if they are more."""
    gone, come = change(user("a@example.ch"), None), change(None, user("b@example.ch"))
    seat, box = Use("a@example.ch", "drive/A", "user"), Delegation("info@example.ch", "a@example.ch", frozenset())
    same = change(None, Use("b@example.ch", "drive/A", "user"))
    more = change(None, Delegation("info@example.ch", "b@example.ch", frozenset({"can_manage_rules"})))
    found = why(gone, come, same, more, have=[gone.before, seat, box])
    assert (found[same.address].of, found[more.address].kind) == (seat.address, Kind.CONFIG)


def test_many_come_and_go():
    """Thousands who come and go are paired in no time."""
    gone = [change(user(f"a{n}@example.ch", last=f"Keller {n}"), None) for n in range(3000)]
    come = [change(None, user(f"b{n}@example.ch", last=f"Keller {n}")) for n in range(3000)]
    begin = time.perf_counter()
    found = why(*gone, *come)
    assert all(each.kind is Kind.RENAME for each in found.values())
    assert time.perf_counter() - begin < 2


# holding back


def held(plan, *others):
    new = {each.address: Cause(Kind.CONFIG, is_new=each not in others) for each in plan.changes}
    return without_others(plan, new)


def test_hold_back():
    """What is not from this change waits, with the reason; the rest stays in its order."""
    mine, other = change(None, HOSTING), change(None, grant(EMMA, "hosting/*", "technical"))
    plan = held(Plan((other, mine)), other)
    assert plan.changes == (mine,)
    assert [(each.change, each.reason) for each in plan.waiting] == [(other, NOT_FROM_THIS_CHANGE)]


def test_what_needs_it_is_held_back():
    """What hangs on somebody who is not invited now waits as well, and so does a team that they are to lead."""
    yara = change(None, user(YARA.name))
    team = change(None, Team("Video", YARA.name))
    member = change(None, Membership("Video", EMMA.name), depends_on=(team.address,))
    free = change(None, HOSTING)
    plan = held(Plan((team, yara, member, free)), yara)
    assert plan.changes == (free,)


def test_somebody_who_is_there_holds_nothing_back():
    """A change to somebody who is there already does not keep a team waiting that they lead."""
    emma = change(user(EMMA.name), user(EMMA.name, notify_billing=True))
    team = change(None, Team("Video", EMMA.name))
    assert held(Plan((team, emma)), emma).changes == (team,)


def test_nothing_is_held_back():
    """Without others the plan stays as it is."""
    plan = Plan((change(None, HOSTING),))
    assert held(plan) == plan
