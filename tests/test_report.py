"""What the reader of a plan sees: its widths and colours, and what it says of each change and step."""

import re
import time
from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.extensions.amber import AmberSnapshotExtension
from tests.reports import (
    CHANGES,
    EMPTY,
    EVERYTHING,
    LEE,
    LEO,
    MIA,
    NOTHING,
    REVIEWED,
    WEB,
    change,
    grant,
    report,
)

from accessplan.access import Difference, Reached
from accessplan.cause import Cause, Kind
from accessplan.change import Effect
from accessplan.finding import error
from accessplan.judgement import Judgement
from accessplan.model import Delegation, Membership, Partner, Team, Use, User
from accessplan.rail import Refusal
from accessplan.report import text
from accessplan.report.changes import what
from accessplan.report.checklist import letter
from accessplan.report.report import KINDS, kind_of
from accessplan.risk import Risk
from accessplan.route import Operation, Step

STYLE = re.compile(r"\x1b\[[0-9;]*m")

FULL = text.Detail(requests=True, held_back=True)
SAMPLES = {"everything": EVERYTHING, "reviewed": REVIEWED, "nothing": NOTHING, "empty": EMPTY}


def too_long(rendered, width):
    """List the lines that are wider than the screen."""
    return [line for line in rendered.splitlines() if cell_len(line) > width]


# widths and colours


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ["everything", "reviewed"])
def test_the_text_of_everything(snapshot, name, width, color):
    """A plan with every kind of entry and effect looks like this, at each width, with colour and without."""
    rendered = text.render(SAMPLES[name], width=width, color=color, detail=FULL)
    assert rendered.replace("\x1b", "␛") == snapshot(extension_class=AmberSnapshotExtension)


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_the_text_of_no_changes(snapshot, name):
    """A plan without changes is one line, and what else there is to know."""
    assert text.render(SAMPLES[name]) == snapshot(extension_class=AmberSnapshotExtension)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_too_long(sample, width, color):
    """No line is wider than the screen, and without colour none ends in blanks."""
    rendered = STYLE.sub("", text.render(SAMPLES[sample], width=width, color=color, detail=FULL))
    assert too_long(rendered, width) == []
    assert color or [line for line in rendered.splitlines() if line != line.rstrip()] == []


def test_colour_adds_nothing():
    """What is coloured says the same without its colours; without colour there is no escape code."""
    plain, colorful = (text.render(EVERYTHING, width=80, color=color) for color in (False, True))
    assert "\x1b" not in plain
    assert [line.rstrip() for line in STYLE.sub("", colorful).splitlines()] == plain.splitlines()


def test_the_sample_has_everything():
    """The plan that the formats are held to has every kind of entry, every effect, and a renewal."""
    assert {kind_of(each) for each in CHANGES} == set(KINDS)
    assert {each.effect for each in CHANGES} == set(Effect)
    assert any(each.is_renewal for each in CHANGES)


