"""`accessplan undo`: the way back from an apply."""

import json
import re

import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean

TEAMS = (
    "teams:\n  Ops: {leader: claire@example.ch, members: [ana@example.ch, luca@example.ch], grants: {domain/*: max}}\n"
)
LATER = ("--today", "2026-11-22")


@pytest.fixture
def applied(cli, example):
    """Apply a document, and tell the receipt."""

    def call(text=TEAMS, *words):
        (example / "access.yaml").write_text(HEAD + text)
        done = cli("apply", "--auto-approve", *TODAY, *words)
        (receipt,) = re.findall(
            r"^Receipt ([0-9a-f]{8}); accessplan undo \1 plans the way back\.$", done.stdout, re.MULTILINE
        )
        return receipt

    return call


def entries(shown):
    """The organization as it stands, without what only numbers or moments tell apart."""
    text = json.dumps(shown(), default=str, sort_keys=True)
    return json.loads(re.sub(r'"(sent|expires|id|created|since)": [^,}]*,? ?', "", text).replace(", }", "}"))


def test_all_is_as_it_was(cli, applied, shown):
    """What an apply brought goes again, what it took comes back, and a second undo finds nothing to do."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = entries(shown)
    text = TEAMS + "removed:\n  - {entry: 'team[\"Interns 2025\"]', reason: over}\n"
    receipt = applied(text)
    assert entries(shown) != before
    undone = cli("undo", receipt, "--auto-approve", *LATER)
    assert undone.code == 0, undone
    assert entries(shown) == before
    again = cli("undo", receipt, "--auto-approve", *LATER)
    assert (again.code, "No changes." in again.stdout) == (0, True)


def test_the_document_still_asks_for_it(cli, applied):
    """After an undo the command says that the document would bring it back, and the next plan does."""
    receipt = applied()
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    assert "access.yaml still asks for what was undone: take it out there as well." in undone.stdout
    assert cli("plan", "--detailed-exitcode", *TODAY).code == 2


def test_an_undo_can_be_undone(cli, applied, shown):
    """An undo has a receipt of its own, and is undone by it."""
    receipt = applied()
    after = entries(shown)
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    (other,) = set(re.findall(r"Receipt ([0-9a-f]{8});", undone.stdout)) - {receipt}
    assert cli("undo", other, "--auto-approve", *TODAY).code == 0
    assert entries(shown) == after


def test_what_moved_since_is_not_thrown_away(cli, applied, shown):
    """Where somebody changed since what a run left, nothing is undone, and each such entry is named."""
    receipt = applied()
    applied(TEAMS.replace("leader: claire@", "leader: daniel@"))
    before = entries(shown)
    refused = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (refused.code, is_clean(refused)) == (7, True)
    assert 'grant team["Ops"]\n' in refused.stdout
    assert "is now: leader daniel@example.ch" in refused.stdout
    assert "it is not as that run left it" in refused.stderr
    assert entries(shown) == before


def test_rails_hold(cli, applied, shown):
    """What a rail refuses is not undone either, and the lines of consent are printed."""
    receipt = applied()
    before = entries(shown)
    blocked = applied_rail(cli, receipt)
    assert (blocked.code, "protected-entry" in blocked.stdout, "acknowledge:" in blocked.stdout) == (4, True, True)
    assert entries(shown) == before


def applied_rail(cli, receipt):
    rails = "policy: {rails: {protect: ['team[\"Ops\"]']}}\n"
    with open("access.yaml", "a", encoding="utf-8") as document:  # noqa: PTH123 - in the folder of the test
        document.write(rails)
    return cli("undo", receipt, "--auto-approve", *TODAY)


def test_who_says_no_changes_nothing(cli, applied, answer, shown):
    """Without --auto-approve an undo asks, and takes nothing but yes as a yes."""
    receipt = applied()
    before = entries(shown)
    answer("no\n")
    declined = cli("undo", receipt, *TODAY)
    assert (declined.code, entries(shown)) == (8, before)


def test_the_beginning_of_a_receipt_is_enough(cli, applied):
    """Four digits name a receipt; one that is none is a fault that names the last ones."""
    receipt = applied()
    assert cli("undo", receipt[:4], "--auto-approve", *TODAY).code == 0
    assert input_error(cli("undo", receipt[:3]), "is no receipt of this organization", receipt)
    assert input_error(cli("undo", "0" * 9), "is no receipt of this organization", receipt)


def test_without_a_record_there_is_no_way_back(cli, example):
    """Where nothing was applied there is nothing to undo, and no ledger is made."""
    (example / "access.yaml").write_text(HEAD + TEAMS)
    assert input_error(cli("undo", "12345678", *TODAY), "Nothing is on record here.")
    assert not (example / ".accessplan" / "ledger.db").exists()


def test_steps_by_hand_are_undone_where_they_were_done(cli, applied):
    """What was asked of a person is undone by hand where they did it, and left alone where they did not."""
    text = "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: administrator}\n"
    receipt = applied(text)
    assert "No changes." in cli("undo", receipt, *TODAY).stdout
    assert cli("plan", "--out", "plan.json", *TODAY).code == 0
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    undone = cli("undo", receipt, *TODAY)
    told = " ".join(undone.stdout.split())
    assert (undone.code, "Set the role of ana@example.ch to collaborator" in told) == (
        6,
        True,
    )


def test_somebody_who_was_taken_out_comes_back_with_all_they_had(cli, applied):
    """Whose removal is undone is invited anew, with the teams that went with them."""
    receipt = applied(
        "removed:\n  - {entry: 'user[\"luca@example.ch\"]', reason: left}\n"
        'acknowledge:\n  - change: \'revoke team["Interns 2025"].member["luca@example.ch"]\'\n'
        "    until: 2026-12-01\n    reason: the last one\n"
    )
    cli("plan", "--out", "plan.json", *TODAY)
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    assert "No changes." in cli("plan", *TODAY).stdout
    back = cli("undo", receipt, "--auto-approve", *TODAY)
    assert '+ user["luca@example.ch"]  Luca Bernasconi, collaborator' in back.stdout
    assert '+ team["Interns 2025"].member["luca@example.ch"]' in back.stdout
