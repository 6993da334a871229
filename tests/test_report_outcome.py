"""What is read after an apply, and what the doctor found."""

import json

import pytest
from rich.cells import cell_len
from syrupy.extensions.amber import AmberSnapshotExtension
from tests.reports import LEE, LEO, OPERATIONS, TEAM_RIGHTS, WEB, change, grant
from tests.reports_hostile import HOSTILE

from accessplan.apply import Applied, Outcome, Status
from accessplan.check import Check
from accessplan.check import Status as Checked
from accessplan.errors import ItemsRefused, RequestRefused
from accessplan.model import Membership, user_address
from accessplan.report import checks, outcome
from accessplan.route import Operation

MEMBERS = tuple(change(None, Membership("Web", f"{name}@example.ch")) for name in ("ana", "bob", "lee"))
ITEMS = ItemsRefused(
    {
        user_address("ana@example.ch"): "is no user of this organization",
        user_address("lee@example.ch"): "is no user of this organization",
        user_address("bob@example.ch"): "is blocked",
    }
)
REFUSED = RequestRefused("the name is taken", "Choose another.")

APPLIED = Applied(
    (
        Outcome(Operation("invite-again", (change(LEE, LEO),)), Status.DONE, sent=2),
        Outcome(Operation("team-members", MEMBERS), Status.FAILED, str(ITEMS), ITEMS),
        Outcome(Operation("create-team", OPERATIONS[1].changes), Status.FAILED, str(REFUSED), REFUSED),
        Outcome(
            Operation("change-team", (change(None, grant(WEB, "domain/*", "technical")),)),
            Status.SKIPPED,
            'it needs team["Web"], which failed',
        ),
        Outcome(OPERATIONS[4], Status.BY_HAND, OPERATIONS[4].why_manual),
        Outcome(OPERATIONS[5], Status.BY_HAND, OPERATIONS[5].why_manual),
    ),
    strays=(user_address("mia@example.ch"),),
)

CHECKS = [
    Check("token", Checked.OK, "The token may read the organization.", "Plans can be made."),
    Check(
        "mailboxes",
        Checked.NOTE,
        "The token may not read 2 Mail Services: the live system answered 403, forbidden, to both requests.",
        "Who may open their mailboxes is listed as not checked; an administrator's token would show it.",
    ),
    Check("roles", Checked.WARNING, "1 role is unknown: staff.", ""),
]


@pytest.mark.parametrize("width", [80, 120])
def test_the_text_of_an_apply(snapshot, width):
    """What came of an apply: what failed and why, each person's own reason, then what is left to be done by hand."""
    assert outcome.render(APPLIED, width=width) == snapshot(extension_class=AmberSnapshotExtension)


@pytest.mark.parametrize("reason", ["the name is taken", "the name is taken."])
def test_a_reason_and_its_remedy_are_two_sentences(reason):
    """What went wrong ends with one full stop where what to do follows; else it stands as it is."""
    for remedy, said in (("Choose another.", "the name is taken. Choose another."), ("", reason)):
        failed = Outcome(OPERATIONS[1], Status.FAILED, reason, RequestRefused(reason, remedy))
        assert f"    {said}\n" in outcome.render(Applied((failed,)))


def test_each_refused_person_has_their_reason():
    """People whom one request refuses stand under the reason that is theirs, each reason said once."""
    rendered = outcome.render(APPLIED, width=120)
    assert rendered.count("is no user of this organization") == rendered.count("is blocked") == 1
    assert (
        '  x grant team["Web"].member["ana@example.ch"]\n'
        '    grant team["Web"].member["lee@example.ch"]\n'
        "    is no user of this organization\n"
        '  x grant team["Web"].member["bob@example.ch"]\n'
        "    is blocked\n"
    ) in rendered


def test_a_renewal_is_told_as_one():
    """An invitation that was sent anew is told as such when it comes."""
    assert outcome.render_line(APPLIED.outcomes[0]) == '  ✓ invite anew user["lee@example.ch"]\n'


def test_whose_word_is_asked_for():
    """After an apply, somebody is asked for their word where something was done that cannot be read back."""
    (attested,) = (each for each in OPERATIONS[4].changes if each.attest == TEAM_RIGHTS)
    operation = Operation("change-team", (attested,))
    for status, asked in ((Status.DONE, True), (Status.BY_HAND, True), (Status.FAILED, False), (Status.SKIPPED, False)):
        assert ("Once done, say so" in outcome.render(Applied((Outcome(operation, status),)))) is asked


# the doctor


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_text_of_checks(snapshot, width, color):
    """Checks are aligned; each has a sign, its fact, and under it what that means."""
    rendered = checks.render(CHECKS, width=width, color=color)
    assert rendered.replace("\x1b", "␛") == snapshot(extension_class=AmberSnapshotExtension)


def test_the_json_of_checks():
    """Checks as JSON say the same, with a version inside."""
    data = json.loads(checks.render_json(CHECKS))
    assert data["format_version"] == "1.0"
    assert [each["status"] for each in data["checks"]] == ["ok", "note", "warning"]
    assert data["checks"][2] == {
        "name": "roles",
        "status": "warning",
        "fact": "1 role is unknown: staff.",
        "meaning": "",
    }


def test_no_checks():
    """Nothing to tell is nothing, not a fault."""
    assert (checks.render([]).strip(), json.loads(checks.render_json([]))["checks"]) == ("", [])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_checks(name):
    """What the live system says is repeated harmlessly, within the width."""
    rendered = checks.render([Check("token", Checked.NOTE, HOSTILE[name], HOSTILE[name])], width=60)
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(rendered)
    assert [line for line in rendered.splitlines() if cell_len(line) > 60] == []
