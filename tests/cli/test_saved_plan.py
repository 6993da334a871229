"""`accessplan apply plan.json`: what was approved, and nothing else."""

import json
import os
import shutil
import subprocess

import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean
from tests.cli.served import served

TEAM = "teams: {Ops: {leader: claire@example.ch, members: [ana@example.ch], grants: {domain/*: technical}}}\n"
LESS = "teams: {Ops: {leader: claire@example.ch}}\n"
MORE = TEAM.replace("[ana@", "[luca@example.ch, ana@").replace("claire@", "daniel@")
ANEW = "Make a new one: accessplan plan --out plan.json."


@pytest.fixture
def write(example):
    """Write a document about the sandbox of the examples."""
    return lambda text, name="access.yaml": (example / name).write_text(HEAD + text)


@pytest.fixture
def save(cli, write):
    """Plan a document, and save the plan."""

    def call(text=TEAM, *words, code=0):
        write(text)
        assert cli("plan", "--out", "plan.json", *TODAY, *words).code == code

    return call


@pytest.fixture
def change(example):
    """Change a saved plan by hand."""

    def call(how):
        plan = json.loads((example / "plan.json").read_text())
        how(plan)
        (example / "plan.json").write_text(json.dumps(plan))

    return call


@pytest.fixture
def carry_out(cli):
    return lambda *words: cli("apply", "plan.json", *(TODAY if "--today" not in words else ()), *words)


def refused(result, *words):
    """Check that a saved plan was refused, for these reasons, and nothing was carried out."""
    assert (result.code, is_clean(result), "Applied" in result.stdout) == (7, True, False), result
    assert [word for word in words if word not in " ".join(result.stderr.split())] == [], result.stderr
    return True


def teams(shown):
    return [each["name"] for each in shown()["teams"]]


# what goes


def test_what_was_approved_is_carried_out(save, carry_out, shown):
    """A saved plan is carried out without a question, and all of it."""
    save()
    result = carry_out()
    assert (result.code, is_clean(result), "Only 'yes'" in result.stderr) == (0, True, False), result
    assert "Approved: 3 changes, of which 3 left to do.\n" in result.stdout
    assert "Applied: 3 done." in result.stdout
    assert teams(shown) == ["Web", "Interns 2025", "Ops"]


def test_what_somebody_did_already(save, carry_out, cli, write, shown):
    """What was done since the plan was saved is counted, and the rest is carried out."""
    save()
    write(LESS, "less.yaml")
    assert cli("apply", "less.yaml", "--auto-approve", *TODAY).code == 0
    result = carry_out()
    assert (result.code, "Approved: 3 changes, of which 2 left to do, 1 is done already.\n" in result.stdout) == (
        0,
        True,
    )
    assert shown()["teams"][-1]["members"] == ["ana@example.ch"]


def test_all_was_done_already(save, carry_out, cli):
    """Where all was done since, nothing is left to do: 0."""
    save()
    assert cli("apply", "--auto-approve", *TODAY).code == 0
    result = carry_out()
    assert (result.code, "of which 0 left to do, 3 are done already." in result.stdout) == (0, True), result


def test_less_is_wanted(save, carry_out, write):
    """What the document does not want any more is named, and not done."""
    save()
    write(LESS)
    result = carry_out()
    assert (result.code, "Applied: 1 done." in result.stdout) == (0, True), result
    assert 'NOT PLANNED ANY MORE (2)\n  + team["Ops"].grant["domain/*"]  technical\n' in result.stdout


def test_made_from_a_snapshot(save, carry_out, cli, write):
    """A plan that was made from a snapshot is carried out on the live system that the document names."""
    write("")
    assert cli("snapshot", *TODAY).code == 0
    save(TEAM, "--live", "snapshot.json")
    assert input_error(carry_out("--live", "snapshot.json"), "snapshot.json is a snapshot")
    assert carry_out().code == 0


def test_an_approved_invitation_goes(save, carry_out, cli):
    """Somebody whom the plan invites again by name is invited by it, without the name being given once more."""
    save("users: {yara@example.ch: {first_name: Yara, last_name: Steiner, role: collaborator}}\n")
    assert carry_out().code == 0
    assert cli("sandbox", "reject", "yara@example.ch", *TODAY).code == 0
    assert cli("plan", "--out", "plan.json", "--invite-again", "yara@example.ch", "--today", "2026-11-22").code == 0
    result = carry_out("--today", "2026-11-22")
    assert (result.code, "Applied: 1 done." in result.stdout) == (0, True), result


