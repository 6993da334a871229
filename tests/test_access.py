"""Who reaches what, by which path; and the difference that a plan makes."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.judging import delegate, email, grant, member, of_team, of_user, opens, person, state, wanted

from accessplan.access import (
    Access,
    Difference,
    Kept,
    Path,
    Reached,
    Takeover,
    covers,
    differences,
    result,
    still_reached,
)
from accessplan.model import Delegation, Membership, Partner, Team, Use, User, owners
from accessplan.plan import compare

OWNER = person("owner", "legal_representative")
BOSS = person("boss", "administrator")
ANA, BOB, CLAIRE, DAN = (person(name) for name in ("ana", "bob", "claire", "dan"))
WEB, OPS = Team("Web"), Team("Ops")
TECHNICAL, STATISTIC = frozenset({"technical"}), frozenset({"statistic"})
EVERY = frozenset({"technical", "statistic", "check", "sale"})


def reached(what, *rights):
    return Reached(what, frozenset(rights or ("technical",)))


def through(entries):
    """Return the path of ana that goes through entries, the last of them a grant of technical rights."""
    return Path(of_user("ana"), entries[-1].target, TECHNICAL, tuple(each.address for each in entries))


def planned(have, *want):
    side = state(*have)
    return side, compare(side, wanted(side, *want))


def means(have, want):
    """Say what a plan means to people, by their names."""
    before, plan = planned(have, *want)
    found = differences(Access(before), Access(result(before, plan)), plan)
    return {each.who.name.partition("@")[0]: each for each in found}


@pytest.mark.parametrize(
    ("wide", "narrow", "does"),
    [
        ("hosting/site", "hosting/site", True),
        ("hosting/*", "hosting/site", True),
        ("hosting/site", "hosting/*", False),
        ("hosting/*", "domain/site", False),
        ("*", "hosting/site", True),
        ("*", "hosting/*", True),
        ("*", "*", True),
        ("hosting/*", "*", False),
        ("*", "organization", False),
        ("*", "billing", False),
        ("organization", "organization", True),
        ("*", "mailbox/info@example.ch", False),
        ("*", "mailbox/*", False),
        ("mailbox/*", "mailbox/info@example.ch", True),
        ("hosting/*", "hosting/*", True),
    ],
)
def test_what_covers_what(wide, narrow, does):
    """A service covers its products, everything covers all products, and neither the organization nor mailboxes."""
    assert covers(wide, narrow) is does


@pytest.mark.parametrize(
    ("entries", "who", "paths"),
    [
        ([ANA], ANA, []),
        ([person("ana", billing=True)], ANA, [("billing", {"billing"})]),
        ([BOSS], BOSS, [("*", EVERY), ("billing", {"billing"}), ("organization", {"administrator"})]),
        (
            [OWNER],
            OWNER,
            [("*", EVERY), ("billing", {"billing"}), ("organization", {"administrator", "legal_representative"})],
        ),
        ([ANA, grant(of_user("ana"), "hosting/*")], ANA, [("hosting/*", {"technical"})]),
        ([ANA, WEB, member("ana"), grant(of_team("Web"), "hosting/*")], ANA, [("hosting/*", {"technical"})]),
        ([ANA, WEB, grant(of_team("Web"), "hosting/*")], ANA, []),
        ([ANA, Use(ANA.email, "drive/Team", "external")], ANA, [("drive/Team", {"use"})]),
        ([ANA, Use(ANA.email, "drive/Team", None)], ANA, [("drive/Team", {"use"})]),
        ([ANA, Use(ANA.email, "drive/Team", "user")], ANA, [("drive/Team", {"use", "use as user"})]),
        ([ANA, Use(ANA.email, "drive/Team", "admin")], ANA, [("drive/Team", {"use", "use as user", "use as admin"})]),
        ([ANA, Use(ANA.email, "kchat/Chat", "admin")], ANA, [("kchat/Chat", {"use", "use as admin"})]),
        ([ANA, opens("ana", "info")], ANA, [("mailbox/info@example.ch", {"read", "can_send_emails"})]),
        ([ANA, opens("ana", "info", sends=False)], ANA, [("mailbox/info@example.ch", {"read"})]),
        ([Partner("Agency", "full", wallet=True)], Partner("Agency", "full"), [("*", EVERY), ("billing", {"billing"})]),
        ([Partner("Agency", "limited")], Partner("Agency", "limited"), []),
        (
            [Partner("Agency", "limited"), grant(Partner("Agency", "limited").address, "hosting/site")],
            Partner("Agency", "limited"),
            [("hosting/site", {"technical"})],
        ),
        ([], ANA, []),
    ],
)
def test_what_somebody_reaches(entries, who, paths):
    """Roles, grants, teams, places in products, mailboxes and partnerships each are a path, with their rights."""
    assert [(path.what, path.rights) for path in Access(state(*entries)).of(who.address)] == paths


def test_a_path_names_what_it_goes_through():
    """A path through a team names the membership and the grant, the nearest first."""
    entries = [ANA, WEB, member("ana"), grant(of_team("Web"), "hosting/*")]
    assert Access(state(*entries)).to("hosting/site") == (
        Path(of_user("ana"), "hosting/*", TECHNICAL, (member("ana").address, entries[3].address)),
    )


def test_rights_add_up():
    """The rights on a thing are those of all paths to it, whatever covers it."""
    entries = [ANA, grant(of_user("ana"), "hosting/*"), grant(of_user("ana"), "hosting/site", "statistic")]
    access = Access(state(*entries))
    assert access.rights(of_user("ana"), "hosting/site") == TECHNICAL | STATISTIC
    assert access.rights(of_user("ana"), "hosting/shop") == TECHNICAL
    assert access.rights(of_user("ana"), "domain/site") == frozenset()


SITE, HOSTING = grant(of_user("ana"), "hosting/site"), grant(of_user("ana"), "hosting/*")
OF_WEB, OF_OPS = grant(of_team("Web"), "hosting/*"), grant(of_team("Ops"), "domain/*")


@pytest.mark.parametrize(
    ("have", "want", "gained", "lost", "kept"),
    [
        ([ANA], [ANA, HOSTING], [reached("hosting/*")], [], []),
        ([ANA, SITE], [ANA, HOSTING], [reached("hosting/*")], [], [("hosting/site", TECHNICAL, [HOSTING])]),
        ([ANA, HOSTING], [ANA, SITE], [], [reached("hosting/*")], [("hosting/site", TECHNICAL, [SITE])]),
        ([ANA, HOSTING], [ANA, HOSTING, SITE], None, None, None),
        (
            [ANA, grant(of_user("ana"), "hosting/*", "technical", "statistic")],
            [ANA, HOSTING],
            [],
            [reached("hosting/*", "statistic")],
            [],
        ),
        (
            [ANA, HOSTING],
            [ANA, grant(of_user("ana"), "hosting/*", "statistic")],
            [reached("hosting/*", "statistic")],
            [reached("hosting/*")],
            [],
        ),
        (
            [ANA, WEB, member("ana"), OF_WEB, HOSTING],
            [ANA, WEB, member("ana"), OF_WEB],
            [],
            [],
            [("hosting/*", TECHNICAL, [member("ana"), OF_WEB])],
        ),
        (
            [ANA, WEB, OPS, OF_WEB, OF_OPS, member("ana")],
            [ANA, WEB, OPS, OF_WEB, OF_OPS, member("ana", "Ops")],
            [reached("domain/*")],
            [reached("hosting/*")],
            [],
        ),
        ([ANA, WEB, OF_WEB, member("ana"), SITE], [ANA, SITE], [], [reached("hosting/*")],
         [("hosting/site", TECHNICAL, [SITE])]),
        (
            [person("ana", "administrator"), HOSTING],
            [ANA, HOSTING],
            [],
            [reached("*", *EVERY), reached("billing", "billing"), reached("organization", "administrator")],
            [("hosting/*", TECHNICAL, [HOSTING])],
        ),
        (
            [person("ana", "legal_representative")],
            [person("ana", "administrator")],
            [],
            [reached("organization", "legal_representative")],
            [],
        ),
        (
            [ANA, Use(ANA.email, "drive/Team", "user")],
            [ANA, Use(ANA.email, "drive/Team", "admin")],
            [reached("drive/Team", "use as admin")],
            [],
            [],
        ),
        (
            [ANA, opens("ana", "info", "can_manage_rules")],
            [ANA, opens("ana", "info")],
            [],
            [reached("mailbox/info@example.ch", "can_manage_rules")],
            [],
        ),
        ([OWNER, ANA, HOSTING, opens("ana", "info")], [OWNER], [],
         [reached("hosting/*"), reached("mailbox/info@example.ch", "read", "can_send_emails")], []),
        ([], [ANA, HOSTING], [reached("hosting/*")], [], []),
        ([ANA], [person("ana", language="de")], None, None, None),
    ],
)  # fmt: skip
def test_what_a_plan_means_to_somebody(have, want, gained, lost, kept):
    """What is gained and lost is told once, at its widest, and what stays is told with the path that still gives it."""
    found = means(have, want)
    if gained is None:
        assert found == {}
        return
    ways = tuple(Kept(what, rights, through(each)) for what, rights, each in kept)
    assert found == {"ana": Difference(of_user("ana"), tuple(gained), tuple(lost), ways)}


def test_what_a_plan_means_to_partners():
    """A partner who is limited loses every product but those that are granted."""
    full, limited = Partner("Agency", "full", wallet=True), Partner("Agency", "limited")
    site = grant(limited.address, "hosting/site")
    difference = means([full], [limited, site])["Agency"]
    assert (difference.gained, difference.lost) == ((), (reached("*", *EVERY), reached("billing", "billing")))
    assert [(each.what, each.rights) for each in difference.kept] == [("hosting/site", TECHNICAL)]


def test_a_deleted_team_is_lost_to_its_members():
    """Everybody in a team that goes loses what it gave, and nobody else is touched."""
    entries = [ANA, BOB, CLAIRE, OPS]
    found = means([*entries, WEB, OF_WEB, member("ana"), member("bob")], entries)
    assert {name: each.lost for name, each in found.items()} == dict.fromkeys(("ana", "bob"), (reached("hosting/*"),))


def test_a_new_leader_means_nothing_to_the_members():
    """Who leads a team changes nobody's access."""
    have = [ANA, BOB, WEB, OF_WEB, member("ana")]
    assert means(have, [*have[:2], Team("Web", BOB.email), *have[3:]]) == {}


