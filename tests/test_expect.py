"""Access tests: sentences that must be true of the access that would result."""

from datetime import date

import pytest
from tests.judging import TODAY, email, grant, member, of_team, of_user, opens, person, state

from accessplan.access import Access
from accessplan.expect import Verdict, evaluate
from accessplan.model import Partner, Team, Use
from accessplan.policy import AccessTest, Quantity, Those

NOBODY, EVERYBODY, COUNT = Quantity.NOBODY, Quantity.EVERYBODY, Quantity.COUNT
OWNER, BOSS = person("owner", "legal_representative"), person("boss", "administrator")
ANA, BOB = person("ana"), person("bob")
GUS = person("gus", "external")
WEB = Team("Web")
DRIVE = "drive/Team Drive"


def outcome(entries, quantity, reaches="", *, today=TODAY, roles=(), team="", users=(), rights=(), **more):
    those = Those(frozenset(roles), team, frozenset(users))
    test = AccessTest("a test", quantity, those, reaches, frozenset(rights), **more)
    (found,) = evaluate([test], Access(state(*entries)), today)
    return found


def passes(*arguments, **more):
    return outcome(*arguments, **more).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("held", "reaches", "is_reached"),
    [
        ("hosting/site", "hosting/site", True),
        ("hosting/Site", "hosting/sITE", True),
        ("hosting/Cafe\u0301", "hosting/Caf\u00e9", True),
        ("hosting/site", "hosting/shop", False),
        ("hosting/*", "hosting/site", True),
        ("hosting/site", "hosting/*", True),
        ("hosting/*", "hosting/*", True),
        ("hosting/*", "domain/*", False),
        ("hosting/site", "organization", False),
        ("hosting/site", "mailbox/*", False),
    ],
)
def test_nobody_reaches_a_part_of_it(held, reaches, is_reached):
    """What overlaps is reached, the wider way and the narrower, and names are compared as people read them."""
    assert passes([ANA, grant(of_user("ana"), held)], NOBODY, reaches) is not is_reached


@pytest.mark.parametrize(
    ("held", "reaches", "is_reached"),
    [
        ("hosting/site", "hosting/site", True),
        ("hosting/*", "hosting/site", True),
        ("hosting/site", "hosting/*", False),
        ("hosting/*", "hosting/*", True),
    ],
)
def test_everybody_reaches_all_of_it(held, reaches, is_reached):
    """Who has one product of a service does not reach the service."""
    assert passes([ANA, grant(of_user("ana"), held)], EVERYBODY, reaches) is is_reached


def test_who_governs_reaches_every_product_and_the_organization():
    """Administrators reach all products with every right, the organization, and no mailbox and no place by that."""
    assert passes([BOSS, OWNER], EVERYBODY, "hosting/*", rights=["technical"])
    assert passes([BOSS, OWNER], EVERYBODY, "organization")
    assert passes([BOSS, OWNER], NOBODY, "mailbox/*")
    assert passes([BOSS, OWNER], NOBODY, DRIVE, rights=["use"])
    assert passes([ANA], NOBODY, "organization")


def test_mailboxes():
    """A mailbox is reached by its address, any of them by `mailbox/*`, and one's own mailbox counts."""
    entries = [ANA, BOB, opens("ana", "info"), opens("bob", "bob", own=True)]
    assert outcome(entries, NOBODY, "mailbox/INFO@example.ch").people == (ANA.address,)
    assert outcome(entries, NOBODY, "mailbox/*").people == (ANA.address, BOB.address)
    assert passes(entries, EVERYBODY, "mailbox/*")
    assert passes(entries, NOBODY, "mailbox/other@example.ch")


@pytest.mark.parametrize(
    ("rights", "people"),
    [
        ((), {"ana", "bob", "gus"}),
        (("read",), {"ana", "bob", "gus"}),
        (("send",), {"ana", "gus"}),
        (("can_manage_rules",), {"gus"}),
        (("can_manage_rules", "send"), {"ana", "gus"}),
        (("technical",), set()),
    ],
)
def test_with_one_of_the_rights(rights, people):
    """Rights narrow who reaches a thing: one of them is enough, and none given means any."""
    entries = [ANA, BOB, GUS, opens("ana", "info", sends=True), opens("bob", "info", "can_manage_filters", sends=False),
               opens("gus", "info", "can_manage_rules")]  # fmt: skip
    found = outcome(entries, NOBODY, "mailbox/info@example.ch", rights=rights)
    assert {each.name for each in found.people} == {email(name) for name in people}


def test_using_and_managing_are_apart():
    """Who has a place in a product uses it, and who manages it need not."""
    entries = [ANA, BOB, Use(ANA.email, DRIVE, "external"), grant(of_user("bob"), DRIVE)]
    assert outcome(entries, NOBODY, DRIVE, rights=["use"]).people == (ANA.address,)
    assert outcome(entries, NOBODY, DRIVE, rights=["technical", "statistic"]).people == (BOB.address,)


