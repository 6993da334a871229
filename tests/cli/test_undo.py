"""`accessplan undo`: the way back from an apply."""

import json
import re
import sqlite3
from contextlib import closing

import httpx
import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean

from accessplan.ledger import open_ledger

TEAMS = (
    "teams:\n  Ops: {leader: claire@example.ch, members: [ana@example.ch, luca@example.ch], grants: {domain/*: max}}\n"
)
NOOR = "users:\n  noor@example.ch: {{first_name: Noor, last_name: Haddad, role: collaborator, grants: {{{0}}}}}\n"
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


def sandbox_of(folder):
    (database,) = (folder / ".accessplan" / "sandbox").glob("*.db")
    return database


def run_sql(database, *statements):
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


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


def test_the_document_does_not_ask_for_it_any_more(cli, applied, example):
    """Where the change was taken out of the document, an undo does not say that it is still there."""
    receipt = applied("removed:\n  - {entry: 'team[\"Interns 2025\"]', reason: over}\n")
    (example / "access.yaml").write_text(HEAD)
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (undone.code, "still asks" in undone.stdout) == (0, False)


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


def test_nobody_is_invited_anew_by_the_way(cli, applied):
    """An undo leaves alone who is invited and whose invitation expired meanwhile: it was no part of the run."""
    receipt = applied()
    undone = cli("undo", receipt, "--auto-approve", "--today", "2027-01-20")
    assert (undone.code, "1 to revoke; in 1 request" in undone.stdout, "invite" in undone.stdout) == (0, True, False)


def test_what_hung_on_a_team_that_is_gone(cli, applied):
    """Where the team of a member is gone by now, an undo names what it cannot bring back, and asks for nothing else."""
    receipt = applied(
        "policy: {mode: {teams: enforce}}\n"
        "teams:\n"
        "  Web: {leader: claire@example.ch, members: [claire@example.ch, old@example.ch]}\n"
        "  Interns 2025: {members: [luca@example.ch]}\n"
    )
    applied("removed: [{entry: 'team[\"Web\"]', reason: over}]\n")
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (undone.code, is_clean(undone), "No changes." in undone.stdout) == (6, True, True), undone
    assert "NOT UNDONE: what it hung on is not there any more (1)" in undone.stdout
    assert 'revoke team["Web"].member["ana@example.ch"]' in undone.stdout


def test_what_cannot_be_emptied_is_named(cli, applied):
    """A team that had no leader keeps the one that it got, and the undo says so."""
    receipt = applied("teams:\n  Interns 2025: {leader: claire@example.ch}\n")
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    told = " ".join(undone.stdout.split())
    assert "NOT UNDONE: it is not known how it was in full, or it was empty and cannot be emptied (1)" in told
    assert 'update team["Interns 2025"]' in told


def test_what_came_since_is_not_thrown_away(cli, applied):
    """Of two runs that built on each other the later one is undone first: a team does not go with what came since."""
    first = applied()
    second = applied(TEAMS.replace("luca@example.ch]", "luca@example.ch, emma@example.ch]"))
    refused = cli("undo", first, "--auto-approve", *TODAY)
    assert (refused.code, is_clean(refused)) == (7, True)
    told = " ".join(refused.stdout.split())
    assert 'team["Ops"].member["emma@example.ch"] came since, and would go with what the run made' in told
    assert cli("undo", second, "--auto-approve", *TODAY).code == 0
    assert cli("undo", first, "--auto-approve", *TODAY).code == 0


def test_rights_on_somebodys_word_come_back_with_their_team(cli, applied):
    """A team that comes back gets its rights on single products back too, which only a person can give."""
    applied("teams:\n  Ops: {leader: claire@example.ch, members: [ana@example.ch], grants: {domain/example.ch: max}}\n")
    cli("attest", "--all", "--by", "Claire", *TODAY)
    receipt = applied("removed: [{entry: 'team[\"Ops\"]', reason: over}]\n")
    back = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (back.code, "NOT UNDONE" in back.stdout) == (6, False)
    assert "Team Ops, domain/example.ch: tick technical" in " ".join(back.stdout.split())


