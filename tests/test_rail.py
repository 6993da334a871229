"""Reasons to refuse a plan: where each begins and ends. Their stories are in `test_judgement.py`."""

import pytest
from tests.judging import (
    HERE,
    codes,
    consent,
    delegate,
    email,
    grant,
    judged,
    member,
    of_team,
    of_user,
    opens,
    person,
    state,
)

from accessplan.model import BlindSpot, Team, Use, User, team_address
from accessplan.policy import Limit, Policy, Protected, Rails
from accessplan.rail import live_counts

OWNER, OTHER = person("owner", "legal_representative"), person("other", "legal_representative")
INVITED = person("new", "legal_representative", invited=True)
ANA, BOB, CLAIRE = person("ana"), person("bob"), person("claire")
PEOPLE = [person(f"p{number:02}") for number in range(40)]
WEB = Team("Web")
DRIVE = "drive/Team Drive"


def refused(have, want, **more):
    return codes(judged(state(*have), *want, **more))


def limits(**kinds):
    return Policy(Rails(limits=kinds))


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ([OWNER, ANA], [ANA]),
        ([OWNER, ANA], [User(OWNER.email, "collaborator"), ANA]),
        ([OWNER], [User(INVITED.email, "legal_representative")]),
        ([OWNER, INVITED], [User(INVITED.email, "legal_representative")]),
        ([OWNER, OTHER], [User(OWNER.email, "administrator"), User(OTHER.email, "administrator")]),
    ],
)
def test_the_last_legal_representative_stays(have, want):
    """A plan after which nobody active represents the organization is refused; an invited one does not count."""
    assert refused(have, want) == ["legal-representative-stays"]


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ([OWNER, OTHER], [OWNER]),
        ([OWNER, ANA], [User(ANA.email, "legal_representative")]),
        ([OWNER, ANA], [OWNER]),
        ([ANA, BOB], [BOB]),
        ([OWNER, INVITED], [OWNER]),
    ],
)
def test_who_has_a_successor_may_go(have, want):
    """One of two may go, and the only one whose successor is active; a plan that is not about them is none of this."""
    assert refused(have, want) == []


def test_an_invited_representative_does_not_count_towards_the_number():
    """Of two asked for, one who is only invited replaces nobody; one who is active does."""
    two = Policy(Rails(representatives=2))
    new = User(INVITED.email, OWNER.role)
    assert refused([OWNER, OTHER, INVITED], [OWNER, new], policy=two) == ["too-few-representatives"]
    assert refused([OWNER, OTHER, ANA], [OWNER, person("ana", OWNER.role)], policy=two) == []


def test_an_invited_representative_may_be_required():
    """Who is required and only invited must not lose the role either; who never had it is not missed."""
    required = Policy(Rails(required=(INVITED.email, ANA.email)))
    have = [OWNER, INVITED, ANA]
    assert refused(have, [OWNER], policy=required) == ["required-representative"]
    assert refused(have, [OWNER, User(INVITED.email, "collaborator"), ANA], policy=required) == [
        "required-representative"
    ]
    assert refused(have, [OWNER, User(INVITED.email, OWNER.role)], policy=required) == []


def test_ones_own_role_may_grow():
    """The token's user may get a stronger role, and lose grants, but no weaker role; an unknown one is nobody."""
    boss, held = person("boss", "administrator"), grant(of_user("boss"), "hosting/*")
    weaker, stronger = person("boss"), person("boss", "legal_representative")
    assert refused([OWNER, boss], [OWNER, weaker], token_user=boss.email) == ["own-role"]
    assert refused([OWNER, boss], [OWNER, stronger], token_user=boss.email) == []
    assert refused([OWNER, weaker, held], [OWNER, weaker], token_user=boss.email) == []
    assert refused([OWNER, boss], [OWNER, weaker], token_user=email("nobody")) == []
    assert refused([OWNER, boss], [OWNER, weaker]) == []


