"""What the text of a plan says of judgement: verdict, causes, people, consent and access tests."""

from dataclasses import replace
from datetime import date

import pytest
import yaml
from tests.reports import (
    ANA,
    CHANGES,
    EMPTY,
    EVERYTHING,
    GUS,
    JUDGEMENT,
    KEPT,
    OLD_WEB,
    REVIEWED,
    change,
    grant,
    report,
)
from tests.reports_hostile import HOSTILE, hostile

from accessplan.access import Difference, Kept, Path, Reached, Takeover
from accessplan.cause import Cause, Kind
from accessplan.expect import Outcome, Verdict
from accessplan.finding import error
from accessplan.judgement import Judgement
from accessplan.model import Address, User, partner_address, team_address, user_address
from accessplan.policy import AccessTest, Quantity, Those
from accessplan.rail import Refusal
from accessplan.report import text
from accessplan.report.reach import lines_on, reached, strongest, through

FULL = text.Detail(held_back=True)


def judged(changes=CHANGES[:3], **said):
    """Make a report of these changes, of which this is said."""
    return report(changes, EVERYTHING.operations[:1], judgement=Judgement(**said))


def section(rendered, title):
    """Return the lines of a section."""
    return rendered.split(f"\n{title} (")[1].split("\n\n")[0].splitlines()[1:]


def outcome(verdict, **more):
    """Make the outcome of an access test."""
    return Outcome(AccessTest("few open it", Quantity.COUNT, Those()), verdict, "3 open it", **more)


RISKY = {GUS.address: (JUDGEMENT.risks[CHANGES[2].address][0],)}
RAIL = Refusal(error("removals", "too many"), ())


# the verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"refusals": (RAIL,)}, "Blocked by 1 rail."),
        ({"refusals": (RAIL, RAIL), "risks": RISKY}, "Blocked by 1 rail; 1 high-risk change."),
        ({"refusals": (RAIL,), "tests": (outcome(Verdict.FAILED),)}, "Blocked by 1 rail and 1 access test."),
        ({"tests": (outcome(Verdict.FAILED), outcome(Verdict.FAILED))}, "Blocked by 2 access tests."),
        ({"risks": RISKY, "tests": (outcome(Verdict.WARNED),)}, "Needs a careful look: 1 high-risk change."),
    ],
)
def test_the_verdict(said, verdict):
    """The first sentence says whether the plan is blocked, and how much of it needs a careful look."""
    lines = text.render(judged(**said)).splitlines()
    assert (lines[4], lines[5][:5]) == (verdict, "Plan ")


def test_no_changes_may_be_blocked():
    """Where nothing would change, an access test can fail all the same; those that pass are one word more."""
    passed, failed = (
        text.render(replace(EMPTY, judgement=Judgement(tests=(outcome(verdict),))))
        for verdict in (Verdict.PASSED, Verdict.FAILED)
    )
    assert passed.splitlines()[4:] == ["No changes. 1 entry matches, 1 access test passes."]
    assert failed.splitlines()[4:6] == ["Blocked by 1 access test.", "No changes. 1 entry matches."]
    assert section(failed, "ACCESS TESTS") == ["  1 failed", "  x few open it: 3 open it"]


def test_a_rail_names_a_few_changes():
    """Under a rail stand a few of its changes, and the rest is counted; one that it names itself is not repeated."""
    lines = section(text.render(EVERYTHING), "BLOCKED")
    assert lines[4:8] == [
        '    - user["gus@agency.example"]  Gus Guest, external',
        '    - user["late@agency.example"]  Lee Late, collaborator',
        '    - team["Web"].member["old@example.ch"]  still reached through team Ops',
        "      and 5 more",
    ]
    assert sum('user["gus@agency.example"]' in line for line in lines) == 2


def test_high_risk_has_its_reasons():
    """A change of high risk stands with its cause and every rule's message, before the sections of changes."""
    rendered = text.render(EVERYTHING)
    lines = section(rendered, "HIGH RISK")
    assert lines[-4:] == [
        '  ~ partner["Reseller"]  access limited => full; wallet no => yes',
        "    access.yaml:134",
        "    reaches every product [full-partner]",
        "    can spend from the wallet [wallet]",
    ]
    assert rendered.index("HIGH RISK") < rendered.index("REVOKES")


# causes


def test_causes_are_counted_where_they_differ():
    """Without a base, causes have columns where there is more than one; with one cause there is nothing to tell."""
    several, one = text.render(EVERYTHING, width=160), text.render(judged())
    heads = next(line for line in several.splitlines() if line.endswith("rename")).split()
    assert heads[-4:] == ["|", "document", "time", "rename"]
    assert "|" not in one


def test_counts_fit_the_screen():
    """Where one table is too wide, effects and causes have one each; their sums are the same."""
    narrow, wide = (text.render(REVIEWED, width=width) for width in (80, 160))
    totals = [line.split() for line in narrow.splitlines() if line.startswith("  total")]
    assert totals == [["total", *"4933318"], ["total", "26", "4", "1"]]
    (total,) = (line.split() for line in wide.splitlines() if line.startswith("  total"))
    assert total == [*totals[0], "|", *totals[1][1:]]


