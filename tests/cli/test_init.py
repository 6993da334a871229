"""`accessplan init`: first documents that are valid at once, and nothing that is there is ever overwritten."""

import re
import shlex
import subprocess

import pytest
import yaml
from tests.cli.given import TODAY, input_error
from tests.cli.repository import Repository, untrusted
from tests.conftest import REPOSITORY

SECTIONS = [
    "organization", "policy", "roles", "users", "teams", "mailboxes", "partners", "removed", "tests", "acknowledge",
]  # fmt: skip
"""The sections of a document, in the order of a document."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def uncommented(text):
    """Take the # away from the examples of the starter."""
    head, _, examples = text.partition("and name your own people.\n")
    assert examples
    return head + re.sub(r"^# ", "", examples, flags=re.MULTILINE)


def commands_in(said):
    """The commands that are named after `Next:`."""
    return [shlex.split(line) for line in said.partition("Next:\n")[2].splitlines()]


def test_the_sandbox_is_planned_at_once(cli, folder):
    """After `init --sandbox` the three commands it names work as written, with no token and no warning."""
    result = cli("init", "--sandbox", *TODAY)
    assert (result.code, result.stderr) == (0, "")
    assert sorted(each.name for each in folder.iterdir()) == [".gitignore", "access.yaml", "organization.yaml"]
    named = commands_in(result.stdout)
    assert named == [["accessplan", each] for each in ("validate", "plan", "apply")]
    assert cli("validate", *TODAY).stdout == "access.yaml is valid: 3 users, 1 team.\n"
    plan = cli("plan", *TODAY)
    assert (plan.code, "BLOCKED" in plan.stdout, "REVOKES (2)" in plan.stdout) == (0, False, True)
    assert cli("apply", "--auto-approve", *TODAY).code == 6


def test_the_sandbox_can_be_brought_to_the_end(cli, folder):
    """What the starter wants can be carried out in its sandbox to the end, and nothing is left."""
    cli("init", "--sandbox", *TODAY)
    for line in (
        "plan --out plan.json", "apply --auto-approve", "sandbox perform plan.json", "sandbox accept --all",
        "attest --all --by Claire",
    ):  # fmt: skip
        assert cli(*line.split(), *TODAY).code in (0, 6), line
    assert "No changes." in cli("plan", *TODAY).stdout
    assert folder.joinpath(".accessplan").is_dir()


@pytest.mark.usefixtures("folder")
def test_the_sandbox_can_be_imported(cli):
    """A document of what is live in the starter's sandbox is valid, and nothing in it asks to be looked at."""
    cli("init", "--sandbox", *TODAY)
    live = ("--live", "sandbox:organization.yaml", "--organization", "4242")
    assert cli("init", "mine.yaml", "--from-live", *live, *TODAY).code == 0
    result = cli("validate", "mine.yaml", *TODAY)
    assert (result.code, result.stdout, result.stderr) == (0, "mine.yaml is valid: 3 users, 1 team.\n", "")


def test_the_starter_changes_nothing(cli, folder):
    """Without a sandbox the starter is valid, manages nobody, and asks for the organization's number."""
    result = cli("init", *TODAY)
    assert "First write your organization's number into access.yaml." in result.stdout
    document = yaml.safe_load((folder / "access.yaml").read_text())
    assert list(document) == ["accessplan", "organization", "policy"]
    assert cli("validate", *TODAY).stdout == "access.yaml is valid: 0 users, 0 teams.\n"


def test_every_section_is_shown(cli, folder):
    """The starter shows every section that the schema knows, as comments, and without the # they are valid as well."""
    cli("init", *TODAY)
    whole = uncommented((folder / "access.yaml").read_text())
    known = yaml.safe_load((REPOSITORY / "schemas" / "access.schema.json").read_text())["properties"]
    assert sorted(yaml.safe_load(whole)) == sorted(known) == sorted(["accessplan", *SECTIONS])
    (folder / "whole.yaml").write_text(whole)
    assert cli("validate", "whole.yaml", *TODAY).stdout == "whole.yaml is valid: 3 users, 1 team.\n"
    assert len(whole.splitlines()) < 80


