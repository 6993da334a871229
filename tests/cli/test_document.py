"""`accessplan validate`, and documents that no command can use."""

import re

import pytest
import yaml
from tests.cli.given import HEAD, ONE_USER, TODAY, input_error

pytestmark = pytest.mark.usefixtures("example")


def test_validate(cli, example):
    """A valid document is counted; --quiet has nothing to add."""
    (example / "some.yaml").write_text(f"{ONE_USER}}}\n")
    assert cli("validate", "some.yaml").stdout == "some.yaml is valid: 1 user, 0 teams.\n"
    assert cli("validate").stdout.endswith("access.yaml is valid: 11 users, 2 teams.\n")
    assert cli("validate") == cli("validate", "access.yaml")
    assert cli("validate", "some.yaml", "--quiet") == cli("validate", "some.yaml", "-q")
    assert cli("validate", "some.yaml", "-q").stdout == ""


def test_validate_needs_no_live_side(cli, example):
    """Neither an organization file nor a network is needed, and nothing is left behind."""
    (example / "organization.yaml").unlink()
    assert cli("validate").code == 0
    assert [each.name for each in example.iterdir()] == ["access.yaml"]


def test_validate_warns(cli, example):
    """Warnings are shown with their place, counted, and no reason to fail."""
    text = (example / "access.yaml").read_text().replace("until: 2027-03-31", "until: 2026-01-31")
    (example / "access.yaml").write_text(text)
    result = cli("validate", *TODAY)
    assert (result.code, result.stderr) == (0, "")
    assert re.search(r"^access\.yaml:\d+:\d+: warning: ", result.stdout, re.MULTILINE)
    assert result.stdout.count(": warning: ") == 3
    assert result.stdout.endswith(", 3 warnings.\n")


def test_a_folder_is_one_document(cli, example):
    """The YAML files of a folder are read together; PATH may name it, and `access/` is looked for."""
    text = (example / "access.yaml").read_text()
    parts = yaml.safe_load(text.replace(" on: ", " 'on': "))  # which PyYAML takes for yes
    folder = example / "access"
    folder.mkdir()
    for name in ("users", "teams", "mailboxes", "partners"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({name: parts.pop(name)}))
    parts["organization"]["live"] = "sandbox:../organization.yaml"
    (folder / "main.yml").write_text(yaml.safe_dump(parts))
    (example / "access.yaml").rename(example / "whole.yaml")
    assert cli("validate", "access").stdout.endswith("access is valid: 11 users, 2 teams.\n")
    assert cli("validate") == cli("validate", "access")
    assert "access/users.yaml:" in cli("plan", *TODAY).stdout


def test_the_document_that_is_looked_for(cli, example):
    """Without a PATH it is access.yaml; where there is none, the error names it."""
    (example / "access").mkdir()
    assert cli("validate").code == 0
    (example / "access").rmdir()
    (example / "access.yaml").unlink()
    assert input_error(cli("plan"), "access.yaml does not exist")


BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)

FAULTS = {
    "unknown key": (f"{HEAD}userz: {{}}\n", 'unknown key "userz"', 'did you mean "users"?'),
    "tab": (f"{HEAD}users:\n\tana@example.ch: {{}}\n", "a tab indents this line", "bad.yaml:4:"),
    "duplicate key": (f"{HEAD}users: {{}}\nusers: {{}}\n", '"users" is given twice', "bad.yaml:3:1"),
    "duplicate user": (f"{ONE_USER}}}\n  ANA@example.ch: {{role: external}}\n", "is given twice", "bad.yaml:4:3"),
    "no such day": (f"{ONE_USER}, until: 2026-02-30}}\n", "2026-02-30", "invalid-date"),
    "no date": (f"{ONE_USER}, until: soon}}\n", "soon", "bad.yaml:4:"),
    "tag": (f"{HEAD}users: !!python/object/apply:os.system ['touch pwned']\n", "YAML tags are not allowed"),
    "anchor bomb": (HEAD + BOMB, "1,000,000", "too-many-aliases"),
    "null": (f"{HEAD}users: null\n", '"users" is null'),
    "list": ("- a\n", "must be"),
    "text": ("hello\n", "must be"),
    "empty": ("", "holds nothing"),
    "second document": (f"{HEAD}---\nusers: {{}}\n", "a second YAML document"),
    "control character": (f"{HEAD}users: {{a\0b: 1}}\n", "U+0000"),
    "deep": (f"{HEAD}users: {'[' * 5000}{']' * 5000}\n", "more than 100 deep"),
    "open quote": (f"{HEAD}users: {{'ana: 1}}\n", "never closed"),
    "not UTF-8": (f"{HEAD}# Zürich\n".encode("latin-1"), "not UTF-8"),
    "UTF-16": (HEAD.encode("utf-16"), "UTF-16"),
    "time zone": ("accessplan: 1\norganization: {id: 4242, timezone: ../../etc/passwd}\n", "is no time zone"),
    "other version": ("accessplan: 2\norganization: {id: 4242}\n", '"accessplan" must be 1'),
    "no product": (f"{ONE_USER}, grants: {{hosting/nope: technical}}}}\n", "matches no product"),
    "live": ("accessplan: 1\norganization: {id: 4242, live: 'ftp://example.ch'}\n", "is neither a URL"),
    "missing live": ("accessplan: 1\norganization: {id: 4242, live: 'sandbox:no.yaml'}\n", "no organization file"),
    "endless live": (f"accessplan: 1\norganization: {{id: 1, live: 'sandbox:{'a' * 5000}'}}\n", "aaaa"),
}
NEED_LIVE = {"no product", "live", "missing live", "endless live"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_document_that_cannot_be_used(cli, example, name):
    """Each fault is named on stderr with how to mend it; the code is 3, and no database is made."""
    content, *words = FAULTS[name]
    (example / "bad.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    before = sorted(example.iterdir())
    for command in ["plan", "apply"] if name in NEED_LIVE else ["validate", "plan", "apply"]:
        result = cli(command, "bad.yaml")
        assert input_error(result, *words)
        assert result.stdout == ""
    assert [each for each in sorted(example.iterdir()) if each.name != ".accessplan"] == before
    assert name == "no product" or not [*(example / ".accessplan").glob("*.db")]


def test_every_fault_is_told_at_once(cli, example):
    """A document with several faults is read to its end, and the faults are counted."""
    (example / "bad.yaml").write_text(f"{ONE_USER}, until: soon, rolle: x}}\nteamz: {{}}\n")
    assert input_error(cli("validate", "bad.yaml"), "soon", "rolle", "teamz", "bad.yaml has 3 faults")


def test_files_that_cannot_be_read(cli, example):
    """A missing file, an empty folder, a folder of nothing and a huge file are faults that say so."""
    assert input_error(cli("plan", "no.yaml"), "no.yaml does not exist")
    (example / "empty").mkdir()
    assert input_error(cli("plan", "empty"), "empty holds no YAML files")
    with (example / "huge.yaml").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert input_error(cli("plan", "huge.yaml"), "huge.yaml is larger than 64 MiB")
    assert input_error(cli("plan", "access.yaml/x"), "access.yaml/x")
    assert not (example / ".accessplan").exists()


def test_a_document_that_cannot_be_read(cli, example):
    """A document that is there and cannot be read is a fault that says so."""
    (example / "loop.yaml").symlink_to("loop.yaml")
    assert input_error(cli("plan", "loop.yaml"), "loop.yaml cannot be read")
