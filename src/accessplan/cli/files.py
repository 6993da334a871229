"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from accessplan.errors import InputError


def write_file(path: Path, text: str, *, keep: bool = False) -> None:
    """Write a text beside the file and put it in its place; with `keep` a file that is there is left alone.

    Raises:
        InputError: it cannot be written, or is there.
    """
    if keep and path.exists():
        raise InputError(f"{path} is there already", "Name another file, or remove it first.")
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".", suffix=path.suffix, delete=False
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o666 & ~_umask())  # tempfile would keep it from everybody else
        try:
            os.replace(file.name, path)  # noqa: PTH105 - a name from tempfile, put in place at once
        except OSError:
            os.unlink(file.name)  # noqa: PTH108 - the same
            raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{path} cannot be written: {reason}", "Check the folder, and whether you may write there."
        ) from error


def make_state_folder(folder: Path) -> None:
    """Make the folder that keeps what is no part of the document: Git is told to leave it alone."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        folder.mkdir(parents=True, exist_ok=True)
        ignore.write_text("*\n")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