def test_both_starters_have_the_same_examples(cli, folder):
    """What the starter shows in comments is what the sandbox's has in force."""
    cli("init", *TODAY)
    cli("init", "other.yaml", "--sandbox", *TODAY)
    shown, in_force = (folder / "access.yaml").read_text(), (folder / "other.yaml").read_text()
    assert uncommented(shown).partition("roles:")[2] == in_force.partition("roles:")[2]


@pytest.mark.parametrize("options", [(), ("--sandbox",)], ids=["starter", "sandbox"])
def test_the_number(cli, folder, options):
    """--organization is the number in every file that is written, and nobody is asked for it any more."""
    result = cli("init", *options, "--organization", "77", *TODAY)
    assert "number" not in result.stdout
    numbers = [yaml.safe_load(each.read_text())["organization"]["id"] for each in folder.glob("*.yaml")]
    assert numbers == [77] * len(numbers)
    assert cli("validate", *TODAY).code == 0


def test_dates_are_ahead(cli, folder):
    """The dates of the starter lie ahead of the day it is written on, so that it is valid whenever that is."""
    cli("init", "--sandbox", "--today", "2031-12-31")
    result = cli("plan", "--today", "2031-12-31")
    assert (result.code, "BLOCKED" in result.stdout, "warning" in result.stdout) == (0, False, False)
    assert "until: 2032-06-28" in (folder / "access.yaml").read_text()


def test_another_place(cli, folder):
    """Beside a document in a folder that is not there yet lies its sandbox, and the commands name the document."""
    result = cli("init", "my team/main.yml", "--sandbox", *TODAY)
    assert sorted(each.name for each in (folder / "my team").iterdir()) == ["main.yml", "organization.yaml"]
    assert [each[2:] for each in commands_in(result.stdout)] == [["my team/main.yml"]] * 3
    assert cli("plan", "my team/main.yml", *TODAY).code == 0
    (seed,) = re.findall(r"`accessplan (sandbox seed .*)` fills", (folder / "my team/organization.yaml").read_text())
    assert cli(*shlex.split(seed), *TODAY).code == 0


# what runs accessplan


def test_ci_for_github(cli, folder):
    """--ci github writes a file for each of the three jobs, which call accessplan's with inputs and secrets it has."""
    result = cli("init", "--ci", "github", "--workflows", "example/tools@v1", "--organization", "77", *TODAY)
    assert (result.code, "OWNER" in result.stdout) == (0, False)
    files = sorted((folder / ".github" / "workflows").iterdir())
    assert [each.name for each in files] == [f"access-{job}.yml" for job in ("apply", "drift", "plan")]
    for file in files:
        (job,) = yaml.safe_load(file.read_text())["jobs"].values()
        assert job["uses"] == f"example/tools/.github/workflows/{file.name}@v1"
        assert (job["with"]["organization"], job["with"]["document"]) == ("77", "access.yaml")
        called = yaml.safe_load((REPOSITORY / ".github" / "workflows" / file.name).read_text())
        asked = called[True]["workflow_call"]
        assert set(job["with"]) <= set(asked["inputs"])
        assert {name for name, each in asked["inputs"].items() if each.get("required")} <= set(job["with"])
        assert set(job.get("secrets", {})) <= set(asked.get("secrets", {}))


@pytest.mark.parametrize("job", ["plan", "apply", "drift"])
def test_ci_may_do_what_the_jobs_need(cli, folder, job):
    """A caller grants what the jobs of the called workflow ask for, and no more: else it would not start."""
    cli("init", "--ci", "github", *TODAY)
    name = f".github/workflows/access-{job}.yml"
    granted = yaml.safe_load((folder / name).read_text())["permissions"]
    needed: dict[str, str] = {}
    for each in yaml.safe_load((REPOSITORY / name).read_text())["jobs"].values():
        needed |= {what: how for what, how in each["permissions"].items() if needed.get(what) != "write"}
    assert granted == needed


def test_only_plans_see_no_secret(cli, folder):
    """The workflow of pull requests runs on what anybody proposes, and is given no secret."""
    cli("init", "--ci", "github", *TODAY)
    texts = {each.name: each.read_text() for each in (folder / ".github" / "workflows").iterdir()}
    assert [name for name, text in sorted(texts.items()) if "secrets." in text] == [
        "access-apply.yml", "access-drift.yml",
    ]  # fmt: skip
    assert "pull_request_target" not in "".join(texts.values())


