"""Write files whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from accessplan.errors import InputError


def write_file(path: Path, text: str, *, keep: bool = False, private: bool = False) -> None:
    """Write a text beside the file and put it in its place; with `keep` a file that is there is left alone.

    A file that is there keeps its permissions; one that is `private` its owner alone may read. A link leads to the file
    that is written, and a device or a pipe is written to as it is.

    Raises:
        InputError: it cannot be written, or is there.
    """
    if keep:
        refuse_existing([path])
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text.encode(), private=private)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{path} cannot be written: {reason}", "Check the folder, and whether you may write there."
        ) from error


def _replace(path: Path, content: bytes, *, private: bool) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
        unfinished = Path(file.name)  # for its owner alone, under a name that nobody can have planted a link at
        try:
            file.write(content)
            file.close()
            if not private:
                unfinished.chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def refuse_existing(paths: Iterable[Path]) -> None:
    """Refuse to go on where one of these files, or a link of its name, is there.

    Raises:
        InputError: it is.
    """
    if there := [path for path in paths if path.exists() or path.is_symlink()]:
        names = ", ".join(map(str, there))
        message = f"{names} {'is' if len(there) == 1 else 'are'} there already"
        raise InputError(message, "Name another file, or remove it first.")


def write_new_files(texts: Mapping[Path, str]) -> None:
    """Write files that are not there yet, and the folders they lie in: all of them, or none.

    Raises:
        InputError: one is there, or cannot be written.
    """
    refuse_existing(texts)
    folders = {folder for path in texts for folder in path.parents if not folder.exists()}
    written: list[Path] = []
    try:
        for path, text in texts.items():
            _make_folder(path.parent)
            write_file(path, text, keep=True)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in sorted(folders, reverse=True):
            with suppress(OSError):  # it was not made, or somebody has put something into it
                folder.rmdir()
        raise


def replace_files(before: Mapping[Path, str], after: Mapping[Path, str]) -> None:
    """Write other texts into files, all of them or none: where one cannot be written, all are as they were `before`.

    Raises:
        InputError: one cannot be written.
    """
    written: list[Path] = []
    try:
        for path, text in after.items():
            write_file(path, text)
            written.append(path)
    except BaseException:
        for path in written:
            write_file(path, before[path])
        raise


@contextmanager
def rewritten(path: Path, text: str) -> Iterator[None]:
    """Write another text into a file; where what follows fails, it is as it was.

    Raises:
        InputError: it cannot be written.
    """
    before = path.read_bytes().decode()
    write_file(path, text)
    try:
        yield
    except BaseException:
        write_file(path, before)
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}", "Check where it is to lie.") from error


def make_state_folder(folder: Path) -> None:
    """Make the folder that keeps what is no part of the document: Git is told to leave it alone.

    Raises:
        InputError: it cannot be made.
    """
    ignore = folder / ".gitignore"
    try:
        if not ignore.exists():
            folder.mkdir(parents=True, exist_ok=True)
            ignore.write_text("*\n")
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}", "Choose another place: --state DIR.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