def test_a_mailbox_is_not_left_to_who_has_not_accepted():
    """Somebody who is only invited is no holder: neither the one who would stay, nor the one who goes."""
    have = [OWNER, ANA, opens("ana", "info")]
    judgement = judged(state(*have), OWNER, ANA, BOB, opens("bob", "info"))
    (refusal,) = judgement.refusals
    assert refusal.finding.message == (
        'nobody would open mailbox["info@example.ch"] any more: 1 does now, and 1 invited has not accepted yet'
    )
    guest = person("bob", invited=True)
    assert refused([OWNER, guest, opens("bob", "info")], [OWNER, guest]) == []


def test_ones_own_mailbox_is_held():
    """The last delegate of a mailbox may go while its own user is there; with the user the mailbox is left."""
    own = opens("bob", "bob", own=True)
    have = [OWNER, ANA, BOB, own, opens("ana", "bob")]
    assert refused(have, [OWNER, ANA, BOB]) == []
    judgement = judged(state(OWNER, BOB, own), OWNER)
    assert judgement.blocked == {of_user("bob"): ("last-holder",)}


def test_what_a_leaver_held_last_is_asked_for_by_itself():
    """That somebody may go is no consent to that nobody is left: the delegation is agreed to apart."""
    have = state(OWNER, ANA, opens("ana", "info"))
    leaves, hands_over = consent("revoke", ANA.address), consent("revoke", delegate("ana", "info"))
    assert codes(judged(have, OWNER, policy=Policy(consents=(leaves,)))) == ["last-holder"]
    assert codes(judged(have, OWNER, policy=Policy(consents=(hands_over,)))) == []


def test_one_consent_of_two_does_not_leave_a_mailbox_to_nobody():
    """Two who open a mailbox go: as long as nobody has agreed to both, it is refused."""
    have = state(OWNER, ANA, BOB, opens("ana", "info"), opens("bob", "info"))
    both = [consent("revoke", delegate(name, "info")) for name in ("ana", "bob")]
    assert codes(judged(have, OWNER, ANA, BOB, policy=Policy(consents=(both[0],)))) == ["last-holder"]
    assert codes(judged(have, OWNER, ANA, BOB, policy=Policy(consents=tuple(both)))) == []


@pytest.mark.parametrize(
    "spot",
    [
        BlindSpot("mailbox", "delegate", "Not shown.", domain="example.ch"),
        BlindSpot("mailbox", "delegate", "Not shown.", person=BOB.email),
    ],
)
def test_a_blind_spot_is_told(spot):
    """Where others may open a mailbox unseen, the refusal stands and says so."""
    (refusal,) = judged(state(ANA, opens("ana", "info"), blind=[spot]), ANA).refusals
    assert refusal.finding.message.endswith("any more: 1 does now; others may do so unseen: Not shown")


@pytest.mark.parametrize(
    "spot",
    [
        BlindSpot("mailbox", "delegate", "Not shown.", domain="elsewhere.ch"),
        BlindSpot("mailbox", "delegate", "Not shown.", attribute="sends"),
        BlindSpot("user", "use", "Not shown."),
    ],
)
def test_a_blind_spot_elsewhere_is_not_told(spot):
    """What is not shown of other mailboxes, of what may be sent, or of kDrives says nothing of who opens this one."""
    (refusal,) = judged(state(ANA, opens("ana", "info"), blind=[spot]), ANA).refusals
    assert refusal.finding.message.endswith("any more: 1 does now")


def test_a_pending_place_is_no_place_yet():
    """An invitation into a kDrive holds it for nobody."""
    have = [ANA, BOB, Use(ANA.email, DRIVE, "user"), Use(BOB.email, DRIVE, "user", pending=True)]
    (refusal,) = judged(state(*have), ANA, BOB, have[3]).refusals
    assert refusal.finding.message == (
        f"nobody would have a place in {DRIVE} any more: 1 has now, and 1 invited has not accepted yet"
    )


def test_a_ksuite_takes_its_places_along():
    """Whoever loses the last kSuite leaves the kChat that comes with it, and that may be left to nobody, too."""
    suite, chat = Use(ANA.email, "ksuite/Suite", None), Use(ANA.email, "kchat/Chat", None, implied=True)
    judgement = judged(state(ANA, suite, chat), ANA)
    assert [each.changes for each in judgement.refusals] == [(suite.address,), (suite.address,)]
    assert judgement.blocked == {suite.address: ("last-holder", "last-holder")}


