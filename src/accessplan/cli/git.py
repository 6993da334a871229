"""What Git knows of a document: how it was at a commit, and who wrote which line. Nothing is ever written to it."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from accessplan.errors import InputError
from accessplan.finding import Place
from accessplan.report.explanation import Written

SECONDS = 20
"""How long Git may take to answer."""

MANY_LINES = 500
"""From so many lines of a file on, all of it is asked for: a command line has an end."""

_OWN = {"GIT_LITERAL_PATHSPECS": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}

_OF_ANOTHER = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
})  # fmt: skip
"""What a hook sets for the repository that it runs in: the document tells by itself which one it lies in."""

# The configuration of the user and the machine is read, since it says which folders of other people are trusted
# (safe.directory); what of it would run a program, or write other things than those that are asked for, is put out.
_PLAIN = (
    "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "blame.ignoreRevsFile=",
)  # fmt: skip

_BLAMED = re.compile(rb"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")
_DOCUMENT = (".yaml", ".yml")


class Commit(NamedTuple):
    """A commit by its full hash, and what people call it."""

    hash: str
    name: str


class Past(NamedTuple):
    """A document as it was at a commit: the text of each file by its name, and when the last of them was committed."""

    texts: Mapping[str, bytes]
    at: datetime


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository by the top of its work tree."""

    top: Path

    def commit(self, name: str) -> Commit:
        """Find the commit that a branch, tag or hash names.

        Raises:
            InputError: there is none.
        """
        # Whatever begins with a hyphen would be taken for an option.
        is_ref = name and not name.startswith("-")
        found = self._say("rev-parse", "--verify", "-q", f"{name}^{{commit}}") if is_ref else ""
        if not found:
            remedy = "Name a branch, a tag or a commit; a shallow clone may have to fetch it first."
            raise InputError(f"--base {name!r} names no commit of {self.top}", remedy)
        return Commit(found.strip(), name)

    def document(self, commit: Commit, path: Path) -> Past | None:
        """Read a document, a file or a folder, as it was at a commit; None where it was not there.

        Raises:
            InputError: Git could not read it.
        """
        inside = _relative(path, self.top)
        listed = self._list(commit, inside)
        if len(listed) == 1 and listed[0].kind == "tree":
            listed = [each for each in self._list(commit, f"{inside}/") if each.is_document]
        elif inside == ".":
            listed = [each for each in listed if each.is_document]
        if not listed:
            return None
        is_file = len(listed) == 1 and listed[0].path == inside
        names = [str(path) if is_file else str(path / PurePosixPath(each.path).name) for each in listed]
        texts = self._texts([each.hash for each in listed])
        return Past(
            {f"{commit.name}:{name}": text for name, text in zip(names, texts, strict=True)},
            self._time(commit, inside),
        )

    def commit_by(self, moment: datetime) -> Commit | None:
        """Find the last commit of the current branch by a moment; None where there is none.

        What was merged counts from its merge on: by then it was not on the branch.
        """
        before = f"--min-age={int(moment.timestamp())}"
        found = self._say("rev-list", "-1", "--first-parent", before, "HEAD").strip()
        return Commit(found, found[:7]) if found else None

    def main_branch(self) -> str:
        """Name the branch that origin/HEAD names, else the current one, with commits or without; empty for neither."""
        for ref, before in (("refs/remotes/origin/HEAD", "refs/remotes/origin/"), ("HEAD", "refs/heads/")):
            named = self._say("symbolic-ref", "-q", ref).removesuffix("\n")
            if named.startswith(before):
                return named.removeprefix(before)
        return ""

    def commits_ahead(self, commit: Commit, path: Path) -> int:
        """Count the commits of a document that lead to a commit and that HEAD lacks; 0 where that cannot be told."""
        if self._say("rev-parse", "--is-shallow-repository").strip() != "false":
            return 0
        count = self._say("rev-list", "--count", f"HEAD..{commit.hash}", "--", _relative(path, self.top))
        return int(count) if count.strip().isdigit() else 0

    def head(self, path: Path) -> str:
        """Return the short hash of HEAD, with a + where the document is not there as it is in the folder."""
        head = self._say("rev-parse", "--short=7", "--verify", "-q", "HEAD").strip()
        inside = _relative(path, self.top)
        wanted = ("status", "--porcelain", "-z", "--no-renames", "--ignored", "--untracked-files=all", "--", inside)
        changed = (row[3:] for row in self._say(*wanted).split("\0") if row)
        dirty = any(each == inside or _is_document(each, inside) for each in changed)
        return f"{head}+" if head and dirty else head

    def blame(self, file: Path, lines: Iterable[int]) -> dict[int, Written]:
        """Say which commit wrote each of some lines, as they are in the folder; empty where Git does not know."""
        asked = sorted(set(lines))
        ranges = [option for line in asked for option in ("-L", f"{line},{line}")] if len(asked) < MANY_LINES else []
        options = ("--porcelain", "--no-textconv", "--encoding=UTF-8", *ranges, "--", _relative(file, self.top))
        found = _blamed(_run(self.top, "blame", *options) or b"")
        return {line: found[line] for line in asked if line in found}

    def _list(self, commit: Commit, inside: str) -> list[_Listed]:
        of = () if inside in (".", "./") else ("--", inside)
        rows = self._say("ls-tree", "-z", commit.hash, *of).split("\0")
        return [_Listed(row.split()[1], row.split()[2], row.partition("\t")[2]) for row in rows if row]

    def _texts(self, hashes: list[str]) -> list[bytes]:
        answer = _run(self.top, "cat-file", "--batch", given="".join(f"{each}\n" for each in hashes).encode())
        texts, rest = [], answer or b""
        for _ in hashes:
            head, _, rest = rest.partition(b"\n")
            size = head.rpartition(b" ")[2]
            if not size.isdigit():
                raise InputError(f"Git could not read the base from {self.top}", "Fetch the branch in full first.")
            texts.append(rest[: int(size)])
            rest = rest[int(size) + 1 :]
        return texts

    def _time(self, commit: Commit, inside: str) -> datetime:
        seconds = self._say("log", "-1", "--format=%ct", commit.hash, "--", inside).strip()
        return _moment(seconds) or datetime.now(UTC)

    def _say(self, *arguments: str) -> str:
        return os.fsdecode(_run(self.top, *arguments) or b"")


