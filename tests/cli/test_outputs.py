"""Files that a command is asked to write: what is lost by that is nothing that is needed."""

import os
import re
import stat
import threading
from pathlib import Path

import pytest

from accessplan.cli.files import write_file
from accessplan.errors import InputError

TODAY = ("--today", "2026-11-21")


@pytest.fixture
def started(cli, tmp_path, monkeypatch):
    """A folder with a document, its sandbox, a snapshot and a ledger."""
    monkeypatch.chdir(tmp_path)
    for command in (["init", "--sandbox", "-q"], ["snapshot", "-q"], ["apply", "--auto-approve", "-q"]):
        assert cli(*command, *TODAY[: 2 * (command[0] != "init")]).code in (0, 6)
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        ("review", "--ics", "access.yaml"),
        ("review", "--csv", "./organization.yaml"),
        ("report", "--out", "access.yaml"),
        ("report", "--out", ".accessplan/ledger.db"),
        ("stale", "--announce", "--out", ".accessplan/sandbox/../ledger.db.md", "--ledger", ".accessplan/ledger.db.md"),
        ("snapshot", "--out", "access.yaml"),
        ("snapshot", "--out", ".accessplan/sandbox/organization-0123456789ab.db"),
        ("plan", "--live", "snapshot.json", "--out", "snapshot.json"),
        ("snapshot", "--live", "snapshot.json"),
        ("explain", "organization", "--live", "snapshot.json", "--out", "snapshot.json"),
        ("explain", "organization", "--on", "2026-11-20", "--live", "snapshot.json", "--out", "snapshot.json"),
        ("history", "--live", "snapshot.json", "--out", "snapshot.json"),
        ("history", "--live", "snapshot.json", "--organization", "4242", "--out", "snapshot.json"),
        ("doctor", "--live", "sandbox:organization.txt", "--organization", "4242", "--out", "organization.txt"),
        ("review", "--live", "snapshot.json", "--out", "snapshot.json"),
        ("export", "--out", "link.yaml"),
        ("codeowners", "--out", "access.yaml"),
        ("drift", "--out", "d.md", "--out", "./d.md"),
        ("review", "--ics", "r", "--csv", "r"),
        ("plan", "--out", "p.md", "--out", "nowhere/p.json"),
        ("stale", "--announce", "--out", "nowhere/s.md"),
        ("drift", "--out", "folder.md"),
        ("report", "--out", "-"),
    ],
    ids=" ".join,
)
def test_what_is_needed_is_not_written_over(cli, started, command):
    """A file that a run reads, keeps or writes besides, or that cannot be, is refused before anything is done."""
    (started / "folder.md").mkdir()
    (started / "link.yaml").symlink_to("access.yaml")
    (started / "organization.txt").write_bytes((started / "organization.yaml").read_bytes())
    before = contents(started)
    told = cli(*command, *TODAY)
    assert (told.code, contents(started)) == (3, before), told
    assert re.search(r"ame (a|another) file", " ".join(told.stderr.split()))


def test_a_folder_of_documents_is_not_written_into(cli, started):
    """In a folder that is a document no file is written that would become a part of it; others may lie there."""
    (started / "access").mkdir()
    text = (started / "access.yaml").read_text().replace("sandbox:", "sandbox:../")
    (started / "access" / "all.yaml").write_text(text)
    assert cli("snapshot", "access", "--out", "access/new.yaml", *TODAY).code == 3
    assert cli("snapshot", "access", "--out", "access/new.json", *TODAY).code == 0
    assert sorted(each.name for each in (started / "access").iterdir()) == ["all.yaml", "new.json"]


def test_a_link_leads_to_the_file(cli, started):
    """What is written through a link is written where it leads, and the link stays."""
    link, file = started / "latest.md", started / "kept" / "plan.md"
    file.parent.mkdir()
    link.symlink_to("kept/plan.md")
    assert cli("plan", "--out", link, *TODAY).code == 0
    assert (link.is_symlink(), "Plan" in file.read_text()) == (True, True)


def test_a_pipe_is_written_to(cli, started):
    """A pipe or a device takes the text and stays what it is."""
    pipe, read = started / "plan.md", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert cli("plan", "--out", pipe, *TODAY).code == 0
    reader.join(timeout=10)
    assert ("Plan" in read[0], stat.S_ISFIFO(pipe.stat().st_mode)) == (True, True)


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_file_keeps_its_permissions(cli, started, mode):
    """A report that is written anew is as open to others as it was."""
    file = started / "plan.md"
    file.write_text("old")
    file.chmod(mode)
    assert cli("plan", "--out", file, *TODAY).code == 0
    assert (file.stat().st_mode & 0o777, file.read_text() != "old") == (mode, True)


def test_a_snapshot_is_its_owners_alone(cli, started):
    """Nobody else may read a snapshot, also where another file was there for everybody to read."""
    file = started / "snapshot.json"
    file.chmod(0o644)
    assert cli("snapshot", *TODAY).code == 0
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_is_replaced_as_a_whole(tmp_path):
    """Writing leaves the new file and nothing beside it; where that cannot be, all stays as it was."""
    path = tmp_path / "plan.md"
    path.write_text("old")
    write_file(path, "new")
    assert contents(tmp_path) == {path: b"new"}
    (tmp_path / "folder").mkdir()
    for other in ("no folder/plan.md", "folder", "a\0b.md", "\ud800.md", "x" * 300, "."):
        with pytest.raises(InputError, match="cannot be written"):
            write_file(tmp_path / other, "new")
    with pytest.raises(InputError, match="cannot be written"):
        write_file(path, "\ud800")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "plan.md"]
    assert path.read_text() == "new"


def test_a_full_disk_leaves_nothing(tmp_path):
    """Where the disk is full, the file stays as it was and nothing lies beside it."""
    path = tmp_path / "plan.md"
    path.write_text("old")
    with pytest.raises(InputError, match="/dev/full cannot be written: No space left on device"):
        write_file(Path("/dev/full"), "new")
    assert contents(tmp_path) == {path: b"old"}


def test_a_planted_link_is_not_followed(tmp_path):
    """Writing goes through a file of a name that cannot be known before."""
    path, other = tmp_path / "live.json", tmp_path / "other"
    other.write_text("mine")
    for name in (".live.json", ".live.json.unfinished", "live.json.tmp"):
        (tmp_path / name).symlink_to(other)
    write_file(path, "text", private=True)
    assert (other.read_text(), path.stat().st_mode & 0o077) == ("mine", 0)
