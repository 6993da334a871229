"""Carrying a plan out."""

import pytest
from tests.kept import Kept

from accessplan.apply import Applied, Outcome, Status, carry_out, read_back, strays
from accessplan.change import Change
from accessplan.errors import Exit, ItemsRefused, RequestRefused, TokenRefused, Unreachable
from accessplan.model import Delegation, Membership, State, Team, Use, User, team_address, user_address
from accessplan.plan import Plan
from accessplan.route import Operation, Request, Step

STEP = Step("edit_role", {}, "Users and profiles", "an administrator", "Do it")


class Wire:
    """A live system that refuses the paths it is told to, and remembers what it was sent."""

    def __init__(self, refused=None):
        self.refused = refused or {}
        self.sent = []

    def send(self, request):
        if request.path in self.refused:
            raise self.refused[request.path]
        self.sent.append(request.path)


def operation(name, *more_paths, needs=()):
    change = Change(team_address(name), None, Team(name), depends_on=tuple(team_address(each) for each in needs))
    return Operation("row", (change,), tuple(Request("POST", path, {}, {}) for path in (f"/{name}", *more_paths)))


def by_hand(name):
    return Operation(
        "row", (Change(user_address(name), User(name, "external"), None),), steps=(STEP,), why_manual="so it is"
    )


def statuses(outcomes):
    return [outcome.status for outcome in outcomes]


def test_operations_go_out_in_their_order():
    """Each request of each operation is sent, one after the other."""
    wire = Wire()
    outcomes = list(carry_out([operation("a", "/a2"), operation("b")], wire, Kept()))
    assert wire.sent == ["/a", "/a2", "/b"]
    assert [outcome.sent for outcome in outcomes] == [2, 1]
    assert Applied(tuple(outcomes)).exit is Exit.OK


def test_a_failure_skips_what_depends_on_it_and_nothing_else():
    """What needs a failed operation is skipped, and so is what needs that; the rest is done."""
    wire = Wire({"/a": RequestRefused("no")})
    operations = [operation("a"), operation("b", needs="a"), operation("c", needs="b"), operation("d")]
    outcomes = list(carry_out(operations, wire, Kept()))
    assert statuses(outcomes) == [Status.FAILED, Status.SKIPPED, Status.SKIPPED, Status.DONE]
    assert outcomes[1].reason == 'it needs team["a"], which failed'
    assert Applied(tuple(outcomes)).exit is Exit.INCOMPLETE


def test_a_refused_token_stops_the_run():
    """After the token was refused nothing more is sent."""
    wire = Wire({"/a": TokenRefused("no")})
    outcomes = list(carry_out([operation("a"), operation("b")], wire, Kept()))
    assert (statuses(outcomes), wire.sent) == ([Status.FAILED, Status.SKIPPED], [])
    assert Applied(tuple(outcomes)).exit is Exit.LIVE


def test_three_failures_in_a_row_stop_the_run():
    """The live system is taken to be out of order after three failures with no success between them."""
    wire = Wire({f"/{name}": RequestRefused("no") for name in "abdef"})
    outcomes = list(carry_out([operation(name) for name in "abcdefg"], wire, Kept()))
    assert [outcome.operation.requests[0].path for outcome in outcomes if outcome.status is Status.SKIPPED] == ["/g"]
    assert wire.sent == ["/c"]


def test_the_intent_is_kept_before_and_the_outcome_after():
    """What is sent stands in the journal before it is sent, and then what came of it; what is skipped has no intent."""
    kept = Kept()
    operations = [operation("a"), operation("b"), operation("c", needs="b"), by_hand("ana@example.ch")]
    list(carry_out(operations, Wire({"/b": RequestRefused("no")}), kept))
    a, b, c = (team_address(name) for name in "abc")
    assert kept.lines == [
        ("intent", a),
        ("done", a),
        ("intent", b),
        ("failed", b),
        ("skipped", c),
        ("by hand", user_address("ana@example.ch")),
    ]


