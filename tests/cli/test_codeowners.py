"""`accessplan codeowners`: who has to approve which change of access."""

import shlex
import subprocess
from itertools import pairwise

import pytest
from tests.cli.given import TODAY, input_error
from tests.cli.repository import untrusted

from accessplan.report.codeowners import pattern

ORGANIZATION = "accessplan: 1\norganization: {id: 4242}\npolicy: {mode: {users: additive}}\n"
CLAIRE = "  claire@example.ch: {first_name: Claire, last_name: Favre, role: legal_representative}\n"
ANA = "  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator}\n"
EMMA = "  emma@example.ch: {first_name: Emma, last_name: Dubois, role: collaborator}\n"
BOB = "  bob@agency.example: {first_name: Bob, last_name: Meyer, role: external, owner: ana@example.ch}\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A document in a folder, one file a team, in a Git repository where one stands."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    folder = tmp_path / "access"
    folder.mkdir()
    (folder / "main.yaml").write_text(f"{ORGANIZATION}users:\n{CLAIRE}")
    (folder / "people.yaml").write_text(f"users:\n{ANA}{EMMA}")
    (folder / "support.yaml").write_text("teams:\n  Support: {leader: emma@example.ch, members: []}\n")
    (folder / "web.yaml").write_text(
        f"users:\n{BOB}teams:\n  Web: {{leader: emma@example.ch, grants: {{hosting/*: technical}}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def owned(result):
    """What a printed file says: the owners of each path."""
    lines = [line.split(" ") for line in result.stdout.splitlines() if not line.startswith(("#", "["))]
    return {path: people for path, *people in lines}


@pytest.mark.usefixtures("repository")
def test_a_folder_has_a_line_for_each_file(cli):
    """Each file belongs to the owners and leaders it names; files that name nobody, and new ones, to who governs."""
    result = cli("codeowners", *TODAY)
    assert (result.code, result.stderr) == (0, "")
    assert list(owned(result).items()) == [
        ("CODEOWNERS", ["claire@example.ch"]),
        ("/access/", ["claire@example.ch"]),
        ("/access/main.yaml", ["claire@example.ch"]),
        ("/access/people.yaml", ["claire@example.ch"]),
        ("/access/support.yaml", ["emma@example.ch"]),
        ("/access/web.yaml", ["ana@example.ch", "emma@example.ch"]),
    ]


@pytest.mark.parametrize(
    "section",
    ["roles: {editor: {base: collaborator}}", "removed: [{entry: 'user[\"x@example.ch\"]', reason: left}]",
     "tests: [{name: t, count: {role: administrator, max: 3}}]",
     "acknowledge: [{change: 'revoke user[\"x@example.ch\"]', until: 2026-12-01, reason: left}]",
     "partners: {}\nusers:\n  dan@example.ch: {first_name: D, last_name: R, role: administrator}"],
    ids=lambda text: text.partition(":")[0],
)  # fmt: skip
def test_what_concerns_everybody_needs_who_governs(cli, repository, section):
    """A file that has rules for all, or names who governs, belongs to the legal representatives as well."""
    (repository / "access" / "support.yaml").write_text(
        f"teams:\n  Support: {{leader: emma@example.ch, members: []}}\n{section}\n"
    )
    assert owned(cli("codeowners", *TODAY))["/access/support.yaml"] == ["emma@example.ch", "claire@example.ch"]


@pytest.mark.parametrize(
    "section",
    ["roles: {{{}: {{base: collaborator}}}}", "removed: [{{entry: 'user[\"{}@example.ch\"]', reason: left}}]"],
    ids=["roles", "removed"],
)
def test_what_concerns_everybody_in_several_files(cli, repository, section):
    """Where several files share such a section, each of them belongs to the legal representatives as well."""
    for name, word in (("main", "first"), ("support", "second"), ("web", "third")):
        file = repository / "access" / f"{name}.yaml"
        file.write_text(f"{file.read_text()}{section.format(word)}\n")
    found = owned(cli("codeowners", *TODAY))
    assert found["/access/support.yaml"] == ["emma@example.ch", "claire@example.ch"]
    assert found["/access/web.yaml"] == ["ana@example.ch", "emma@example.ch", "claire@example.ch"]


@pytest.mark.usefixtures("example")
def test_a_single_file_has_one_line(cli):
    """In a single file all who answer for something stand on one line, and who left is told and left out."""
    result = cli("codeowners", *TODAY)
    assert owned(result)["/access.yaml"] == ["ana@example.ch", "claire@example.ch", "emma@example.ch"]
    assert "/access/" not in result.stdout
    assert 'access.yaml:91:12: warning: "marc@example.ch" is no user on this day' in " ".join(result.stderr.split())
    assert "marc" not in result.stdout


@pytest.mark.parametrize("key", ["until: 2026-11-20", "since: 2026-11-22"])
def test_who_is_not_there_today_approves_nothing(cli, repository, key):
    """Somebody whose time is over, or has not begun, does not stand in the file: on another day they do."""
    people = repository / "access" / "people.yaml"
    people.write_text(people.read_text().replace("Dubois,", f"Dubois, {key},"))
    result = cli("codeowners", *TODAY)
    assert owned(result)["/access/support.yaml"] == ["claire@example.ch"]
    assert "emma@example.ch" in result.stderr
    other = "2026-11-20" if key.startswith("until") else "2026-11-22"
    assert owned(cli("codeowners", "--today", other))["/access/support.yaml"] == ["emma@example.ch"]


def test_who_must_be_gone_approves_nothing(cli, repository):
    """Somebody whom `removed` names does not stand in the file."""
    main = repository / "access" / "main.yaml"
    main.write_text(main.read_text() + "removed: [{entry: 'user[\"emma@example.ch\"]', reason: left}]\n")
    (repository / "access" / "people.yaml").write_text(f"users:\n{ANA}")
    for name in ("support", "web"):
        file = repository / "access" / f"{name}.yaml"
        file.write_text(file.read_text().replace("emma@", "zoe@"))
    assert "emma@example.ch" not in cli("codeowners", *TODAY).stdout


@pytest.mark.usefixtures("repository")
def test_fallback(cli):
    """--fallback takes the place of the legal representatives, and nobody else's."""
    found = owned(cli("codeowners", "--fallback", "@example/board", "--fallback", "@claire", *TODAY))
    assert found["CODEOWNERS"] == found["/access/"] == found["/access/main.yaml"] == ["@example/board", "@claire"]
    assert found["/access/support.yaml"] == ["emma@example.ch"]


def test_somebody_must_approve(cli, repository):
    """Where the document names no legal representative, nothing is printed until somebody is named."""
    (repository / "access" / "main.yaml").write_text(ORGANIZATION)
    assert input_error(cli("codeowners", *TODAY), "no legal representative", "--fallback OWNER")
    assert cli("codeowners", "--fallback", "@example/board", *TODAY).code == 0


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("strange", ["board", "@", "a b@example.ch", "@x #", "@team\n* @me", "a@b, c@d"])
def test_a_fallback_that_is_no_owner(cli, strange):
    """What cannot stand in the file as one owner is refused."""
    assert input_error(cli("codeowners", "--fallback", strange, *TODAY), "is no owner")


def test_hostile_owners(cli, repository):
    """An owner whose address would begin a comment or another owner is told, and left out."""
    people = repository / "access" / "people.yaml"
    people.write_text(people.read_text() + "  'x#y@example.ch': {first_name: X, last_name: Y, role: collaborator}\n")
    (repository / "access" / "support.yaml").write_text("teams:\n  Support: {leader: 'x#y@example.ch', members: []}\n")
    result = cli("codeowners", *TODAY)
    assert owned(result)["/access/support.yaml"] == ["claire@example.ch"]
    assert "x#y@example.ch cannot stand in a CODEOWNERS file" in result.stderr


@pytest.mark.usefixtures("repository")
def test_gitlab(cli):
    """For GitLab the same lines stand in a section."""
    github, gitlab = (cli("codeowners", "--format", form, *TODAY).stdout for form in ("github", "gitlab"))
    head, _, lines = github.partition("\n")
    assert gitlab == f"{head}\n[Access]\n{lines}"


def test_where_one_stands_does_not_matter(cli, repository, monkeypatch):
    """Paths begin at the top of the Git repository, from wherever the command is run."""
    from_top = cli("codeowners", "access", *TODAY).stdout
    monkeypatch.chdir(repository / "access")
    assert cli("codeowners", repository / "access", *TODAY).stdout == from_top
    assert cli("codeowners", ".", *TODAY).stdout == from_top


def test_a_document_at_the_top(cli, repository):
    """Where the repository itself is the folder of the document, everything in it has somebody."""
    for file in (repository / "access").iterdir():
        file.rename(repository / file.name)
    found = owned(cli("codeowners", ".", *TODAY))
    assert (found["*"], found["/web.yaml"]) == (["claire@example.ch"], ["ana@example.ch", "emma@example.ch"])


def test_links(cli, repository):
    """A link is owned where it stands and where it leads, and refused where that is out of the repository."""
    (repository / "shared").mkdir()
    (repository / "access" / "web.yaml").rename(repository / "shared" / "web.yaml")
    (repository / "access" / "web.yaml").symlink_to("../shared/web.yaml")
    found = owned(cli("codeowners", *TODAY))
    assert found["/access/web.yaml"] == found["/shared/web.yaml"] == ["ana@example.ch", "emma@example.ch"]
    (repository / "shared" / "web.yaml").rename(repository.parent / "web.yaml")
    (repository / "access" / "web.yaml").unlink()
    (repository / "access" / "web.yaml").symlink_to(repository.parent / "web.yaml")
    assert input_error(cli("codeowners", *TODAY), "does not lie in")


def test_a_repository_that_git_does_not_open(cli, repository, monkeypatch):
    """In a repository of an owner that Git does not trust no path is made up, from wherever the command is run."""
    monkeypatch.chdir(repository / "access")
    untrusted(monkeypatch, repository)
    result = cli("codeowners", ".", *TODAY)
    assert input_error(result, f"does not open the repository {repository}", "safe.directory")
    assert result.stdout == ""


def test_outside_of_a_repository(cli, tmp_path, monkeypatch):
    """Where there is no repository at all, paths begin at the folder that one stands in."""
    (tmp_path / "access.yaml").write_text(f"{ORGANIZATION}users:\n{CLAIRE}")
    monkeypatch.chdir(tmp_path)
    assert "/access.yaml" in owned(cli("codeowners", *TODAY))


# patterns


@pytest.mark.parametrize(
    "path",
    ["access.yaml", "my team/a b.yaml", "#1/#2.yaml", "!a.yaml", "a[1].yaml", "a]b[.yaml", "a*b?.yaml", "a\\b.yaml",
     "a\tb.yaml", "Zürich/é.yaml", " lead.yaml", "trail .yaml", "x @me.yaml"],
)  # fmt: skip
def test_a_pattern_matches_its_path(tmp_path, path):
    """As Git reads patterns, which GitHub follows, each matches the file it is made of and no other name."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(pattern(path) + "\n")
    shown = ["git", "-C", tmp_path, "check-ignore", "--no-index", "-q", "--"]
    assert subprocess.run([*shown, path], check=False).returncode == 0
    for other in (f"{path}.bak", f"x{path}", f"deeper/{path}", "other.yaml"):
        assert subprocess.run([*shown, other], check=False).returncode == 1


def test_a_pattern_is_one_word():
    """No path can end its pattern, begin a comment or a section, or name an owner."""
    for path in ("a b", "a\tb", "a\u2028b", "a\nb", "a#b", "[x]", "a\xa0b", "a @me"):
        written = pattern(path)
        assert not set(written) & set("#[]\n\t\u2028\xa0")
        assert all(before == "\\" for before, after in pairwise(written) if after == " ")


# in files


def test_out_and_check(cli, repository):
    """--out writes the file, and --check exits with 2 once the document says otherwise, or there is none."""
    file = repository / ".github" / "CODEOWNERS"
    file.parent.mkdir()
    out = ("--out", ".github/CODEOWNERS", *TODAY)
    assert cli("codeowners", "--check", *out).code == 2
    assert not file.exists()
    assert cli("codeowners", *out) == cli("codeowners", *out)
    assert file.read_text() == cli("codeowners", *TODAY).stdout
    right = cli("codeowners", "--check", *out)
    assert (right.code, right.stdout, right.stderr) == (0, "", "")
    before = file.read_text()
    (repository / "access" / "support.yaml").write_text("teams:\n  Support: {leader: ana@example.ch, members: []}\n")
    wrong = cli("codeowners", "--check", *out)
    assert (wrong.code, "accessplan codeowners --out .github/CODEOWNERS" in wrong.stdout) == (2, True)
    assert file.read_text() == before


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "options",
    [
        ("my access",),
        ("my access", "--format", "gitlab"),
        ("my access", "--fallback", "@example/board", "--fallback", "@" + "x" * 150, "--fallback", "@" + "y" * 150),
    ],
    ids=["path", "format", "fallback"],
)
def test_the_remedy_of_check_works_as_written(cli, repository, options):
    """What --check says to run writes just the file that it asks for, whatever the options are."""
    (repository / "access").rename(repository / "my access")
    out = ("--out", "CODE OWNERS")
    assert cli("codeowners", *options, *out, *TODAY).code == 0
    right = (repository / "CODE OWNERS").read_text()
    (repository / "CODE OWNERS").write_text(right + "* @somebody\n")
    said = cli("codeowners", *options, "--check", *out, *TODAY).stdout
    remedy = shlex.split(said.partition("document says: accessplan ")[2])
    assert cli(*remedy, *TODAY).code == 0
    assert (repository / "CODE OWNERS").read_text() == right


def test_a_file_by_hand_is_kept(cli, repository):
    """A CODEOWNERS file that somebody wrote by hand is not overwritten."""
    (repository / "CODEOWNERS").write_text("* @everybody\n")
    assert input_error(cli("codeowners", "--out", "CODEOWNERS", *TODAY), "was not written by accessplan")
    assert (repository / "CODEOWNERS").read_text() == "* @everybody\n"


@pytest.mark.usefixtures("repository")
def test_check_needs_a_file(cli):
    """--check without a file is refused."""
    assert input_error(cli("codeowners", "--check", *TODAY), "--out .github/CODEOWNERS")


def test_no_live_system_is_needed(cli, repository, monkeypatch):
    """It asks for no token, reads nothing live and leaves nothing behind."""
    monkeypatch.delenv("INFOMANIAK_TOKEN", raising=False)
    assert cli("codeowners", *TODAY).code == 0
    assert not (repository / ".accessplan").exists()
