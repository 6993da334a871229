"""A path becomes a tree: one file, or the united files of a folder."""

import os
from pathlib import Path

import pytest

from accessplan.want import read as module
from accessplan.want.read import MAX_BYTES, read
from accessplan.want.tree import MAX_FILES, Tree


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def folder(**files: str) -> Path:
    """Write files (`a="…"` is access/a.yaml) and return their folder."""
    path = Path("access")
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def faults(tree: Tree) -> list[str]:
    return [f"{each.place or ''} {each.code}: {each.message} → {each.hint}".strip() for each in tree.findings]


def test_sections_of_several_files_are_united() -> None:
    """Users, teams and the like may be spread over files, lists too; each entry knows its own file and line."""
    path = folder(
        a="accessplan: 1\norganization: {id: 4242}\nusers:\n  ana: {x: 1}\nteams: {}\nremoved: [{x: 1}]",
        b="# people\nusers:\n  bob: {x: [2, 3]}\nremoved:\n  - {x: [4, 5]}\n  - {x: 6}\n",
        c="accessplan: 1\nroles: {editor: {base: collaborator}}",
    )

    tree = read(path)

    assert not tree.findings
    assert tree.data == {
        "accessplan": 1,
        "organization": {"id": 4242},
        "users": {"ana": {"x": 1}, "bob": {"x": [2, 3]}},
        "teams": {},
        "removed": [{"x": 1}, {"x": [4, 5]}, {"x": 6}],
        "roles": {"editor": {"base": "collaborator"}},
    }
    assert str(tree.key_place(("users", "ana"))) == "access/a.yaml:4:3"
    assert str(tree.key_place(("users", "bob"))) == "access/b.yaml:3:3"
    assert str(tree.place(("users", "bob", "x", 1))) == "access/b.yaml:3:16"
    assert str(tree.place(("removed", 0, "x"))) == "access/a.yaml:6:15"
    assert str(tree.place(("removed", 1, "x", 1))) == "access/b.yaml:5:13"
    assert str(tree.place(("removed", 2))) == "access/b.yaml:6:5"
    assert str(tree.place(("roles", "editor", "base"))) == "access/c.yaml:2:24"
    assert str(tree.key_place(("organization",))) == "access/a.yaml:2:1"


def test_the_same_key_in_two_files_is_a_fault() -> None:
    """Entries and sections that cannot be united are told with both places."""
    path = folder(
        a="organization: {id: 1}\nusers: {ana: 1}\nroles: []\naccessplan: 1",
        b="organization: {id: 2}\nusers: {ana: 2}\nroles: {}\naccessplan: 2",
    )

    assert faults(read(path)) == [
        'access/b.yaml:1:1 duplicate-key: "organization" is given twice → it is given first at access/a.yaml:1:1',
        'access/b.yaml:3:1 duplicate-key: "roles" is given twice → it is given first at access/a.yaml:3:1',
        'access/b.yaml:4:1 duplicate-key: "accessplan" is given twice → it is given first at access/a.yaml:4:1',
        'access/b.yaml:2:9 duplicate-key: "ana" is given twice → it is given first at access/a.yaml:2:9',
    ]


def test_faults_of_all_files_are_told() -> None:
    """One unusable file makes the whole unusable, and hides no fault of the others."""
    path = folder(a="a: b: c", b="- list", c="a: 1\na: 2")

    tree = read(path)

    assert tree.data is None
    assert [str(each.place) for each in tree.findings] == [
        "access/a.yaml:1:5",
        "access/c.yaml:2:1",
        "access/b.yaml:1:1",
    ]


def test_what_is_no_document_is_passed_over() -> None:
    """Hidden files, empty folders inside and other files are not read; both suffixes are."""
    path = folder(a="accessplan: 1")
    (path / "b.yml").write_text("teams: {}")
    (path / ".hidden.yaml").write_text("[")
    (path / "README.md").write_text("[")
    (path / "inside.yaml").mkdir()

    tree = read(path)

    assert tree.data == {"accessplan": 1, "teams": {}}
    assert not tree.findings


def test_folders_inside_are_not_passed_over_in_silence() -> None:
    """A folder inside that holds YAML files, however deep, is named; hidden ones are not looked into."""
    path = folder(a="accessplan: 1")
    for inside in ("teams/web", "b.yaml", ".git", "docs/.hidden", "docs/text"):
        (path / inside).mkdir(parents=True)
        (path / inside / "x.yaml").write_text("teams: {}")
    (path / "docs" / "text" / "x.yaml").rename(path / "docs" / "text" / "x.md")

    tree = read(path)

    assert tree.data == {"accessplan": 1}
    hint = "move them up, or name the folder itself"
    assert faults(tree) == [
        f"folder-inside: access/{inside} holds YAML files, which are not read → {hint}"
        for inside in ("b.yaml", "teams")
    ]
    assert {each.level for each in tree.findings} == {"warning"}


def test_all_documents_in_folders_inside() -> None:
    """Where a folder holds YAML only further down, both is said."""
    path = folder()
    (path / "teams").mkdir()
    (path / "teams" / "x.yml").write_text("teams: {}")

    assert [each.code for each in read(path).findings] == ["empty-folder", "folder-inside"]


def test_a_folder_without_documents() -> None:
    """A folder that holds no YAML is a fault."""
    assert faults(read(folder())) == ["empty-folder: access holds no YAML files → name them *.yaml"]


def test_too_many_files() -> None:
    """A folder has its limit."""
    path = folder(**{f"f{number}": "" for number in range(MAX_FILES + 1)})

    assert faults(read(path)) == ["too-many-files: access holds more than 1,024 YAML files →"]


def test_no_such_file() -> None:
    """A path that does not exist is a fault with a way on."""
    hint = "check the path, or write a first document: accessplan init"
    assert faults(read(Path("access.yaml"))) == ["no-such-file: access.yaml does not exist → " + hint]


def test_not_readable(tmp_path: Path) -> None:
    """A file that is there and cannot be read is a fault."""
    loop = tmp_path / "a.yaml"
    loop.symlink_to(loop)
    assert [each.code for each in read(loop).findings] == ["not-readable"]
    assert [each.code for each in read(tmp_path).findings] == ["not-readable"]


def test_no_file_at_all() -> None:
    """Paths that no system can open are faults too."""
    for path in (Path("a\0b"), Path("x" * 5000), Path("access.yaml/inside")):
        assert read(path).data is None
        assert len(read(path).findings) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in this file system")
def test_only_files_are_read(tmp_path: Path) -> None:
    """A pipe or device may never end: it is a fault, named alone or found in a folder."""
    pipe = tmp_path / "a.yaml"
    os.mkfifo(pipe)

    assert faults(read(Path("/dev/zero"))) == [
        "not-readable: /dev/zero cannot be read: it is no regular file → write its content to a file first"
    ]
    for path in (pipe, tmp_path):
        assert [each.code for each in read(path).findings] == ["not-readable"]


def test_too_large_files_are_not_read() -> None:
    """A file over the limit is refused by its size alone."""
    path = Path("access.yaml")
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    assert faults(read(path)) == ["file-too-large: access.yaml is larger than 64 MiB → split it into a folder of files"]
    assert module.MAX_BYTES == 64 * 1024 * 1024