class _Listed(NamedTuple):
    """One entry of a folder at a commit."""

    kind: str
    hash: str
    path: str

    @property
    def is_document(self) -> bool:
        name = PurePosixPath(self.path).name
        return self.kind == "blob" and name.endswith(_DOCUMENT) and not name.startswith(".")


def repository_of(document: Path, *, strict: bool = False) -> Repository | None:
    """Find the repository that a document lies in; None where there is none, or Git does not open it.

    With `strict` one that Git does not open is not taken for none: for whoever names paths from its top.

    Raises:
        InputError: with `strict`, a `.git` stands above, and Git is not there or does not trust it.
    """
    place = document.resolve()
    folder = place if place.is_dir() else place.parent
    top = _run(folder, "rev-parse", "--show-toplevel")
    if top:
        return Repository(Path(os.fsdecode(top.removesuffix(b"\n"))))
    closed = next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)
    if strict and closed:
        remedy = "Git must be there, and trust a repository of another owner (safe.directory)."
        raise InputError(f"Git does not open the repository {closed}", remedy)
    return None


def commit_of(document: Path) -> str:
    """Return the short hash of HEAD, with a + where the document differs from it; empty outside of a repository."""
    repository = repository_of(document)
    return repository.head(document) if repository else ""


def names_in_repository(files: Iterable[str]) -> dict[str, str]:
    """Name files from the top of the Git repository that each lies in; those in none are left out."""
    found = {}
    for file in sorted(set(files)):
        if repository := repository_of(Path(file)):
            found[file] = _relative(Path(file), repository.top)
    return found


def written(places: Iterable[Place]) -> dict[Place, Written]:
    """Say which commit wrote each of these lines, as far as they are in a Git repository."""
    by_file: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_file[place.file].append(place)
    found = {}
    for file, group in by_file.items():
        repository = repository_of(Path(file))
        lines = repository.blame(Path(file), (place.line for place in group)) if repository else {}
        found.update({place: lines[place.line] for place in group if place.line in lines})
    return found


def _relative(path: Path, top: Path) -> str:
    """Name a file or folder as Git does: from the top, and where a link leads."""
    return path.resolve().relative_to(top.resolve()).as_posix()


def _is_document(path: str, folder: str) -> bool:
    """Tell whether a path is of a document's file in a folder."""
    name = PurePosixPath(path)
    return str(name.parent) == folder and name.name.endswith(_DOCUMENT) and not name.name.startswith(".")


def _run(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Ask Git something; None where it does not answer, or says no."""
    kept = {name: value for name, value in os.environ.items() if not _is_kept_from_git(name)}
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell; refs and paths cannot become options
            ["git", *_PLAIN, *arguments],  # noqa: S607 - the user's own Git
            cwd=folder,
            env=kept | _OWN,
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _is_kept_from_git(name: str) -> bool:
    return name in _OF_ANOTHER or name.startswith("INFOMANIAK")


def _blamed(porcelain: bytes) -> dict[int, Written]:
    """Read what `git blame --porcelain` says: who wrote a commit stands beside the first of its lines only."""
    hashes: dict[int, str] = {}
    facts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    current = ""
    for row in porcelain.split(b"\n"):
        if begin := _BLAMED.fullmatch(row):
            current = begin[1].decode()
            hashes[int(begin[2])] = current
        elif not row.startswith(b"\t"):
            key, _, value = row.decode(errors="replace").partition(" ")
            facts[current].setdefault(key, value)
    return {line: _written(each, facts[each]) for line, each in hashes.items()}


def _written(commit: str, facts: Mapping[str, str]) -> Written:
    if not commit.strip("0"):
        return Written("", None, "", "")
    moment = _moment(facts.get("author-time", ""), facts.get("author-tz", ""))
    return Written(commit[:7], moment.date() if moment else None, facts.get("author", ""), facts.get("summary", ""))


def _moment(seconds: str, offset: str = "") -> datetime | None:
    """Read a moment as Git writes it, with the clock of who was there: +0100."""
    try:
        zone = datetime.strptime(offset, "%z").tzinfo if offset else UTC
        return datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        return None