def test_each_right_is_kept_by_one_path():
    """Where two paths still give the same, one of them is named; where it takes two, both are."""
    both = grant(of_user("ana"), "hosting/*", "technical", "statistic")
    entries = [ANA, WEB, OPS, member("ana"), member("ana", "Ops"), OF_WEB]
    same = means(
        [*entries, HOSTING, grant(of_team("Ops"), "hosting/*")], [*entries, grant(of_team("Ops"), "hosting/*")]
    )
    assert [each.path.through[0].name for each in same["ana"].kept] == ["Ops"]
    parts = grant(of_team("Ops"), "hosting/*", "statistic")
    two = means([*entries, both, parts], [*entries, parts])
    assert [(each.path.through[0].name, each.rights) for each in two["ana"].kept] == [
        ("Ops", STATISTIC),
        ("Web", TECHNICAL),
    ]


def test_what_is_left_of_everything_is_told_at_its_widest():
    """Of what an administrator keeps, a product within a service that is kept is not told again."""
    wide, single = grant(of_user("boss"), "hosting/*"), grant(of_user("boss"), "hosting/#7")
    kept = means([OWNER, BOSS, wide, single], [OWNER, person("boss"), wide, single])["boss"].kept
    assert [each.what for each in kept] == ["hosting/*"]