def test_ci_for_gitlab(cli, folder):
    """--ci gitlab writes one file that includes accessplan's jobs at a commit, with the inputs they have."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    result = cli("init", "--ci", "gitlab", "--workflows", f"group/sub/tools@{commit}", "--organization", "77", *TODAY)
    assert (result.code, "INFOMANIAK_TOKEN" in result.stdout, "GROUP" in result.stdout) == (0, True, False)
    (included,) = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["include"]
    assert (included["project"], included["ref"]) == ("group/sub/tools", commit)
    asked = yaml.safe_load((REPOSITORY / included["file"].lstrip("/")).read_text().partition("\n---\n")[0])
    inputs = asked["spec"]["inputs"]
    assert {name for name, each in inputs.items() if "default" not in each} <= set(included["inputs"]) <= set(inputs)
    assert re.fullmatch(inputs["commit"]["regex"], included["inputs"]["commit"])
    assert included["inputs"] == {
        "organization": "77",
        "document": "access.yaml",
        "source": "$CI_SERVER_URL/group/sub/tools.git",
        "commit": commit,
    }


@pytest.mark.parametrize(("forge", "place"), [("github", "OWNER/accessplan@v"), ("gitlab", "GROUP/accessplan@000")])
def test_ci_to_fill_in(cli, folder, forge, place):
    """Without --workflows what has to be filled in is named, and stands in the files."""
    assert place in cli("init", "--ci", forge, *TODAY).stdout
    texts = [each.read_text() for each in folder.rglob("*.yml")]
    assert len(texts) == (3 if forge == "github" else 1)
    assert all(place.partition("@")[0] in text for text in texts)


def test_ci_for_a_document_that_is_there(cli, example):
    """With --ci alone a document that is there is kept, and its number stands in the workflow files."""
    before = (example / "access.yaml").read_text()
    result = cli("init", "--ci", "github", *TODAY)
    assert (result.code, (example / "access.yaml").read_text()) == (0, before)
    assert 'organization: "4242"' in (example / ".github/workflows/access-plan.yml").read_text()
    assert [each[1] for each in commands_in(result.stdout)] == ["validate", "plan", "codeowners"]
    assert input_error(cli("init", "--ci", "github", "--sandbox", *TODAY), "access.yaml, organization.yaml, .git")


def test_ci_at_the_top_of_the_repository(cli, folder, monkeypatch):
    """Workflow files lie at the top of the Git repository and name the document from there."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / "it").mkdir()
    monkeypatch.chdir(folder / "it")
    result = cli("init", "who's who.yaml", "--ci", "github", *TODAY)
    plan = yaml.safe_load((folder / ".github/workflows/access-plan.yml").read_text())
    assert plan["jobs"]["plan"]["with"]["document"] == "it/who's who.yaml"
    assert "Wrote who's who.yaml, ../.github/workflows/access-plan.yml, " in result.stdout
    assert "OWNER/accessplan" in result.stdout
    assert input_error(cli("init", "/elsewhere/access.yaml", "--ci", "github", *TODAY), "does not lie in")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (
            "github",
            ["environments access and access-read", "both the secret INFOMANIAK_TOKEN, and the repository none"],
        ),
        (
            "gitlab",
            ["INFOMANIAK_TOKEN and, for the issue, ACCESSPLAN_GITLAB_TOKEN", "protected and masked", "schedule"],
        ),
    ],
)
def test_ci_says_where_the_token_belongs(cli, forge, words):
    """What a forge has to be given is said as docs/ci.md says it, which is named, and nothing of it is cut."""
    (said,) = [line for line in cli("init", "--ci", forge, *TODAY).stdout.splitlines() if "TOKEN" in line]
    assert [word for word in words if word not in said] == []
    assert said.endswith("(docs/ci.md).")


def begun_on(branch, folder):
    """Begin a Git repository without commits, on a branch of this name."""
    folder.mkdir(exist_ok=True)
    repository = Repository(folder)
    repository.git("init", "-q", "-b", branch)
    return repository


