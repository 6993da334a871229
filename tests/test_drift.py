"""What moved on the live side for no known reason."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from tests.reports import ANA, EMMA, WEB, change, grant

from accessplan.drift import Kind, Snooze, Why, asked_for, left_open, look
from accessplan.finding import Place
from accessplan.model import (
    BlindSpot,
    Delegation,
    Membership,
    State,
    Team,
    Use,
    User,
    team_address,
    user_address,
)
from accessplan.past import NO_PAST, Counts, Coverage, Last, Past
from accessplan.plan import Ended, Mode, Want, compare

THEN, SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
PLACE = Place("access.yaml", 1)
EVERYTHING = Coverage(frozenset({"info@example.ch"}), frozenset({"drive/A"}))
MODES = dict.fromkeys(("users", "teams", "grants", "mailboxes", "partners"), Mode.ENFORCE)

CLAIRE = User("claire@example.ch", "legal_representative")
PERSON, COLLEAGUE = User(ANA.name, "collaborator"), User(EMMA.name, "collaborator")
IN_WEB = Membership("Web", ANA.name)
TECHNICAL, BOTH = grant(ANA, "hosting/*", "technical"), grant(ANA, "hosting/*", "technical", "statistic")


def state(*entries, **more):
    return State({each.address: each for each in entries}, **more)


def want(*entries, lists=(), modes=MODES, **more):
    """What a document wants; `lists` are those that it gives in full."""
    return Want(state(*entries), {each.address: PLACE for each in entries}, dict.fromkeys(lists, PLACE), modes, **more)


def before(*entries, wanted=None, shown=EVERYTHING, reads=(EVERYTHING,), **more):
    """What is known: an apply left these entries, of which by default it wanted all."""
    seen = {each.address: Last(partial(lambda entry: entry, each), THEN) for each in entries}
    asked = {
        each.address: Last(partial(lambda entry: entry, each), THEN) for each in (entries if wanted is None else wanted)
    }
    return Past(THEN, shown, THEN, seen, wanted=asked, reads=dict.fromkeys(reads, THEN), **more)


def find(past, have, wants, snoozes=(), plan=None):
    by_address = {each.address: each for each in snoozes}
    return look(have, wants, plan or compare(have, wants), past, by_address, TODAY)


def told(found):
    return {each.address: each.kind for each in found.drifts}


# what moved


def test_as_an_apply_left_it():
    """What is as it was left, and as the document wants, is no drift."""
    found = find(before(PERSON, TECHNICAL), state(PERSON, TECHNICAL), want(PERSON, TECHNICAL))
    assert (found.drifts, found.pending, found.explained, found.open) == ((), (), 0, {})
    assert found.counts == Counts(2, 2, 2)


@pytest.mark.parametrize("live", [[], [BOTH], [grant(ANA, "hosting/*", "statistic")]], ids=["gone", "more", "other"])
def test_what_the_document_names_and_moved(live):
    """What the document names and is gone, more or another now has changed, and the plan's change takes it back."""
    found = find(before(PERSON, TECHNICAL), state(PERSON, *live), want(PERSON, TECHNICAL))
    assert told(found) == {TECHNICAL.address: Kind.CHANGED}
    (one,) = found.drifts
    assert (one.was, one.live, one.revert.after) == (TECHNICAL, live[0] if live else None, TECHNICAL)
    assert one.revert.place == PLACE
    assert found.open == {TECHNICAL.address: Kind.CHANGED}


def test_what_a_list_does_not_name():
    """What appears in a list that the document enforces has changed; without a list, or additive, nobody named it."""
    past, have = before(Team("Web"), PERSON), state(Team("Web"), PERSON, IN_WEB)
    listed = [team_address("Web")._replace(part="member")]
    wants = partial(want, Team("Web"), PERSON)
    enforced = find(past, have, wants(lists=listed))
    assert (told(enforced), enforced.counts) == ({IN_WEB.address: Kind.CHANGED}, Counts(3, 3, 2))
    assert told(find(past, have, wants(lists=listed, modes={}))) == {IN_WEB.address: Kind.UNMANAGED}
    found = find(past, have, wants())
    assert told(found) == {IN_WEB.address: Kind.UNMANAGED}
    assert (found.drifts[0].revert.before, found.drifts[0].revert.after) == (IN_WEB, None)
    assert (found.known, found.counts) == (0, Counts(3, 2, 2))


def test_what_nobody_named_and_has_more():
    """An entry beside the document that has other rights than before drifted; one that is gone is nobody's loss."""
    past = before(PERSON, TECHNICAL, wanted=[PERSON])
    (one,) = find(past, state(PERSON, BOTH), want(PERSON)).drifts
    assert (one.kind, one.was, one.revert.after) == (Kind.UNMANAGED, TECHNICAL, TECHNICAL)
    assert find(past, state(PERSON), want(PERSON)).drifts == ()
    assert find(past, state(PERSON, TECHNICAL), want(PERSON)).known == 1