@pytest.mark.parametrize(
    ("taken", "left", "stays"),
    [
        (HOSTING, [WEB, member("ana"), OF_WEB], True),
        (SITE, [HOSTING], True),
        (HOSTING, [SITE], False),
        (grant(of_user("ana"), "hosting/*", "technical", "statistic"), [WEB, member("ana"), OF_WEB], False),
        (opens("ana", "info"), [], False),
    ],
)
def test_what_is_taken_and_still_reached(taken, left, stays):
    """A revocation changes nothing where other paths give all of it; half of it is not all."""
    before, plan = planned([ANA, taken, *left], ANA, *left)
    (change,) = plan.changes
    kept = still_reached(change, Access(before), Access(result(before, plan)))
    assert bool(kept) is stays


def test_a_membership_is_still_reached_where_another_team_gives_the_same():
    """Leaving a team means nothing to who keeps all of it, and a grant of the team must stay to all its members."""
    entries = [ANA, BOB, WEB, OPS, OF_WEB, grant(of_team("Ops"), "hosting/*")]
    crew = [member("ana"), member("bob"), member("ana", "Ops")]
    before, plan = planned([*entries, *crew], *entries, *crew[1:])
    (change,) = plan.changes
    assert [each.path.through[0] for each in still_reached(change, Access(before), Access(result(before, plan)))] == [
        crew[2].address
    ]
    before, plan = planned([*entries, *crew], *entries[:4], entries[5], *crew)
    (change,) = plan.changes
    assert still_reached(change, Access(before), Access(result(before, plan))) == ()