def applied(folder):
    """The branches whose pushes access-apply.yml is for."""
    (file,) = folder.rglob("access-apply.yml")
    return yaml.safe_load(file.read_text())[True]["push"]["branches"]


def test_apply_runs_on_the_branch_that_is_there(cli, folder):
    """In a repository without commits or a remote what is merged into its branch is applied, and that is said."""
    begun_on("master", folder)
    assert "What is merged into master is applied" in cli("init", "--ci", "github", *TODAY).stdout
    assert applied(folder) == ["master"]


def test_apply_runs_on_the_main_branch_of_the_remote(cli, folder, monkeypatch):
    """From a branch of a clone it is the main branch of where it comes from that counts."""
    begun_on("trunk", folder / "origin").commit("Begin")
    clone = Repository(folder / "clone")
    begun_on("main", folder / "clone").git("remote", "add", "origin", "../origin")
    clone.git("fetch", "-q", "origin")
    clone.git("remote", "set-head", "origin", "--auto")
    clone.git("switch", "-q", "-c", "add-access", "origin/trunk")
    monkeypatch.chdir(folder / "clone")
    assert cli("init", "--ci", "github", *TODAY).code == 0
    assert applied(folder) == ["trunk"]


def test_apply_runs_on_main_where_git_names_no_branch(cli, folder):
    """Where no branch is checked out, and outside of a repository, main is the branch."""
    repository = begun_on("old", folder)
    repository.commit("Begin")
    repository.git("switch", "-q", "--detach")
    assert cli("init", "--ci", "github", *TODAY).code == 0
    assert applied(folder) == ["main"]


@pytest.mark.parametrize(
    ("branch", "pattern"),
    [
        ("x],tags", "x],tags"),
        ('"#&!{}', '"#&\\!{}'),
        ("c++", "c\\+\\+"),
        ("null", "null"),
        ("a\u2028b\u202e", "a\u2028b\u202e"),
        ("$ref-${{x}}", "$ref-${{x}}"),
    ],
)  # fmt: skip
def test_a_hostile_branch(cli, folder, branch, pattern):
    """Whatever a branch is called, the workflow names it and nothing else, and GitHub reads no pattern in it."""
    begun_on("main", folder).git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    assert "\u202e" not in cli("init", "--ci", "github", *TODAY).stdout
    assert applied(folder) == [pattern]


def test_a_branch_that_is_no_text(cli, folder):
    """A branch whose name no YAML can hold is refused, and nothing is written."""
    begun_on("main", folder)
    (folder / ".git" / "HEAD").write_bytes(b"ref: refs/heads/\xff\n")
    assert input_error(cli("init", "--ci", "github", *TODAY), "\\udcff cannot be written into YAML")
    assert [each.name for each in folder.iterdir()] == [".git"]


def test_ci_in_a_repository_that_git_does_not_open(cli, folder, monkeypatch):
    """In a repository of an owner that Git does not trust nothing is written below its top."""
    begun_on("main", folder)
    (folder / "it").mkdir()
    monkeypatch.chdir(folder / "it")
    untrusted(monkeypatch, folder)
    assert input_error(
        cli("init", "--ci", "github", *TODAY), f"does not open the repository {folder}", "safe.directory"
    )
    assert list((folder / "it").iterdir()) == []


# from the live organization


def test_from_live(cli, example):
    """--from-live describes what is live: the plan is then empty, and a head says what to write next."""
    result = cli(
        "init", "mine.yaml", "--from-live", "--live", "sandbox:organization.yaml", "--organization", "4242", *TODAY
    )
    assert (result.code, "requests to sandbox:organization.yaml" in result.stderr) == (0, True)
    assert [each[1:] for each in commands_in(result.stdout)] == [
        [each, "mine.yaml"] for each in ("validate", "plan", "stale")
    ]
    text = (example / "mine.yaml").read_text()
    exported = cli("export", "--live", "sandbox:organization.yaml", "--organization", "4242", *TODAY).stdout
    assert text.endswith(exported)
    assert text.startswith("# Written by `accessplan init` on 2026-11-21.")
    assert "No changes." in cli("plan", "mine.yaml", *TODAY).stdout