def test_a_product_is_known_by_its_number(cli, applied, example):
    """An undo gives rights on the product that they were on, whatever it and others are called by now."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    receipt = applied(NOOR.format("domain/example.ch: max"))
    run_sql(
        sandbox_of(example),
        "UPDATE products SET customer_name = 'other.ch' WHERE id = 101",
        "UPDATE products SET customer_name = 'example.ch' WHERE id = 102",
    )
    (example / "access.yaml").write_text(HEAD)
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (undone.code, 'revoke user["noor@example.ch"].grant["domain/other.ch"]' in undone.stdout) == (0, True)


def test_what_a_later_run_did_is_not_undone_with_one_that_failed(cli, applied, shown, example):
    """What was refused in a run, and done by the next, is as the next one left it."""
    text = NOOR.format("drive/Agency exchange: {use: user}")
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    refusal = "INSERT INTO faults (kind, method, path, status, code, times) VALUES ('error', 'POST', '.', 422, 'no', 1)"
    run_sql(sandbox_of(example), refusal)
    failed = applied(text)
    applied(text)
    before = entries(shown)
    undone = cli("undo", failed, "--auto-approve", *TODAY)
    assert (undone.code, "No changes." in undone.stdout, entries(shown) == before) == (0, True, True), undone


def test_a_ledger_that_fails_half_way_says_what_was_done(cli, example, shown):
    """Where the ledger takes no more rows after something was sent, the apply says so, with the exit code of that."""
    (example / "access.yaml").write_text(HEAD + TEAMS)
    ledger = example / ".accessplan" / "ledger.db"
    with open_ledger(ledger, 4242, write=True):
        pass
    full = "WHEN NEW.kind = 'outcome' BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
    run_sql(ledger, f"CREATE TRIGGER full_disk BEFORE INSERT ON rows {full}")
    stopped = cli("apply", "--auto-approve", *TODAY)
    assert (stopped.code, is_clean(stopped)) == (6, True), stopped
    told = " ".join(stopped.stdout.split())
    assert re.search(r"Applied: \d done, \d skipped\.", told), told
    assert "could not be written down: the ledger .accessplan/ledger.db cannot be used: disk is full" in told
    assert "Ops" in json.dumps(shown(), default=str)


def test_an_apply_that_is_interrupted_while_it_reads_back_has_its_receipt(cli, example, monkeypatch):
    """Ctrl-C after the last request does not hide what was done: the exit code tells that something was changed."""
    (example / "access.yaml").write_text(HEAD + TEAMS)
    answer = httpx.MockTransport.handle_request
    written: list[httpx.Request] = []

    def handle(transport, request):
        if request.method == "GET" and written:
            raise KeyboardInterrupt
        written.extend([request] * (request.method != "GET"))
        return answer(transport, request)

    monkeypatch.setattr(httpx.MockTransport, "handle_request", handle)
    stopped = cli("apply", "--auto-approve", *TODAY)
    assert stopped.code == 6, stopped
    assert "Interrupted: what was done was not read back." in stopped.stdout
    assert "plans the way back." in stopped.stdout


@pytest.mark.parametrize(
    ("role", "told", "code"),
    [("administrator", "role administrator => collaborator", 0), ("collaborator", "sent anew stays as it is (1)", 6)],
)
def test_an_invitation_that_was_sent_anew(cli, applied, role, told, code):
    """An undo takes back the role that an invitation was sent anew with; where only its name differs, it says so."""
    receipt = applied(f"users:\n  late@agency.example: {{first_name: Leo, last_name: Late, role: {role}}}\n")
    undone = cli("undo", receipt, "--auto-approve", *TODAY)
    assert (undone.code, told in undone.stdout) == (code, True), undone
