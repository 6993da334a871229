"""A saved plan is held against what would be done now."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from accessplan.change import Change, digest
from accessplan.errors import PlanRefused
from accessplan.model import (
    Delegation,
    Entry,
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
from accessplan.plain import attributes
from accessplan.saved import Moved, SavedPlan, Surprise, check_age, check_version, compare, read

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANA = user_address("ana@example.ch")
WEB = team_address('We"b \\ 😀')
OLD, NEW = (Grant(ANA, "domain/*", frozenset(rights)) for rights in (["check"], ["technical"]))
MEMBER = Membership(WEB.name, ANA.name)
CHANGES = (
    Change(WEB, None, Team(WEB.name, ANA.name)),
    Change(MEMBER.address, None, MEMBER),
    Change(NEW.address, OLD, NEW),
    Change(user_address("old@example.ch"), User("old@example.ch", "collaborator", billing=True), None),
    Change(partner_address("WebAgency"), None, Partner("WebAgency", "full", wallet=True)),
    Change(Use(ANA.name, "drive/Team", "user").address, None, Use(ANA.name, "drive/Team", "user")),
    Change(
        Delegation("a@example.ch", ANA.name, frozenset()).address,
        Delegation("a@example.ch", ANA.name, frozenset(["can_manage_filters"]), sends=True),
        None,
    ),
)


def data(changes=CHANGES, **head):
    """Make the parts of a saved plan that are read."""
    rows = [
        {
            "id": each.id,
            "address": str(each.address),
            "change": {"before": attributes(each.before), "after": attributes(each.after)},
        }
        for each in changes
    ]
    plan = {
        "plan_id": digest([each.id for each in changes]),
        "created_at": "2026-11-21T12:00:00Z",
        "organization": {"id": 4242},
        "inputs": {"document": "access.yaml", "live": "sandbox:organization.yaml"},
        "resource_changes": rows,
        "waiting": [],
    }
    return json.loads(json.dumps(plan | head))


def state(*entries: Entry) -> State:
    return State({each.address: each for each in entries})


def saved(*changes: Change, **head) -> SavedPlan:
    return read(data(changes, **head))


# reading


def test_what_was_saved_is_read():
    """A saved plan gives back its changes, whatever is in the names, and where and when it was made."""
    plan = read(data())
    assert [each.id for each in plan.changes] == [each.id for each in CHANGES]
    assert [(each.address, each.effect) for each in plan.changes] == [(each.address, each.effect) for each in CHANGES]
    assert (plan.organization_id, plan.document, plan.live) == (4242, "access.yaml", "sandbox:organization.yaml")
    assert plan.made_at == NOW


@pytest.mark.parametrize(
    "tamper",
    [
        lambda row: row["change"]["after"].update(manage=["technical", "sale"]),
        lambda row: row["change"]["after"].update(more=True),
        lambda row: row["change"].update(before=None),
        lambda row: row["change"].update(after=row["change"]["before"]),
        lambda row: row["change"]["after"].update(manage="technical"),
        lambda row: row.update(address='user["eve@example.ch"].grant["domain/*"]'),
        lambda row: row.update(address=row["address"] + " "),
        lambda row: row.update(address='nothing["x"]'),
        lambda row: row.update(id="0" * 12),
    ],
)
def test_a_change_that_was_changed_is_refused(tamper):
    """Whatever is changed in a change that was saved, the plan is refused."""
    changed = data()
    tamper(changed["resource_changes"][2])
    with pytest.raises(PlanRefused, match="the saved plan was changed"):
        read(changed)


@pytest.mark.parametrize(
    "how", [lambda rows: rows.pop(), lambda rows: rows.reverse(), lambda rows: rows.append(rows[0])]
)
def test_a_list_that_was_changed_is_refused(how):
    """A change that is left out, added or moved does not fit the id of the plan."""
    changed = data()
    how(changed["resource_changes"])
    with pytest.raises(PlanRefused, match="its plan_id does not fit"):
        read(changed)


@pytest.mark.parametrize("at", [None, "", "yesterday", "2026-11-21T12:00:00", 5])
def test_a_plan_without_its_moment_is_refused(at):
    """A plan that does not say when it was made, to the hour of one time zone, is refused."""
    with pytest.raises(PlanRefused, match="does not say when it was made"):
        read(data(created_at=at))


def test_a_masked_plan_is_refused():
    """A plan whose addresses are masked is for reading."""
    with pytest.raises(PlanRefused, match="masked"):
        read(data(masked=True))


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.1", "", None])
def test_another_format_is_refused(version):
    """Another major version of the format is refused; a minor one is read."""
    check_version("1.99")
    with pytest.raises(PlanRefused, match="has the format"):
        check_version(version)


@pytest.mark.parametrize(("hours", "is_good"), [(0, True), (23.99, True), (24, False), (-23, True), (-24, False)])
def test_a_plan_is_good_for_a_day(hours, is_good):
    """A plan expires 24 hours after it was made; clocks may differ, but not by as much."""
    plan, now = read(data()), NOW + timedelta(hours=hours)
    if is_good:
        check_age(plan, now)
    else:
        with pytest.raises(PlanRefused, match="expired at 2026-11-22 12:00 UTC" if hours > 0 else "was made at"):
            check_age(plan, now)


# comparing


def test_the_same_is_covered():
    """What would be done now is what was approved: all of it is covered, whatever the order."""
    found = compare(read(data()), reversed(CHANGES), state(OLD))
    assert set(found.covered) == set(CHANGES)
    assert not found.is_refused
    assert found.done == found.dropped == found.held_back == ()


def test_part_of_it_was_done():
    """What somebody did already is counted as done, as far as it is shown."""
    invite = Change(ANA, None, User(ANA.name, "collaborator", first_name="Ana"))
    live = state(NEW, User(ANA.name, "collaborator", billing=False, first_name="Anna", invited=True))
    found = compare(saved(invite, CHANGES[2], CHANGES[3]), [], live)
    assert [each.address for each in found.done] == [invite.address, NEW.address, CHANGES[3].address]
    assert not found.is_refused


def test_a_leader_who_is_not_there_is_not_done():
    """A team without a leader is no team led by whoever was approved: that is less than was approved, not done."""
    led = Change(team_address("Web"), Team("Web"), Team("Web", ANA.name))
    found = compare(saved(led), (), state(Team("Web")))
    assert (found.done, found.dropped) == ((), (led,))


def test_not_planned_any_more():
    """What is not planned any more, and is as it was, stops nothing: it is less than was approved."""
    found = compare(saved(*CHANGES[:3]), CHANGES[:2], state(OLD))
    assert ([each.address for each in found.dropped], found.is_refused) == ([NEW.address], False)


def test_a_new_change_is_a_surprise():
    """A change that nobody approved stops the rest."""
    found = compare(saved(*CHANGES[:2]), CHANGES[:3], state(OLD))
    assert (found.surprises, found.is_refused) == ((Surprise(CHANGES[2]),), True)


def test_a_stronger_change_is_a_surprise():
    """A change to more than was approved stops the rest, and says what was."""
    more = Change(NEW.address, OLD, Grant(ANA, "domain/*", frozenset({"technical", "sale"})))
    found = compare(saved(CHANGES[2]), [more], state(OLD))
    ((change, approved),) = [(each.change, each.approved) for each in found.surprises]
    assert (change, approved and approved.after) == (more, NEW)


def test_a_change_from_elsewhere_is_a_surprise():
    """A change to the same, of an entry that moved meanwhile, is another change, told once."""
    sale = Grant(ANA, "domain/*", frozenset({"sale"}))
    found = compare(saved(CHANGES[2]), [Change(NEW.address, sale, NEW)], state(sale))
    assert (len(found.surprises), found.moved, found.dropped) == (1, (), ())


def test_an_entry_that_moved_stops_the_plan():
    """An approved change that finds neither what it was to change nor what it was to make stops the rest."""
    sale = Grant(ANA, "domain/*", frozenset({"sale"}))
    for live, there in ((state(sale), sale), (state(), None)):
        found = compare(saved(CHANGES[2]), [], live)
        ((approved, is_now),) = [(each.approved, each.found) for each in found.moved]
        assert (approved.id, is_now, found.is_refused) == (CHANGES[2].id, there, True)
        assert isinstance(found.moved[0], Moved)


def test_what_was_held_back_is_held_back_again():
    """A change that was listed as waiting is no surprise, and not covered."""
    waiting = [{"id": CHANGES[1].id}]
    found = compare(saved(CHANGES[0], waiting=waiting), CHANGES[:2], state())
    assert (found.covered, found.held_back, found.is_refused) == (CHANGES[:1], CHANGES[1:2], False)


def test_whom_it_invites():
    """The people whose role was approved are known by their addresses."""
    invite = Change(ANA, None, User(ANA.name, "collaborator"))
    assert saved(invite, *CHANGES).invited == {ANA.name}