CHAIN = [opens("ana", "bob"), opens("bob", "claire"), opens("claire", "dan")]
CREW = [ANA, BOB, CLAIRE, DAN]


def test_takeovers_go_on_from_step_to_step():
    """Who opens a mailbox can become its owner, and go on with what that one opens, by the fewest steps."""
    held = grant(of_user("dan"), "hosting/*")
    found = Access(state(*CREW, *CHAIN, held)).takeovers(of_user("ana"))
    assert [each.becomes.name for each in found] == [email("bob"), email("claire"), email("dan")]
    assert found[2] == Takeover(
        of_user("ana"), of_user("dan"), tuple(each.address for each in CHAIN), (reached("hosting/*"),)
    )


def test_takeovers_in_a_circle_end():
    """People who open each other's mailboxes can become each other, each once, and nobody themselves."""
    circle = [*CREW[:3], opens("ana", "bob"), opens("bob", "claire"), opens("claire", "ana"), opens("ana", "ana")]
    access = Access(state(*circle, grant(of_user("bob"), "hosting/*")))
    assert set(access.chains(of_user("ana"))) == {of_user("bob"), of_user("claire")}
    assert access.can_become(of_user("ana")) == {of_user("bob"), of_user("claire")}


def test_takeovers_that_give_nothing_are_none():
    """Becoming somebody who reaches no more than oneself is no takeover, nor is a mailbox that is nobody's login."""
    assert Access(state(ANA, BOB, opens("ana", "bob"), opens("ana", "info"))).takeovers(of_user("ana")) == ()


def test_who_governs_takes_over_only_who_governs_more():
    """An administrator can give themselves what a colleague reaches, and not what a legal representative may."""
    held = [Use(ANA.email, "drive/Team", "admin"), opens("boss", "ana"), opens("boss", "owner")]
    found = Access(state(OWNER, BOSS, ANA, *held)).takeovers(of_user("boss"))
    assert [each.becomes for each in found] == [OWNER.address]


@pytest.mark.parametrize(
    ("have", "want", "who"),
    [
        ([*CHAIN[1:]], CHAIN, {"ana" }),
        ([CHAIN[0], CHAIN[2]], CHAIN, {"ana", "bob"}),
        (CHAIN, CHAIN[:2], set()),
        ([*CHAIN, opens("dan", "dan", own=True)], CHAIN, set()),
    ],
)  # fmt: skip
def test_takeovers_that_a_plan_adds(have, want, who):
    """A new step is told to everybody upstream of it, and what could be taken over before is not told again."""
    held = grant(of_user("dan"), "hosting/*")
    found = means([*CREW, held, *have], [*CREW, held, *want])
    assert {name for name, each in found.items() if each.takeovers} == who


def test_a_takeover_that_gives_less_than_before_is_not_told():
    """Where somebody loses what they reach themselves, or the other loses rights, nobody's way becomes longer."""
    wide, less = (
        grant(of_user("bob"), "hosting/*", *rights) for rights in (("technical", "statistic"), ("technical",))
    )
    step = opens("ana", "bob")
    assert means([ANA, BOB, step, wide], [ANA, BOB, step, less])["bob"].takeovers == ()
    assert all(not each.takeovers for each in means([ANA, BOB, step, wide], [ANA, BOB, step, less]).values())
    assert means([ANA, BOB, step, wide, HOSTING], [ANA, BOB, step, wide])["ana"].takeovers == ()


def test_the_state_after_a_plan():
    """Who is invited has not accepted, a mailbox stays its owner's, and what comes with a place comes with it still."""
    own, chat = opens("ana", "ana", own=True), Use(ANA.email, "kchat/Chat", None, implied=True)
    before, plan = planned(
        [ANA, own, chat], ANA, BOB, opens("ana", "ana", "can_manage_rules"), Use(ANA.email, "kchat/Chat", "admin")
    )
    after = result(before, plan).entries
    user, mailbox, place = after[BOB.address], after[own.address], after[chat.address]
    assert isinstance(user, User)
    assert user.invited
    assert isinstance(mailbox, Delegation)
    assert mailbox.own
    assert isinstance(place, Use)
    assert place.implied