def test_a_grant_of_no_right_reaches_nothing():
    """A grant of which no right is known does not reach its target."""
    entry = grant(of_user("ana"), "hosting/*")
    assert passes([ANA, type(entry)(entry.subject, entry.target, frozenset())], NOBODY, "hosting/*")


@pytest.mark.parametrize(
    ("those", "people"),
    [
        ({}, {"ana@example.ch", "boss@example.ch", "gus@example.ch", "Agency"}),
        ({"roles": ["external"]}, {"gus@example.ch"}),
        ({"roles": ["external", "partner"]}, {"gus@example.ch", "Agency"}),
        ({"team": "wEB"}, {"ana@example.ch", "gus@example.ch"}),
        ({"team": "Ops"}, set()),
        ({"users": ["Ana@Example.ch"]}, {"ana@example.ch"}),
        ({"users": [ANA.email, GUS.email], "roles": ["external"]}, {"gus@example.ch"}),
        ({"team": "Web", "roles": ["administrator"]}, set()),
    ],
)
def test_whom_a_test_is_about(those, people):
    """A test is about who fits all that is said: the role, the team and the address; nothing said means everybody."""
    entries = [ANA, BOSS, GUS, WEB, Partner("Agency", "full"), member("ana"), member("gus")]
    assert {each.name for each in outcome(entries, COUNT, at_most=0, **those).people} == people


def test_invited_people_count():
    """Who is invited counts as if they had accepted."""
    guest = person("gus", "external", invited=True)
    assert not passes([guest, opens("gus", "info")], NOBODY, "mailbox/*", roles=["external"])


def test_becoming_another_does_not_count():
    """Who could log in as another by that one's mailbox does not reach what the other does."""
    entries = [ANA, BOB, opens("ana", "bob"), grant(of_user("bob"), "hosting/*")]
    assert outcome(entries, NOBODY, "hosting/*").people == (BOB.address,)


def test_nobody_names_who_does_and_by_which_path():
    """Whoever stands against it is named, with each path."""
    entries = [ANA, BOB, WEB, member("ana"), grant(of_team("Web"), "hosting/*"), grant(of_user("ana"), "hosting/site")]
    found = outcome(entries, NOBODY, "hosting/site")
    assert (found.verdict, found.message) == (Verdict.FAILED, "1 reaches hosting/site, and nobody may")
    assert found.people == (ANA.address,)
    assert [path.through for path in found.paths] == [
        (member("ana").address, entries[4].address),
        (entries[5].address,),
    ]


def test_everybody_names_who_does_not():
    """Whoever is missing is named, and has no path; where nobody is meant, it is true."""
    found = outcome([ANA, BOB, GUS, grant(of_user("ana"), "hosting/*")], EVERYBODY, "hosting/*")
    assert found.message == "2 of 3 do not reach hosting/*"
    assert (found.people, found.paths) == ((BOB.address, GUS.address), ())
    assert passes([ANA], EVERYBODY, "hosting/*", roles=["administrator"])


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"at_least": 2}, ""),
        ({"at_least": 3}, "2 are there, and at least 3 must be"),
        ({"at_most": 2}, ""),
        ({"at_most": 1}, "2 are there, and at most 1 may be"),
        ({"at_least": 2, "at_most": 2}, ""),
        ({"at_most": 0}, "2 are there, and at most 0 may be"),
    ],
)
def test_a_count_has_two_ends(bounds, message):
    """A count lies between its bounds, both included."""
    found = outcome([BOSS, person("chief", "administrator"), ANA], COUNT, roles=["administrator"], **bounds)
    assert found.message == message
    assert found.verdict is (Verdict.FAILED if message else Verdict.PASSED)


def test_a_count_of_who_reaches_is_careful_at_both_ends():
    """At most counts who reaches a part of it, at least only who reaches all of it."""
    entries = [ANA, BOB, grant(of_user("ana"), "hosting/*"), grant(of_user("bob"), "hosting/site")]
    many, few = outcome(entries, COUNT, "hosting/*", at_most=1), outcome(entries, COUNT, "hosting/*", at_least=2)
    assert (many.message, many.people) == (
        "2 reach hosting/*, and at most 1 may",
        (ANA.address, BOB.address),
    )
    assert len(many.paths) == 2
    assert (few.message, few.people) == ("1 reaches hosting/*, and at least 2 must", ())


def test_a_warning_ends_with_its_day():
    """Until the day, that included, a test that fails only warns; one that passes does not even do that."""
    day = date(2027, 1, 31)
    held = [ANA, grant(of_user("ana"), "hosting/*")]
    verdicts = [
        outcome(held, NOBODY, "hosting/*", warn_until=day, today=today).verdict for today in (day, date(2027, 2, 1))
    ]
    assert verdicts == [Verdict.WARNED, Verdict.FAILED]
    assert passes([ANA], NOBODY, "hosting/*", warn_until=day)


def test_tests_come_out_in_their_order():
    """Each test has one outcome, in the order of the document."""
    tests = [AccessTest(name, NOBODY, Those(), "hosting/*") for name in ("b", "a", "c")]
    assert [each.test.name for each in evaluate(tests, Access(state(ANA)), TODAY)] == ["b", "a", "c"]
