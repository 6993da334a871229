"""Two states in, a plan out."""

from dataclasses import replace

import pytest

from accessplan.change import Effect, order
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
    team_address,
    user_address,
)
from accessplan.plain import attributes
from accessplan.plan import Ended, Mode, Want, compare

ANA, BOB, CLAIRE = (User(f"{name}@example.ch", "collaborator") for name in ("ana", "bob", "claire"))
WEB = Team("Web")
HOSTING = Grant(ANA.address, "hosting/*", frozenset({"technical"}))
EVERY_LIST = {
    Address("user", ""): Place("access.yaml", 3),
    Address("team", ""): Place("access.yaml", 90),
    Address("team", "Web", "member"): Place("access.yaml", 92),
    Address("user", ANA.email, "grant"): Place("access.yaml", 7),
}
ENFORCE = dict.fromkeys(("users", "teams", "grants"), Mode.ENFORCE)


def state(*entries, blind=()):
    return State({entry.address: entry for entry in entries}, blind)


def want(*entries, lists=EVERY_LIST, modes=ENFORCE, ended=()):
    places = {entry.address: Place("access.yaml", 5) for entry in entries}
    over = {entry.address: Ended(entry, Place("access.yaml", 6)) for entry in ended}
    return Want(state(*entries), places, lists, modes, over)


def effects(plan):
    return {str(change.address): change.effect for change in plan.changes}


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (None, ANA, Effect.INVITE),
        (ANA, None, Effect.REVOKE),
        (User(ANA.email, "collaborator", invited=True), None, Effect.CANCEL),
        (ANA, User(ANA.email, "administrator"), Effect.STRENGTHEN),
        (ANA, User(ANA.email, "external"), Effect.WEAKEN),
        (None, WEB, Effect.GRANT),
        (WEB, None, Effect.REVOKE),
        (WEB, Team("Web", ANA.email), Effect.UPDATE),
        (None, Membership("Web", ANA.email), Effect.GRANT),
        (Membership("Web", ANA.email), None, Effect.REVOKE),
        (None, HOSTING, Effect.GRANT),
        (HOSTING, Grant(ANA.address, "hosting/*", frozenset({"technical", "statistic"})), Effect.STRENGTHEN),
        (HOSTING, Grant(ANA.address, "hosting/*", frozenset({"statistic"})), Effect.STRENGTHEN),
        (Grant(ANA.address, "hosting/*", frozenset({"technical", "statistic"})), HOSTING, Effect.WEAKEN),
        (HOSTING, None, Effect.REVOKE),
    ],
)
def test_what_a_change_is_called(before, after, effect):
    """A change is called by what it does to somebody's access, and what gains anything counts as stronger."""
    have, wanted = state(*[before] if before else []), want(*[after] if after else [])
    assert [change.effect for change in compare(have, wanted).changes] == [effect]


def test_a_plan_against_itself_is_empty():
    """Where both sides agree there is nothing to do, and every entry counts as matching."""
    entries = (ANA, BOB, WEB, Membership("Web", ANA.email), HOSTING)
    plan = compare(state(*entries), want(*entries))
    assert (plan.changes, plan.held_back, plan.matching, plan.unmanaged) == ((), (), 5, 0)


def test_names_are_not_access():
    """A person who is called otherwise, or is still invited, has the same access: no change."""
    other = User(ANA.email, ANA.role, first_name="Anna", last_name="Keller", language="de")
    called = replace(ANA, first_name="Ana")
    assert compare(state(other), want(called)).changes == ()
    assert compare(state(replace(other, first_name="Ana", invited=True)), want(called)).changes == ()


def test_additive_holds_removals_back():
    """In additive mode nothing that the document does not name is taken away, but it is counted."""
    plan = compare(state(ANA, BOB), want(ANA, modes={}))
    assert plan.changes == ()
    assert [str(change.address) for change in plan.held_back] == ['user["bob@example.ch"]']


def test_what_goes_with_somebody_is_not_held_back():
    """What goes with somebody who is removed counts once, whatever the mode that rules over it."""
    bob, team = User("bob@example.ch", "collaborator"), Team("Web")
    member, grant = Membership("Web", bob.email), Grant(bob.address, "hosting/*", frozenset({"technical"}))
    modes = {"users": Mode.ADDITIVE, "teams": Mode.ADDITIVE, "grants": Mode.ADDITIVE}
    plan = compare(state(bob, team, member, grant), want(team, modes=modes, ended=[bob]))
    assert {str(change.address) for change in plan.changes} == {str(bob.address), str(member.address)}
    assert plan.held_back == ()


