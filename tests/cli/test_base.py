"""`plan --base REF`: what is from the change under review, what is not, and what the change may not loosen."""

import json
import shutil

import pytest
from tests.cli.given import TODAY, input_error
from tests.cli.repository import DOCUMENT, ORGANIZATION, Repository, begin
from tests.conftest import REPOSITORY

LUCA_IN_WEB = 'team["Web"].member["luca@example.ch"]'
MEMBERS = ("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Stand in a repository whose main says just what is live."""
    monkeypatch.chdir(tmp_path)
    return begin(tmp_path)


@pytest.fixture
def data(cli):
    """The plan as data."""

    def call(*arguments):
        result = cli("plan", "--format", "json", "-q", *TODAY, *arguments)
        assert result.code in (0, 4), result.stderr
        return json.loads(result.stdout)

    return call


@pytest.fixture
def causes(data):
    """What brings each change about, and whether it comes with the change under review."""

    def call(*arguments):
        changes = data(*arguments)["resource_changes"]
        return {each["address"]: (each["cause"]["kind"], each["cause"]["is_new"]) for each in changes}

    return call


def live(repository, old, new):
    """Change the live organization by hand."""
    repository.change((old, new), file="organization.yaml")


def codes(plan):
    return [each["code"] for each in plan["findings"]]


def loosened(plan):
    return [each["message"] for each in plan["findings"] if each["code"] == "policy-changed"]


# causes


def test_a_change_of_the_document(causes, repository):
    """What the document says since the base is from this change; without a base nobody says so."""
    repository.change(MEMBERS)
    assert causes("--base", "main") == {LUCA_IN_WEB: ("config", True)}
    assert causes() == {LUCA_IN_WEB: ("config", None)}


def test_a_change_that_is_committed_is_compared_with_where_it_started(causes, repository):
    """On a branch everything since the base counts, committed or not."""
    repository.git("switch", "-q", "-c", "luca")
    repository.change(MEMBERS)
    repository.commit("Let Luca look after the hostings")
    repository.change(("role: collaborator\n", "role: collaborator\n    teams: [Mail]\n"))
    repository.change(("members: [luca@example.ch]", "members: [luca@example.ch, ana@example.ch]"))
    assert causes("--base", "main") == {
        LUCA_IN_WEB: ("config", True),
        'team["Mail"].member["ana@example.ch"]': ("config", True),
    }
    assert causes("--base", "HEAD") == {
        LUCA_IN_WEB: ("drift", False),
        'team["Mail"].member["ana@example.ch"]': ("config", True),
    }


def test_drift(causes, repository):
    """What somebody changed by hand is drift where there is a base, and put down to the document without one."""
    live(repository, "members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]")
    assert causes("--base", "main") == {LUCA_IN_WEB: ("drift", False)}
    assert causes() == {LUCA_IN_WEB: ("config", None)}


def test_an_end_that_has_come(causes, repository):
    """What ended since it was written is due to the date, with and without a base."""
    repository.change(("www.example.ch: technical", "www.example.ch: {manage: technical, until: 2026-11-10}"))
    repository.commit("Let Luca help until November")
    grant = 'user["luca@example.ch"].grant["hosting/www.example.ch"]'
    assert causes("--base", "main") == {grant: ("time", False)}
    assert causes() == {grant: ("time", None)}


def test_a_beginning_that_has_come(causes, repository):
    """What began since it was written is due to the date, which only the base can tell."""
    repository.change(("[technical, statistic]}\n  Mail", "{manage: technical, since: 2026-11-10}}\n  Mail"))
    repository.commit("Leave the statistics to others")
    live(repository, "services: [hosting]", "services: []")
    grant = 'team["Web"].grant["hosting/*"]'
    assert causes("--base", "main") == {grant: ("time", False)}
    assert causes() == {grant: ("config", None)}


def test_an_end_that_this_change_sets(causes, repository):
    """A day that has passed already when it is written is from this change."""
    repository.change(("www.example.ch: technical", "www.example.ch: {manage: technical, until: 2026-11-10}"))
    grant = 'user["luca@example.ch"].grant["hosting/www.example.ch"]'
    assert causes("--base", "main") == {grant: ("config", True)}


def test_a_person_under_a_new_address(data, causes, repository):
    """Who comes under the name of somebody who goes is renamed, and with them what they had."""
    text = (repository.folder / "access.yaml").read_text()
    (repository.folder / "access.yaml").write_text(text.replace("luca@", "luca.roth@"))
    old, new = 'user["luca@example.ch"]', 'user["luca.roth@example.ch"]'
    found = causes("--base", "main")
    assert {found[old], found[new]} == {("rename", True)}
    assert found['user["luca.roth@example.ch"].grant["hosting/www.example.ch"]'] == ("rename", True)
    assert found['team["Mail"].member["luca.roth@example.ch"]'] == ("rename", True)
    assert found['team["Mail"]'] == ("config", True)
    changes = {each["address"]: each for each in data()["resource_changes"]}
    assert (changes[old]["cause"]["of"], changes[new]["cause"]["of"]) == (new, old)
    assert changes[old]["cause"]["is_new"] is None


def test_a_rename_does_not_hide_more_rights(causes, repository):
    """What somebody gets under a new address and did not have is no part of the rename."""
    text = (repository.folder / "access.yaml").read_text()
    text = text.replace("luca@", "luca.roth@").replace("ch: technical", "ch: [technical, statistic]")
    (repository.folder / "access.yaml").write_text(text)
    assert causes()['user["luca.roth@example.ch"].grant["hosting/www.example.ch"]'] == ("config", None)


def test_what_goes_with_somebody_who_leaves(causes, repository):
    """What somebody loses because this change takes them out is from this change, though it had to go anyway."""
    live(repository, "members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]")
    lines = DOCUMENT.splitlines(keepends=True)
    luca = lines.index("  luca@example.ch:\n")
    text = "".join(lines[:luca] + lines[luca + 6 :]).replace("members: [luca@example.ch]", "members: []")
    (repository.folder / "access.yaml").write_text(text.replace("leader: luca@", "leader: claire@"))
    assert causes("--base", "main")[LUCA_IN_WEB] == ("config", True)


def test_a_pull_request_that_moves_somebody_between_teams(command, causes, tmp_path, monkeypatch):
    """In the examples a move between teams is from this change, and all that was to be done before is not."""
    for file in (REPOSITORY / "examples").glob("*.yaml"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    repository = Repository(tmp_path)
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    repository.change(("    teams: [Support]\n\n", "    teams: [Web]\n\n"))
    repository.commit("Noor moves to Web")
    found = causes("--base", "HEAD~1")
    new = {address for address, (_, is_new) in found.items() if is_new}
    assert new == {'team["Web"].member["noor@example.ch"]'}
    assert {kind for address, (kind, _) in found.items() if address not in new} == {"drift"}
    text = command("plan", "--base", "HEAD~1", "-q", *TODAY).stdout
    assert text.index("FROM THIS CHANGE") < text.index('team["Web"].member["noor@example.ch"]')


# --only config


def test_only_what_is_from_this_change(data, repository):
    """--only config holds back what is not from this change, counts it and names it."""
    repository.change(MEMBERS)
    live(repository, "services: [email_hosting]", "services: [email_hosting, hosting]")
    both = {LUCA_IN_WEB, 'team["Mail"].grant["hosting/*"]'}
    assert {each["address"] for each in data("--base", "main")["resource_changes"]} == both
    plan = data("--base", "main", "--only", "config")
    assert [each["address"] for each in plan["resource_changes"]] == [LUCA_IN_WEB]
    (waiting,) = plan["waiting"]
    assert (waiting["address"], waiting["reason"]) == ('team["Mail"].grant["hosting/*"]', "it is not from this change")


def test_what_depends_on_what_is_held_back_is_held_back(data, repository):
    """Who joins a team that is missing live, and that the base wants as well, waits with the team."""
    repository.add("  Video:\n    leader: ana@example.ch\n    members: [ana@example.ch]\n")
    repository.commit("Make a team")
    alone = "Video:\n    leader: ana@example.ch\n    members: [ana@example.ch"
    repository.change((alone, f"{alone}, luca@example.ch"))
    plan = data("--base", "main", "--only", "config")
    assert plan["resource_changes"] == []
    assert 'team["Video"].member["luca@example.ch"]' in {each["address"] for each in plan["waiting"]}


def test_apply_only_config(command, data, repository):
    """`apply --only config` carries out what is from this change and leaves the rest as it is."""
    repository.change(MEMBERS)
    live(repository, "services: [email_hosting]", "services: [email_hosting, hosting]")
    result = command("apply", "--base", "main", "--only", "config", "--auto-approve", "-q", *TODAY)
    assert result.code == 0, result.stdout
    assert [each["address"] for each in data("--base", "main")["resource_changes"]] == [
        'team["Mail"].grant["hosting/*"]'
    ]


def test_only_needs_a_base(cli, repository):
    """--only config without a base is a fault of the command line, with what to write."""
    del repository
    assert input_error(cli("plan", "--only", "config", *TODAY), "--only config needs a base", "--base origin/main")


# what base there is


@pytest.mark.parametrize("ref", ["", "-h", "--output=x", "nowhere", "main:access.yaml", "HEAD~9"])
def test_no_such_base(cli, repository, ref):
    """A ref that names no commit, or would be an option of Git's, is a fault of the command line."""
    before = sorted(each.name for each in repository.folder.iterdir())
    assert input_error(cli("plan", f"--base={ref}", *TODAY), "names no commit", "fetch it first")
    assert sorted(each.name for each in repository.folder.iterdir()) == before


def test_no_repository(cli, example):
    """Outside of a Git repository there is no base, and no commit in the report."""
    assert input_error(cli("plan", "--base", "main", *TODAY), "lies in no Git repository")
    assert json.loads(cli("plan", "--format", "json", *TODAY).stdout)["inputs"]["commit"] is None
    del example


def test_a_new_document(data, repository):
    """A document that the base does not have is from this change as a whole, and the plan says so."""
    (repository.folder / "access.yaml").rename(repository.folder / "new.yaml")
    repository.change(MEMBERS, file="new.yaml")
    plan = data("new.yaml", "--base", "main")
    assert [each["cause"]["is_new"] for each in plan["resource_changes"]] == [True]
    assert codes(plan) == ["no-base"]


def test_an_invalid_base(data, repository):
    """With a base that is invalid everything is from this change, and the plan says what is wrong with it."""
    repository.change(("role: legal_representative", "role: king"))
    repository.commit("Break it")
    repository.change(("role: king", "role: legal_representative"), MEMBERS)
    plan = data("--base", "main")
    assert [each["cause"]["is_new"] for each in plan["resource_changes"]] == [True]
    assert codes(plan) == ["base-invalid"]
    assert "king" in plan["findings"][0]["message"]


def test_a_folder(data, causes, repository):
    """A document of several files is compared with its files at the base, in a folder of the repository too."""
    folder = repository.folder / "who" / "access"
    folder.mkdir(parents=True)
    head, teams = DOCUMENT.split("teams:\n")
    (folder / "people.yaml").write_text(head.replace("sandbox:", "sandbox:../../"))
    (folder / "teams.yaml").write_text(f"accessplan: 1\nteams:\n{teams}")
    repository.git("rm", "-q", "--cached", "access.yaml")
    repository.commit("Part it")
    repository.change(MEMBERS, file="who/access/teams.yaml")
    assert causes("who/access", "--base", "main") == {LUCA_IN_WEB: ("config", True)}
    assert data("who/access", "--base", "main")["inputs"]["commit"].endswith("+")
    repository.commit("Let Luca in")
    assert causes("who/access", "--base", "main") == {LUCA_IN_WEB: ("drift", False)}
    assert not data("who/access")["inputs"]["commit"].endswith("+")


def test_a_file_that_becomes_a_folder(data, repository):
    """Who makes a folder of the file is still compared with the file."""
    folder = repository.folder / "access"
    folder.mkdir()
    (repository.folder / "access.yaml").rename(folder / "all.yaml")
    text = (folder / "all.yaml").read_text().replace("sandbox:", "sandbox:../").replace(*MEMBERS)
    (folder / "all.yaml").write_text(text.replace("count: 1", "count: 9"))
    plan = data("--base", "main")
    assert codes(plan)[0] == "base-moved"
    assert [each["cause"]["is_new"] for each in plan["resource_changes"]] == [True]
    assert "lets a plan take away more users" in " ".join(loosened(plan))


def test_selectors_of_the_base_that_match_nothing_any_more(causes, repository):
    """What the base selected and is gone does not stop the plan."""
    repository.change(("hosting/www.example.ch: technical", "hosting/old.example.ch: technical"))
    repository.commit("As it was")
    repository.change(("hosting/old.example.ch: technical", "hosting/www.example.ch: technical"), MEMBERS)
    assert causes("--base", "main") == {LUCA_IN_WEB: ("config", True)}


def test_a_base_that_is_ahead(data, repository):
    """Where the base has changes that the branch lacks, the plan warns that they count as undone."""
    repository.git("branch", "old")
    repository.change(MEMBERS)
    repository.commit("Let Luca in")
    repository.git("switch", "-q", "old")
    plan = data("--base", "main")
    assert codes(plan) == ["base-ahead"]
    assert "1 commit to access.yaml that HEAD lacks" in plan["findings"][0]["message"]


def test_both_documents_are_read_for(causes, repository):
    """A mailbox that only the base names is read all the same."""
    repository.add("mailboxes:\n  info@example.ch: {delegates: {ana@example.ch: read_write}}\n")
    repository.commit("Ana reads along")
    repository.change(("mailboxes:\n  info@example.ch: {delegates: {ana@example.ch: read_write}}\n", ""))
    assert causes("--base", "main") == {}


def test_the_commit(cli, data, repository):
    """The report names HEAD, with a + where the document has changes that are not committed."""
    head = repository.git("rev-parse", "--short=7", "HEAD")
    assert data()["inputs"]["commit"] == head
    (repository.folder / "other.txt").write_text("not the document")
    assert data()["inputs"]["commit"] == head
    repository.change(MEMBERS)
    assert data()["inputs"]["commit"] == f"{head}+"
    shutil.copy("access.yaml", "never-added.yaml")
    repository.git("checkout", "-q", "access.yaml")
    assert data("never-added.yaml")["inputs"]["commit"] == f"{head}+"
    assert f"access.yaml at {head}, base main" in cli("plan", "-q", "--base", "main", *TODAY).stdout


def test_what_git_is_set_up_to_run_is_not_run(data, repository, tmp_path):
    """Programs that the repository's configuration names are not started by a plan."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.editor", "core.askPass"):
        repository.git("config", key, str(trap))
    repository.git("config", "core.hooksPath", str(tmp_path))
    repository.git("config", "diff.trap.textconv", str(trap))
    (tmp_path / ".git" / "info" / "attributes").write_text("*.yaml diff=trap\n")
    repository.change(MEMBERS)
    assert data("--base", "main")["resource_changes"]
    assert not (tmp_path / "sprung").exists()


# what a change may not loosen


def test_a_change_cannot_loosen_a_limit(command, data, repository):
    """A limit that the change raises is told, and holds until it is merged; a dated consent lifts it still."""
    repository.change(("grants: {share: 100%}", "grants: {count: 0, share: 100%}"))
    repository.commit("Take nothing away")
    repository.change(
        ("count: 0", "count: 5"), ("    grants:\n      hosting/www.example.ch: technical", "    grants: {}")
    )
    plan = data("--base", "main")
    assert loosened(plan) == ["this change lets a plan take away more grants: 0 or 100% before, 5 or 100% now"]
    assert [each["code"] for each in plan["rails"]] == ["too-many-removals"]
    assert command("plan", "--base", "main", "-q", *TODAY).code == 4
    assert command("plan", "-q", *TODAY).code == 0
    change = 'revoke user["luca@example.ch"].grant["hosting/www.example.ch"]'
    repository.add(f"acknowledge:\n  - {{change: '{change}', until: 2026-12-01, reason: done}}\n")
    assert command("plan", "--base", "main", "-q", *TODAY).code == 0


def test_a_change_cannot_drop_a_test(command, data, repository):
    """An access test that the change drops is told, with its line at the base, and evaluated still."""
    dropped = "tests:\n  - name: Luca stays out\n    nobody: {user: luca@example.ch, reaches: hosting/*}\n"
    repository.add(dropped)
    repository.commit("Keep Luca out")
    repository.change((dropped, ""), MEMBERS)
    plan = data("--base", "main")
    assert loosened(plan) == ['this change drops the access test "Luca stays out" (main:access.yaml:25)']
    assert [(each["name"], each["verdict"]) for each in plan["tests"]] == [("Luca stays out", "failed")]
    assert command("plan", "--base", "main", "-q", *TODAY).code == 4


def test_a_change_cannot_weaken_a_test(data, repository):
    """An access test that says something else now is told, and both are evaluated."""
    repository.add("tests:\n  - name: Luca stays out\n    nobody: {user: luca@example.ch, reaches: hosting/*}\n")
    repository.commit("Keep Luca out")
    repository.change(("reaches: hosting/*}", "reaches: hosting/*, with: statistic}"), MEMBERS)
    plan = data("--base", "main")
    assert loosened(plan) == ['this change changes the access test "Luca stays out" (main:access.yaml:25)']
    assert [each["verdict"] for each in plan["tests"]] == ["failed", "failed"]


def test_a_change_cannot_unprotect(data, repository):
    """An entry that the change protects no more is told, and is protected still."""
    text = DOCUMENT.replace("  rails: {", "  rails: {protect: ['user[\"luca@example.ch\"]'], ")
    (repository.folder / "access.yaml").write_text(text)
    repository.commit("Protect Luca")
    lines = DOCUMENT.splitlines(keepends=True)
    luca = lines.index("  luca@example.ch:\n")
    text = "".join(lines[:luca] + lines[luca + 6 :]).replace("members: [luca@example.ch]", "members: []")
    (repository.folder / "access.yaml").write_text(text.replace("leader: luca@", "leader: claire@"))
    plan = data("--base", "main")
    assert loosened(plan) == [r'this change no longer protects "user["luca@example.ch"]" (main:access.yaml:5)']
    assert "protected-entry" in [each["code"] for each in plan["rails"]]


def test_what_else_a_change_loosens(data, repository):
    """Modes, demands, who must stay and where the live side is are told when a change loosens them."""
    text = DOCUMENT.replace(
        "  rails: {",
        "  metadata: {external: [owner, reason]}\n  lifetime: {external: 100d}\n"
        "  rails: {legal_representatives: {min: 1, required: [claire@example.ch]}, ",
    )
    (repository.folder / "access.yaml").write_text(text)
    repository.commit("Ask for more")
    repository.change(
        ("external: [owner, reason]", "external: [owner]"),
        ("100d", "300d"),
        (", required: [claire@example.ch]", ""),
        ("teams: enforce", "teams: additive"),
        ("sandbox:organization.yaml", "sandbox:./organization.yaml"),
    )
    *others, place = loosened(data("--base", "main"))
    assert others == [
        'this change no longer requires "claire@example.ch" to stay a legal representative',
        "this change no longer enforces teams (policy.mode): what the document does not name stays",
        "this change no longer demands reason of every external (policy.metadata)",
        "this change lets every external last longer (policy.lifetime): 100 days before, 300 days now",
    ]
    other, was = '"sandbox:./organization.yaml"', '"sandbox:organization.yaml"'
    assert place == f"this change has the document compared with {other}, not with {was} (organization.live)"


def test_consents_are_told(data, repository):
    """A consent that comes with the change counts, and is told."""
    consent = "{change: 'revoke user[\"luca@example.ch\"]', until: 2026-12-01, reason: left}"
    repository.add(f"acknowledge:\n  - {consent}\n")
    (message,) = loosened(data("--base", "main"))
    assert message == 'this change consents to "revoke user["luca@example.ch"]" until 2026-12-01'


def test_a_change_may_tighten(data, repository):
    """What a change asks for beside is asked at once, and is no warning."""
    repository.change(("count: 1", "count: 0"))
    assert codes(data("--base", "main")) == []


def test_the_organization_is_another(data, repository):
    """A base that describes another organization is nothing to compare with."""
    repository.change(("{id: 4242,", "{id: 4243,"))
    repository.commit("Another")
    repository.change(("{id: 4243,", "{id: 4242,"), MEMBERS)
    plan = data("--base", "main")
    assert codes(plan) == ["base-of-another"]
    assert [each["cause"]["is_new"] for each in plan["resource_changes"]] == [True]
    assert ORGANIZATION.count("4242") == 1