@pytest.mark.parametrize("room", range(4))
def test_a_journal_that_is_full_stops_the_run(room):
    """Nothing is sent without an intent that is kept, and nothing more after an outcome that is not."""
    wire = Wire()
    outcomes = list(carry_out([operation("a"), operation("b"), operation("c")], wire, Kept(room)))
    assert wire.sent == ["/a", "/b"][: (room + 1) // 2]
    assert len([each for each in outcomes if each.status is Status.DONE]) == len(wire.sent)
    assert "written down: the ledger is full" in outcomes[-1].reason


def test_an_operation_that_fails_half_way_says_how_far_it_came():
    """Where the second request of two fails something was changed, and the exit code says so."""
    outcomes = list(carry_out([operation("a", "/a2")], Wire({"/a2": RequestRefused("no")}), Kept()))
    assert (statuses(outcomes), outcomes[0].sent) == ([Status.FAILED], 1)
    assert Applied(tuple(outcomes)).exit is Exit.INCOMPLETE


def test_steps_by_hand_are_passed_on():
    """What a person has to do is never sent, and leaves the run incomplete."""
    wire = Wire()
    outcomes = list(carry_out([by_hand("ana@example.ch")], wire, Kept()))
    assert (statuses(outcomes), wire.sent) == ([Status.BY_HAND], [])
    assert Applied(tuple(outcomes)).exit is Exit.INCOMPLETE


@pytest.mark.parametrize(
    ("left", "status"),
    [
        ((), Status.DONE),
        ((Change(team_address("a"), None, Team("a")),), Status.WITHOUT_EFFECT),
        ((Change(Membership("a", "x").address, None, Membership("a", "x")),), Status.DONE),
    ],
)
def test_what_was_accepted_must_show(left, status):
    """A change that was accepted and is still planned after a fresh read had no effect."""
    done = Outcome(operation("a"), Status.DONE, sent=1)
    assert statuses(read_back([done], Plan(left))) == [status]


def test_a_request_without_an_answer_may_have_been_carried_out():
    """After a time-out nobody knows: the run is incomplete, never "nothing was changed"."""
    outcomes = tuple(carry_out([operation("a")], Wire({"/a": Unreachable("no answer")}), Kept()))
    assert "may have been carried out" in outcomes[0].reason
    assert Applied(outcomes).exit is Exit.INCOMPLETE


def test_what_is_half_by_hand_must_have_moved():
    """A request that shares its change with a step by hand is believed only if the live entry moved."""
    change = Change(team_address("a"), None, Team("a", "ana@example.ch"))
    request = Operation("row", (change,), (Request("POST", "/a", {}, {}),))
    both = [Outcome(request, Status.DONE, sent=1), Outcome(Operation("row", (change,), steps=(STEP,)), Status.BY_HAND)]
    made = Plan((Change(team_address("a"), Team("a"), Team("a", "ana@example.ch")),))
    assert statuses(read_back(both, made)) == [Status.DONE, Status.BY_HAND]
    assert statuses(read_back(both, Plan((change,)))) == [Status.WITHOUT_EFFECT, Status.BY_HAND]


@pytest.mark.parametrize(
    ("permissions", "status"), [({"can_manage_rules"}, Status.DONE), (set(), Status.WITHOUT_EFFECT)]
)
def test_what_is_only_shown_now_takes_nothing_from_what_was_done(permissions, status):
    """A request that did all it was to do is believed, though something else of the entry shows, and is planned."""

    def opens(permissions, sends):
        return Delegation("info@example.ch", "ana@example.ch", frozenset(permissions), sends)

    change = Change(opens((), None).address, opens((), None), opens({"can_manage_rules"}, None))
    done = Outcome(Operation("row", (change,), (Request("PATCH", "/a", {}, {}),)), Status.DONE, sent=1)
    left = Change(change.address, opens(permissions, sends=False), opens({"can_manage_rules"}, sends=True))
    assert statuses(read_back([done], Plan((left,)))) == [status]


def test_what_moves_beside_the_run_is_named():
    """An entry that differs though no operation was to touch it is named; what goes with its team is not."""

    def state(*entries):
        return State({entry.address: entry for entry in entries})

    gone = Change(team_address("b"), Team("b"), None)
    ended = Outcome(Operation("row", (gone,), (Request("DELETE", "/b", {}, {}),)), Status.DONE, sent=1)
    before = state(Team("a"), Team("b"), Membership("b", "x@example.ch"), Membership("a", "x@example.ch"))
    moved = strays([ended], before, state(Team("a", "eve@example.ch")))
    assert [str(address) for address in moved] == ['team["a"]', 'team["a"].member["x@example.ch"]']


def test_what_is_shown_at_one_time_only_has_not_moved():
    """A role or flag that one read shows and the other does not is no stray; one that differs is."""
    hidden, shown, other = (Use("x@example.ch", "ksuite/Work", role) for role in (None, "user", "admin"))
    states = [State({each.address: each}) for each in (hidden, shown, other)]
    assert strays([], states[0], states[1]) == strays([], states[1], states[0]) == ()
    assert strays([], states[1], states[2]) == (shown.address,)


def test_what_comes_with_another_place_is_no_stray():
    """A kChat comes and goes with kSuite: nobody is told that it moved."""
    chat = Use("x@example.ch", "kchat/Talk", "user", implied=True)
    nothing, there = State({}), State({chat.address: chat})
    assert strays([], nothing, there) == strays([], there, nothing) == ()


def test_a_run_that_could_not_be_read_back_is_incomplete():
    """Everything was accepted, but nobody looked: the exit code does not say that all is done."""
    done = Outcome(operation("a"), Status.DONE, sent=1)
    assert Applied((done,)).exit is Exit.OK
    assert Applied((done,), note="not read back").exit is Exit.INCOMPLETE
    assert Applied((done,), strays=(team_address("b"),)).exit is Exit.INCOMPLETE


ANA, BOB = user_address("ana@example.ch"), user_address("bob@example.ch")


def places(*people, paths=("/drive",), needs=()):
    changes = (
        Change(use.address, None, use, depends_on=needs)
        for use in (Use(each.name, "drive/x", "user") for each in people)
    )
    return Operation("row", tuple(changes), tuple(Request("POST", path, {}, each=people) for path in paths))


def people(outcome):
    return [change.address.name for change in outcome.operation.changes]


def test_what_is_refused_for_some_has_two_outcomes():
    """A request that was refused for one person alone has failed for that one, and is done for the other."""
    wire = Wire({"/drive": ItemsRefused({BOB: "no place left"})})
    done, failed = carry_out([places(ANA, BOB)], wire, Kept())
    assert (done.status, people(done), done.sent) == (Status.DONE, [ANA.name], 1)
    assert (failed.status, people(failed), failed.sent) == (Status.FAILED, [BOB.name], 0)
    assert failed.reason == "bob@example.ch: no place left"
    assert Applied((done, failed)).exit is Exit.INCOMPLETE


def test_what_is_refused_for_all_has_failed():
    """A request that was refused for everybody has failed as a whole, and nothing was changed."""
    refusal = ItemsRefused({ANA: "no place left", BOB: "no place left"})
    outcomes = tuple(carry_out([places(ANA, BOB)], Wire({"/drive": refusal}), Kept()))
    assert (statuses(outcomes), outcomes[0].sent) == ([Status.FAILED], 0)
    assert Applied(outcomes).exit is Exit.LIVE


def test_what_needs_a_person_who_was_refused_is_skipped():
    """What depends on a place that was refused is skipped; what depends on the other's place is done."""
    wire = Wire({"/drive": ItemsRefused({BOB: "no"})})
    uses = [Use(each.name, "drive/x", "user").address for each in (ANA, BOB)]
    rights = [
        Operation("row", (Change(team_address(use.name), None, Team(use.name), depends_on=(use,)),)) for use in uses
    ]
    outcomes = carry_out([places(ANA, BOB), *rights], wire, Kept())
    assert statuses(outcomes) == [Status.DONE, Status.FAILED, Status.DONE, Status.SKIPPED]


def test_a_refusal_in_part_counts_once_in_a_row():
    """That others were let in shows that the live system works: three refusals in part do not stop a run."""
    wire = Wire({"/drive": ItemsRefused({BOB: "no"})})
    outcomes = list(carry_out([places(ANA, BOB), places(ANA, BOB), places(ANA, BOB), operation("last")], wire, Kept()))
    assert outcomes[-1].status is Status.DONE


def test_a_refusal_in_part_before_another_request_fails_as_a_whole():
    """Where a request was still to follow, nobody's change is done; that something was sent is told."""
    outcomes = list(
        carry_out([places(ANA, BOB, paths=("/drive", "/more"))], Wire({"/drive": ItemsRefused({BOB: "no"})}), Kept())
    )
    assert (statuses(outcomes), outcomes[0].sent) == ([Status.FAILED], 1)