def test_what_hangs_on_what_goes_is_gone():
    """A user, a team and a partner take along what hangs on them, as the model says."""
    agency = Partner("Agency", "limited")
    crew = [member("ana"), member("bob"), member("bob", "Ops")]
    held = [OF_WEB, OF_OPS, HOSTING, grant(agency.address, "hosting/*"), opens("ana", "info"), opens("bob", "ana")]
    have = [OWNER, BOB, ANA, WEB, OPS, agency, *crew, *held]
    before, plan = planned(have, OWNER, BOB, OPS, member("bob", "Ops"), OF_OPS, opens("bob", "ana"))
    gone = {ANA.address, WEB.address, agency.address}
    left = {address for address in before.entries if address not in gone and not owners(address) & gone}
    assert set(result(before, plan).entries) == left
    assert delegate("bob", "ana") in left


PRODUCTS = ("hosting/a", "hosting/b", "domain/a", "domain/b")
LATER = ("hosting/later", "domain/later", "later/a")
"""Products that nobody names: what is reached of them is reached by what is wide."""

TARGETS = st.sampled_from([*PRODUCTS, "hosting/*", "domain/*"])
RIGHTS = st.frozensets(st.sampled_from(["technical", "statistic"]), min_size=1)
NAMES = st.sampled_from(["ana", "bob", "claire"])
SUBJECTS = st.sampled_from([*map(of_user, ("ana", "bob", "claire")), of_team("Web"), of_team("Ops")])
ROLES = st.sampled_from(["collaborator", "collaborator", "external", "administrator"])


@st.composite
def sides(draw):
    """Make an organization: whoever is in it, and what hangs on who is there."""
    people = [person(name, draw(ROLES)) for name in ("ana", "bob", "claire") if draw(st.integers(0, 5))]
    teams = [team for team in (WEB, OPS) if draw(st.integers(0, 5))]
    grants = draw(st.lists(st.builds(grant_of, SUBJECTS, TARGETS, RIGHTS), max_size=8))
    members = draw(st.lists(st.builds(member, NAMES, st.sampled_from(["Web", "Ops"])), max_size=5))
    there = {each.address for each in (*people, *teams)}
    return [*people, *teams, *(each for each in (*grants, *members) if owners(each.address) <= there)]


def grant_of(subject, target, rights):
    return grant(subject, target, *rights)


def held(side, who, product):
    """Count by hand what somebody may do with one product: no paths, no wide targets."""
    entries = side.entries.values()
    user = side.user(who.name)
    if user is None:
        return frozenset()
    teams = {of_team(each.team) for each in entries if isinstance(each, Membership) and each.email == who.name}
    given = {EVERY} if user.role == "administrator" else set()
    for each in entries:
        if getattr(each, "subject", None) in {who, *teams} and each.target in (product, f"{product.split('/')[0]}/*"):
            given.add(each.rights)
    return frozenset().union(*given)


def expanded(found: Iterable[Reached | Kept], product: str) -> frozenset[str]:
    return frozenset().union(*(each.rights for each in found if covers(each.what, product)))


@settings(max_examples=150)
@given(before=sides(), after=sides())
def test_wide_targets_say_what_each_product_says(before, after):
    """What a plan means, expanded over all products and those to come, is what one counts product by product."""
    side, plan = planned(before, *after)
    then = result(side, plan)
    by_person = {each.who: each for each in differences(Access(side), Access(then), plan)}
    for who in map(of_user, ("ana", "bob", "claire")):
        found = by_person.get(who, Difference(who))
        more, less = set(), set()
        for product in (*PRODUCTS, *LATER):
            old, new = held(side, who, product), held(then, who, product)
            assert expanded(found.gained, product) - old == new - old
            assert expanded(found.lost, product) - expanded(found.kept, product) == old - new
            assert expanded(found.kept, product) <= old & new
            more |= {(each.what, right) for each in found.gained for right in new - old if covers(each.what, product)}
            less |= {(each.what, right) for each in found.lost for right in old - new if covers(each.what, product)}
        apart = ("organization", "billing")
        for said, counted in ((found.gained, more), (found.lost, less)):
            told = {(each.what, right) for each in said for right in each.rights if each.what not in apart}
            assert told <= counted


@settings(max_examples=100)
@given(before=sides(), after=sides())
def test_what_is_still_reached_is_lost_to_nobody(before, after):
    """A revocation of which all stays takes no right on any product from those whom it is about."""
    side, plan = planned(before, *after)
    then = result(side, plan)
    have, want = Access(side), Access(then)
    for change in plan.changes:
        for kept in still_reached(change, have, want):
            assert all(
                held(then, kept.path.who, product) >= kept.rights for product in PRODUCTS if covers(kept.what, product)
            )