def test_what_no_list_names_is_not_managed():
    """An absent key is not managed: the live entries under it are left alone, whatever the mode."""
    plan = compare(state(ANA, WEB, HOSTING), want(lists={}))
    assert (plan.changes, plan.held_back, plan.unmanaged) == ((), (), 3)


def test_a_user_who_names_teams_is_in_no_other():
    """`teams` on a user is a list too: who names their teams is taken out of the others."""
    lists = {Address("user", ANA.email, "member"): Place("access.yaml", 9)}
    memberships = Membership("Web", ANA.email), Membership("Web", BOB.email)
    plan = compare(state(ANA, BOB, WEB, *memberships), want(ANA, BOB, WEB, lists=lists))
    assert effects(plan) == {'team["Web"].member["ana@example.ch"]': Effect.REVOKE}


def test_grants_of_who_governs_are_not_compared():
    """Administrators reach every product, so rights of theirs are neither granted nor revoked."""
    boss = User(ANA.email, "administrator")
    assert compare(state(boss, HOSTING), want(boss)).changes == ()
    assert effects(compare(state(ANA, HOSTING), want(boss))) == {'user["ana@example.ch"]': Effect.STRENGTHEN}


def test_what_goes_with_its_owner_is_no_change_of_its_own():
    """A deleted team takes its members and grants along, a cancelled invitation what hangs on it."""
    invited = User(ANA.email, ANA.role, invited=True)
    of_web = Grant(team_address("Web"), "drive/*", frozenset({"technical"}))
    lists = EVERY_LIST | {Address("team", "Web", "grant"): Place("access.yaml", 93)}
    plan = compare(state(invited, BOB, WEB, Membership("Web", BOB.email), HOSTING, of_web), want(BOB, lists=lists))
    assert effects(plan) == {'user["ana@example.ch"]': Effect.CANCEL, 'team["Web"]': Effect.REVOKE}


def test_a_leader_the_document_leaves_open_stays():
    """Without the key `leader` the live leader is as good as any."""
    assert compare(state(Team("Web", ANA.email)), want(WEB)).changes == ()


def test_what_cannot_be_seen_is_not_planned():
    """A wanted entry in a blind spot is named as unchecked, never planned again and again."""
    blind = (BlindSpot("team", "grant", "not shown", single_products=True),)
    single, wide = (Grant(team_address("Web"), target, frozenset({"technical"})) for target in ("domain/x", "domain/*"))
    plan = compare(state(WEB, blind=blind), want(WEB, single, wide))
    assert [str(change.address) for change in plan.unchecked] == ['team["Web"].grant["domain/x"]']
    assert effects(plan) == {'team["Web"].grant["domain/*"]': Effect.GRANT}


def test_dependencies_name_what_must_exist_first():
    """A member of a new team who is invited as well waits for both."""
    plan = compare(state(), want(ANA, WEB, Membership("Web", ANA.email)))
    depends = {str(change.address): change.depends_on for change in plan.changes}
    assert depends['team["Web"].member["ana@example.ch"]'] == (team_address("Web"), user_address(ANA.email))
    assert depends['team["Web"]'] == ()


def test_the_order_of_execution():
    """Who governs comes first, then what must exist, leavers, grants, the rest; legal representatives go last."""
    old_owner, new_owner = User("old@example.ch", "legal_representative"), User("new@example.ch", "collaborator")
    have = state(old_owner, new_owner, BOB, ANA, HOSTING)
    wanted = want(User(new_owner.email, "legal_representative"), ANA, CLAIRE, WEB, Membership("Web", ANA.email))
    assert [str(change.address) for change in compare(have, wanted).changes] == [
        'user["new@example.ch"]',
        'team["Web"]',
        'user["claire@example.ch"]',
        'user["bob@example.ch"]',
        'team["Web"].member["ana@example.ch"]',
        'user["ana@example.ch"].grant["hosting/*"]',
        'user["old@example.ch"]',
    ]


def test_changes_are_sorted_whatever_the_order_of_the_input():
    """The same two sides give the same plan and the same id, in whatever order their entries come."""
    entries = [User(f"u{number}@example.ch", "collaborator") for number in range(20)]
    one, other = compare(state(), want(*entries)), compare(state(), want(*reversed(entries)))
    assert one == other
    assert one.id == other.id
    assert list(one.changes) == sorted(one.changes, key=order)


def test_the_cause_of_a_removal_is_the_list_that_does_not_name_it():
    """A removal points to the list where the entry is missing, a grant to its own line."""
    plan = compare(state(ANA, HOSTING), want(ANA))
    assert [change.place for change in plan.changes] == [Place("access.yaml", 7)]


def test_addresses_quote_what_names_hold():
    """A quote, a backslash or a line break in a name cannot end the name early."""
    assert str(team_address('We"b\n\\')) == r'team["We\"b\n\\"]'