def test_attributes_that_are_not_shown():
    """An attribute that is shown at one time only is no drift; one that is shown otherwise is."""
    knows, not_shown = User(ANA.name, "collaborator", billing=False), User(ANA.name, "collaborator")
    for one, other in ((knows, not_shown), (not_shown, knows)):
        assert find(before(one), state(other), want(not_shown)).drifts == ()
    found = find(before(knows), state(User(ANA.name, "collaborator", billing=True)), want(knows))
    assert told(found) == {ANA: Kind.CHANGED}


def test_who_leads_no_team_any_more():
    """A leader who is taken out is no attribute that is not shown."""
    found = find(before(Team("Web", ANA.name)), state(Team("Web")), want(Team("Web", ANA.name)))
    assert told(found) == {WEB: Kind.CHANGED}


def test_what_is_not_compared():
    """Rights of people who govern, one's own mailbox, and what comes with another place, are no drift."""
    own = Delegation("info@example.ch", ANA.name, frozenset(), own=True)
    implied = Use(ANA.name, "drive/A", "user", implied=True)
    theirs = grant(CLAIRE.address, "hosting/*", "technical")
    found = find(before(CLAIRE, PERSON), state(CLAIRE, PERSON, own, implied, theirs), want(CLAIRE, PERSON))
    assert (found.drifts, found.counts) == ((), Counts(2, 2, 2))
    gone = find(before(CLAIRE, PERSON, own, implied, theirs), state(CLAIRE, PERSON), want(CLAIRE, PERSON))
    assert gone.drifts == ()


def test_since_when():
    """What was seen as it is before is known since then; what moved further is new."""
    past = before(PERSON, TECHNICAL)
    seen = {**past.seen, BOTH.address: Last(lambda: BOTH, SINCE)}
    past = Past(SINCE, EVERYTHING, THEN, seen, {BOTH.address: TECHNICAL}, wanted=past.wanted, reads=past.reads)
    assert find(past, state(PERSON, BOTH), want(PERSON, TECHNICAL)).drifts[0].since == SINCE
    other = grant(ANA, "hosting/*", "statistic")
    assert find(past, state(PERSON, other), want(PERSON, TECHNICAL)).drifts[0].since is None
    assert find(past, state(PERSON, TECHNICAL), want(PERSON, TECHNICAL)).drifts == ()


# what goes along


def test_who_is_gone_with_all_they_had():
    """What somebody had is told along with them when they are gone."""
    found = find(
        before(PERSON, Team("Web"), IN_WEB, TECHNICAL), state(Team("Web")), want(PERSON, Team("Web"), IN_WEB, TECHNICAL)
    )
    (one,) = found.drifts
    assert (one.address, {each.address for each in one.along}) == (ANA, {IN_WEB.address, TECHNICAL.address})
    assert found.open.keys() == {ANA, IN_WEB.address, TECHNICAL.address}


def test_who_came_with_all_they_have():
    """What a stranger has is told along with them; what an apply takes back from a stranger whom it leaves is not."""
    have = state(Team("Web"), PERSON, IN_WEB, TECHNICAL)
    members = [team_address("Web")._replace(part="member")]
    found = find(before(Team("Web")), have, want(Team("Web"), lists=members))
    assert told(found) == {ANA: Kind.UNMANAGED, IN_WEB.address: Kind.CHANGED}
    assert [each.address for each in found.drifts[-1].along] == [TECHNICAL.address]
    found = find(before(Team("Web")), have, want(Team("Web"), lists=[*members, user_address("")]))
    assert told(found) == {ANA: Kind.CHANGED}
    assert {each.address for each in found.drifts[0].along} == {IN_WEB.address, TECHNICAL.address}


# what has a reason


def test_a_step_that_was_done():
    """What moved to what the document wants, or wanted when it was applied, is explained."""
    past = before(PERSON, TECHNICAL, wanted=[PERSON, BOTH])
    assert find(past, state(PERSON, BOTH), want(PERSON, BOTH)).explained == 1
    found = find(past, state(PERSON, BOTH), want(PERSON, TECHNICAL))
    assert (found.drifts, found.explained) == ((), 1)
    assert [(each.change.address, each.why) for each in found.pending] == [(TECHNICAL.address, Why.NOT_APPLIED)]


