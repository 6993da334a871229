"""Each rail, risk rule and access test: where it stands in the way, and where it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from tests.judging import (
    HERE,
    TODAY,
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

from accessplan.expect import Verdict
from accessplan.model import Entry, Partner, Team, Use, mailbox_address
from accessplan.policy import AccessTest, Limit, Policy, Protected, Quantity, Rails, Those
from accessplan.rail import RAILS
from accessplan.risk import RULES

OWNER = person("owner", "legal_representative")
OTHER = person("other", "legal_representative")
BOSS = person("boss", "administrator")
ANA, BOB = person("ana"), person("bob")
WEB = Team("Web")
AGENCY = Partner("WebAgency", "limited")
PEOPLE = [person(f"p{number}") for number in range(12)]
DRIVE = "drive/Team Drive"


@dataclass(frozen=True)
class Story:
    """What is live and what is wanted, and whether the rail or rule stands in the way."""

    code: str
    says: str
    stands: bool
    have: Sequence[Entry]
    want: Sequence[Entry]
    around: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self):
        return f"{self.code}: {self.says}"


def stands(code, says, have, want, **around):
    return Story(code, says, stands=True, have=have, want=want, around=around)


def passes(code, says, have, want, **around):
    return Story(code, says, stands=False, have=have, want=want, around=around)


def rails(**given):
    return {"policy": Policy(Rails(**given))}


RAIL_STORIES = [
    stands("legal-representative-stays", "the only one goes", [OWNER, ANA], [ANA]),
    passes("legal-representative-stays", "one of two goes", [OWNER, OTHER], [OWNER]),
    stands("own-role", "the token's user goes", [OWNER, BOSS], [OWNER], token_user=BOSS.email),
    passes("own-role", "another one goes", [OWNER, BOSS], [OWNER], token_user=OWNER.email),
    stands("required-representative", "they go", [OWNER, OTHER], [OTHER], **rails(required=(OWNER.email,))),
    passes("required-representative", "they stay", [OWNER, OTHER], [OWNER], **rails(required=(OWNER.email,))),
    stands("too-few-representatives", "one of two goes", [OWNER, OTHER], [OWNER], **rails(representatives=2)),
    passes("too-few-representatives", "one never was two", [OWNER, ANA], [OWNER], **rails(representatives=2)),
    stands("last-holder", "the only delegate goes", [ANA, opens("ana", "billing")], [ANA]),
    passes("last-holder", "another delegate stays",
           [ANA, BOB, opens("ana", "billing"), opens("bob", "billing")], [ANA, BOB, opens("bob", "billing")]),
    stands("last-holder", "a team loses its only member", [ANA, WEB, member("ana")], [ANA, WEB]),
    passes("last-holder", "a team goes with its only member", [ANA, WEB, member("ana")], [ANA]),
    stands("last-holder", "a kDrive loses its only user", [ANA, Use(ANA.email, DRIVE, "user")], [ANA]),
    passes("last-holder", "a kDrive changes hands",
           [ANA, BOB, Use(ANA.email, DRIVE, "user")], [ANA, BOB, Use(BOB.email, DRIVE, "user")]),
    stands("protected-entry", "a protected grant goes",
           [ANA, grant(ANA.address, "hosting/*")], [ANA],
           **rails(protected=(Protected(grant(ANA.address, "hosting/*").address, HERE),))),
    passes("protected-entry", "a protected grant grows",
           [ANA, grant(ANA.address, "hosting/*")], [ANA, grant(ANA.address, "hosting/*", "technical", "statistic")],
           **rails(protected=(Protected(grant(ANA.address, "hosting/*").address, HERE),))),
    stands("empty-section", "nobody is wanted", [OWNER, *PEOPLE[:2]], []),
    passes("empty-section", "somebody is wanted", [OWNER, *PEOPLE[:2]], [OWNER]),
    stands("shrunken-live", "9 of 20 are left, and one more would go", PEOPLE[:9], PEOPLE[:8], last_seen={"users": 20}),
    passes("shrunken-live", "10 of 20 are left", PEOPLE[:10], PEOPLE[:9], last_seen={"users": 20}),
    stands("too-many-removals", "4 users go", PEOPLE[:9], PEOPLE[:5]),
    passes("too-many-removals", "3 users go", PEOPLE[:9], PEOPLE[:6]),
]  # fmt: skip

BOSS_WAS_ANA = person("boss")
EVERY_RIGHT = [grant(of_user("ana"), f"{service}/*", "technical", "statistic") for service in ("drive", "hosting")]
BILLED = {"billing": True}

RISK_STORIES = [
    stands("new-legal-representative", "ana becomes one", [OWNER, ANA], [OWNER, person("ana", OWNER.role)]),
    passes("new-legal-representative", "they were one", [OWNER], [person("owner", OWNER.role, **BILLED)]),
    stands("new-administrator", "somebody is invited as one", [OWNER], [OWNER, BOSS]),
    passes("new-administrator", "a legal representative steps down", [person("boss", OWNER.role)], [BOSS]),
    stands("everything", "every right on every service", [ANA], [ANA, *EVERY_RIGHT], services=("drive", "hosting")),
    passes("everything", "one service is left out", [ANA], [ANA, EVERY_RIGHT[0]], services=("drive", "hosting")),
    stands("full-partner", "limited becomes full", [AGENCY], [Partner("WebAgency", "full")]),
    passes("full-partner", "a limited one comes", [], [AGENCY]),
    stands("wallet", "a full one gets it", [Partner("WebAgency", "full")], [Partner("WebAgency", "full", wallet=True)]),
    passes("wallet", "they have it", [Partner("WebAgency", "full", wallet=True)], [Partner("WebAgency", "full")]),
    stands("external-billing", "an external user gets it", [], [person("gus", "external", **BILLED)]),
    passes("external-billing", "a colleague gets it", [ANA], [person("ana", **BILLED)]),
    stands("mailbox-takeover", "a delegate may redirect", [ANA], [ANA, opens("ana", "info", "can_manage_rules")]),
    passes("mailbox-takeover", "a delegate may sign", [ANA], [ANA, opens("ana", "info", "can_manage_signatures")]),
    stands("escalation", "ana opens the mailbox the boss logs in with", [ANA, BOSS], [ANA, BOSS, opens("ana", "boss")]),
    passes("escalation", "the boss opens that of ana", [ANA, BOSS], [ANA, BOSS, opens("boss", "ana")]),
]  # fmt: skip


def asks(quantity, reaches="", **more):
    those = {name: more.pop(name) for name in ("roles", "team", "users") if name in more}
    return {"policy": Policy(tests=(AccessTest("a test", quantity, Those(**those), reaches, **more),))}


EXTERNAL = frozenset({"external"})
GUS = person("gus", "external")
OPENED = opens("gus", "billing")

TEST_STORIES = [
    stands("nobody", "an outsider opens it", [GUS], [GUS, OPENED],
           **asks(Quantity.NOBODY, "mailbox/billing@example.ch", roles=EXTERNAL)),
    passes("nobody", "the outsider stops opening it", [GUS, ANA, OPENED, opens("ana", "billing")],
           [GUS, ANA, opens("ana", "billing")],
           **asks(Quantity.NOBODY, "mailbox/billing@example.ch", roles=EXTERNAL)),
    stands("everybody", "one of the team has one product only", [ANA, WEB],
           [ANA, WEB, member("ana"), grant(of_user("ana"), "hosting/site")],
           **asks(Quantity.EVERYBODY, "hosting/*", team="web")),
    passes("everybody", "the team has the service", [ANA, WEB],
           [ANA, WEB, member("ana"), grant(of_team("Web"), "hosting/*")],
           **asks(Quantity.EVERYBODY, "hosting/*", team="web")),
    stands("count", "two of at most one", [BOSS], [BOSS, person("chief", "administrator")],
           **asks(Quantity.COUNT, roles=frozenset({"administrator"}), at_most=1)),
    passes("count", "one of at least one", [], [BOSS],
           **asks(Quantity.COUNT, roles=frozenset({"administrator"}), at_least=1)),
]  # fmt: skip


@pytest.mark.parametrize("story", RAIL_STORIES, ids=str)
def test_where_a_rail_stands_in_the_way(story):
    """A rail refuses what it is there for, and lets the like of it pass."""
    judgement = judged(state(*story.have), *story.want, **story.around)
    assert (story.code in codes(judgement)) is story.stands


@pytest.mark.parametrize("story", RISK_STORIES, ids=str)
def test_where_a_risk_is_told(story):
    """A rule tells of what it is there for, and not of the like of it."""
    judgement = judged(state(*story.have), *story.want, **story.around)
    assert (story.code in {risk.rule for risks in judgement.risks.values() for risk in risks}) is story.stands


@pytest.mark.parametrize("story", TEST_STORIES, ids=str)
def test_where_an_access_test_fails(story):
    """An access test fails where its sentence is not true of what would be, and the plan is blocked."""
    judgement = judged(state(*story.have), *story.want, **story.around)
    assert [outcome.verdict for outcome in judgement.tests] == [Verdict.FAILED if story.stands else Verdict.PASSED]
    assert judgement.is_blocked is story.stands


def test_each_has_its_stories():
    """Each rail, risk rule and kind of access test has a story where it stands in the way, and one where not."""
    told = {(story.code, story.stands) for story in (*RAIL_STORIES, *RISK_STORIES, *TEST_STORIES)}
    registered = [each.__name__.replace("_", "-") for each in (*RAILS, *RULES)] + [str(each) for each in Quantity]
    assert told == {(code, is_so) for code in registered for is_so in (True, False)}


TWO_GO = (state(OWNER, ANA, BOB), OWNER)
ONE_AT_A_TIME = Rails(limits={"users": Limit(1, 100)})


def test_a_consent_lifts_what_it_names():
    """A consent to one of two removals leaves one, which is within the limit; it is told, and nothing is refused."""
    agreed = consent("revoke", ANA.address)
    judgement = judged(*TWO_GO, policy=Policy(ONE_AT_A_TIME, consents=(agreed,)))
    assert codes(judged(*TWO_GO, policy=Policy(ONE_AT_A_TIME))) == ["too-many-removals"]
    assert codes(judgement) == []
    assert judgement.consented == {ANA.address: agreed}


@pytest.mark.parametrize(
    "agreed",
    [
        consent("revoke", ANA.address, date(2026, 11, 20)),
        consent("cancel", ANA.address),
        consent("revoke", of_user("somebody")),
    ],
)
def test_a_consent_to_something_else_lifts_nothing(agreed):
    """A consent counts to the end of its last day, and for just this effect on just this entry."""
    judgement = judged(*TWO_GO, policy=Policy(ONE_AT_A_TIME, consents=(agreed,)))
    assert (codes(judgement), judgement.consented) == (["too-many-removals"], {})


def test_a_consent_that_nobody_needs_is_not_told():
    """Where no rail refuses a change, a consent to it lifts nothing and is not named."""
    judgement = judged(*TWO_GO, policy=Policy(consents=(consent("revoke", ANA.address),)))
    assert (codes(judgement), judgement.consented) == ([], {})


@pytest.mark.parametrize(
    ("code", "people", "around"),
    [
        ("legal-representative-stays", [ANA], {}),
        ("own-role", [OTHER, ANA], {"token_user": OWNER.email.upper()}),
    ],
)
def test_no_consent_lifts_what_cannot_be_mended(code, people, around):
    """That nobody governs, or that the token's user cannot go on, is refused whatever anybody consents to."""
    agreed = Policy(consents=(consent("revoke", OWNER.address),))
    judgement = judged(state(OWNER, *people), *people, policy=agreed, **around)
    assert codes(judgement) == [code]
    assert judgement.consented == {}