def test_what_was_held_back_stays_so(save, carry_out, write, example, shown):
    """What `plan --only config` held back is held back by the apply as well."""
    who = {f"GIT_{role}_{what}": "ana@example.ch" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*words):
        subprocess.run(["git", *words], cwd=example, env=os.environ | who, check=True, capture_output=True)

    write(LESS)
    git("init")
    git("add", "access.yaml")
    git("commit", "-m", "Ops")
    save(LESS.replace("{Ops", "{Two: {leader: claire@example.ch}, Ops"), "--base", "HEAD", "--only", "config")
    result = carry_out()
    assert (result.code, "Approved: 1 change, of which 1 left to do.\n" in result.stdout) == (0, True), result
    assert "it was held back in the saved plan" in " ".join(result.stdout.split())
    assert teams(shown) == ["Web", "Interns 2025", "Two"]


# what stops


def test_more_than_was_approved(save, carry_out, write, shown):
    """What nobody approved stops the rest, and is printed to the letter: what it is, and what it was approved as."""
    save()
    write(MORE)
    result = carry_out()
    assert refused(result, "what would be done now is not what was approved; nothing was changed", ANEW)
    assert result.stdout == (
        "NOT APPROVED (2)\n"
        '  + team["Ops"]  leader daniel@example.ch\n'
        "    approved as: grant  leader claire@example.ch\n"
        '  + team["Ops"].member["luca@example.ch"]\n'
        "    not in the saved plan\n"
    )
    assert teams(shown) == ["Web", "Interns 2025"]


def test_an_entry_that_moved(save, carry_out, cli, write):
    """What was to be changed and is another one now stops the plan; where nothing is planned any more, too."""
    save("teams: {Web: {leader: daniel@example.ch}}\n")
    write("teams: {Web: {leader: luca@example.ch}}\n", "other.yaml")
    assert cli("apply", "other.yaml", "--auto-approve", *TODAY).code in (0, 6)
    result = carry_out()
    assert refused(result, "not what was approved")
    assert "leader luca@example.ch => daniel@example.ch" in result.stdout
    assert "approved as: update  leader claire@example.ch => daniel@example.ch" in " ".join(result.stdout.split(" "))
    write("teams: {Web: {leader: luca@example.ch}}\n")
    result = carry_out()
    assert refused(result, "not what was approved")
    assert result.stdout.startswith("NO LONGER AS IT WAS (1)\n")
    assert "    is now: leader luca@example.ch\n" in result.stdout


def test_a_plan_is_carried_out_once(save, carry_out, cli):
    """A plan that was carried out is refused the second time, even where its changes were undone, and says when."""
    save()
    assert carry_out().code == 0
    assert refused(carry_out(), "the saved plan was applied at 2026-11-21 12:00 UTC")
    assert cli("sandbox", "seed", "organization.yaml", *TODAY).code == 0
    assert carry_out().code == 0


def test_with_steps_by_hand_it_is_carried_out_too(save, carry_out):
    """Steps that are left to a person leave nothing to repeat."""
    save("teams: {Ops: {leader: claire@example.ch, grants: {domain/example.ch: technical}}}\n")
    assert carry_out().code == 6
    assert refused(carry_out(), "the saved plan was applied at")


def test_an_expired_plan(save, carry_out):
    """A day later the plan is good no more."""
    save()
    assert refused(carry_out("--today", "2026-11-22"), "the saved plan expired at 2026-11-22 12:00 UTC", ANEW)


def test_a_blocked_plan(save, carry_out):
    """A plan that a rail refused is judged anew, and refused again: 4, with the plan printed in full."""
    save(
        "policy: {mode: {users: enforce}}\n"
        "users: {claire@example.ch: {first_name: Claire, last_name: Favre, role: collaborator}}\n",
        code=4,
    )
    result = carry_out()
    assert (result.code, "BLOCKED" in result.stdout, "Applied" in result.stdout) == (4, True, False), result