def test_a_step_that_is_not_shown_in_full():
    """What came as wanted, as far as it is shown, is explained; the rest is left for somebody's word."""
    wanted, shown = Use(ANA.name, "drive/A", "user"), Use(ANA.name, "drive/A", None)
    found = find(before(PERSON, wanted=[PERSON, wanted]), state(PERSON, shown), want(PERSON, wanted))
    assert (found.drifts, found.explained, [each.why for each in found.pending]) == ((), 1, [Why.LEFT])


def test_a_removal_that_was_done():
    """What the document wants gone, or wanted gone, and is gone, is explained."""
    over = Ended(TECHNICAL, PLACE)
    assert find(before(PERSON, TECHNICAL), state(PERSON), want(PERSON, ended={TECHNICAL.address: over})).explained == 1
    past = before(PERSON, TECHNICAL, wanted=[PERSON])
    past = Past(**{name: getattr(past, name) for name in ("at", "shown", "applied_at", "seen", "reads")},
                wanted={**past.wanted, TECHNICAL.address: Last(None, THEN)})  # fmt: skip
    found = find(past, state(PERSON), want(PERSON, TECHNICAL))
    assert (found.explained, [each.why for each in found.pending]) == (1, [Why.NOT_APPLIED])


def test_some_of_the_way():
    """By hand it may take more than one step: what moved as far as the document wants is no drift, other moves are."""
    was = User(ANA.name, "administrator", notify_billing=False)
    wanted = User(ANA.name, "collaborator", notify_billing=True)
    half = User(ANA.name, "collaborator", notify_billing=False)
    found = find(before(was, wanted=[wanted]), state(half), want(wanted))
    assert (found.drifts, found.explained, [each.why for each in found.pending]) == ((), 1, [Why.LEFT])
    astray = User(ANA.name, "external", notify_billing=True)
    assert told(find(before(was, wanted=[wanted]), state(astray), want(wanted))) == {ANA: Kind.CHANGED}


def test_what_was_not_read_before():
    """Who opens a mailbox that no read covered before did not appear: the document is not applied yet."""
    opens = Delegation("new@example.ch", ANA.name, frozenset())
    shown = Coverage(frozenset({"new@example.ch"}))
    past = before(PERSON, shown=shown)
    listed = [opens.address._replace(key="")]
    found = find(past, state(PERSON, opens), want(PERSON, lists=listed))
    assert (found.drifts, [each.why for each in found.pending]) == ((), [Why.NOT_APPLIED])


def test_what_is_not_shown_today():
    """What lies in a blind spot of this read is not gone, and nothing is pending for it."""
    dark = BlindSpot("user", "grant", "not shown")
    past = before(PERSON, TECHNICAL, shown=Coverage(blind=(dark,)))
    found = find(past, state(PERSON, blind=(dark,)), want(PERSON, TECHNICAL))
    assert (found.drifts, found.pending) == ((), ())


# what waits


def test_pending():
    """What did not move is not applied yet, or left to do since an apply asked for it, or due to a date."""
    past = before(PERSON, TECHNICAL, wanted=[PERSON, BOTH])
    ((one),) = find(past, state(PERSON, TECHNICAL), want(PERSON, BOTH)).pending
    assert (one.why, one.since) == (Why.LEFT, THEN)
    ((one),) = find(before(PERSON, TECHNICAL), state(PERSON, TECHNICAL), want(PERSON, BOTH)).pending
    assert (one.why, one.since) == (Why.NOT_APPLIED, None)
    ended = want(PERSON, ended={TECHNICAL.address: Ended(TECHNICAL, PLACE)})
    assert [each.why for each in find(before(PERSON, TECHNICAL), state(PERSON, TECHNICAL), ended).pending] == [
        Why.ENDED
    ]
    gone = want(PERSON, ended={TECHNICAL.address: Ended(None, PLACE)})
    assert [each.why for each in find(before(PERSON, TECHNICAL), state(PERSON, TECHNICAL), gone).pending] == [
        Why.NOT_APPLIED
    ]


@pytest.mark.parametrize("invited", [True, False])
def test_who_is_gone_and_is_not_invited_again_by_itself(invited):
    """Who turned an invitation down waits for a decision; who was in and is gone drifted, though they wait too."""
    was = User(ANA.name, "collaborator", invited=invited)
    wants = want(PERSON, Team("Web"), IN_WEB, waits={ANA: "they were invited 2 times"})
    found = find(before(was, Team("Web"), IN_WEB), state(Team("Web")), wants)
    if invited:
        assert (found.drifts, [(each.why, each.reason) for each in found.pending]) == (
            (), [(Why.WAITS, "they were invited 2 times")]
        )  # fmt: skip
    else:
        assert (told(found), [each.address for each in found.drifts[0].along]) == (
            {ANA: Kind.CHANGED},
            [IN_WEB.address],
        )


