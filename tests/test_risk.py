"""Which changes a reviewer must look at twice. The stories of each rule are in `test_judgement.py`."""

import pytest
from tests.judging import email, grant, judged, member, of_team, of_user, opens, person, state

from accessplan.access import Access
from accessplan.model import Delegation, Partner, Team, User
from accessplan.risk import TAKING_OVER, standing

OWNER, BOSS = person("owner", "legal_representative"), person("boss", "administrator")
ANA, BOB, CLAIRE = person("ana"), person("bob"), person("claire")
WEB = Team("Web")


def told(have, want, **around):
    """List what is told of a plan: the address, the rule and the message."""
    judgement = judged(state(*have), *want, **around)
    return {(address, risk.rule): risk.message for address, risks in sorted(judgement.risks.items()) for risk in risks}


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        (None, OWNER, {"new-legal-representative"}),
        (BOSS, person("boss", "legal_representative"), {"new-legal-representative"}),
        (person("boss", "legal_representative", invited=True), person("boss", "legal_representative"), set()),
        (User(BOSS.email, BOSS.role, invited=True, expired=True), BOSS, {"new-administrator"}),
        (ANA, person("ana", "administrator"), {"new-administrator"}),
        (person("boss", "legal_representative"), BOSS, set()),
        (person("boss", "administrator", billing=False), person("boss", "administrator", billing=True), set()),
        (ANA, person("ana", billing=True), set()),
        (BOSS, ANA, set()),
        (None, person("gus", "external", billing=True), {"external-billing"}),
        (person("gus", "external"), person("gus", "external", billing=True), {"external-billing"}),
        (person("gus", billing=True), person("gus", "external", billing=True), {"external-billing"}),
        (
            User(email("gus"), "external", billing=True, invited=True, expired=True),
            person("gus", "external", billing=True),
            {"external-billing"},
        ),
        (person("gus", "external", billing=True), person("gus", "external", billing=False), set()),
        (None, Partner("Agency", "full", wallet=True), {"full-partner", "wallet"}),
        (Partner("Agency", "full", wallet=True), Partner("Agency", "full"), set()),
        (Partner("Agency", "full"), Partner("Agency", "limited"), set()),
        (Partner("Agency", "full"), None, set()),
    ],
)
def test_what_is_told_of_people_and_partners(before, after, rules):
    """More power is told, also where an invitation that had run out is sent anew; less power is not, nor the same."""
    have, want = [OWNER] if after != OWNER else [], [OWNER] if after != OWNER else []
    found = told([*have, *([before] if before else [])], [*want, *([after] if after else [])])
    assert {rule for _, rule in found} == rules


@pytest.mark.parametrize("permission", sorted(TAKING_OVER))
def test_each_permission_that_takes_over_is_told(permission):
    """Each permission that takes a mailbox over or leaks its mail is told by its name, when it is new."""
    delegation = opens("ana", "info", permission)
    assert told([ANA], [ANA, delegation]) == {
        (delegation.address, "mailbox-takeover"): f"can take the mailbox over, or leak its mail: {permission}"
    }
    assert told([ANA, delegation], [ANA, opens("ana", "info", permission, "can_manage_signatures")]) == {}
    assert told([ANA, delegation], [ANA, opens("ana", "info")]) == {}


def test_ones_own_mailbox_is_not_taken_over():
    """Who may do more with their own mailbox takes nothing over, whatever address it has."""
    rules = "can_manage_rules"
    assert told([ANA], [ANA, opens("ana", "ana", rules)]) == {}
    alias = opens("ana", "info", own=True)
    assert told([ANA, alias], [ANA, Delegation(alias.mailbox, alias.email, frozenset({rules}))]) == {}


ALL = ("technical", "statistic")
SERVICES = ("domain", "drive", "hosting")


def all_of(subject, *services):
    return [grant(subject, f"{each}/*", *(ALL if each != "domain" else ("technical",))) for each in services]


def test_everything_is_told_once():
    """Every right on every service is told of the first grant that brings it, and never again."""
    every = all_of(of_user("ana"), *SERVICES)
    assert set(told([ANA], [ANA, *every], services=SERVICES)) == {(every[0].address, "everything")}
    assert set(told([ANA, *every[:2]], [ANA, *every], services=SERVICES)) == {(every[2].address, "everything")}
    assert told([ANA, *every], [ANA, *every], services=SERVICES) == {}
    assert told([ANA, *every], [ANA, *every[:2]], services=SERVICES) == {}


def test_less_than_everything_is_not_told():
    """A service with a right less, products one by one, or a single service in all are not everything."""
    every = all_of(of_user("ana"), *SERVICES)
    assert told([ANA], [ANA, *every[:2], grant(of_user("ana"), "hosting/*")], services=SERVICES) == {}
    assert told([ANA], [ANA, *every[:2], grant(of_user("ana"), "hosting/a", *ALL)], services=SERVICES) == {}
    assert told([ANA], [ANA, every[2]], services=["hosting"]) == {}