def test_a_team_of_leavers_is_left_to_nobody():
    """A team whose members all leave the organization would have none; a team that never had one loses nothing."""
    have = [OWNER, ANA, WEB, member("ana"), Team("Empty")]
    judgement = judged(state(*have), OWNER, WEB, Team("Empty"))
    assert judgement.blocked == {member("ana").address: ("last-holder",)}


def test_removals_are_limited_by_number_and_by_share():
    """More than the number is refused, and more than the share; the share counts from ten live entries on."""
    assert refused(PEOPLE[:9], PEOPLE[:7], policy=limits(users=Limit(3, 10))) == []
    assert refused(PEOPLE[:10], PEOPLE[:8], policy=limits(users=Limit(3, 10))) == ["too-many-removals"]
    assert refused(PEOPLE[:10], PEOPLE[:9], policy=limits(users=Limit(3, 10))) == []
    assert refused(PEOPLE, PEOPLE[:36], policy=limits(users=Limit(3, 100))) == ["too-many-removals"]
    assert refused(PEOPLE, PEOPLE[:37], policy=limits(users=Limit(3, 100))) == []
    assert refused(PEOPLE, PEOPLE[:39], policy=limits(users=Limit(0, 100))) == ["too-many-removals"]


def test_kinds_that_the_document_does_not_limit_are_limited_as_usual():
    """A limit of one kind leaves the usual ones of the others."""
    assert refused(PEOPLE[:9], PEOPLE[:5], policy=limits(grants=Limit(0, 0))) == ["too-many-removals"]


def test_cancelled_invitations_and_demotions_count():
    """A cancelled invitation and a weaker role are removals like any other; more rights, and a renewal, are none."""
    one = limits(users=Limit(1, 100))
    late = User(ANA.email, ANA.role, invited=True, expired=True)
    boss = person("boss", "administrator")
    assert refused([OWNER, late, boss], [OWNER, person("boss")], policy=one) == ["too-many-removals"]
    assert refused([OWNER, late, boss], [OWNER, ANA, person("boss")], policy=one) == []
    assert refused([OWNER, late, BOB], [OWNER, person("bob", "administrator")], policy=one) == []


def test_what_goes_with_a_leaver_does_not_count():
    """Teams and mailboxes are taken from who leaves at once, and only the leaving counts."""
    none = {"teams": Limit(0, 0), "mailboxes": Limit(0, 0), "grants": Limit(0, 0)}
    have = [OWNER, ANA, BOB, WEB, member("ana"), member("bob"), opens("ana", "info"), opens("bob", "info")]
    want = [OWNER, BOB, WEB, member("bob"), opens("bob", "info")]
    judgement = judged(state(*have), *want, policy=limits(**none))
    assert len(judgement.causes) == 3
    assert codes(judgement) == []
    assert refused(have, [*want, ANA], policy=limits(**none)) == ["too-many-removals", "too-many-removals"]


def test_the_members_and_grants_of_a_deleted_team_count():
    """A team takes its members and grants along, and they are counted, each in its kind."""
    crew = [member(f"p{number:02}") for number in range(21)]
    have = [*PEOPLE, Team("Ops"), member("p39", "Ops"), WEB, *crew, grant(of_team("Web"), "hosting/*")]
    judgement = judged(state(*have), *PEOPLE, Team("Ops"), member("p39", "Ops"))
    assert [refusal.finding.message for refusal in judgement.refusals] == [
        "22 of 24 entries of teams would go or be weakened, 92 %; the limit is 20, and 25 %"
    ]
    assert judgement.blocked == {WEB.address: ("too-many-removals",)}


def test_one_kind_does_not_pay_for_another():
    """Removals are counted a kind: many grants and few users are within the limit of users."""
    grants = [grant(each.address, "hosting/*") for each in PEOPLE[:21]]
    judgement = judged(state(*PEOPLE, *grants), *PEOPLE[:39])
    assert [refusal.finding.message for refusal in judgement.refusals] == [
        "21 of 21 entries of grants would go or be weakened, 100 %; the limit is 20, and 25 %"
    ]