def test_what_is_not_from_this_change_is_apart():
    """With a base, changes are in two parts with their counts; without one, they are in one."""
    rendered = text.render(REVIEWED)
    mine, others = rendered.split("\nFROM THIS CHANGE (26)\n")[1].split("\nNOT FROM THIS CHANGE (5: 4 drift, 1 date)\n")
    assert [line for line in mine.splitlines() if line.endswith(")")][:1] == ["Revokes (5)"]
    assert "access.yaml:109 · a date passed · blocked" in others
    assert "access.yaml:33 · drift · blocked" in others
    assert "FROM THIS CHANGE" not in text.render(EVERYTHING)


def test_nothing_of_a_part_is_said():
    """Where all comes from the change under review, the other part is there and counts none."""
    causes = {each.address: Cause(Kind.CONFIG, is_new=True) for each in CHANGES[:3]}
    rendered = text.render(replace(judged(causes=causes), base="main"))
    assert "\nFROM THIS CHANGE (3)\n" in rendered
    assert "\nNOT FROM THIS CHANGE (0)\n" in rendered


def test_renames_say_what_was():
    """A renamed entry says what it was, and the old one what it will be."""
    rendered = text.render(EVERYTHING)
    assert '  + team["Support"]  leader emma@example.ch · renamed from team["Interns 2025"]\n' in rendered
    assert '  - team["Interns 2025"]  leader old@example.ch · renamed to team["Support"]\n' in rendered


def test_what_takes_nothing_away_says_so():
    """A revocation after which all is still reached names the other ways, each once."""
    ways = [KEPT, KEPT, *(_kept_by(name) for name in ("A", "B", "C"))]
    for kept, said in ((ways[:2], "team Ops"), (ways, "team Ops, team A, team B and 1 more")):
        rendered = text.render(judged((OLD_WEB,), kept={OLD_WEB.address: tuple(kept)}), width=120)
        assert f'team["Web"].member["old@example.ch"]  still reached through {said}\n' in rendered


def _kept_by(team):
    return KEPT._replace(path=KEPT.path._replace(through=(Address("team", team, "member", "old@example.ch"),)))


def test_the_document_and_its_base():
    """The identity names the commit of the document, and the base that it is compared with."""
    assert "\nwant access.yaml at 4f2c1e9+, base origin/main\n" in text.render(REVIEWED)
    assert "\nwant access.yaml\n" in text.render(EVERYTHING)


# people


def test_people_at_risk_come_first():
    """First who could become another, then whose change is of high risk, then who loses most."""
    names = [line.strip() for line in section(text.render(EVERYTHING), "PEOPLE AFFECTED") if line[2] != " "]
    assert names == ["ana@example.ch", "partner Reseller", "emma@example.ch", "gus@agency.example", "old@example.ch"]


def test_what_a_plan_means_to_a_person():
    """A person has a line each on what they could become, lose, gain and keep; what weighs most comes first."""
    lines = section(text.render(EVERYTHING), "PEOPLE AFFECTED")
    assert lines[:6] == [
        "  ana@example.ch",
        "    ! could become director@example.ch, whose mailbox they open, and reach the",
        "      organization (legal representative); every product; the billing account",
        "    - loses drive/Old Drive (technical); hosting/* (statistic)",
        "    + gains domain/example.com (technical); drive/Team Drive (use as user);",
        "      mailbox/director@example.ch (read, can_send_emails, can_manage_filters,",
    ]
    assert lines[-1] == "    = keeps hosting/* (technical) through team Ops"


def test_a_takeover_over_several_mailboxes():
    """Who could become another step by step is told by whose mailboxes."""
    steps = tuple(Address("mailbox", name, "delegate", "x") for name in ("b@x.ch", "c@x.ch"))
    takeover = Takeover(ANA, user_address("c@x.ch"), steps, (Reached("billing", frozenset({"billing"})),))
    (line,) = lines_on(Difference(ANA, takeovers=(takeover,)), str)
    assert line.words == "could become c@x.ch, whose mailbox they open by way of b@x.ch, and reach the billing account"


def test_long_lists_are_counted():
    """Of many people the first twenty are listed, of many things the first eight; --verbose lists all."""
    things = tuple(Reached(f"hosting/{number}", frozenset({"technical"})) for number in range(10))
    people = tuple(Difference(user_address(f"u{number}@x.ch"), gained=things) for number in range(25))
    short, long = (text.render(judged(people=people), detail=text.Detail(held_back=full)) for full in (False, True))
    assert (short.count("; and 2 more"), short.count("gains")) == (20, 20)
    assert "  and 5 more, --verbose lists them\n" in short
    assert (long.count("hosting/9"), " more" in long) == (25, False)