# without an apply on record


def test_without_an_apply():
    """Without an apply on record what the plan would change or holds back differs, and what waits is told as well."""
    wants = want(PERSON, BOTH, lists=[user_address("")], modes={}, waits={ANA: "declined"})
    have = state(COLLEAGUE)
    found = find(NO_PAST, have, wants)
    assert told(found) == {EMMA: Kind.DIFFERS}
    assert ([each.reason for each in found.pending], found.open) == (["declined"], {})
    never = Past(THEN, EVERYTHING, None, {EMMA: Last(lambda: COLLEAGUE, THEN)}, reads={EVERYTHING: THEN})
    assert find(never, have, wants).drifts[0].since == THEN


# snoozing


def test_snoozed():
    """What somebody leaves as it is is no drift to the end of the day, and is again when it moves further."""
    past, wants = before(PERSON, TECHNICAL), want(PERSON, TECHNICAL)
    (one,) = find(past, state(PERSON, BOTH), wants).drifts
    snooze = Snooze(one.address, one.as_it_is, TODAY, "covers", "Claire")
    found = find(past, state(PERSON, BOTH), wants, [snooze])
    assert (found.drifts, found.snoozed, found.open) == ((), ((one, snooze),), {one.address: Kind.CHANGED})
    assert find(past, state(PERSON), wants, [snooze]).drifts
    over = Snooze(one.address, one.as_it_is, TODAY - timedelta(days=1), "covers", "Claire")
    assert find(past, state(PERSON, BOTH), wants, [over]).drifts == (one,)


def test_what_comes_along_ends_a_snooze():
    """A stranger who was left as they are drifts again when they get more."""
    (one,) = find(before(), state(PERSON), want()).drifts
    snooze = Snooze(ANA, one.as_it_is, TODAY, "new here", "Claire")
    assert find(before(), state(PERSON), want(), [snooze]).drifts == ()
    assert find(before(), state(PERSON, TECHNICAL), want(), [snooze]).drifts


# what an apply leaves


def test_what_an_apply_leaves_open():
    """After an apply what it neither did nor asked for is still drift, and beside the document what nobody was told."""
    past, wants = before(PERSON, TECHNICAL), want(PERSON, TECHNICAL)
    found = find(past, state(PERSON, BOTH), wants)
    assert left_open(found, past, state(PERSON, BOTH), set()) == {BOTH.address}
    assert left_open(found, past, state(PERSON, BOTH), {BOTH.address}) == frozenset()
    strange = state(PERSON, TECHNICAL, COLLEAGUE)
    found = find(past, strange, wants)
    assert left_open(found, past, strange, set()) == {EMMA}
    seen = {**past.seen, EMMA: Last(lambda: COLLEAGUE, SINCE)}
    known = Past(SINCE, EVERYTHING, THEN, seen, {EMMA: None}, wanted=past.wanted, reads=past.reads)
    assert left_open(find(known, strange, wants), known, strange, set()) == frozenset()
    untold = Past(SINCE, EVERYTHING, THEN, seen, {EMMA: None}, frozenset({EMMA}), past.wanted, past.reads)
    assert left_open(find(untold, strange, wants), untold, strange, set()) == {EMMA}


def test_what_is_asked_for():
    """A document asks for what it names, and of the rest that its plan takes away, what is left of it."""
    wants = want(PERSON, BOTH, lists=[user_address("")])
    plan = compare(state(COLLEAGUE, TECHNICAL, PERSON), wants)
    assert asked_for(wants, plan) == {ANA: PERSON, BOTH.address: BOTH, EMMA: None}


# the same as when it was applied


@pytest.mark.parametrize(
    ("asked", "planned", "same"),
    [
        (BOTH, change(TECHNICAL, BOTH), True),
        (BOTH, change(BOTH, TECHNICAL), False),
        (BOTH, change(None, BOTH), True),
        (BOTH, change(BOTH, None), False),
        (None, change(BOTH, None), True),
        (None, change(None, BOTH), False),
    ],
)
def test_the_document_wanted_the_same(asked, planned, same):
    """Whether a change was wanted when the document was last applied is told by what was wanted then."""
    past = Past(THEN, EVERYTHING, THEN, wanted={BOTH.address: Last((lambda: asked) if asked else None, THEN)})
    assert past.wants_the_same(planned) is same


def test_what_nobody_ever_wanted():
    """What was in neither nobody ever wanted; what was there beside the document was left alone."""
    assert before().wants_the_same(change(TECHNICAL, None))
    assert not before().wants_the_same(change(None, TECHNICAL))
    assert not before(TECHNICAL, wanted=[]).wants_the_same(change(TECHNICAL, None))