def test_everything_counts_for_teams_too():
    """A team that gets every right on every service is told of like a user."""
    every = all_of(of_team("Web"), *SERVICES)
    assert set(told([ANA, WEB], [ANA, WEB, *every], services=SERVICES)) == {(every[0].address, "everything")}


def test_an_escalation_is_put_down_to_what_adds_it():
    """A way to become another is told of the delegation that opens it, however many steps before it were there."""
    steps = [opens("ana", "bob"), opens("bob", "boss")]
    people = [ANA, BOB, BOSS]
    last = told([*people, steps[0]], [*people, *steps])
    assert last == {
        (steps[1].address, "escalation"): "ana@example.ch can set the password of boss@example.ch anew, and log in; "
        "bob@example.ch can set the password of boss@example.ch anew, and log in"
    }
    first = told([*people, steps[1]], [*people, *steps])
    assert set(first) == {(steps[0].address, "escalation")}


def test_an_escalation_by_a_rise():
    """Where somebody rises whose mailbox another opens, the rise opens the way."""
    step = opens("ana", "bob")
    found = told([OWNER, ANA, BOB, step], [OWNER, ANA, person("bob", "administrator"), step])
    assert set(found) == {(BOB.address, "new-administrator"), (BOB.address, "escalation")}


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ([ANA, BOB], [opens("ana", "bob")]),
        ([BOSS, person("chief", "administrator")], [opens("boss", "chief")]),
        ([OWNER, BOSS], [opens("owner", "boss")]),
        ([BOSS, ANA, grant(of_user("ana"), "drive/Team")], [grant(of_user("ana"), "drive/Team"), opens("boss", "ana")]),
        ([ANA, BOB, opens("ana", "bob")], [opens("ana", "bob"), grant(of_user("bob"), "hosting/*")]),
        ([ANA, BOB], [opens("ana", "ana", own=True)]),
        ([ANA, BOSS, opens("ana", "boss", "can_manage_signatures")], [opens("ana", "boss")]),
    ],
)
def test_no_escalation(have, want):
    """No way is told that gives nothing, that gives who governs what they may give themselves, or that was there."""
    people = [each for each in have if isinstance(each, User)]
    assert told(have, [*people, *want]) == {}


def test_an_administrator_can_become_a_legal_representative():
    """Who governs and opens the mailbox of who governs more is told of."""
    assert len(told([OWNER, BOSS], [OWNER, BOSS, opens("boss", "owner")])) == 1


def test_many_escalations_are_told_in_few_words():
    """One sentence names three of those who can become another, and counts the rest."""
    crew = [person(f"p{number}") for number in range(6)]
    circle = [opens(f"p{number}", f"p{number + 1}") for number in range(5)]
    step = opens("p5", "boss")
    found = told([BOSS, *crew, *circle], [BOSS, *crew, *circle, step])
    assert found[step.address, "escalation"] == "; ".join(
        [f"p{number}@example.ch can set the password of boss@example.ch anew, and log in" for number in range(3)]
        + ["3 more can become others"]
    )


def test_what_is_taken_away_is_no_risk():
    """A plan that only takes away is nowhere of high risk."""
    have = [OWNER, BOSS, ANA, WEB, member("ana"), grant(of_team("Web"), "hosting/*"), opens("ana", "boss")]
    assert told(have, [OWNER], services=SERVICES) == {}


def test_what_is_there_already():
    """What would be of high risk if it were granted today is told of what is there, and of nothing else."""
    own = Delegation(email("ana"), email("ana"), frozenset(TAKING_OVER), own=True)
    opened = opens("ana", "boss", "can_manage_rules")
    access = Access(state(OWNER, BOSS, ANA, BOB, own, opened, grant(ANA.address, "hosting/*", "technical")))
    found = standing(access, frozenset({"hosting", "domain"}))
    assert {address: {risk.rule for risk in risks} for address, risks in found.items()} == {
        OWNER.address: {"new-legal-representative"},
        BOSS.address: {"new-administrator"},
        opened.address: {"mailbox-takeover", "escalation"},
    }


def test_every_right_that_is_there_already():
    """Every right on every service is told once of whoever has it, a team too."""
    grants = [grant(WEB.address, f"{service}/*", "technical", "statistic") for service in ("domain", "hosting")]
    found = standing(Access(state(WEB, ANA, member("ana"), *grants)), frozenset({"domain", "hosting"}))
    assert [(address, [risk.rule for risk in risks]) for address, risks in found.items()] == [
        (grants[0].address, ["everything"])
    ]