@pytest.mark.parametrize(
    ("what", "rights", "lost", "said"),
    [
        ("drive/D", {"use"}, False, ["use"]),
        ("drive/D", {"use", "use as user", "use as admin", "technical"}, False, ["technical", "use as admin"]),
        ("drive/D", {"use", "use as user", "use as admin"}, True, ["use, was admin"]),
        ("drive/D", {"use as admin"}, True, ["use as admin"]),
        ("kchat/C", {"use"}, True, ["use"]),
        ("organization", {"administrator", "legal_representative"}, False, ["legal representative"]),
        ("organization", {"legal_representative"}, True, ["legal representative"]),
        ("billing", {"billing"}, False, []),
        ("*", {"technical", "statistic", "check", "sale"}, True, []),
        ("*", {"technical"}, False, ["technical"]),
        ("mailbox/m@x.ch", {"can_manage_rules", "can_send_emails", "read"}, False,
         ["read", "can_send_emails", "can_manage_rules"]),
    ],
)  # fmt: skip
def test_only_the_strongest_right_is_named(what, rights, lost, said):
    """Of rights that include each other the strongest is named; who loses all of a place was something there."""
    assert strongest(what, frozenset(rights), lost=lost) == said


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ((team_address("Web")._replace(part="member", key="x"), grant(team_address("Web"), "a/*").address), "team Web"),
        ((grant(ANA, "hosting/*").address,), "a grant on hosting/*"),
        ((ANA._replace(part="use", key="drive/D"),), "a place in drive/D"),
        ((Address("mailbox", "m@x.ch", "delegate", ANA.name),), "mailbox m@x.ch"),
        ((ANA,), "their role"),
        ((partner_address("P"),), "full access"),
    ],
)
def test_the_way_to_a_thing(way, said):
    """A path is told by the entry that is nearest to the person."""
    path = Path(ANA, "hosting/*", frozenset({"technical"}), way)
    assert through(path, str) == said
    assert (through(path, str, "hosting/*") == "a grant of their own") is (way[0].part == "grant")
    assert reached(Kept("hosting/*", path.rights, path), str) == "hosting/* (technical)"


# consent


def acknowledged(rendered):
    """Read the consents in a text as the document would."""
    block = rendered[rendered.index("\nacknowledge:\n") :].split("\n\n")[0]
    return yaml.safe_load(block)["acknowledge"]


def test_consents_are_ready_to_paste():
    """Each change that is refused unless somebody consents has its consent, for two weeks and without a reason."""
    consents = acknowledged(text.render(EVERYTHING, width=60))
    assert consents[0] == {"change": 'revoke user["gus@agency.example"]', "until": date(2026, 12, 5), "reason": ""}
    assert len(consents) == 8


def test_no_consent_lifts_some_rails():
    """A rail that no consent lifts asks for none; a consent that is in force is told, not asked for."""
    firm = Refusal(error("x", "never"), (CHANGES[0].address,), may_consent=False)
    assert "ACKNOWLEDGE" not in text.render(judged(refusals=(firm,)))
    rendered = text.render(EVERYTHING)
    assert section(rendered, "CONSENTED") == [
        '  = revoke team["Interns 2025"]  the internship is over',
        "    access.yaml:152 · until 2026-12-01",
    ]
    assert 'revoke team["Interns 2025"]' not in [each["change"] for each in acknowledged(rendered)]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_consents(name, width):
    """Whatever a name is, at any width the consents are YAML that names the same changes."""
    sample = hostile(HOSTILE[name])
    (refusal,) = sample.judgement.refusals
    refused = {f"{each.effect} {each.address}" for each in sample.plan.changes if each.address in refusal.changes}
    assert {each["change"] for each in acknowledged(text.render(sample, width=width))} == refused


def test_many_consents_are_counted():
    """Beyond twenty consents the rest is counted in a comment, so that the block stays YAML; --verbose lists all."""
    changes = tuple(change(User(f"u{number}@x.ch", "external"), None, 1) for number in range(30))
    refusal = Refusal(error("removals", "too many"), tuple(each.address for each in changes))
    short, long = (
        text.render(judged(changes, refusals=(refusal,)), detail=text.Detail(held_back=full)) for full in (False, True)
    )
    assert (len(acknowledged(short)), len(acknowledged(long))) == (20, 30)
    assert "  # and 10 more, --verbose lists them\n" in short


# access tests


def test_access_tests_that_do_not_pass_are_told():
    """Tests that pass are counted; the others are told, the failed ones first, with who stands against them and how."""
    assert section(text.render(EVERYTHING), "ACCESS TESTS") == [
        "  2 passed, 1 warned, 1 failed",
        "  x no outsider reaches the hostings: 1 external user reaches it",
        "    access.yaml:145",
        "    old@example.ch reaches hosting/* (technical) through team Ops",
        "  ! two to four administrators: there is 1, and at least 2 are wanted",
        "    access.yaml:146 · warns until 2027-01-31",
        "    lee@example.ch",
    ]


def test_many_people_against_an_access_test():
    """Of many people who stand against a test, the first twenty are listed."""
    people = tuple(user_address(f"u{number}@x.ch") for number in range(50))
    lines = section(text.render(judged(tests=(outcome(Verdict.FAILED, people=people),))), "ACCESS TESTS")
    assert (len(lines), lines[-1]) == (23, "    and 30 more")