def test_another_organization(save, carry_out, change):
    """A plan of another organization is refused."""
    save()
    change(lambda plan: plan["organization"].update(id=7))
    assert refused(carry_out(), "the saved plan is of organization 7, and this is 4242")


def test_another_live_system(save, carry_out, example):
    """A plan that was made from one live system is not carried out on another."""
    save()
    shutil.copy(example / "organization.yaml", example / "other.yaml")
    result = carry_out("--live", "sandbox:other.yaml")
    assert refused(result, "was made from sandbox:organization.yaml, and this is sandbox:other.yaml")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (
            lambda plan: plan.update(format_version="2.0"),
            "the saved plan has the format 2.0; this accessplan reads 1.x",
        ),
        (lambda plan: plan.update(masked=True), "masked"),
        (lambda plan: plan.update(created_at=None), "does not say when it was made"),
        (lambda plan: plan.update(created_at="2026-12-24T12:00:00Z"), "says that it was made at 2026-12-24 12:00 UTC"),
        (lambda plan: plan["resource_changes"].pop(), "its plan_id does not fit"),
        (lambda plan: plan["resource_changes"][0].update(address='team["Eve"]'), "an id does not fit"),
    ],
    ids=["format", "masked", "no moment", "ahead", "less", "changed"],
)
def test_a_plan_that_is_not_to_be_trusted(save, carry_out, change, shown, how, reason):
    """A plan of another format, for reading only, or changed by hand is refused by the reason."""
    save()
    change(how)
    assert refused(carry_out(), reason)
    assert teams(shown) == ["Web", "Interns 2025"]


def test_a_plan_without_people(save, carry_out):
    """A plan that was made with --privacy is for reading."""
    save(TEAM, "--privacy")
    assert refused(carry_out())


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"format_version": "1.2"}', "[" * 100_000, "\xff"])
def test_what_is_no_plan(carry_out, example, write, text):
    """What is no saved plan at all is input that cannot be used."""
    write(TEAM)
    (example / "plan.json").write_bytes(text.encode("latin-1"))
    assert input_error(carry_out(), "plan.json is no saved plan")


def test_other_json_is_no_plan(cli, carry_out, write):
    """A snapshot, a plan with a part missing and a file that is not there are input that cannot be used."""
    write(TEAM)
    assert input_error(carry_out(), "plan.json cannot be read")
    assert cli("snapshot", *TODAY).code == 0
    assert input_error(cli("apply", "snapshot.json", *TODAY), "snapshot.json is no saved plan")


def test_half_a_plan(save, carry_out, change):
    """A plan that lacks a part is none."""
    save()
    change(lambda plan: plan.pop("waiting"))
    assert input_error(carry_out(), "plan.json is no whole plan")


# what is saved


def test_the_same_bytes(save, example):
    """On a pinned day the same inputs give the same bytes, the moment included; the plan_id does not depend on it."""
    save()
    first = (example / "plan.json").read_bytes()
    save()
    assert (example / "plan.json").read_bytes() == first
    plan = json.loads(first)
    assert (plan["created_at"], plan["expires_at"]) == ("2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z")
    save(TEAM, "--today", "2026-11-20")
    assert json.loads((example / "plan.json").read_text())["plan_id"] == plan["plan_id"]


# over the wire


def test_a_plan_that_failed_half_way(tmp_path):
    """A plan that was carried out in part may be repeated, and is carried out to its end; then it is done with."""
    with served(tmp_path / "world") as here:
        (here.folder / "access.yaml").write_text(f"accessplan: 1\norganization: {{id: 4242}}\n{TEAM}")
        assert here.run("plan", "--out", "plan.json").code == 0
        refusal = {"path": "/teams/.*/users$", "method": "POST", "status": 403, "code": "forbidden", "times": 1}
        here.ask("POST", "faults", refusal)
        half = here.run("apply", "plan.json")
        assert (half.code, "1 failed" in half.stdout) == (6, True), half
        again = here.run("apply", "plan.json")
        assert (again.code, "is done already" in again.stdout or "are done already" in again.stdout) == (0, True), again
        assert refused(here.run("apply", "plan.json"), "the saved plan was applied at 2026-11-21 12:00 UTC")