# what is said of a change


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, User("a@b.ch", "external"), "external"),
        (None, User("a@b.ch", "collaborator", billing=True), "collaborator, billing right"),
        (None, User("a@b.ch", "administrator", notify_billing=False), "administrator, no billing reminders"),
        (User("a@b.ch", "legal_representative"), None, "legal representative"),
        (User("a@b.ch", "external"), User("a@b.ch", "external", billing=True), "billing not shown => yes"),
        (LEE, replace(LEO, role=LEE.role), "cancel and invite anew: first_name Lee => Leo"),
        (MIA, replace(MIA, invited=False), "cancel and invite anew: expired"),
        (None, Team("Web"), ""),
        (Team("Web"), Team("Web", "a_b@c.ch"), "leader none => a_b@c.ch"),
        (None, Membership("Web", "a@b.ch"), ""),
        (grant(WEB, "domain/*", "statistic", "technical"), None, "technical, statistic"),
        (None, Use("a@b.ch", "kchat/Chat", None), "use, role not shown"),
        (Use("a@b.ch", "drive/D", None), Use("a@b.ch", "drive/D", "admin"), "use not shown => admin"),
        (None, Delegation("m@b.ch", "a@b.ch", frozenset()), "open"),
        (None, Delegation("m@b.ch", "a@b.ch", frozenset(), sends=True), "read and write"),
        (None, Delegation("m@b.ch", "a@b.ch", frozenset({"x"}), sends=False), "read, not write, x"),
        (Delegation("m@b.ch", "a@b.ch", frozenset({"x"})), Delegation("m@b.ch", "a@b.ch", frozenset()),
         "permissions x => none"),
        (None, Partner("Agency", "full", wallet=True), "full access, with the wallet"),
        (Partner("Agency", "full", wallet=True), Partner("Agency", "full"), "wallet yes => no"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_change(before, after, said):
    """A few words say what an entry is, or what of it changes; what is not shown is called so."""
    assert what(change(before, after)) == said


def test_what_cannot_be_read_back():
    """Each change that cannot be read back says so; one line at the end says how to give one's word."""
    rendered = text.render(EVERYTHING)
    assert rendered.count("cannot be read back: attest") == sum(bool(each.attest) for each in CHANGES) == 6
    last = "Once done, say so: accessplan attest ADDRESS --by WHO (--all for all of them)"
    assert rendered.splitlines()[-1] == last
    assert "Once done" not in text.render(report(CHANGES[:4], EVERYTHING.operations))


def test_who_said_so_is_listed_on_demand():
    """What is taken on somebody's word is counted; --verbose lists it, with whose word and since when."""
    short, long = (text.render(EVERYTHING, detail=text.Detail(held_back=listed)) for listed in (False, True))
    said = "said by Claire Favre on 2026-10-01"
    assert ("ON SOMEBODY'S WORD (2)" in short, said in short) == (True, False)
    assert ("ON SOMEBODY'S WORD (2)" in long, said in long) == (True, True)


# the checklist


def by_hand(*steps):
    """Make a report with these steps, each an operation of its own."""
    return report(
        CHANGES[:1], tuple(Operation("edit-role", CHANGES[:1], steps=(step,), why_manual="why") for step in steps)
    )


def test_steps_on_one_screen_stand_together():
    """Neighbours on one screen share a heading; the order stays, and numbers go through."""
    steps = [Step("a", {}, path, who, "do") for path, who in ("PW", "PW", "QW", "PW", "PX")]
    shown = text.render(by_hand(*steps)).split("BY HAND, in the Manager (5)\n")[1].splitlines()
    assert shown[:5] == ["  P", "  W · why", "     1. do", "     2. do", "  Q"]
    assert [line.strip() for line in shown[5:]] == [
        "W · why",
        "3. do",
        "P",
        "W · why",
        "4. do",
        "P",
        "X · why",
        "5. do",
    ]


def test_lines_of_a_step_hang_under_it():
    """Several values on one screen have a line each, with a letter, and wrap under their own text."""
    step = Step("a", {}, "P", "W", "ana@example.ch", ("b " * 40, "Save"))
    assert text.render(by_hand(step), width=60).splitlines()[-4:] == [
        "     1. ana@example.ch",
        f"        a. {('b ' * 25).strip()}",
        f"           {('b ' * 15).strip()}",
        "        b. Save",
    ]


def test_letters():
    """Lines are counted from a to z, then aa, ab and so on."""
    letters = [letter(position) for position in (0, 25, 26, 27, 51, 52, 701, 702)]
    assert letters == ["a", "z", "aa", "ab", "az", "ba", "zz", "aaa"]


# long names


def test_a_long_name_hides_nothing():
    """The longest names that there are leave visible what is granted, and to whom of two alike."""
    team, product = "n" * 127, "p" * 255
    grants = tuple(change(None, grant(Team(team + end).address, f"hosting/{product}", "technical")) for end in "ab")
    operation = Operation("edit-team", grants, steps=(Step("edit_team", {}, "P", "W", "do"),))
    rendered = "".join(line.strip() for line in text.render(report(grants, (operation,))).splitlines())
    for end in "ab":
        assert f'team["{team}{end}"].grant["hosting/{product}"]' in rendered


def test_permissions_are_never_cut():
    """However many permissions there are, all of them are read."""
    permissions = frozenset(f"can_do_something_long_{number}" for number in range(30))
    said = what(change(None, Delegation("m@b.ch", "a@b.ch", permissions)))
    assert all(each in said for each in permissions)


# much to read


def large(judged, number=3000):
    """Make a plan of so many invitations, and say of them what is given."""
    changes = tuple(change(None, User(f"u{i:04}@example.ch", "administrator"), i + 1) for i in range(number))
    operations = tuple(Operation("invite", (each,), EVERYTHING.operations[0].requests[:1]) for each in changes)
    return report(changes, operations, judgement=judged(changes))


def much(changes):
    """Judge a large plan: two rails refuse all of it, some changes are of high risk, and everybody is affected."""
    addresses = tuple(each.address for each in changes)
    return Judgement(
        causes={each: Cause(Kind.CONFIG) for each in addresses},
        risks=dict.fromkeys(addresses[:300], (Risk("new-administrator", "manages every product and user"),)),
        refusals=tuple(Refusal(error(code, "too many"), addresses) for code in ("removals", "shrunken")),
        people=tuple(Difference(each, gained=(Reached("*", frozenset({"technical"})),)) for each in addresses),
    )


def test_what_is_read_first_of_3000_changes(snapshot):
    """The first forty lines of a large plan are the verdict, the counts, what blocks it and what is dangerous."""
    begun = time.perf_counter()
    lines = text.render(large(much)).splitlines()
    assert time.perf_counter() - begun < 8
    assert "\n".join(lines[:40]) == snapshot(extension_class=AmberSnapshotExtension)


def test_no_change_of_3000_is_hidden():
    """However large a plan is, each change has its line; only people and consents are counted beyond the first."""
    rendered = text.render(large(much))
    changes = rendered.split("\nGRANTS (3000)\n")[1].split("\nPEOPLE AFFECTED (3000)\n")[0]
    assert sum(line.startswith("  + user[") for line in changes.splitlines()) == 3000
    assert rendered.count("more, --verbose lists them") == 2
    everybody = text.render(large(much, 300), detail=FULL)
    assert "--verbose lists them" not in everybody
    assert everybody.count("gains every product") == everybody.count("  - change: ") == 300


def test_a_plan_that_nothing_stands_against():
    """Where nothing is blocked and nothing dangerous, the verdict is what there is to do."""
    lines = text.render(large(lambda _: Judgement())).splitlines()
    assert lines[0] == "Example SA (4242) on 2026-11-21"
    assert lines[4].startswith("Plan ")
    assert lines[4].endswith("3000 to invite; in 3000 requests.")
