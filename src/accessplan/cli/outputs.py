"""Files that a command is asked to write: they can be written, and are none that it reads, keeps or writes besides."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from accessplan.errors import InputError

_OUTPUTS = "accessplan.outputs"

DOCUMENT_SUFFIXES = (".yaml", ".yml")
DATABASE_SUFFIX = ".db"


class OutputFile(click.Path):
    """The path of a file to write; a device or a pipe will do. Whether it can be written is known before the run."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Make a path of it, which the settings of the command know of.

        Raises:
            InputError: it cannot be written, or is written already.
        """
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        _refuse_unwritable(path)
        if ctx is not None:
            known = ctx.meta.setdefault(_OUTPUTS, [])
            if any(_is_same(path, other) for other in known):
                raise InputError(f"{path} would be written twice", "Name another file for one of them.")
            known.append(path)
        return path


def outputs() -> tuple[Path, ...]:
    """List the files that the command at hand is to write."""
    context = click.get_current_context(silent=True)
    return tuple(context.meta.get(_OUTPUTS, ())) if context else ()


def refuse_overwriting(written: Iterable[Path], read: Path, suffixes: tuple[str, ...] = DOCUMENT_SUFFIXES) -> None:
    """Refuse to go on where a file to write is one that is read: a file, or those of these suffixes in a folder.

    Raises:
        InputError: it is.
    """
    for path in written:
        is_within = path.resolve().is_relative_to(read.resolve()) and path.suffix in suffixes
        if _is_same(path, read) or is_within:
            raise InputError(f"{path} would be written over, and it is needed itself", "Name another file.")


def _refuse_unwritable(path: Path) -> None:
    if path.is_dir() or path.name == "-":
        raise InputError(f"{path} cannot be written: it is no file", "Name a file; /dev/stdout is one.")
    if path.exists() and not path.is_file():
        return  # a device or a pipe: what it takes shows when it is written to
    if not path.parent.is_dir():
        raise InputError(
            f"{path} cannot be written: there is no folder {path.parent}", "Make it, or name another file."
        )
    if not os.access(path.resolve().parent, os.W_OK | os.X_OK):
        raise InputError(f"{path} cannot be written: you may not write there", "Name another file.")


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.is_file() and other.is_file() and one.samefile(other))