def test_what_is_refused_names_its_changes():
    """A refusal is about the open changes alone, so that what is agreed is not asked for again."""
    have = state(ANA, BOB, opens("ana", "info"), opens("bob", "info"))
    agreed = Policy(consents=(consent("revoke", delegate("ana", "info")),))
    judgement = judged(have, ANA, BOB, policy=agreed)
    assert judgement.blocked == {delegate("bob", "info"): ("last-holder",)}


def test_messages_say_what_how_many_and_how_to_mend():
    """A refusal says in one sentence what would be, with numbers, and its hint how to go on."""
    judgement = judged(state(*PEOPLE), *PEOPLE[:8], policy=Policy(), token_user=email("p1"))
    (refusal,) = judgement.refusals
    assert refusal.finding.message == "4 of 12 entries of users would go or be weakened, 34 %; the limit is 3, and 10 %"
    assert refusal.finding.hint == "take away less at once; else consent: the lines to paste are under ACKNOWLEDGE"
    assert refusal.finding.place == HERE


def test_the_messages_of_all_rails():
    """Names are told as addresses, so that what is hostile in them stays within quotes."""
    told: dict[str, str] = {}
    for story in RAIL_STORIES:
        for refusal in judged(state(*story.have), *story.want, **story.around).refusals:
            if refusal.finding.code == story.code:
                told.setdefault(story.code, refusal.finding.message)
    assert told == {
        "legal-representative-stays": "no active legal representative would be left: 1 of 1 loses the role",
        "own-role": 'the token is that of user["boss@example.ch"], who would be removed',
        "required-representative": 'user["owner@example.ch"] would be no legal representative any more, and the '
        "document requires it",
        "too-few-representatives": "1 active legal representative would be left, and the document asks for 2: 1 loses "
        "the role",
        "last-holder": 'nobody would open mailbox["billing@example.ch"] any more: 1 does now',
        "protected-entry": 'user["ana@example.ch"].grant["hosting/*"] is protected, and it would go',
        "empty-section": "the document wants nothing of users: 3 live entries would go or be weakened",
        "shrunken-live": "9 entries of users are live, and the last run saw 20: fewer than half",
        "too-many-removals": "4 of 9 entries of users would go or be weakened; the limit is 3",
    }


def test_a_warning_does_not_block():
    """An access test that only warns until a day blocks nothing on that day, and blocks on the next."""
    around = asks(Quantity.NOBODY, "mailbox/*", roles=EXTERNAL, warn_until=TODAY)
    judgement = judged(state(GUS), GUS, OPENED, **around)
    assert [outcome.verdict for outcome in judgement.tests] == [Verdict.WARNED]
    assert not judgement.is_blocked
    late = asks(Quantity.NOBODY, "mailbox/*", roles=EXTERNAL, warn_until=date(2026, 11, 20))
    assert judged(state(GUS), GUS, OPENED, **late).is_blocked


def test_a_protected_mailbox_keeps_everybody():
    """Nobody who opens a protected mailbox is taken out of it, alone or with all that they have."""
    have = state(OWNER, ANA, BOB, opens("ana", "info"), opens("bob", "info"))
    protected = Policy(Rails(protected=(Protected(mailbox_address(email("info")), HERE),)))
    assert codes(judged(have, OWNER, ANA, BOB, opens("bob", "info"), policy=protected)) == ["protected-entry"]
    judgement = judged(have, OWNER, ANA, opens("ana", "info"), policy=protected)
    assert judgement.blocked == {delegate("bob", "info"): ("protected-entry",)}