def test_differences_name_the_attributes_that_change():
    """Only what differs of a changed entry is named, before and after."""
    (change,) = compare(state(ANA), want(User(ANA.email, "administrator", first_name="Ana"))).changes
    assert change.differences()["role"] == ("collaborator", "administrator")


def test_who_leaves_is_taken_out_of_every_team_at_once():
    """Removing a person waits for somebody in the Manager; the places in teams, managed or not, go by request first."""
    have = state(ANA, BOB, WEB, Membership("Web", BOB.email), HOSTING)
    lists = {Address("user", ""): Place("access.yaml", 3), Address("user", ANA.email, "grant"): Place("access.yaml", 7)}
    added = Grant(ANA.address, "drive/*", frozenset({"technical"}))
    plan = compare(have, want(ANA, HOSTING, added, lists=lists))
    assert [str(change.address) for change in plan.changes] == [
        'team["Web"].member["bob@example.ch"]',
        'user["bob@example.ch"]',
        'user["ana@example.ch"].grant["drive/*"]',
    ]


@pytest.mark.parametrize(
    ("ended", "left"),
    [({"statistic"}, [["technical"]]), ({"technical", "statistic"}, [None]), ({"check"}, [])],
)
def test_what_has_ended_takes_away_what_it_names(ended, left):
    """A grant whose last day has passed goes in additive mode too, but only with the rights that it names."""
    live = Grant(ANA.address, "hosting/*", frozenset({"technical", "statistic"}))
    over = Grant(ANA.address, "hosting/*", frozenset(ended))
    plan = compare(state(ANA, live), want(ANA, modes={}, ended=[over]))
    assert [(attributes(change.after) or {}).get("manage") for change in plan.changes] == left


def test_who_has_ended_goes_whatever_the_mode():
    """A person past their last day is removed in additive mode too."""
    assert effects(compare(state(ANA, BOB), want(ANA, modes={}, ended=[BOB]))) == {
        'user["bob@example.ch"]': Effect.REVOKE
    }


def test_a_blind_spot_is_told_where_the_document_speaks_of_it():
    """Where the document gives a list whose entries the live system hides, the plan says so."""
    spot = BlindSpot("team", "grant", "not shown", single_products=True)
    lists = {Address("team", "Web", "grant"): Place("access.yaml", 93)}
    assert compare(state(WEB, blind=(spot,)), want(WEB, lists=lists)).blind == ("not shown",)
    assert compare(state(WEB, blind=(spot,)), want(WEB, lists={})).blind == ()


DELEGATION = Delegation("info@example.ch", ANA.email, frozenset({"can_manage_rules"}))
SEAT = Use(ANA.email, "drive/Team Drive", "user")
AGENCY = Partner("WebAgency", "limited")
HIDES_SENDING = BlindSpot("mailbox", "delegate", "Sending is not shown.", attribute="sends", by_word=True)
HIDES_PARTNERS = BlindSpot("partner", "", "Partners are not shown.", by_word=True)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (None, DELEGATION, Effect.GRANT),
        (DELEGATION, replace(DELEGATION, permissions=frozenset()), Effect.WEAKEN),
        (replace(DELEGATION, permissions=frozenset()), DELEGATION, Effect.STRENGTHEN),
        (replace(DELEGATION, sends=False), replace(DELEGATION, sends=True), Effect.STRENGTHEN),
        (replace(DELEGATION, sends=True), replace(DELEGATION, sends=False), Effect.WEAKEN),
        (SEAT, replace(SEAT, role="admin"), Effect.STRENGTHEN),
        (SEAT, replace(SEAT, role="external"), Effect.WEAKEN),
        (replace(SEAT, role=None), SEAT, Effect.UPDATE),
        (AGENCY, Partner("WebAgency", "full"), Effect.STRENGTHEN),
        (Partner("WebAgency", "full", wallet=True), Partner("WebAgency", "full"), Effect.WEAKEN),
        (replace(ANA, billing=False), replace(ANA, billing=True), Effect.STRENGTHEN),
        (replace(ANA, billing=True), replace(ANA, billing=False), Effect.WEAKEN),
        (replace(ANA, notify_products=True), replace(ANA, notify_products=False), Effect.UPDATE),
        (
            User(ANA.email, "collaborator", first_name="Ana", invited=True),
            replace(ANA, first_name="Anna"),
            Effect.INVITE,
        ),
        (User(ANA.email, "collaborator", invited=True, expired=True), ANA, Effect.INVITE),
    ],
)
def test_what_a_change_of_anything_else_is_called(before, after, effect):
    """Places, delegations, partners and rights of people are called by what they give or take, too."""
    plan = compare(state(*[before] if before else []), want(after))
    assert [change.effect for change in plan.changes] == [effect]