@pytest.mark.parametrize(
    ("protected", "have", "want", "is_refused"),
    [
        (ANA, [OWNER, ANA], [OWNER], True),
        (ANA, [OWNER, person("ana", "administrator")], [OWNER, ANA], True),
        (ANA, [OWNER, ANA], [OWNER, person("ana", "administrator")], False),
        (member("ana"), [ANA, BOB, WEB, member("ana"), member("bob")], [BOB, WEB, member("bob")], True),
        (member("ana"), [ANA, WEB, member("ana"), Team("Ops")], [ANA, Team("Ops")], True),
        (grant(of_user("ana"), "hosting/*"), [ANA, grant(of_user("ana"), "hosting/*", "technical")],
         [ANA, grant(of_user("ana"), "hosting/*", "statistic")], True),
        (opens("ana", "info"), [ANA, opens("ana", "info", sends=True)],
         [ANA, opens("ana", "info", "can_manage_rules", sends=False)], True),
        (opens("ana", "info"), [ANA, BOB, opens("bob", "info"), opens("ana", "info")], [ANA, BOB, opens("ana", "info")],
         False),
        (WEB, [ANA, BOB, WEB, member("ana"), member("bob")], [ANA, BOB, WEB, member("bob")], False),
        (CLAIRE, [OWNER, ANA], [OWNER], False),
    ],
)  # fmt: skip
def test_what_is_protected(protected, have, want, is_refused):
    """A protected entry is neither taken away, alone or with what it hangs on, nor weakened; others are free."""
    policy = Policy(Rails(protected=(Protected(protected.address, HERE),)))
    assert ("protected-entry" in refused(have, want, policy=policy)) is is_refused


def test_an_empty_section_lets_go_of_what_is_said_aloud():
    """What the document says must be gone, or whose days are over, is not for want of a name."""
    have = state(OWNER, ANA, WEB, Team("Ops"))
    assert codes(judged(have, OWNER, ANA)) == ["empty-section"]
    assert codes(judged(have, OWNER, ANA, ended=[WEB.address, team_address("Ops")])) == []
    assert codes(judged(have, OWNER, ANA, sections=("user",))) == []


def test_an_empty_section_with_nothing_live_is_no_matter():
    """Where nothing is live of a kind, an empty section takes nothing away."""
    assert refused([OWNER], [OWNER]) == []


@pytest.mark.parametrize(
    ("seen", "live", "is_refused"), [(10, 4, True), (10, 5, False), (9, 1, False), (21, 10, True), (0, 5, False)]
)
def test_a_live_side_that_shrank_is_not_believed(seen, live, is_refused):
    """From ten entries on, fewer than half of what the last run saw look like half an answer."""
    judgement = judged(state(*PEOPLE[:live]), *PEOPLE[: live - 1], last_seen={"users": seen}, sections=("user",))
    assert ("shrunken-live" in codes(judgement)) is is_refused


def test_a_live_side_that_shrank_may_grow():
    """Where nothing of the kind that shrank is taken away, nothing is refused."""
    have, seen = state(*PEOPLE[:3], WEB), {"users": 40}
    assert codes(judged(have, *PEOPLE[:4], WEB, last_seen=seen)) == []
    assert codes(judged(have, *PEOPLE[:3], Team("Ops"), last_seen=seen)) == []


def test_what_is_counted():
    """Each kind of the policy is counted, but for what nobody takes away."""
    have = state(ANA, WEB, member("ana"), grant(of_user("ana"), "hosting/*"), Use(ANA.email, DRIVE, "user"),
                 Use(ANA.email, "kchat/Chat", None, implied=True), opens("ana", "ana", own=True))  # fmt: skip
    assert live_counts(have) == {"users": 1, "teams": 2, "grants": 2, "mailboxes": 0, "partners": 0}


def test_a_plan_of_nothing_is_not_refused():
    """Where both sides agree no rail speaks, whatever is asked for."""
    policy = Policy(Rails(representatives=5, required=(email("nobody"),), protected=(Protected(ANA.address, HERE),)))
    assert refused([ANA], [ANA], policy=policy, token_user=ANA.email, last_seen={"users": 99}) == []