def test_from_live_is_refused_before_anything_is_read(cli, example):
    """Where the document is there already, the live organization is not read."""
    live = ("--from-live", "--live", "sandbox:organization.yaml", "--organization", "4242")
    result = cli("init", *live, *TODAY)
    assert input_error(result, "access.yaml is there already")
    assert "request" not in result.stderr
    assert not (example / ".accessplan").exists()


def test_a_token_is_needed_for_the_real_one(cli, folder, monkeypatch):
    """Without a token nothing can be read of the real organization, and nothing is written."""
    monkeypatch.delenv("INFOMANIAK_TOKEN", raising=False)
    result = cli("init", "--from-live", "--organization", "4242")
    assert (result.code, "there is no token" in result.stderr) == (5, True)
    assert list(folder.iterdir()) == []


# nothing is overwritten, and nothing half done


@pytest.mark.parametrize("there", ["access.yaml", "organization.yaml"])
def test_nothing_is_overwritten(cli, folder, there):
    """Where one of the files is there, it stays as it is, and no other is written."""
    (folder / there).write_text("mine\n")
    assert input_error(cli("init", "--sandbox", *TODAY), f"{there} is there already")
    assert [(each.name, each.read_text()) for each in folder.iterdir()] == [(there, "mine\n")]


def test_a_folder_is_a_document_as_well(cli, folder):
    """The folder access/ is the document where there is one, and nothing is written beside it."""
    (folder / "access").mkdir()
    assert input_error(cli("init", *TODAY), "access is there already")
    assert [each.name for each in folder.iterdir()] == ["access"]


def test_a_gitignore_is_kept(cli, folder):
    """A .gitignore that is there is left as it is: the state folder tells Git by itself."""
    (folder / ".gitignore").write_text("/build\n")
    assert cli("init", *TODAY).code == 0
    assert (folder / ".gitignore").read_text() == "/build\n"


def test_all_files_or_none(cli, folder):
    """Where the last file cannot be written, the first are taken back."""
    (folder / ".github").write_text("a file, no folder\n")
    result = cli("init", "--sandbox", "--ci", "github", *TODAY)
    assert input_error(result, ".github/workflows cannot be made")
    assert [each.name for each in folder.iterdir()] == [".github"]


@pytest.mark.parametrize("path", ["my/team/access.yaml", "\udcff.yaml"], ids=["in folders", "no text"])
def test_no_folders_are_left(cli, folder, path):
    """Folders that were made for files which cannot be written are removed again, and others are kept."""
    (folder / "my").mkdir()
    if path.startswith("my"):
        (folder / ".github").write_text("a file, no folder\n")
    before = sorted(folder.rglob("*"))
    assert input_error(cli("init", path, "--ci", "github", *TODAY), "cannot be")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from-live", "--sandbox"], "two ways to begin"),
        (["--from-live"], "--organization NUMBER"),
        (["--live", "sandbox:organization.yaml"], "Add --from-live"),
        (["access.json"], "no name of a document"),
        (["--organization", "0"], "--organization"),
        (["--ci", "jenkins"], "--ci"),
        (["--workflows", "example/accessplan@v1"], "Add --ci"),
        (["--ci", "github", "--workflows", "accessplan"], "OWNER/REPOSITORY@REF"),
        (["--ci", "gitlab", "--workflows", "a/b@v1.0.0"], "whole hash"),
        (["--ci", "github", "--workflows", "a/b@c d"], "OWNER/REPOSITORY@REF"),
        (["--ci", "github", "--workflows", "a/b/c@v1"], "OWNER/REPOSITORY@REF"),
        (["--ci", "github", "--workflows", "../..@x"], "OWNER/REPOSITORY@REF"),
        (["--ci", "github", "--workflows", "a/..@x"], "OWNER/REPOSITORY@REF"),
        (["--ci", "github", "--workflows", "é/b@x"], "OWNER/REPOSITORY@REF"),
        (["--ci", "github", "--workflows", "a/b@x/../y"], "OWNER/REPOSITORY@REF"),
        (["--ci", "gitlab", "--workflows", f"a/../b@{'0' * 40}"], "whole hash"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_contradicts_itself(cli, folder, arguments, words):
    """What cannot be meant is refused with what to write instead, and nothing is written."""
    assert input_error(cli("init", *arguments, *TODAY), words)
    assert list(folder.iterdir()) == []