def test_what_is_left_open_stays():
    """What the document does not say of a person is as it is: no change."""
    live = replace(ANA, billing=True, notify_products=True)
    assert compare(state(live), want(ANA)).changes == ()


def test_what_is_not_shown_is_taken_to_be_usual():
    """A delegate who may send is what everybody assumes where the live system does not show it."""
    assert compare(state(DELEGATION), want(replace(DELEGATION, sends=True))).changes == ()


def test_what_cannot_be_shown_is_asked_for():
    """A change that the live system will not show is planned, and says that somebody must give their word."""
    have = state(DELEGATION, ANA, blind=(HIDES_SENDING, HIDES_PARTNERS))
    reads = replace(DELEGATION, sends=False)
    plan = compare(have, want(reads, ANA, AGENCY))
    assert [(change.address, change.attest) for change in plan.changes] == [
        (AGENCY.address, HIDES_PARTNERS.reason),
        (reads.address, HIDES_SENDING.reason),
    ]


def test_what_can_be_shown_needs_no_word():
    """Permissions on a mailbox are shown, so changing them asks for nobody's word."""
    plan = compare(state(DELEGATION, blind=(HIDES_SENDING,)), want(replace(DELEGATION, permissions=frozenset())))
    assert [change.attest for change in plan.changes] == [""]


def test_words_complete_what_is_shown():
    """What people say fills blind spots; what can be seen counts before it."""
    have = state(DELEGATION, ANA, blind=(HIDES_SENDING, HIDES_PARTNERS))
    words = {
        AGENCY.address: AGENCY,
        DELEGATION.address: replace(DELEGATION, permissions=frozenset(), sends=False),
        SEAT.address: SEAT,
    }
    completed = have.completed(words)
    assert completed.entries[AGENCY.address] == AGENCY
    assert completed.entries[DELEGATION.address] == replace(DELEGATION, sends=False)
    assert SEAT.address not in completed.entries


def test_nobody_loses_their_own_mailbox():
    """The access of the person whose mailbox it is stays, whatever the document says."""
    own = replace(DELEGATION, own=True)
    lists = {Address("mailbox", own.mailbox, "delegate"): Place("access.yaml", 4)}
    plan = compare(state(own), want(lists=lists, modes={"mailboxes": Mode.ENFORCE}))
    assert (plan.changes, plan.unmanaged) == ((), 0)


def test_a_leaver_loses_at_once_what_goes_by_request():
    """Mailboxes and places in kDrives are taken from a leaver by request, while the removal waits for a person."""
    seat_elsewhere = Use(ANA.email, "ksuite/kSuite", "user")
    plan = compare(state(ANA, BOB, DELEGATION, SEAT, seat_elsewhere), want(BOB))
    assert {change.address for change in plan.changes} == {ANA.address, DELEGATION.address, SEAT.address}
    assert all(change.urgent for change in plan.changes if change.address.part)


def test_an_invitation_that_waits_holds_back_what_hangs_on_it():
    """Who is not to be invited by the tool gets no grants either, and the plan says why."""
    wanted = replace(want(ANA, HOSTING), waits={ANA.address: "they rejected it"})
    plan = compare(state(), wanted)
    assert plan.changes == ()
    assert [(each.change.address, each.reason) for each in plan.waiting] == [(ANA.address, "they rejected it")]


def test_what_is_to_be_removed_goes_whatever_the_mode():
    """An entry that the document wants gone goes even where nothing else is taken away."""
    gone = {BOB.address: Ended(None, Place("access.yaml", 6))}
    plan = compare(state(ANA, BOB), replace(want(ANA, modes={}), ended=gone))
    assert effects(plan) == {str(BOB.address): Effect.REVOKE}


def test_what_is_taken_back_out_of_sight_is_asked_for():
    """That something went which the live system never showed is somebody's word, too."""
    have = state(AGENCY, blind=(HIDES_PARTNERS,))
    plan = compare(
        have, want(lists={Address("partner", ""): Place("access.yaml", 4)}, modes={"partners": Mode.ENFORCE})
    )
    assert [(change.effect, change.attest) for change in plan.changes] == [(Effect.REVOKE, HIDES_PARTNERS.reason)]


def test_who_is_awaited_leads_no_team_yet():
    """A team waits for its leader as long as their invitation waits for somebody's decision."""
    led = Team("Web", ANA.email)
    waits = {ANA.address: "they rejected it"}
    assert compare(state(WEB), replace(want(ANA, led), waits=waits)).changes == ()
    (made,) = compare(state(), replace(want(ANA, led), waits=waits)).changes
    assert made.after == WEB
